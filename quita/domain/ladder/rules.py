"""The rules in force on one day, as plain values that can be written down and read back for a replay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MESSAGE = "message"
CALL_TASK = "call_task"
TICKET = "ticket"
SET_PHASE = "set_phase"
ACTIONS = (MESSAGE, CALL_TASK, TICKET, SET_PHASE)

CALENDAR = "calendar"
BUSINESS = "business"
PER_DEBTOR = "debtor"
PER_TITLE = "title"
LATEST = "latest"
WAIT = "wait"

# Step key * KEY_SPAN + occurrence names an occurrence in one integer; repeats are therefore fewer than this.
KEY_SPAN = 1000


@dataclass(frozen=True)
class Step:
    """A rung. `since_on`: from when it has stood with this timing; days before that never fire.

    `templates` maps a channel to the template version used on it. `params` holds what the action needs.
    """

    key: int
    name: str
    action: str
    offset_days: int
    basis: str = CALENDAR
    repeat_every_days: int | None = None
    repeat_at_most: int | None = None
    grouping: str = PER_DEBTOR
    priority: int = 0
    channels: tuple[str, ...] = ()
    templates: Mapping[str, int] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    since_on: dt.date = dt.date.min

    def offsets(self) -> list[tuple[int, int]]:
        """(occurrence, days from the due date) of the step and each of its repeats."""
        every, times = self.repeat_every_days or 0, self.repeat_at_most or 0
        return [(k, self.offset_days + k * every) for k in range(times + 1)]


@dataclass(frozen=True)
class Ladder:
    """One ladder in the version in force."""

    ladder_id: int
    version_id: int
    number: int
    name: str
    late_entry: str
    end_after_days: int
    end_role: str
    minimum_cents: int
    steps: tuple[Step, ...]

    @property
    def last_offset(self) -> int:
        """Days from the due date to the last repeat of the last step."""
        return max((offset for step in self.steps for _, offset in step.offsets()), default=0)


@dataclass(frozen=True)
class Portfolio:
    """A profile: `condition` is the JSON of a condition tree; the smallest (priority, id) that holds wins."""

    portfolio_id: int
    name: str
    priority: int
    condition: Mapping[str, Any]
    ladder_id: int | None
    is_default: bool = False


@dataclass(frozen=True)
class Phase:
    """A phase set by lateness from `from_days` on; None for those that only people or steps set."""

    phase_id: int
    basis: str
    from_days: int | None


@dataclass(frozen=True)
class Rules:
    """Everything written by people that a run decides by."""

    today: dt.date
    now: dt.datetime
    ladders: tuple[Ladder, ...]
    portfolios: tuple[Portfolio, ...]
    phases: tuple[Phase, ...]
    # Which action each step key ever had: executions of older versions count for their own kind only.
    actions_by_key: Mapping[int, str]
    # Years after which a debt of (company, policy) is prescribed; policy 0 is "the company's default".
    prescription_years: Mapping[tuple[int, int], int]
    # Companies whose payment data is older than its lease today.
    stale_companies: frozenset[int]
    # Execution keys (receivable, due day ISO, step key, occurrence) of messages a person took out in the preview.
    removed: frozenset[tuple[int, str, int, int]] = frozenset()

    def ladder(self, ladder_id: int | None) -> Ladder | None:
        """The ladder with that id, if it is in force."""
        return next((ladder for ladder in self.ladders if ladder.ladder_id == ladder_id), None)

    @property
    def horizon_days(self) -> int:
        """How far ahead of its due date a title must be read: the earliest pre-due step, business days generously."""
        ahead = [
            -step.offset_days * (2 if step.basis == BUSINESS else 1)
            for ladder in self.ladders
            for step in ladder.steps
            if step.offset_days < 0
        ]
        return max(ahead, default=0) + (5 if ahead else 0)
