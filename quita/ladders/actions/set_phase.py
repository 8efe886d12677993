"""The title moves to a phase that lateness alone never reaches."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quita.domain.conditions.registry import is_portuguese
from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft, at
from quita.domain.refusals import Refusals
from quita.ladders.actions.known import Known, Param

KEY = rules.SET_PHASE
LABEL = _("Set the phase")
ICON = "milestone"
HINT = _("For phases that lateness does not set. A phase that a person set by hand stays.")
IS_MESSAGE = False
PARAMS = (Param("phase_id", _("phase"), "phase"),)


def validate(step: StepDraft, place: int, known: Known, found: Refusals) -> None:
    """An active phase that lateness does not set: otherwise the next run would put the title back."""
    field = at(place, "params.phase_id")
    chosen = step.params.get("phase_id")
    phase = known.phases.get(chosen) if isinstance(chosen, int) else None
    if phase is None or not phase.is_active:
        found.add("step_phase_missing", "Choose the phase that this step sets.", field=field)
    elif not phase.is_manual:
        found.add(
            "step_phase_automatic",
            "“%(phase)s” is set by lateness: the next run would put the title back. Choose a phase that people set.",
            {"phase": phase.name},
            field=field,
        )


def phrase(step: StepDraft, known: Known, language: str) -> str:
    """As in “passa para a fase «Jurídica»”."""
    chosen = step.params.get("phase_id")
    phase = known.phases.get(chosen) if isinstance(chosen, int) else None
    name = phase.name if phase else "?"
    return f"passa para a fase «{name}»" if is_portuguese(language) else f"moves to the phase “{name}”"
