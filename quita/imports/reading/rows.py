"""Rows of text on their way from a file to the parser."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from quita.imports import reasons
from quita.imports.reading import limits

Cells = list[str]


@dataclass(frozen=True)
class RowRefusal:
    """Why one row does not go in: where, what was there, the code of `reasons.ROW` and its parameters."""

    row_number: int
    field: str
    value: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """Some consecutive rows, blank ones left out.

    `cells` has one text column per header, named by its place ("0", "1"…), and a row for each of `numbers`. Rows that
    are not as wide as the header, or cannot be split at all, stand in `refused`, their cells in `raw`.
    """

    numbers: pl.Series
    cells: pl.DataFrame
    refused: list[RowRefusal] = dataclasses.field(default_factory=list)
    raw: Mapping[int, Cells] = dataclasses.field(default_factory=dict)

    @property
    def row_count(self) -> int:
        """Rows that hold anything, refused ones included."""
        return self.cells.height + len(self.refused)

    @property
    def last_row(self) -> int:
        """The number of the last row that holds anything; 0 when none does."""
        ends = [self.numbers[-1]] if len(self.numbers) else []
        return int(max([*ends, *(r.row_number for r in self.refused)], default=0))

    def cells_of(self, wanted: set[int]) -> dict[int, Cells]:
        """The cells of some rows by number."""
        picked = self.cells.insert_column(0, self.numbers.alias("number")).filter(
            pl.col("number").is_in(pl.Series(sorted(wanted), dtype=pl.Int32).implode())
        )
        return {row[0]: list(row[1:]) for row in picked.iter_rows()} | {
            number: cells for number, cells in self.raw.items() if number in wanted
        }


@dataclass(frozen=True)
class Table:
    """Headers, and the rows below them as often as one wants: `batches` starts again from the first."""

    headers: list[str]
    batches: Callable[[int], Iterator[Batch]]
    # What was found out about the file, for people: encoding, separator, sheet.
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)


def names(width: int) -> list[str]:
    """The column names of a batch."""
    return [str(place) for place in range(width)]


def empty(width: int) -> Batch:
    """A batch without rows."""
    schema = dict.fromkeys(names(width), pl.String)
    return Batch(pl.Series([], dtype=pl.Int32), pl.DataFrame(schema=schema))


def assemble(numbers: Sequence[int], rows: Sequence[Cells], width: int, refused: Sequence[RowRefusal] = ()) -> Batch:
    """A batch of rows of cells: those of the header's width as columns, the others refused."""
    wrong: list[RowRefusal] = list(refused)
    raw: dict[int, Cells] = {}
    if any(len(cells) != width for cells in rows):
        kept_numbers: list[int] = []
        kept: list[Cells] = []
        for number, cells in zip(numbers, rows, strict=True):
            fitted = fit(cells, width)
            if len(fitted) == width:
                kept_numbers.append(number)
                kept.append(fitted)
            elif not blank(cells):
                raw[number] = cells
                wrong.append(ragged(number, len(cells), width))
        numbers, rows = kept_numbers, kept
    columns = zip(names(width), zip(*rows, strict=True), strict=True) if rows else ()
    frame = (
        pl.DataFrame({name: pl.Series(cells, dtype=pl.String) for name, cells in columns})
        if rows
        else empty(width).cells
    )
    return without_blanks(pl.Series(numbers, dtype=pl.Int32), frame, wrong, raw)


def without_blanks(
    numbers: pl.Series, cells: pl.DataFrame, refused: list[RowRefusal], raw: Mapping[int, Cells]
) -> Batch:
    """The batch without rows that hold nothing but blanks. Only rows whose first cell is blank need a closer look."""
    first = cells.columns[0]
    if cells.select((pl.col(first).str.strip_chars() == "").any()).item():
        filled = cells.select(pl.any_horizontal(pl.all().str.strip_chars() != "")).to_series()
        numbers, cells = numbers.filter(filled), cells.filter(filled)
    return Batch(numbers, cells, sorted(refused, key=lambda r: r.row_number), raw)


def fit(cells: Cells, width: int) -> Cells:
    """The row without empty cells beyond the header: many systems end each row with a separator."""
    if len(cells) > width and blank(cells[width:]):
        return cells[:width]
    return cells


def blank(cells: Sequence[str]) -> bool:
    """True when no cell holds anything."""
    return not any(cell and not cell.isspace() for cell in cells)


def ragged(number: int, count: int, width: int) -> RowRefusal:
    """The refusal of a row that is narrower or wider than the header."""
    code = "columns_missing" if count < width else "columns_extra"
    return RowRefusal(number, "", "", code, {"count": count, "wanted": width})


def clean_headers(cells: Cells, row_number: int) -> list[str]:
    """Header names without surrounding blanks; a nameless column is called by its place."""
    found = [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]
    while found and not found[-1]:
        found.pop()
    if not found:
        raise reasons.file_refusal("no_header", row=row_number)
    if len(found) > limits.MAX_COLUMNS:
        raise reasons.file_refusal("too_many_columns", count=len(found), limit=limits.MAX_COLUMNS)
    return [name or f"#{place}" for place, name in enumerate(found, 1)]
