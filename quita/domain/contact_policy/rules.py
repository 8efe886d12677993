"""The contact policy as dated data: rules say when a channel may be used, caps how often."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

# Weekdays are 0 Monday … 6 Sunday; 7 stands for a civil holiday, whatever weekday it falls on.
HOLIDAY = 7


@dataclass(frozen=True)
class Rule:
    """A channel may be used from `starts` until before `ends` on that weekday; both None: not at all.

    `uf` empty: everywhere. In force from `valid_from` to `valid_until`, both days included.
    """

    channel: str
    weekday: int
    starts: time | None
    ends: time | None
    uf: str = ""
    legal_ref: str = ""
    valid_from: date = date.min
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if (self.starts is None) != (self.ends is None):
            raise ValueError("a contact rule has both ends of its window or neither")
        if self.starts is not None and self.ends is not None and self.starts >= self.ends:
            raise ValueError("a contact rule starts before it ends")
        if not 0 <= self.weekday <= HOLIDAY:
            raise ValueError("weekday is 0 Monday … 6 Sunday or 7, a civil holiday")

    def in_force(self, day: date) -> bool:
        """Tell whether the rule applies on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class Cap:
    """At most `at_most` contacts with one person in `window_days` days, or at least `min_gap_hours` between two.

    `channel` empty: over all channels together. Titles, contracts and companies make no difference: it is the person.
    """

    channel: str = ""
    window_days: int | None = None
    at_most: int | None = None
    min_gap_hours: int | None = None
    legal_ref: str = ""
    valid_from: date = date.min
    valid_until: date | None = None

    def __post_init__(self) -> None:
        counted = self.window_days is not None and self.at_most is not None
        if counted == (self.min_gap_hours is not None):
            raise ValueError("a contact cap is either a count in a window of days or a gap in hours")

    def in_force(self, day: date) -> bool:
        """Tell whether the cap applies on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class Policy:
    """All rules and caps, past, present and future. A channel without a rule on a day is free on that day."""

    rules: tuple[Rule, ...] = field(default=())
    caps: tuple[Cap, ...] = field(default=())

    def rules_on(self, channel: str, uf: str, day: date, weekday: int) -> list[Rule]:
        """Return the rules for a channel, a place and a kind of day that are in force on `day`."""
        return [
            rule
            for rule in self.rules
            if rule.channel == channel and rule.weekday == weekday and rule.uf in ("", uf) and rule.in_force(day)
        ]
