"""Business-day facts for whole columns of (calendar, day) pairs, by position instead of by join."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from quita.domain import refusals


@dataclass(frozen=True)
class BusinessDays:
    """Dense tables over the calendars: the row of a pair is (place of the calendar) × days + (day − first day)."""

    places: pl.DataFrame
    first_day: date
    day_count: int
    next_business: pl.Series
    seq: pl.Series

    @classmethod
    def of(cls, days: pl.DataFrame) -> BusinessDays:
        """Index a frame as made by `calendars.frame`; any order of rows, but every calendar over the same days."""
        ordered = days.sort("calendar_id", "day")
        ids = ordered["calendar_id"].unique().sort()
        if ordered.is_empty():
            raise ValueError("the calendar frame is empty")
        first, last = ordered["day"][0], ordered["day"][-1]
        count = (last - first).days + 1
        if ordered.height != count * len(ids):
            raise ValueError("the calendar frame has gaps: every calendar needs every day once")
        places = pl.DataFrame({"calendar_id": ids, "place": pl.Series(range(len(ids)), dtype=pl.Int64)})
        return cls(places, first, count, ordered["next_business_on"], ordered["business_seq"])

    def next_business_on(self, calendar_ids: pl.Series, days: pl.Series) -> pl.Series:
        """Return for each pair the first day on or after it on which payment is on time; null for a missing day."""
        return self.next_business.gather(self._rows(calendar_ids, days))

    def business_seq(self, calendar_ids: pl.Series, days: pl.Series) -> pl.Series:
        """Return for each pair its business-day number; null for a missing day."""
        return self.seq.gather(self._rows(calendar_ids, days))

    def _rows(self, calendar_ids: pl.Series, days: pl.Series) -> pl.Series:
        pairs = pl.DataFrame({"calendar_id": calendar_ids.cast(pl.Int32), "day": days})
        offset = pl.col("day").to_physical().cast(pl.Int64) - (self.first_day - date(1970, 1, 1)).days
        if self.places.height == 1:
            known = pl.lit(0, dtype=pl.Int64)
            if not (pairs["calendar_id"] == self.places["calendar_id"][0]).all():
                raise _unknown_calendar(pairs, self.places)
            placed = pairs
        else:
            known = pl.col("place")
            placed = pairs.join(
                self.places.cast({"calendar_id": pl.Int32}), on="calendar_id", how="left", maintain_order="left"
            )
            if placed["place"].null_count():
                raise _unknown_calendar(pairs, self.places)
        lowest, highest = placed["day"].min(), placed["day"].max()
        if isinstance(lowest, date) and isinstance(highest, date):
            self._check(lowest)
            self._check(highest)
        return placed.select((known * self.day_count + offset).alias("row"))["row"]

    def _check(self, day: date) -> None:
        if not 0 <= (day - self.first_day).days < self.day_count:
            last = date.fromordinal(self.first_day.toordinal() + self.day_count - 1)
            raise refusals.Refusal(
                "date_outside_calendar",
                "%(day)s lies outside the calendars, which run from %(first)s to %(last)s. Check the year.",
                {"day": day.isoformat(), "first": self.first_day.isoformat(), "last": last.isoformat()},
            )


def _unknown_calendar(pairs: pl.DataFrame, places: pl.DataFrame) -> refusals.Refusal:
    missing = pairs.filter(~pl.col("calendar_id").is_in(places["calendar_id"].implode()).fill_null(False))
    return refusals.Refusal(
        "calendar_unknown",
        "Calendar %(calendar)s is not among the calendars given. Load the calendar of every title.",
        {"calendar": str(missing["calendar_id"][0])},
    )
