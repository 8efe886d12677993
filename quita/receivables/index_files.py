"""Reading published index values: the Central Bank's series service (JSON or CSV) and a plain table.

The Central Bank publishes percentages ("0.56" or "0,560000"); here they become the fraction times 10⁸ without passing
through a float. Its series (SGS): IPCA 433, IPCA-15 7478, INPC 188, IGP-M 189, INCC-DI 192, taxa legal 29543.
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from quita.domain.refusals import Refusal, Refusals

Value = TypeVar("Value")

SGS_SERIES = {433: "IPCA", 7478: "IPCA15", 188: "INPC", 189: "IGPM", 192: "INCC", 29543: "TAXA_LEGAL"}
SERIES = tuple(sorted(SGS_SERIES.values()))
# Half as much again in a month: beyond this a file has the wrong column or the wrong unit.
LARGEST_RATE_E8 = 50_000_000
_PERCENT = re.compile(r"^(-?)([0-9]{1,3})(?:[.,]([0-9]{1,6}))?$")


@dataclass(frozen=True)
class IndexRow:
    """One month of one index. `rate_e8` is the fraction times 10⁸: 0.56 % is 560000."""

    series: str
    month: dt.date
    rate_e8: int
    published_on: dt.date | None = None
    source: str = ""


def read(content: bytes, series: str = "") -> list[IndexRow]:
    """The values in a file. `series` names the index of a Central Bank file, which does not say it itself.

    Understood: `[{"data": "01/09/2025", "valor": "0.48"}]`; `data;valor`; and `series,month,percent[,published_on]`.
    Refusals: index_file_unreadable, index_series_missing, index_series_unknown, index_month_invalid,
    index_percent_invalid.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if not text.strip():
        raise _unreadable()
    rows = _from_json(text) if text.lstrip().startswith("[") else _from_csv(text)
    return list(_checked(rows, series.strip().upper()))


def rate_e8(percent: str) -> int:
    """A percentage as text, up to six decimals, to the fraction times 10⁸. Raises ValueError."""
    match = _PERCENT.match(percent.strip().replace("−", "-"))
    if match is None:
        raise ValueError(percent)
    sign, whole, decimals = match.groups()
    value = int(whole) * 1_000_000 + int(f"{decimals or '':0<6}")
    return -value if sign else value


def _from_json(text: str) -> Iterable[dict[str, str]]:
    try:
        rows = json.loads(text)
    except ValueError as fault:
        raise _unreadable() from fault
    if not all(isinstance(row, dict) and "data" in row and "valor" in row for row in rows):
        raise _unreadable()
    return [{"month": str(row["data"]), "percent": str(row["valor"])} for row in rows]


def _from_csv(text: str) -> Iterable[dict[str, str]]:
    header = text.splitlines()[0]
    delimiter = ";" if header.count(";") >= header.count(",") else ","
    names = {
        "data": "month",
        "valor": "percent",
        "mês": "month",
        "mes": "month",
        "índice": "series",
        "indice": "series",
    }
    table = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    fields = [names.get(name.strip().lower(), name.strip().lower()) for name in table.fieldnames or []]
    if not {"month", "percent"} <= set(fields):
        raise _unreadable()
    table.fieldnames = fields
    return [{key: (value or "").strip() for key, value in row.items() if isinstance(key, str)} for row in table]


def _checked(rows: Iterable[dict[str, str]], series: str) -> Iterator[IndexRow]:
    refusals = Refusals()
    found: list[IndexRow] = []
    for number, row in enumerate(rows, start=1):
        name = (row.get("series") or series).upper().replace("-", "").replace(" ", "_")
        if not name:
            raise Refusal(
                "index_series_missing",
                "The file does not say which index it holds. Choose one of %(series)s.",
                {"series": ", ".join(SERIES)},
            )
        if name not in SERIES:
            raise Refusal(
                "index_series_unknown",
                "“%(name)s” is not an index Quita knows. Choose one of %(series)s.",
                {"name": name[:20], "series": ", ".join(SERIES)},
            )
        month = _read(row, "month", _month, number, refusals)
        rate = _read(row, "percent", rate_e8, number, refusals)
        if month is None or rate is None:
            continue
        published = row.get("published_on", "")
        published_on = _read(row, "published_on", _day, number, refusals) if published else None
        if abs(rate) > LARGEST_RATE_E8:
            _refuse(row, "percent", number, refusals)
            continue
        found.append(IndexRow(name, month, rate, published_on, row.get("source", "")))
    refusals.raise_if_any()
    yield from found


def _read(
    row: dict[str, str], field: str, parse: Callable[[str], Value], number: int, refusals: Refusals
) -> Value | None:
    """The parsed field, or None with the row's refusal noted."""
    try:
        return parse(row.get(field, ""))
    except ValueError:
        _refuse(row, field, number, refusals)
        return None


def _refuse(row: dict[str, str], field: str, number: int, refusals: Refusals) -> None:
    params = {"row": number, "value": row.get(field, "")[:40]}
    if field == "percent":
        refusals.add(
            "index_percent_invalid",
            "Row %(row)s: “%(value)s” is not a monthly rate. Write it in per cent like 0,48, at most 50.",
            params,
            field=field,
            row=number,
        )
        return
    refusals.add(
        "index_month_invalid",
        "Row %(row)s: “%(value)s” is not a month. Write it like 01/09/2025 or 2025-09.",
        params,
        field=field,
        row=number,
    )


def _month(text: str) -> dt.date:
    """The first day of the month that a day or a month names."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        return dt.date.fromisoformat(text + "-01")
    return _day(text).replace(day=1)


def _day(text: str) -> dt.date:
    if re.fullmatch(r"[0-9]{2}/[0-9]{2}/[0-9]{4}", text):
        return dt.date(int(text[6:]), int(text[3:5]), int(text[:2]))
    return dt.date.fromisoformat(text)


def _unreadable() -> Refusal:
    return Refusal(
        "index_file_unreadable",
        "The file is neither the Central Bank's JSON nor a table with a month and a value. "
        "It needs the columns data and valor, or series, month and percent.",
    )
