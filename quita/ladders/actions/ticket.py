"""A ticket for another team: opened once per case, and updated while it is open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quita.domain.conditions.registry import is_portuguese
from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft, at
from quita.domain.refusals import Refusals
from quita.ladders.actions.known import Known, Param

KEY = rules.TICKET
LABEL = _("Open a ticket")
ICON = "ticket"
HINT = _("For another team: suspension of service, legal, administration. An open ticket is updated, never doubled.")
IS_MESSAGE = False
PARAMS = (
    Param("group", _("team"), "text", hint=_("Who works on it, for example: Legal.")),
    Param("ticket_type", _("kind of ticket"), "text", hint=_("What is asked for, for example: Suspension.")),
)


def validate(step: StepDraft, place: int, known: Known, found: Refusals) -> None:
    """A ticket says for whom it is and what is wanted."""
    for param in PARAMS:
        text = str(step.params.get(param.name) or "").strip()
        field = at(place, f"params.{param.name}")
        if not text and param.name == "group":
            found.add("step_ticket_group_missing", "Say which team gets the ticket.", field=field)
        elif not text:
            found.add("step_ticket_type_missing", "Say what the ticket asks for.", field=field)
        elif len(text) > param.limit:
            found.add(
                "step_text_long",
                "The text has %(length)s characters; the limit is %(limit)s. Shorten it.",
                {"length": len(text), "limit": param.limit},
                field=field,
            )


def phrase(step: StepDraft, known: Known, language: str) -> str:
    """As in “chamado «Suspensão» para Suporte”."""
    kind, group = step.params.get("ticket_type") or "?", step.params.get("group") or "?"
    return f"chamado «{kind}» para {group}" if is_portuguese(language) else f"ticket “{kind}” for {group}"
