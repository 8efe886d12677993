"""A ladder as a person is writing it: complete or not, sound or not. Publishing it makes a version that runs use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quita.domain.ladder import rules


@dataclass(frozen=True)
class StepDraft:
    """A rung as typed. `key` None is a new step. `offset_days` None: nobody has said the day yet.

    `templates` maps a channel to the template used on it (not to a version: the newest wording of the day is used).
    """

    name: str
    action: str
    offset_days: int | None
    key: int | None = None
    basis: str = rules.CALENDAR
    repeat_every_days: int | None = None
    repeat_at_most: int | None = None
    grouping: str = rules.PER_DEBTOR
    priority: int = 0
    channels: tuple[str, ...] = ()
    templates: Mapping[str, int] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)

    def offsets(self) -> list[tuple[int, int]]:
        """(occurrence, days from the due date) of the step and each of its repeats; empty while the day is unknown.

        A number of repeats that no ladder can hold is cut at the limit, so that looking at a draft stays quick.
        """
        if self.offset_days is None:
            return []
        every = self.repeat_every_days or 0
        times = min(self.repeat_at_most or 0, rules.KEY_SPAN - 1) if every > 0 else 0
        return [(k, self.offset_days + k * every) for k in range(max(times, 0) + 1)]

    @property
    def is_timed(self) -> bool:
        """Whether its days can be worked out."""
        return self.offset_days is not None


@dataclass(frozen=True)
class LadderDraft:
    """A version of a ladder as typed. Amounts are centavos; `end_after_days` is None while nobody said how it ends."""

    name: str
    in_force_from: dt.date | None
    steps: tuple[StepDraft, ...] = ()
    late_entry: str = rules.LATEST
    minimum_cents: int | None = 0
    end_after_days: int | None = 7
    end_role: str = "supervisor"

    @property
    def last_offset(self) -> int:
        """Days from the due date to the last repeat of the last step; 0 without steps."""
        return max((offset for step in self.steps for _, offset in step.offsets()), default=0)

    @property
    def first_offset(self) -> int:
        """Days from the due date to the first step; 0 or less."""
        return min((offset for step in self.steps for _, offset in step.offsets()), default=0)


def at(place: int, name: str) -> str:
    """The place of a finding on a step."""
    return f"steps.{place}.{name}"
