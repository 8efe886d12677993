"""Pages of a frame by number: what a run recorded does not change, so a page stays what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import polars as pl

PAGE = 50
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of `total`; `number` counts pages from 1."""

    rows: tuple[Row, ...]
    total: int
    number: int

    @property
    def first(self) -> int:
        """The place of the first row shown, from 1."""
        return (self.number - 1) * PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return (self.number - 1) * PAGE + len(self.rows)

    @property
    def has_next(self) -> bool:
        """True when more rows follow."""
        return self.last < self.total


def shown(rows: pl.LazyFrame, order: Sequence[str], page: int) -> tuple[pl.DataFrame, int, int]:
    """(the rows of a page, how many there are in all, the page's number). A page that is not there is the nearest."""
    total = int(rows.select(pl.len()).collect().item())
    number = min(max(page, 1), max(1, -(-total // PAGE)))
    found = rows.sort(order, nulls_last=True).slice((number - 1) * PAGE, PAGE).collect()
    return found, total, number
