"""The ladder editor's form: typed texts in, a draft out; and the buttons that change the list of steps.

The inputs are named by the place of their step ("s:2:name"), so that the whole draft travels with every request and a
refused save loses nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass, field

from django.http import QueryDict

from quita.domain import money
from quita.domain.conditions.registry import is_portuguese
from quita.domain.ladder import rules
from quita.domain.ladder.drafts import LadderDraft, StepDraft
from quita.domain.refusals import Finding, Refusal
from quita.ladders import actions

BEFORE, ON, AFTER = "before", "on", "after"
# A form may hold more steps than a ladder: the surplus is refused with a sentence, not dropped.
_MOST_STEPS = 120
_NAME = re.compile(r"s:(\d{1,3}):([a-z_]+(?:\.[a-z_]+)?)")


@dataclass
class Typed:
    """A draft with what could not be read (`unread`), the texts as typed, and the step the last button was about."""

    draft: LadderDraft
    unread: list[Finding] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    focus: int | None = None


def of_form(data: QueryDict, language: str) -> Typed:
    """The draft in a form."""
    reading = _Reading(data, language)
    places = sorted({int(match[1]) for name in data if (match := _NAME.fullmatch(name))})[:_MOST_STEPS]
    steps = tuple(reading.step(f"s:{place}", number) for number, place in enumerate(places))
    draft = LadderDraft(
        name=data.get("name", "").strip(),
        in_force_from=reading.day("in_force_from"),
        late_entry=data.get("late_entry", rules.LATEST),
        minimum_cents=reading.amount("minimum"),
        end_after_days=reading.whole("end_after_days", "end_after_days"),
        end_role=data.get("end_role", ""),
        steps=steps,
    )
    return Typed(draft, reading.unread, reading.texts)


def act(typed: Typed, command: str) -> None:
    """Carries out a button: "add", "add:ticket", "remove/2", "copy/2", "sooner/2", "later/2", "sort"."""
    verb, _, where = command.partition("/")
    steps = list(typed.draft.steps)
    if verb == "sort":
        steps.sort(key=lambda step: (step.offset_days if step.offset_days is not None else 10**6, -step.priority))
    elif verb.startswith("add") and len(steps) < _MOST_STEPS:
        steps.append(_new(steps, verb.partition(":")[2] or rules.MESSAGE))
        typed.focus = len(steps) - 1
    elif where.isdigit() and int(where) < len(steps):
        place = int(where)
        typed.focus = place
        if verb == "remove":
            steps.pop(place)
            typed.focus = min(place, len(steps) - 1) if steps else None
        elif verb == "copy":
            steps.insert(place + 1, _copied(steps, place))
            typed.focus = place + 1
        elif verb in ("sooner", "later") and steps[place].offset_days is not None:
            days = (steps[place].offset_days or 0) + (-1 if verb == "sooner" else 1)
            steps[place] = dataclasses.replace(steps[place], offset_days=days)
    typed.draft = dataclasses.replace(typed.draft, steps=tuple(steps))


def _new(steps: list[StepDraft], action: str) -> StepDraft:
    """A step after all others, counted and sent as the one before it."""
    if action not in actions.ACTIONS:
        action = rules.MESSAGE
    days = [offset for step in steps for _, offset in step.offsets()]
    like = next((step for step in reversed(steps) if step.action == action), None)
    return StepDraft(
        name="",
        action=action,
        offset_days=max(days) + 5 if days else 1,
        basis=like.basis if like else rules.CALENDAR,
        channels=like.channels if like else ("email",) if action == rules.MESSAGE else (),
        params=like.params if like and action == rules.CALL_TASK else {},
    )


def _copied(steps: list[StepDraft], place: int) -> StepDraft:
    """The same step on the next day on which nothing of its kind happens, as a new one."""
    source = steps[place]
    taken = {offset for step in steps if step.action == source.action for _, offset in step.offsets()}
    day = source.offset_days
    while day is not None and day in taken:
        day += 1
    return dataclasses.replace(source, key=None, name="", offset_days=day)


class _Reading:
    def __init__(self, data: QueryDict, language: str) -> None:
        self.data = data
        self.language = language
        self.unread: list[Finding] = []
        self.texts: dict[str, str] = {}

    def step(self, name: str, number: int) -> StepDraft:
        def get(part: str) -> str:
            return self.data.get(f"{name}:{part}", "")

        at = f"steps.{number}"
        channels = tuple(self.data.getlist(f"{name}:channel"))
        chosen = {channel: get(f"template.{channel}") for channel in channels}
        return StepDraft(
            key=int(get("key")) if get("key").isdigit() else None,
            name=get("name").strip(),
            action=get("action"),
            offset_days=self._offset(name, at),
            basis=get("basis") or rules.CALENDAR,
            repeat_every_days=self.whole(f"{name}:every", f"{at}.repeat_every_days"),
            repeat_at_most=self.whole(f"{name}:times", f"{at}.repeat_at_most"),
            grouping=get("grouping") or rules.PER_DEBTOR,
            priority=self.whole(f"{name}:priority", f"{at}.priority") or 0,
            channels=channels,
            templates={channel: int(one) for channel, one in chosen.items() if one.isdigit()},
            params=self._params(name, get("action")),
        )

    def _offset(self, name: str, at: str) -> int | None:
        side = self.data.get(f"{name}:side", AFTER)
        if side == ON:
            return 0
        days = self.whole(f"{name}:days", f"{at}.offset_days")
        return None if days is None else -days if side == BEFORE else days

    def _params(self, name: str, action: str) -> dict[str, str | int]:
        module = actions.ACTIONS.get(action)
        params: dict[str, str | int] = {}
        for param in module.PARAMS if module else ():
            text = self.data.get(f"{name}:params.{param.name}", "").strip()
            if text:
                params[param.name] = int(text) if param.kind == "phase" and text.isdigit() else text
        return params

    def whole(self, name: str, field: str) -> int | None:
        """A whole number; what is none is kept as typed and refused beside its field."""
        text = self.data.get(name, "").strip()
        if not text:
            return None
        plain = text.replace("\u2212", "-")
        if re.fullmatch(r"-?[0-9]{1,6}", plain):
            return int(plain)
        self._refuse(field, text, Refusal(
            "number_invalid", "“%(text)s” is not a whole number. Write it with digits only.", {"text": text[:40]}
        ))  # fmt: skip
        return None

    def amount(self, name: str) -> int | None:
        """Centavos; nothing typed is zero."""
        text = self.data.get(name, "").strip()
        try:
            return money.parse_cents(text, decimal="," if is_portuguese(self.language) else ".") if text else 0
        except Refusal as refusal:
            self._refuse("minimum_cents", text, refusal)
            return 0

    def day(self, name: str) -> dt.date | None:
        """A day as the browser's calendar sends it."""
        text = self.data.get(name, "").strip()
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            self._refuse(name, text, Refusal("day_invalid", "“%(text)s” is not a date.", {"text": text[:40]}))
            return None

    def _refuse(self, field: str, text: str, refusal: Refusal) -> None:
        self.unread.append(Finding(refusal, field))
        self.texts[field] = text
