"""The window of a day in which a person may be contacted, in that person's own time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from quita.domain import calendars
from quita.domain.contact_policy.holidays import CivilHolidays
from quita.domain.contact_policy.rules import HOLIDAY, Policy

Window = tuple[datetime, datetime]

_INSTANT = pl.Datetime("us", "UTC")


def allowed_window(
    policy: Policy,
    channel: str,
    uf: str,
    phone_uf: str,
    day: date,
    holidays: CivilHolidays,
    ibge_code: str = "",
) -> Window | None:
    """Return from when until before when the channel may be used on `day`, in the debtor's time zone; None: not at all.

    `uf` is the state of the address, `phone_uf` that of the phone's area code (empty when unknown or no phone). Where
    they differ both states' rules hold, each by its own clock and its own holidays, and the intersection counts.
    """
    places = [(uf, ibge_code)] if uf or not phone_uf else []
    if phone_uf and phone_uf != uf:
        places.append((phone_uf, ""))
    windows = [_window_of_place(policy, channel, place, code, day, holidays) for place, code in places]
    starts = max(start for start, _ in windows)
    ends = min(end for _, end in windows)
    if starts >= ends:
        return None
    zone = ZoneInfo(calendars.time_zone(places[0][0], places[0][1]))
    return starts.astimezone(zone), ends.astimezone(zone)


def first_allowed(
    policy: Policy,
    channel: str,
    uf: str,
    phone_uf: str,
    day: date,
    now: datetime,
    holidays: CivilHolidays,
    ibge_code: str = "",
) -> Window | None:
    """Return (not_before, not_after) in UTC: what is left of the day's window from `now` on; None when nothing is left.

    `not_after` is the first instant at which it is too late.
    """
    window = allowed_window(policy, channel, uf, phone_uf, day, holidays, ibge_code)
    if window is None:
        return None
    not_before = max(window[0], now).astimezone(UTC)
    not_after = window[1].astimezone(UTC)
    return (not_before, not_after) if not_before < not_after else None


def windows_frame(
    policy: Policy, combos: pl.DataFrame, day: date, now: datetime, holidays: CivilHolidays
) -> pl.DataFrame:
    """Add `not_before` and `not_after` (UTC instants, both null when the day is not allowed) to distinct combinations.

    `combos` has the text columns channel, uf, phone_uf and optionally ibge_code; nulls count as empty. Rows keep their
    order; equal combinations are worked out once, so it may also be given a whole column of messages.
    """
    keys = ["channel", "uf", "phone_uf"] + (["ibge_code"] if "ibge_code" in combos.columns else [])
    distinct = combos.select(pl.col(keys).cast(pl.String)).unique()
    found = [
        first_allowed(
            policy, channel or "", uf or "", phone_uf or "", day, now, holidays, (code[0] if code else None) or ""
        )
        for channel, uf, phone_uf, *code in distinct.iter_rows()
    ]
    distinct = distinct.with_columns(
        pl.Series("not_before", [window[0] if window else None for window in found], dtype=_INSTANT),
        pl.Series("not_after", [window[1] if window else None for window in found], dtype=_INSTANT),
    )
    return combos.join(distinct, on=keys, how="left", nulls_equal=True, maintain_order="left")


def _window_of_place(
    policy: Policy, channel: str, uf: str, ibge_code: str, day: date, holidays: CivilHolidays
) -> Window:
    """Intersect every rule of one place. A forbidden day comes back as an empty window."""
    zone = ZoneInfo(calendars.time_zone(uf, ibge_code))
    starts, ends = _local(day, time.min, zone), _local(day + timedelta(days=1), time.min, zone)
    rules = policy.rules_on(channel, uf, day, day.weekday())
    if holidays.on(day, uf, ibge_code):
        rules = rules + policy.rules_on(channel, uf, day, HOLIDAY)
    for rule in rules:
        if rule.starts is None or rule.ends is None:
            return starts, starts
        starts = max(starts, _local(day, rule.starts, zone))
        ends = min(ends, _local(day, rule.ends, zone))
    return starts, ends


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    # Compared across zones below, so brought to UTC at once: aware datetimes of one zone compare by wall clock.
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
