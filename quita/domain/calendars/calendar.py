"""A calendar of one place: an immutable answer to "is this a business day, and which one comes next?".

Three conventions, used everywhere:

* `business_seq(d)` counts the business days in (EPOCH, d]. The distance between two days is the difference of their
  numbers, so a day that is not a business day shares the number of the business day before it.
* `next_business_day_or_same(d)` is the first day on or after `d` on which a debt can be paid over the counter. It
  skips, besides weekends and holidays, the days without public service (the last working day of the year), which are
  business days for counting: FEBRABAN lets bills due on that day be paid on the next business day without additions.
* `add_business_days(d, n)`: n > 0 is the n-th business day after `d`, n < 0 the |n|-th before it, and 0 is `d` itself
  or, when `d` is not a business day, the next one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from quita.domain import refusals
from quita.domain.calendars.lookup import BusinessDays

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2050, 12, 31)
EPOCH = FIRST_DAY - timedelta(days=1)

_SATURDAY = 5  # of date.weekday(), where Monday is 0
# Beyond the last day a few more are laid out, so that the last due date still has a next business day.
_MARGIN_DAYS = 31


@dataclass(frozen=True)
class Calendar:
    """Business days of one place from FIRST_DAY to LAST_DAY. `holidays` maps the day to its name."""

    key: str
    holidays: Mapping[date, str] = field(repr=False)
    no_public_service: frozenset[date] = field(default_factory=frozenset, repr=False)

    def __hash__(self) -> int:
        return hash((self.key, len(self.holidays)))

    def is_business(self, day: date) -> bool:
        """Tell whether the day is neither Saturday, Sunday nor holiday."""
        self._check(day)
        return self._works(day)

    def next_business_day_or_same(self, day: date) -> date:
        """Return the first day on or after `day` on which the public is served: until then payment is on time."""
        self._check(day)
        while not self._works(day) or day in self.no_public_service:
            day += timedelta(days=1)
        return day

    def add_business_days(self, day: date, count: int) -> date:
        """Return the day `count` business days away (see the conventions above)."""
        self._check(day)
        days = self._business_days
        if count > 0:
            index = bisect_right(days, day) + count - 1
        elif count < 0:
            index = bisect_left(days, day) + count
        else:
            index = bisect_left(days, day)
        if not 0 <= index < len(days):
            raise _outside(self.key, day + timedelta(days=count))
        return days[index]

    def business_days_between(self, start: date, end: date) -> int:
        """Count the business days in (start, end]; negative when `end` lies before `start`."""
        return self.business_seq(end) - self.business_seq(start)

    def business_seq(self, day: date) -> int:
        """Count the business days in (EPOCH, day]."""
        self._check(day)
        return bisect_right(self._business_days, day)

    @cached_property
    def days(self) -> pl.DataFrame:
        """Every day of the calendar: day, is_business, business_seq, next_business_on."""
        laid_out = pl.DataFrame({"day": pl.date_range(FIRST_DAY, LAST_DAY + timedelta(days=_MARGIN_DAYS), eager=True)})
        free = pl.Series("free", sorted(self.holidays), dtype=pl.Date)
        closed = pl.Series("closed", sorted(self.no_public_service), dtype=pl.Date)
        # Polars counts Monday as 1, so the first five are the working days.
        works = (pl.col("day").dt.weekday() <= _SATURDAY) & ~pl.col("day").is_in(free.implode())
        serves = pl.col("is_business") & ~pl.col("day").is_in(closed.implode())
        return (
            laid_out.with_columns(is_business=works)
            .with_columns(
                business_seq=pl.col("is_business").cast(pl.Int32).cum_sum(),
                next_business_on=pl.when(serves).then("day").otherwise(None).backward_fill(),
            )
            .filter(pl.col("day") <= LAST_DAY)
        )

    @cached_property
    def lookup(self) -> BusinessDays:
        """This calendar as a table of columns, under the number 0."""
        return BusinessDays.of(frame({0: self}))

    @cached_property
    def _business_days(self) -> list[date]:
        return self.days.filter("is_business")["day"].to_list()

    def _works(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.holidays

    def _check(self, day: date) -> None:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise _outside(self.key, day)


def frame(calendars: Iterable[tuple[int, Calendar]] | Mapping[int, Calendar]) -> pl.DataFrame:
    """Lay calendars out as rows: calendar_id, day, is_business, business_seq, next_business_on (one row per day).

    Ordered by calendar and day, without gaps, which is what `BusinessDays` relies on.
    """
    pairs = sorted(calendars.items() if isinstance(calendars, Mapping) else calendars, key=lambda pair: pair[0])
    parts: list[pl.DataFrame] = [
        calendar.days.select(pl.lit(calendar_id, dtype=pl.Int32).alias("calendar_id"), pl.all())
        for calendar_id, calendar in pairs
    ]
    if not parts:
        return pl.DataFrame(
            schema={
                "calendar_id": pl.Int32,
                "day": pl.Date,
                "is_business": pl.Boolean,
                "business_seq": pl.Int32,
                "next_business_on": pl.Date,
            }
        )
    return pl.concat(parts)


def _outside(key: str, day: date) -> refusals.Refusal:
    return refusals.Refusal(
        "date_outside_calendar",
        "%(day)s lies outside the calendar “%(calendar)s”, which runs from %(first)s to %(last)s. Check the year.",
        {"day": day.isoformat(), "calendar": key, "first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()},
    )
