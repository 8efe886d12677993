"""What a ladder would do to one title that nobody pays: the day of every occurrence, and what would stand in its way.

The daily run decides over frames of a million titles; this walks one title through the days with the same meaning, so
that an editor can show dates beside a field and warn about steps that would never go out. A test rehearses ladders
here and runs them through the real decision, and demands the same days.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from quita.domain import calendars, contact_policy
from quita.domain.ladder import rules
from quita.domain.ladder.drafts import LadderDraft, StepDraft

# What kept an occurrence from happening, or moved it.
SUPERSEDED = "superseded"
OUT_OF_TIME = "out_of_time"
CAP = "cap"
GAP = "gap"
WINDOW = "window"
HOLIDAY = "holiday"
BY_POLICY = frozenset({CAP, GAP, WINDOW, HOLIDAY})

# A person's channel that a call task needs open hours for.
_VOICE = "voice"
_NO_POLICY = contact_policy.Policy()


@dataclass(frozen=True)
class Place:
    """Where the sample debtor lives and what surrounds the ladder there."""

    calendar: calendars.Calendar
    policy: contact_policy.Policy = _NO_POLICY
    holidays: contact_policy.CivilHolidays = field(default_factory=contact_policy.CivilHolidays)
    uf: str = ""
    ibge_code: str = ""


@dataclass(frozen=True)
class Occurrence:
    """One occurrence: the day it is meant for (`planned_on`) and the day it happens (None: never).

    `obstacle` is what moved it or stopped it; `cap` the (days, at most) it ran into; `by` the position of the step
    that came first.
    """

    step: int
    number: int
    offset: int
    planned_on: dt.date
    happens_on: dt.date | None = None
    obstacle: str = ""
    cap: tuple[int, int] | None = None
    by: int | None = None

    @property
    def is_moved(self) -> bool:
        """Whether it happens, but later than planned."""
        return self.happens_on is not None and self.happens_on != self.planned_on


def rehearse(draft: LadderDraft, due_on: dt.date, place: Place) -> list[Occurrence]:
    """Every occurrence for a title due on that day and never paid, in the order in which they were planned.

    The debtor has one title, is reached on the first channel of each step, and hears from nobody else.
    """
    return _Walk(draft, due_on, place).walked()


def planned_day(step: StepDraft, offset: int, due_on: dt.date, calendar: calendars.Calendar) -> dt.date:
    """The day meant by so many days from the due date, counted as the step counts them.

    In business days it is the day whose business count is that of the due date plus `offset`.
    """
    if step.basis != rules.BUSINESS:
        return due_on + dt.timedelta(days=offset)
    anchor = due_on
    while not calendar.is_business(anchor):
        anchor -= dt.timedelta(days=1)
    return anchor if offset == 0 else calendar.add_business_days(anchor, offset)


class _Walk:
    def __init__(self, draft: LadderDraft, due_on: dt.date, place: Place) -> None:
        self.draft = draft
        self.due_on = due_on
        self.place = place
        self.payable_until = place.calendar.next_business_day_or_same(due_on)
        self.contacts: list[contact_policy.Contact] = []
        self.windows: dict[tuple[str, dt.date], contact_policy.windows.Window | None] = {}
        self.rows: dict[tuple[int, int], Occurrence] = {
            (position, number): Occurrence(position, number, offset, planned_day(step, offset, due_on, place.calendar))
            for position, step in enumerate(draft.steps)
            for number, offset in step.offsets()
        }

    def walked(self) -> list[Occurrence]:
        """Every day from the first planned one on, each kind of action by itself, as a run takes them."""
        if self.rows:
            first = min(row.planned_on for row in self.rows.values())
            last = max(row.planned_on for row in self.rows.values())
            # Long enough after the last day for a long closure and the longest cap to pass.
            for days in range((last - first).days + 45):
                for action in {step.action for step in self.draft.steps}:
                    self._day(first + dt.timedelta(days=days), action)
        return sorted(
            (self._final(row) for row in self.rows.values()), key=lambda row: (row.planned_on, row.step, row.number)
        )

    def _day(self, today: dt.date, action: str) -> None:
        """The run's rule: of all that is due, the latest; the older ones are put aside with it."""
        due = [row for row in self._of(action) if row.planned_on <= today and self._in_time(row, today)]
        if not due:
            return
        latest = max(due, key=self._rank)
        settled = [row.planned_on for row in self._of(action) if row.happens_on is not None]
        if latest.happens_on is not None or (settled and latest.planned_on <= max(settled)):
            return
        obstacle, cap = self._stopped(latest, today)
        self.rows[latest.step, latest.number] = (
            replace(latest, obstacle=obstacle, cap=cap) if obstacle else replace(latest, happens_on=today)
        )
        for row in due:
            if row is not latest and row.happens_on is None and row.by is None and not obstacle:
                kept = self.rows[row.step, row.number]
                self.rows[row.step, row.number] = replace(kept, obstacle=kept.obstacle or SUPERSEDED, by=latest.step)

    def _of(self, action: str) -> list[Occurrence]:
        return [row for row in self.rows.values() if self.draft.steps[row.step].action == action]

    def _rank(self, row: Occurrence) -> tuple[dt.date, int, int, int]:
        # New steps have no key yet: they get theirs in the order written, after those that have one.
        step = self.draft.steps[row.step]
        return row.planned_on, step.priority, step.key or 2**31 + row.step, row.number

    def _in_time(self, row: Occurrence, today: dt.date) -> bool:
        if row.offset < 0:
            return today <= self.due_on
        if row.offset == 0:
            return today <= self.payable_until
        return today > self.payable_until

    def _stopped(self, row: Occurrence, today: dt.date) -> tuple[str, tuple[int, int] | None]:
        """What keeps the occurrence from happening today, by the contact policy; leaves a trace when nothing does."""
        step = self.draft.steps[row.step]
        if step.action not in (rules.MESSAGE, rules.CALL_TASK):
            return "", None
        channel = _VOICE if step.action == rules.CALL_TASK else next(iter(step.channels), "")
        window = self._window(channel, today)
        if window is None:
            place = self.place
            return (HOLIDAY if place.holidays.on(today, place.uf, place.ibge_code) else WINDOW), None
        if step.action == rules.CALL_TASK:
            return "", None
        caps = contact_policy.caps_in_force(self.place.policy, today)
        cap = contact_policy.reached_cap(caps, channel, today, self.contacts)
        if cap is not None:
            return CAP, cap
        gap_end = contact_policy.gap_ends_at(caps, channel, self.contacts)
        start = window[0] if gap_end is None else max(window[0], gap_end)
        if start >= window[1]:
            return GAP, None
        self.contacts.append(contact_policy.Contact(channel, today, start))
        return "", None

    def _window(self, channel: str, today: dt.date) -> contact_policy.windows.Window | None:
        if (channel, today) not in self.windows:
            place = self.place
            self.windows[channel, today] = contact_policy.allowed_window(
                place.policy, channel, place.uf, "", today, place.holidays, place.ibge_code
            )
        return self.windows[channel, today]

    def _final(self, row: Occurrence) -> Occurrence:
        if row.happens_on is not None or row.by is not None or row.obstacle:
            return row
        return replace(row, obstacle=OUT_OF_TIME if row.offset <= 0 else SUPERSEDED)
