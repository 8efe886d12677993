"""The ladder editor as its template draws it: every step with its inputs, its words, its dates and what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from quita.domain import money
from quita.domain.ladder import rehearsal, rules, sentences
from quita.domain.ladder.drafts import LadderDraft, StepDraft
from quita.domain.refusals import Finding
from quita.ladders import actions
from quita.ladders.actions.known import Known, Param
from quita.ladders.web.rules import ladder_draft
from quita.platform.ui import answers, formats

SIDES = (
    (ladder_draft.BEFORE, gettext_lazy("before the due date")),
    (ladder_draft.ON, gettext_lazy("on the due date")),
    (ladder_draft.AFTER, gettext_lazy("after the due date")),
)
BASES = ((rules.CALENDAR, gettext_lazy("calendar days")), (rules.BUSINESS, gettext_lazy("business days")))
GROUPINGS = (
    (rules.PER_DEBTOR, gettext_lazy("one message per debtor")),
    (rules.PER_TITLE, gettext_lazy("one message per title")),
)
LATE_ENTRIES = (
    (rules.LATEST, gettext_lazy("gets the latest step that applies")),
    (rules.WAIT, gettext_lazy("waits for its next step")),
)
# From Monday on, as datetime counts.
_WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
_SLOTS = (
    "name", "action", "offset_days", "basis", "repeat_every_days", "repeat_at_most", "priority", "grouping", "channels",
)  # fmt: skip
LADDER_SLOTS = ("name", "in_force_from", "late_entry", "minimum_cents", "end_after_days", "end_role", "steps")
# What is merely not typed yet: said when the ladder is saved, not while somebody writes it.
_UNFINISHED = frozenset(
    {
        "ladder_name_missing", "ladder_no_steps", "step_name_missing", "step_day_missing", "step_template_missing",
        "step_channel_missing", "step_role_missing", "step_ticket_group_missing", "step_ticket_type_missing",
        "step_phase_missing", "step_repeat_half",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """What stands beside one field."""

    ident: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChannelRow:
    """One channel of a message and the templates it may use."""

    channel: str
    label: str | Promise
    is_chosen: bool
    is_deliverable: bool
    template_id: int | None
    templates: tuple[tuple[int, str], ...]
    slot: Slot


@dataclass(frozen=True)
class ParamRow:
    """One field of an action."""

    param: Param
    value: str
    choices: tuple[tuple[str, str | Promise], ...]
    slot: Slot


@dataclass(frozen=True)
class DateRow:
    """One date of the preview: when it would happen, or why not."""

    day: dt.date | None
    weekday: str
    note: str
    is_lost: bool


@dataclass(frozen=True)
class StepView:
    """A step of the editor."""

    place: int
    step: StepDraft
    mark: str
    icon: str
    side: str
    days: str
    every: str
    times: str
    sentence: str
    is_message: bool
    channels: tuple[ChannelRow, ...]
    params: tuple[ParamRow, ...]
    first: DateRow | None
    repeats: tuple[DateRow, ...]
    slots: Mapping[str, Slot]
    focused: bool

    @property
    def timing_slots(self) -> list[Slot]:
        """What stands under the line that says when."""
        return [self.slots[name] for name in ("offset_days", "basis", "repeat_every_days", "repeat_at_most")]

    @property
    def all_slots(self) -> list[Slot]:
        """Every slot, for answers that change only what stands beside fields."""
        own = [slot for name, slot in self.slots.items() if name != "channels" or self.is_message]
        return [*own, *(row.slot for row in self.channels), *(row.slot for row in self.params)]

    @property
    def has_more(self) -> bool:
        """Whether the rarely used fields say something."""
        return bool(self.step.priority) or self.step.grouping != rules.PER_DEBTOR


class Notes:
    """Findings by their place. Until the ladder is saved, what is merely not typed yet stays unsaid."""

    def __init__(self, refused: Iterable[Finding], warned: Iterable[Finding], *, is_final: bool) -> None:
        self.errors: dict[str, list[str]] = {}
        self.warnings: dict[str, list[str]] = {}
        for finding in refused:
            if is_final or finding.refusal.code not in _UNFINISHED:
                self.errors.setdefault(finding.field or "", []).append(answers.sentence(finding.refusal))
        for finding in warned:
            self.warnings.setdefault(finding.field or "", []).append(answers.sentence(finding.refusal))

    def slot(self, place: str) -> Slot:
        """What stands beside one field."""
        ident = "note-" + place.replace(".", "-")
        return Slot(ident, tuple(self.errors.get(place, ())), tuple(self.warnings.get(place, ())))

    @property
    def error_count(self) -> int:
        """How many faults there are."""
        return sum(map(len, self.errors.values()))

    @property
    def warning_count(self) -> int:
        """How many warnings there are."""
        return sum(map(len, self.warnings.values()))


def steps(
    typed: ladder_draft.Typed, rehearsed: Sequence[rehearsal.Occurrence], known: Known, notes: Notes, language: str
) -> list[StepView]:
    """Every step of the draft."""
    return [
        _step(typed, place, step, [row for row in rehearsed if row.step == place], known, notes, language)
        for place, step in enumerate(typed.draft.steps)
    ]


def _step(
    typed: ladder_draft.Typed,
    place: int,
    step: StepDraft,
    rows: list[rehearsal.Occurrence],
    known: Known,
    notes: Notes,
    language: str,
) -> StepView:
    module = actions.ACTIONS.get(step.action)
    dates = [_date(row, typed.draft, known) for row in rows]
    at = f"steps.{place}"
    return StepView(
        place=place,
        step=step,
        mark=sentences.day_mark(step.offset_days),
        icon=module.ICON if module else "circle-question-mark",
        side=_side(step.offset_days),
        days=_number(typed, f"{at}.offset_days", None if step.offset_days is None else abs(step.offset_days)),
        every=_number(typed, f"{at}.repeat_every_days", step.repeat_every_days),
        times=_number(typed, f"{at}.repeat_at_most", step.repeat_at_most),
        sentence=sentence(step, known, language),
        is_message=bool(module and module.IS_MESSAGE),
        channels=_channels(step, at, known, notes) if module and module.IS_MESSAGE else (),
        params=tuple(_param(step, param, at, known, notes) for param in (module.PARAMS if module else ())),
        first=dates[0] if dates else None,
        repeats=tuple(dates[1:]),
        slots={name: notes.slot(f"{at}.{name}") for name in _SLOTS},
        focused=typed.focus == place,
    )


def sentence(step: StepDraft, known: Known, language: str) -> str:
    """The whole step in words: "10 dias após o vencimento: E-mail «2º aviso»"."""
    module = actions.ACTIONS.get(step.action)
    said = sentences.timing(step, language)
    return f"{said}: {module.phrase(step, known, language)}" if module else said


def _side(offset: int | None) -> str:
    if offset is None or offset > 0:
        return ladder_draft.AFTER
    return ladder_draft.ON if offset == 0 else ladder_draft.BEFORE


def _number(typed: ladder_draft.Typed, field: str, value: int | None) -> str:
    """The number, or what was typed in its place."""
    return typed.texts.get(field, "" if value is None else str(value))


def _channels(step: StepDraft, at: str, known: Known, notes: Notes) -> tuple[ChannelRow, ...]:
    """The step's channels in its order, then the others that can deliver."""
    order = [*step.channels, *(channel for channel in known.channels if channel not in step.channels)]
    return tuple(
        ChannelRow(
            channel=channel,
            label=known.channel_labels.get(channel, channel),
            is_chosen=channel in step.channels,
            is_deliverable=channel in known.channels,
            template_id=step.templates.get(channel),
            templates=_templates(channel, step.templates.get(channel), known),
            slot=notes.slot(f"{at}.templates.{channel}"),
        )
        for channel in order
    )


def _templates(channel: str, chosen: int | None, known: Known) -> tuple[tuple[int, str], ...]:
    offered = [(one.template_id, one.name) for one in known.templates_for(channel)]
    if chosen is not None and chosen in known.templates and chosen not in dict(offered):
        offered.append((chosen, known.templates[chosen].name))
    return tuple(offered)


def _param(step: StepDraft, param: Param, at: str, known: Known, notes: Notes) -> ParamRow:
    value = step.params.get(param.name)
    choices: tuple[tuple[str, str | Promise], ...] = ()
    if param.kind == "role":
        choices = tuple(known.roles.items())
    elif param.kind == "phase":
        choices = tuple((str(phase.phase_id), phase.name) for phase in known.settable_phases())
        if isinstance(value, int) and value in known.phases and str(value) not in dict(choices):
            choices += ((str(value), known.phases[value].name),)
    return ParamRow(param, "" if value is None else str(value), choices, notes.slot(f"{at}.params.{param.name}"))


def _date(row: rehearsal.Occurrence, draft: LadderDraft, known: Known) -> DateRow:
    day = row.happens_on
    shown = day or row.planned_on
    return DateRow(shown, str(_WEEKDAYS[shown.weekday()]), _why(row, draft), day is None)


def _why(row: rehearsal.Occurrence, draft: LadderDraft) -> str:
    """Why it does not happen on the day it was planned for; nothing when it does."""
    if row.happens_on is not None and not row.is_moved:
        return ""
    if row.obstacle == rehearsal.HOLIDAY:
        return _("holiday: nobody is contacted")
    if row.obstacle == rehearsal.WINDOW:
        return _("the channel is closed that day")
    if row.obstacle == rehearsal.CAP and row.cap:
        window, at_most = row.cap
        return ngettext(
            "limit of %(count)s message in %(days)s days", "limit of %(count)s messages in %(days)s days", at_most
        ) % {"count": at_most, "days": window}
    if row.obstacle == rehearsal.GAP:
        return _("too soon after the one before")
    if row.happens_on is not None:
        return _("until then it can still be paid")
    if row.obstacle == rehearsal.OUT_OF_TIME:
        return _("would not happen: its time passes")
    if row.by is not None and row.by != row.step:
        return _("would not happen: “%(step)s” comes first") % {"step": draft.steps[row.by].name or row.by + 1}
    return _("would not happen: a later one comes first")


def minimum(typed: ladder_draft.Typed, language: str) -> str:
    """The smallest balance as people write it; nothing for zero."""
    if "minimum_cents" in typed.texts:
        return typed.texts["minimum_cents"]
    cents = typed.draft.minimum_cents or 0
    return money.format_cents(cents, language, currency=False) if cents else ""


def head(typed: ladder_draft.Typed, known: Known, notes: Notes, language: str) -> dict[str, Any]:
    """The fields of the ladder itself."""
    draft = typed.draft
    day = draft.in_force_from
    return {
        "name": draft.name,
        "in_force_from": typed.texts.get("in_force_from", day.isoformat() if day else ""),
        "minimum": minimum(typed, language),
        "end_after_days": _number(typed, "end_after_days", draft.end_after_days),
        "end_role": draft.end_role,
        "late_entry": draft.late_entry,
        "roles": tuple(known.roles.items()),
        "slots": {name: notes.slot(name) for name in LADDER_SLOTS},
    }


@dataclass(frozen=True)
class Difference:
    """One thing that a version changed: added, removed, or from one text to another."""

    kind: str  # "added" | "removed" | "changed"
    subject: str
    before: str = ""
    after: str = ""


def differences(before: LadderDraft | None, after: LadderDraft, known: Known, language: str) -> list[Difference]:
    """What a version changed, in the words of the editor. Nothing stands before the first version."""
    if before is None:
        return []
    changes = [
        Difference("changed", str(label), one, other)
        for label, one, other in zip(
            (_("name"), _("smallest balance"), _("late entry"), _("end")),
            _of_ladder(before, known, language),
            _of_ladder(after, known, language),
            strict=True,
        )
        if one != other
    ]
    old = {step.key: step for step in before.steps}
    new = {step.key: step for step in after.steps}
    changes += [
        Difference("removed", step.name, sentence(step, known, language)) for key, step in old.items() if key not in new
    ]
    for key, step in new.items():
        if key not in old:
            changes.append(Difference("added", step.name, "", sentence(step, known, language)))
        elif _of_step(old[key], known, language) != _of_step(step, known, language):
            was, becomes = _of_step(old[key], known, language), _of_step(step, known, language)
            changes.append(Difference("changed", step.name, was, becomes))
    return changes


def _of_ladder(draft: LadderDraft, known: Known, language: str) -> tuple[str, ...]:
    role = known.roles.get(draft.end_role, draft.end_role)
    return (
        draft.name,
        formats.money(draft.minimum_cents or 0, language, symbol=True),
        str(dict(LATE_ENTRIES).get(draft.late_entry, "")),
        _("%(days)s days after the last step, task for: %(role)s") % {"days": draft.end_after_days, "role": role},
    )


def _of_step(step: StepDraft, known: Known, language: str) -> str:
    said = f"{step.name} · {sentence(step, known, language)}"
    return f"{said} · {_('priority')} {step.priority}" if step.priority else said
