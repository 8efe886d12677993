"""How often one person may be contacted: counts over windows of days, and a gap between any two contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quita.domain.contact_policy.rules import Policy


@dataclass(frozen=True)
class Caps:
    """The caps of one day. Keys are channels; the key '' counts all channels together.

    `counts[channel]` lists (window_days, at_most): in the last `window_days` days, today included, at most so many
    contacts. `gap_hours[channel]`: so many hours between two contacts.
    """

    counts: Mapping[str, tuple[tuple[int, int], ...]]
    gap_hours: Mapping[str, int]

    @property
    def min_gap_hours(self) -> int:
        """Hours between any two contacts, whatever the channel; 0 without such a cap."""
        return self.gap_hours.get("", 0)

    @property
    def longest_window_days(self) -> int:
        """How many days of past contacts must be known to judge every cap (a gap in hours counts as its days + 1)."""
        windows = [days for caps in self.counts.values() for days, _ in caps]
        gaps = [hours // 24 + 2 for hours in self.gap_hours.values()]
        return max([*windows, *gaps, 0])


@dataclass(frozen=True)
class Contact:
    """One contact with a person that happened (or is already decided)."""

    channel: str
    day: date
    at: datetime


def caps_in_force(policy: Policy, day: date) -> Caps:
    """Return the caps of that day. Of several over the same window the smallest holds, of several gaps the longest."""
    counts: dict[str, dict[int, int]] = {}
    gaps: dict[str, int] = {}
    for cap in policy.caps:
        if not cap.in_force(day):
            continue
        if cap.min_gap_hours is not None:
            gaps[cap.channel] = max(gaps.get(cap.channel, 0), cap.min_gap_hours)
        elif cap.window_days is not None and cap.at_most is not None:
            windows = counts.setdefault(cap.channel, {})
            windows[cap.window_days] = min(windows.get(cap.window_days, cap.at_most), cap.at_most)
    return Caps({channel: tuple(sorted(windows.items())) for channel, windows in sorted(counts.items())}, gaps)


def reached_cap(caps: Caps, channel: str, day: date, contacts: Sequence[Contact]) -> tuple[int, int] | None:
    """Return the (window_days, at_most) that one more contact on `day` would break, or None when it may happen."""
    for key in ("", channel):
        for window_days, at_most in caps.counts.get(key, ()):
            after = day - timedelta(days=window_days)
            if sum(_counts(contact, key) and after < contact.day <= day for contact in contacts) >= at_most:
                return window_days, at_most
    return None


def gap_ends_at(caps: Caps, channel: str, contacts: Iterable[Contact]) -> datetime | None:
    """Return the instant from which the gaps to earlier contacts are kept; None when there is no gap to keep."""
    ends = [
        contact.at + timedelta(hours=caps.gap_hours[key])
        for key in ("", channel)
        if key in caps.gap_hours
        for contact in contacts
        if _counts(contact, key)
    ]
    return max(ends, default=None)


def _counts(contact: Contact, key: str) -> bool:
    return key in ("", contact.channel)
