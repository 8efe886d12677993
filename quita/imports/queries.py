"""Reads on files, their rows and mappings."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext

from quita.imports import directory, fields, mappings, parsing, reading, reasons, suggesting
from quita.imports.mappings import Spec
from quita.imports.models import ImportFile, Mapping, RefusedRow
from quita.imports.parsing import texts
from quita.imports.pipeline import run, survey
from quita.imports.reading import Batch, sniffing
from quita.imports.reading import rows as rows_of_text
from quita.platform.access.scopes import Scope
from quita.platform.actors import When

SAMPLE_ROWS = 200


@dataclass(frozen=True)
class Sample:
    """What a file looks like before it has a mapping: its columns, some rows, and a mapping to begin with."""

    headers: list[str]
    rows: list[list[str]]
    facts: dict[str, str]
    suggested: Spec

    def examples(self, header: str, count: int = 3) -> list[str]:
        """The first different non-empty cells of a column."""
        place = self.headers.index(header)
        found = dict.fromkeys(row[place].strip() for row in self.rows if row[place].strip())
        return list(found)[:count]


@dataclass(frozen=True)
class PreviewRow:
    """One row as it would go in, or why it would not: field → (label, sentence)."""

    number: int
    values: list[str]
    errors: list["Reason"]


@dataclass(frozen=True)
class Reason:
    """Why a row is refused, for people."""

    field: str
    label: str
    value: str
    code: str
    sentence: str


@dataclass(frozen=True)
class Preview:
    """The first rows of a file under a mapping. `fields` are the mapped ones, in the order of the columns shown."""

    fields: list[fields.Field]
    rows: list[PreviewRow]
    good_count: int
    refused_count: int


def files(*, scope: Scope, user_id: int | None) -> QuerySet[ImportFile]:
    """Files of the companies in scope and the person's own ones, newest first."""
    rows = ImportFile.objects.select_related("company", "uploaded_by")
    if scope.company_ids is not None:
        rows = rows.filter(Q(company_id__in=scope.company_ids) | Q(company=None, uploaded_by_id=user_id))
    return rows.order_by("-id")


def file(*, file_id: int, scope: Scope, user_id: int | None) -> ImportFile | None:
    """One file, or None when it does not exist or is not the person's to see."""
    return files(scope=scope, user_id=user_id).filter(pk=file_id).first()


def saved_mappings(target: str | None = None) -> QuerySet[Mapping]:
    """Mappings by name."""
    rows = Mapping.objects.order_by("name", "id")
    return rows.filter(target=target) if target else rows


def stored_path(row: ImportFile) -> Path:
    """Where the file's content is kept."""
    return Path(settings.MEDIA_ROOT) / row.path


def sample(row: ImportFile, spec: Spec | None = None) -> Sample:
    """Headers and first rows, read with the mapping's encoding and so on, or with what can be guessed.

    Refusals of the whole file: see `reasons.FILE`.
    """
    path = stored_path(row)
    reading_spec = spec or Spec(
        target=row.target, source="", columns={}, decimal="point", date_format="ymd", header_row=_header_row(path)
    )
    table = reading.open_table(path, reading_spec)
    batch = next(table.batches(SAMPLE_ROWS), rows_of_text.empty(len(table.headers)))
    found = [list(cells) for cells in batch.cells.iter_rows()]
    suggested = suggesting.suggest(row.target, table.headers, found)
    suggested = mappings.replaced(suggested, header_row=reading_spec.header_row)
    return Sample(table.headers, found, dict(table.facts), suggested)


def _header_row(path: Path) -> int:
    """For text: behind the title lines of a report. A workbook's is its first row until somebody says otherwise."""
    with path.open("rb") as content:
        if content.read(4).startswith((b"PK\x03\x04", b"\xd0\xcf")):
            return 1
    lines = sniffing.sample(path, sniffing.encoding(path))
    return sniffing.header_row(lines, sniffing.separator(lines))


def preview(row: ImportFile, spec: Spec, *, scope: Scope, when: When, rows: int = SAMPLE_ROWS) -> Preview:
    """The first rows as they would go in. Known debtors and titles are compared only in the import itself."""
    table = reading.open_table(stored_path(row), spec)
    mappings.check_headers(spec, table.headers)
    batch = next(table.batches(rows), rows_of_text.empty(len(table.headers)))
    found = survey.survey(_only(table, batch), spec)
    good, findings, _left_out = run.check_batch(
        batch, table, spec, found, directory.read(scope), row.company_id, when.today
    )
    shown = [field for key, field in fields.of(spec.target).items() if key in spec.columns or key in spec.constants]
    cells = parsing.text_frame(batch, table.headers, spec)
    errors = _grouped(spec.target, findings)
    lines = [
        PreviewRow(line[0], list(line[1:]), errors.pop(line[0], []))
        for line in cells.select("row_number", *[f.key for f in shown]).iter_rows()
    ]
    lines += [
        PreviewRow(number, [" ".join(batch.raw.get(number, []))[:200]], reasons_) for number, reasons_ in errors.items()
    ]
    lines.sort(key=lambda line: line.number)
    return Preview(shown, lines, good.height, len(lines) - good.height)


def _only(table: reading.Table, batch: Batch) -> reading.Table:
    """The table cut to one batch, so that a preview of a large file stays quick."""
    return reading.Table(table.headers, lambda size: iter([batch]), table.facts)


def _grouped(target: str, findings: pl.DataFrame) -> dict[int, list[Reason]]:
    grouped: dict[int, list[Reason]] = {}
    for number, field, value, code, params in findings.iter_rows():
        grouped.setdefault(number, []).append(_reason(target, field, value, code, json.loads(params)))
    return grouped


def _reason(target: str, field: str, value: str, code: str, params: dict[str, Any]) -> Reason:
    label = reasons.field_label(target, field) if field else ""
    return Reason(field, label, value, code, reasons.sentence(code, params))


def refused_rows(row: ImportFile) -> QuerySet[RefusedRow]:
    """Findings in the order of the file."""
    return RefusedRow.objects.filter(file=row).order_by("row_number", "id")


def reasons_of(row: ImportFile, refused: Sequence[RefusedRow]) -> list[tuple[int, list[Reason]]]:
    """Findings grouped by row, in people's words."""
    return [
        (number, [_reason(row.target, r.field, r.value, r.code, r.params) for r in group])
        for number, group in groupby(refused, key=lambda r: r.row_number)
    ]


def refusal_counts(row: ImportFile) -> list[tuple[Reason, int]]:
    """Each kind of refusal, told by its first example, with how many rows it concerns: what to correct first."""
    kinds = list(
        RefusedRow.objects.filter(file=row)
        .values("code", "field")
        .annotate(rows=Count("row_number", distinct=True), first=Min("id"))
        .order_by("-rows", "code", "field")
    )
    first = RefusedRow.objects.in_bulk([kind["first"] for kind in kinds])
    examples = [first[kind["first"]] for kind in kinds]
    return [
        (_reason(row.target, r.field, r.value, r.code, r.params), kind["rows"])
        for kind, r in zip(kinds, examples, strict=True)
    ]


def refused_csv(row: ImportFile) -> Iterator[bytes]:
    """The refused rows as a file: the original columns, then the row's number and the reasons.

    UTF-8 with a mark and `;`, so that a spreadsheet here opens it as it is. Cells that look like
    formulas get an apostrophe, which the import takes off again.
    """
    headers: list[str] = row.counts.get("headers", [])
    yield "\ufeff".encode()
    yield _line([*headers, gettext("Row"), gettext("Reasons")])
    found = refused_rows(row).iterator(chunk_size=5_000)
    for number, group in groupby(found, key=lambda r: r.row_number):
        findings = list(group)
        cells: list[str] = next((r.raw["cells"] for r in findings if r.raw.get("cells")), [])
        padded = [*cells, *[""] * (len(headers) - len(cells))]
        said = " ".join(
            f"{x.label}: {x.sentence}" if x.label else x.sentence
            for x in (_reason(row.target, r.field, r.value, r.code, r.params) for r in findings)
        )
        yield _line([*padded, str(number), said])


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([texts.guard(cell) for cell in cells])
    return out.getvalue().encode()


def failure(row: ImportFile) -> str:
    """Why the file as a whole did not go in, in people's words; empty when it did."""
    refusal = row.counts.get("refusal")
    if not refusal or not row.error:
        return row.error
    source, params = refusal["message"], refusal["params"]
    said = gettext(source)
    return said % params if params else said
