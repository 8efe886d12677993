"""A call for a person to make: it lands in the worklist of a role, on a day on which the debtor may be called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quita.domain.conditions.registry import is_portuguese
from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft, at
from quita.domain.refusals import Refusals
from quita.ladders.actions.known import Known, Param

KEY = rules.CALL_TASK
LABEL = _("Ask for a phone call")
ICON = "phone-call"
HINT = _("One call per debtor. Debtors without a usable phone are listed apart.")
IS_MESSAGE = False
PARAMS = (Param("role", _("who calls"), "role"),)


def validate(step: StepDraft, place: int, known: Known, found: Refusals) -> None:
    """Somebody must be there to call."""
    if step.params.get("role") not in known.roles:
        field = at(place, "params.role")
        found.add("step_role_missing", "Say who makes the call: choose one of the roles.", field=field)


def phrase(step: StepDraft, known: Known, language: str) -> str:
    """As in “ligação para fazer: Operador”."""
    role = known.roles.get(str(step.params.get("role")), "?")
    return f"ligação para fazer: {role}" if is_portuguese(language) else f"phone call to make: {role}"
