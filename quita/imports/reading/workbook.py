"""Workbooks (.xlsx), read with calamine after their size has been checked."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import python_calamine

from quita.imports import reasons
from quita.imports.mappings import Spec
from quita.imports.reading import limits, rows
from quita.imports.reading.rows import Batch, Cells, Table

_EPOCH = dt.date(1899, 12, 30)
_DATES: dict[str, Callable[[dt.date], str]] = {
    "dmy": lambda day: f"{day:%d/%m/%Y}",
    "mdy": lambda day: f"{day:%m/%d/%Y}",
    "ymd": lambda day: day.isoformat(),
    "compact": lambda day: f"{day:%Y%m%d}",
    "dmy_compact": lambda day: f"{day:%d%m%Y}",
    "excel": lambda day: str((day - _EPOCH).days),
}


def open_table(path: Path, spec: Spec) -> Table:
    """The sheet's headers and rows. Refusals: file_damaged, file_old_excel, zip_bomb, sheet_too_big, sheet_unknown,
    no_header."""
    limits.check_workbook(path)
    sheet = _sheet(path, spec.sheet)

    above = [cells_of(row, spec) for row in islice(sheet.iter_rows(), spec.header_row)]
    if len(above) < spec.header_row:
        raise reasons.file_refusal("no_header", row=spec.header_row)
    headers = rows.clean_headers(above[-1], spec.header_row)
    width = len(headers)

    def batches(size: int) -> Iterator[Batch]:
        below = islice(sheet.iter_rows(), spec.header_row, None)
        first = spec.header_row + 1
        while taken := [_fit(cells_of(row, spec), width) for row in islice(below, size)]:
            yield rows.assemble(range(first, first + len(taken)), taken, width)
            first += len(taken)

    return Table(headers, batches, {"sheet": sheet.name})


def cells_of(row: Iterable[object], spec: Spec) -> Cells:
    """A row's cells as texts."""
    return [_text(value, spec) for value in row]


def _fit(cells: Cells, width: int) -> Cells:
    """A sheet is a rectangle: cells that are not there are empty, empty ones beyond the header are none."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return cells + [""] * (width - len(cells))


def _sheet(path: Path, name: str) -> python_calamine.CalamineSheet:
    try:
        book = python_calamine.load_workbook(path)
        names = [
            meta.name
            for meta in book.sheets_metadata
            if meta.visible == python_calamine.SheetVisibleEnum.Visible
            and meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        if name and name not in book.sheet_names:
            raise reasons.file_refusal("sheet_unknown", name=name[:60], names=", ".join(names)[:200])
        if not names:
            raise reasons.file_refusal("file_damaged")
        return book.get_sheet_by_name(name or names[0])
    except python_calamine.PasswordError as fault:
        raise reasons.file_refusal("file_old_excel") from fault
    except (python_calamine.CalamineError, OSError) as fault:
        raise reasons.file_refusal("file_damaged") from fault


def _text(value: object, spec: Spec) -> str:
    """A cell as the mapping would have it written in text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        # Fifteen significant digits are what a spreadsheet shows: 0.1 + 0.2 is 0.3 there.
        number = f"{value:.15g}" if isinstance(value, float) else str(value)
        return number.replace(".", ",") if spec.decimal == "comma" else number
    if isinstance(value, dt.datetime):
        return _DATES[spec.date_format](value.date())
    if isinstance(value, dt.date):
        return _DATES[spec.date_format](value)
    return "" if value is None else str(value)
