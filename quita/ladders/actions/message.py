"""A message to the debtor, on the first of its channels on which the debtor can be reached."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quita.domain.conditions.registry import is_portuguese
from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft, at
from quita.domain.refusals import Refusals
from quita.ladders.actions.known import Known, Param

KEY = rules.MESSAGE
LABEL = _("Send a message")
ICON = "mail"
HINT = _("Written with a template. A debtor gets one message a day for all titles, unless you ask for one per title.")
IS_MESSAGE = True
PARAMS: tuple[Param, ...] = ()


def validate(step: StepDraft, place: int, known: Known, found: Refusals) -> None:
    """At least one channel that can deliver today, and for each an active template made for it."""
    if not step.channels:
        found.add(
            "step_channel_missing",
            "Choose at least one channel for the message.",
            field=at(place, "channels"),
        )
    for channel in step.channels:
        _check_channel(channel, step, place, known, found)


def _check_channel(channel: str, step: StepDraft, place: int, known: Known, found: Refusals) -> None:
    if channel not in known.channels:
        found.add(
            "step_channel_not_deliverable",
            "Quita cannot deliver on “%(channel)s” yet: nothing would go out. Choose one of: %(allowed)s.",
            {
                "channel": str(known.channel_labels.get(channel, channel)),
                "allowed": ", ".join(str(known.channel_labels.get(one, one)) for one in known.channels),
            },
            field=at(place, "channels"),
        )
        return
    template = known.templates.get(step.templates.get(channel, 0))
    field = at(place, f"templates.{channel}")
    if template is None:
        found.add("step_template_missing", "Choose the template that writes this message.", field=field)
    elif template.channel != channel:
        found.add(
            "step_template_other_channel",
            "“%(template)s” is written for another channel. Choose a template of this one.",
            {"template": template.name},
            field=field,
        )
    elif not template.is_active:
        found.add(
            "step_template_inactive",
            "The template “%(template)s” is not in use any more. Choose another, or put it back into use.",
            {"template": template.name},
            field=field,
        )


def phrase(step: StepDraft, known: Known, language: str) -> str:
    """As in “e-mail «2º aviso», senão SMS «Curto»”."""
    portuguese = is_portuguese(language)
    said = []
    for channel in step.channels:
        template = known.templates.get(step.templates.get(channel, 0))
        name = str(known.channel_labels.get(channel, channel))
        said.append(f"{name} «{template.name}»" if template else name)
    what = (", senão " if portuguese else ", otherwise ").join(said) or ("mensagem" if portuguese else "message")
    if step.grouping == rules.PER_TITLE:
        return f"{what}, {'uma por título' if portuguese else 'one per title'}"
    return what
