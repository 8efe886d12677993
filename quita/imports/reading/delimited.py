"""CSV files: separated text with a row of column names.

A file without any quotation mark is split as lines: each line is a row, and Polars takes the columns apart. Files with
quotation marks go through the standard library's parser, which tells the exact row of every damage and goes on after a
damaged row.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import TextIOBase
from itertools import islice
from pathlib import Path

import polars as pl

from quita.imports import reasons
from quita.imports.mappings import Spec
from quita.imports.reading import limits, rows, sniffing
from quita.imports.reading.rows import Batch, Cells, RowRefusal, Table

# An address may span a few lines; a quotation mark left open spans many.
MAX_LINES_PER_ROW = 10


def open_table(path: Path, spec: Spec) -> Table:
    """The file's headers and rows. Refusals: file_not_text, no_header, too_many_columns; while reading also
    line_too_long and quotes_unbalanced."""
    codec, quoted = sniffing.scan(path, spec.encoding)
    separator = sniffing.separator(sniffing.sample(path, codec), spec.delimiter)
    with _lines(path, codec) as lines:
        above = list(islice(csv.reader(_checked(lines), delimiter=separator), spec.header_row))
    if len(above) < spec.header_row:
        raise reasons.file_refusal("no_header", row=spec.header_row)
    headers = rows.clean_headers(above[-1], spec.header_row)
    read = _quoted if quoted else _plain

    def batches(size: int) -> Iterator[Batch]:
        with _lines(path, codec) as lines:
            yield from read(lines, separator, spec.header_row, len(headers), size)

    return Table(headers, batches, {"encoding": codec, "delimiter": separator})


@contextmanager
def _lines(path: Path, codec: str) -> Iterator[Iterator[str]]:
    """The lines with their ends. None is longer than the limit plus one character, however long the file's are."""
    with path.open(encoding=codec, errors="replace", newline="") as file:
        yield _limited(file)


def _limited(file: TextIOBase) -> Iterator[str]:
    return iter(partial(file.readline, limits.MAX_LINE_CHARACTERS + 1), "")


def _check_length(lines: list[str], first: int) -> None:
    if lines and max(map(len, lines)) > limits.MAX_LINE_CHARACTERS:
        for _line in _checked(iter(lines), first):
            pass


def _checked(lines: Iterator[str], first: int = 1) -> Iterator[str]:
    for number, line in enumerate(lines, first):
        if len(line) > limits.MAX_LINE_CHARACTERS:
            raise reasons.file_refusal("line_too_long", row=number, limit=limits.MAX_LINE_CHARACTERS)
        yield line


def _plain(lines: Iterator[str], separator: str, header_row: int, width: int, size: int) -> Iterator[Batch]:
    """Batches of a file in which every line is a row."""
    skipped = list(islice(lines, header_row))
    _check_length(skipped, 1)
    first = header_row + 1
    while taken := list(islice(lines, size)):
        _check_length(taken, first)
        yield _split(taken, separator, first, width)
        first += len(taken)


def _split(taken: list[str], separator: str, first: int, width: int) -> Batch:
    counts = [line.count(separator) for line in taken]
    odd = [place for place, count in enumerate(counts) if count != width - 1] if set(counts) != {width - 1} else []
    if width == 1 or len(odd) * 2 > len(taken):
        cells = [line.rstrip("\r\n").split(separator) for line in taken]
        return rows.assemble(range(first, first + len(taken)), cells, width)
    refused, raw = [], {}
    for place in odd:
        cells_of_line = taken[place].rstrip("\r\n").split(separator)
        fitted = rows.fit(cells_of_line, width)
        if len(fitted) == width:
            taken[place] = separator.join(fitted) + "\n"
            continue
        if not rows.blank(cells_of_line):
            raw[first + place] = cells_of_line
            refused.append(rows.ragged(first + place, len(cells_of_line), width))
        taken[place] = separator * (width - 1) + "\n"
    return rows.without_blanks(
        pl.int_range(first, first + len(taken), dtype=pl.Int32, eager=True),
        _columns(taken, separator, width),
        refused,
        raw,
    )


def _columns(taken: list[str], separator: str, width: int) -> pl.DataFrame:
    text = "".join(taken).replace("\r\n", "\n").replace("\r", "\n")
    return pl.read_csv(
        text.encode(),
        has_header=False,
        separator=separator,
        quote_char=None,
        schema=dict.fromkeys(rows.names(width), pl.String),
        empty_string_is_null=False,
    )


def _quoted(lines: Iterator[str], separator: str, header_row: int, width: int, size: int) -> Iterator[Batch]:
    """Batches of a file with quotation marks, in which a row may span several lines."""
    reader = csv.reader(_checked(lines), delimiter=separator, strict=True)
    number, done = 0, False
    while not done:
        batch: list[Cells] = []
        refused: list[RowRefusal] = []
        numbers: list[int] = []
        while len(batch) < size and not done:
            before, held = reader.line_num, len(batch)
            try:
                # What came before a damaged row stays in the list.
                batch.extend(islice(reader, size - held))
                done = len(batch) < size
            except csv.Error as fault:
                _check_spans(batch[held:], reader.line_num - before - 1, number, width, str(fault))
                numbers.extend(range(number + 1, number + len(batch) - held + 1))
                number += len(batch) - held + 1
                refused.append(RowRefusal(number, "", "", "quotes_misplaced"))
                continue
            _check_spans(batch[held:], reader.line_num - before, number, width)
            numbers.extend(range(number + 1, number + len(batch) - held + 1))
            number += len(batch) - held
        keep = next((place for place, n in enumerate(numbers) if n > header_row), len(numbers))
        below = [refusal for refusal in refused if refusal.row_number > header_row]
        yield rows.assemble(numbers[keep:], batch[keep:], width, below)


def _check_spans(read: list[Cells], lines: int, number: int, width: int, fault: str = "") -> None:
    """Refuses the file when a quotation mark left open has swallowed lines: nothing behind it can be trusted.

    `lines` is how many lines the rows took; more than rows means that some span several.
    """
    inside = 0
    for place, cells in enumerate(read if lines != len(read) else (), 1):
        spanned = sum(cell.count("\n") or cell.count("\r") for cell in cells)
        inside += spanned
        if spanned >= MAX_LINES_PER_ROW or (spanned and len(rows.fit(cells, width)) != width):
            raise reasons.file_refusal("quotes_unbalanced", row=number + place)
    if fault and (lines - len(read) - inside > 0 or "end of data" in fault):
        raise reasons.file_refusal("quotes_unbalanced", row=number + len(read) + 1)
