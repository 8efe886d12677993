"""CSV files: separated text with a row of column names.

Read with the standard library's parser: it is a fraction of an import's time, tells the exact row of every damage, and
goes on after a damaged row.
"""

import csv
from collections.abc import Iterator
from io import TextIOBase
from pathlib import Path

from quita.imports import reasons
from quita.imports.mappings import Spec
from quita.imports.reading import limits, sniffing
from quita.imports.reading.rows import Cells, RowRefusal, Table, clean_headers

# An address may span a few lines; a quotation mark left open spans many.
MAX_LINES_PER_ROW = 10


def open_table(path: Path, spec: Spec) -> Table:
    """The file's headers and rows. Refusals: file_not_text, no_header, too_many_columns; while reading also
    line_too_long and quotes_unbalanced."""
    codec = sniffing.encoding(path, spec.encoding)
    separator = sniffing.separator(sniffing.sample(path, codec), spec.delimiter)

    def rows() -> Iterator[tuple[int, Cells | RowRefusal]]:
        for number, cells in _read(path, codec, separator):
            if number > spec.header_row:
                yield number, cells

    header = next((cells for number, cells in _read(path, codec, separator) if number == spec.header_row), None)
    if header is None or isinstance(header, RowRefusal):
        raise reasons.file_refusal("no_header", row=spec.header_row)
    headers = clean_headers(header, spec.header_row)
    return Table(headers, rows, {"encoding": codec, "delimiter": separator})


def _read(path: Path, codec: str, separator: str) -> Iterator[tuple[int, Cells | RowRefusal]]:
    """Every record with its number, counted as a spreadsheet counts."""
    number = 0
    with path.open(encoding=codec, errors="replace", newline="") as file:
        reader = csv.reader(_lines(file), delimiter=separator, strict=True)
        width = 0
        while True:
            number += 1
            before = reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as fault:
                spanned = reader.line_num - before
                if spanned > 1 or "end of data" in str(fault):
                    raise reasons.file_refusal("quotes_unbalanced", row=number) from fault
                yield number, RowRefusal(number, "", "", "quotes_misplaced")
                continue
            width = width or len(cells)
            spanned = reader.line_num - before
            # A quotation mark left open swallows the rows below it until the next one closes it by accident.
            if spanned > MAX_LINES_PER_ROW or (spanned > 1 and len(cells) != width):
                raise reasons.file_refusal("quotes_unbalanced", row=number)
            yield number, cells


def _lines(file: TextIOBase) -> Iterator[str]:
    number = 0
    while line := file.readline(limits.MAX_LINE_CHARACTERS):
        number += 1
        if len(line) >= limits.MAX_LINE_CHARACTERS:
            raise reasons.file_refusal("line_too_long", row=number, limit=limits.MAX_LINE_CHARACTERS)
        yield line
