"""Rows of text on their way from a file to the parser."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from quita.imports import reasons
from quita.imports.reading import limits

# What a row is before it is known to be good: its number and its cells, or why it cannot be read.
Cells = list[str]


@dataclass(frozen=True)
class RowRefusal:
    """Why one row does not go in: where, what was there, the code of `reasons.ROW` and its parameters."""

    row_number: int
    field: str
    value: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Batch:
    """Some consecutive rows. `rows` are as wide as the header; rows that are not stand in `refused` and `raw`."""

    numbers: list[int] = field(default_factory=list)
    rows: list[Cells] = field(default_factory=list)
    refused: list[RowRefusal] = field(default_factory=list)
    raw: dict[int, Cells] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Headers, and the rows below them as often as one wants: `open_rows` starts again from the first."""

    headers: list[str]
    open_rows: Callable[[], Iterator[tuple[int, Cells | RowRefusal]]]
    # What was found out about the file, for people: encoding, separator, sheet.
    facts: Mapping[str, str] = field(default_factory=dict)

    def batches(self, size: int) -> Iterator[Batch]:
        """The rows in batches of `size`, blank rows left out."""
        source = self.open_rows()
        width = len(self.headers)
        while taken := list(islice(source, size)):
            batch = Batch()
            for number, cells in taken:
                _sort_in(batch, number, cells, width)
            yield batch


def _sort_in(batch: Batch, number: int, cells: Cells | RowRefusal, width: int) -> None:
    if isinstance(cells, RowRefusal):
        batch.refused.append(cells)
        batch.raw[number] = [cells.value]
        return
    if not any(cell and not cell.isspace() for cell in cells):
        return
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        del cells[width:]
    if len(cells) != width:
        code = "columns_missing" if len(cells) < width else "columns_extra"
        batch.refused.append(RowRefusal(number, "", "", code, {"count": len(cells), "wanted": width}))
        batch.raw[number] = cells
        return
    batch.numbers.append(number)
    batch.rows.append(cells)


def clean_headers(cells: Cells, row_number: int) -> list[str]:
    """Header names without surrounding blanks; a nameless column is called by its place."""
    names = [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise reasons.file_refusal("no_header", row=row_number)
    if len(names) > limits.MAX_COLUMNS:
        raise reasons.file_refusal("too_many_columns", count=len(names), limit=limits.MAX_COLUMNS)
    return [name or f"#{place}" for place, name in enumerate(names, 1)]
