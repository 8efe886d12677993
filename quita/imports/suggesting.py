"""A first mapping for a file that Quita sees for the first time, from its headers and first rows."""

from collections.abc import Iterable, Sequence

from quita.imports import fields, mappings
from quita.imports.parsing import dates


def suggest(target: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> mappings.Spec:
    """A first mapping by the names of the columns and the look of their values. A person confirms it."""
    by_name: dict[str, str] = {}
    for header in headers:
        by_name.setdefault(mappings.normal(header), header)
    columns: dict[str, str] = {}
    for key, item in fields.of(target).items():
        match = next((by_name[name] for name in (mappings.normal(key), *item.synonyms) if name in by_name), None)
        if match is not None and (match not in columns.values() or item.required):
            columns[key] = match
    sample = [dict(zip(headers, row, strict=False)) for row in rows]
    known = fields.of(target)

    def cells(kind: str) -> list[str]:
        mapped = [header for key, header in columns.items() if known[key].kind == kind]
        return [row[header].strip() for row in sample for header in mapped if row.get(header, "").strip()]

    return mappings.Spec(
        target=target, source="", columns=columns,
        date_format=_date_format(cells("date")), decimal=_decimal(cells("amount")),
    )  # fmt: skip


def _date_format(cells: list[str]) -> str:
    """The first format that reads every sample; dd/mm/yyyy wins over mm/dd/yyyy when both do."""
    for name in ("ymd", "dmy", "mdy", "compact", "dmy_compact", "excel"):
        if cells and dates.reads_all(cells, name):
            return name
    return "dmy"


def _decimal(cells: list[str]) -> str:
    """Where the last separator with two digits behind it is a point everywhere, the point; else the comma."""
    points = sum(1 for cell in cells if (len(cell) > 2 and cell[-3:-2] == ".") or cell[-2:-1] == ".")
    commas = sum(1 for cell in cells if (len(cell) > 2 and cell[-3:-2] == ",") or cell[-2:-1] == ",")
    return "point" if points > commas else "comma"
