"""Index values with the day each became known, so that an amount of a past day stays what it was that day.

A payment of 5 November was right or short by the indexes published until then. Reckoned again in December with
October's inflation, which came out on the 11th, a settled title would be short of a few centavos and open again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from quita.domain.charges.indexes import IndexValues
from quita.domain.charges.policies import ChargePolicy, InterestKind


@dataclass(frozen=True)
class Published:
    """Monthly values as (index, first day of month, rate_e8, known_on)."""

    values: tuple[tuple[str, date, int, date], ...]

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days on which something new became known, in order."""
        return tuple(sorted({known_on for _, _, _, known_on in self.values}))

    def as_of(self, day: date) -> IndexValues:
        """What was known at the end of a day."""
        return self._until(bisect_right(self.days, day))

    def split(self, rows: pl.DataFrame, policy: ChargePolicy) -> Iterator[tuple[IndexValues, pl.DataFrame]]:
        """The rows under one policy by what was known on their `as_of`; all together where no index matters."""
        if not _needs_values(policy) or rows.is_empty():
            yield {}, rows
            return
        known = pl.Series(self.days, dtype=pl.Date).search_sorted(rows["as_of"], side="right")
        for (count,), part in rows.with_columns(known_days=known).partition_by("known_days", as_dict=True).items():
            yield self._until(int(count)), part.drop("known_days")

    def _until(self, count: int) -> IndexValues:
        if count not in self._views:
            last = self.days[count - 1] if count else date.min
            view: dict[str, dict[date, int]] = {}
            for index, month, rate, known_on in self.values:
                if known_on <= last:
                    view.setdefault(index, {})[month] = rate
            self._views[count] = view
        return self._views[count]

    @cached_property
    def _views(self) -> dict[int, Mapping[str, Mapping[date, int]]]:
        return {}


def _needs_values(policy: ChargePolicy) -> bool:
    return policy.index is not None or any(s.kind is InterestKind.TAXA_LEGAL for s in policy.rate_segments())
