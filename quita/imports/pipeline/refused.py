"""Keeping the rows that did not go in: why, and what stood in them."""

import json
from collections.abc import Sequence

import polars as pl
from django.db import connection

from quita.imports.parsing.findings import MAX_VALUE
from quita.imports.reading import Batch

_COLUMNS = "file_id, row_number, field, value, code, params, raw"


def of_batch(batch: Batch) -> pl.DataFrame:
    """The rows that could not even be split into cells, in the form of the other findings."""
    rows = [(r.row_number, r.field, r.value, r.code, json.dumps(dict(r.params))) for r in batch.refused]
    schema = {"row_number": pl.Int64, "field": pl.String, "value": pl.String, "code": pl.String, "params": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def with_values(refused: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Findings of the database get the cell that they speak of, in their value and as the parameter `text`."""
    rows = []
    by_number = {
        row["row_number"]: row
        for row in frame.join(refused.select("row_number").unique(), on="row_number", how="semi").iter_rows(named=True)
    }
    for row in refused.iter_rows(named=True):
        cell = str(by_number.get(row["row_number"], {}).get(row["field"]) or "")[:MAX_VALUE]
        params = {"text": cell[:60], **json.loads(row["params"])}
        rows.append((row["row_number"], row["field"], cell, row["code"], json.dumps(params, ensure_ascii=False)))
    schema = {"row_number": pl.Int64, "field": pl.String, "value": pl.String, "code": pl.String, "params": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def store(file_id: int, findings: pl.DataFrame, batch: Batch, headers: Sequence[str]) -> int:
    """Writes the findings by COPY; the row's cells go with its first finding only. Returns how many rows are
    refused."""
    if findings.is_empty():
        return 0
    cells = batch.cells_of(set(findings["row_number"].to_list()))
    seen: set[int] = set()
    with connection.cursor() as cursor, cursor.copy(f"copy imports_refusedrow ({_COLUMNS}) from stdin") as copy:
        for row in findings.sort("row_number", maintain_order=True).iter_rows(named=True):
            number = row["row_number"]
            raw = {} if number in seen else _raw(headers, cells.get(number, []))
            seen.add(number)
            value = _storable(row["value"])
            copy.write_row(
                (
                    file_id,
                    number,
                    row["field"],
                    value,
                    row["code"],
                    _storable(row["params"]),
                    json.dumps(raw, ensure_ascii=False),
                )
            )
    return len(seen)


def _raw(headers: Sequence[str], cells: Sequence[str]) -> dict[str, list[str]]:
    """As lists: header names may occur twice, and a ragged row has more or fewer cells than the header."""
    return {"cells": [_storable(cell)[:2_000] for cell in cells]}


def _storable(text: str) -> str:
    """PostgreSQL's text cannot hold NUL."""
    return text.replace("\x00", "\ufffd").replace("\\u0000", "\ufffd")
