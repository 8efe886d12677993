"""Rows of the caller's transaction as Polars columns, through COPY: a million titles are too many for objects."""

import io
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db import connection

TITLES: dict[str, pl.DataType] = {
    "receivable_id": pl.Int64(),
    "company_id": pl.Int64(),
    "debtor_id": pl.Int64(),
    "policy_id": pl.Int64(),
    "calendar_id": pl.Int32(),
    "issue_on": pl.Date(),
    "due_on": pl.Date(),
    "original_cents": pl.Int64(),
    "rebate_cents": pl.Int64(),
    "discount1_cents": pl.Int64(),
    "discount1_until_on": pl.Date(),
    "discount2_cents": pl.Int64(),
    "discount2_until_on": pl.Date(),
    "discount3_cents": pl.Int64(),
    "discount3_until_on": pl.Date(),
}
POSITIONS: dict[str, pl.DataType] = {
    "status": pl.String(),
    "closed_on": pl.Date(),
    "balance_cents": pl.Int64(),
    "correction_open_cents": pl.Int64(),
    "interest_open_cents": pl.Int64(),
    "fine_open_cents": pl.Int64(),
    "fine_assessed": pl.Boolean(),
    "position_on": pl.Date(),
}


def columns_of(schema: Mapping[str, pl.DataType], alias: str = "r") -> str:
    """The SELECT list for these columns of receivables_receivable."""
    return ", ".join(
        f"{alias}.id as receivable_id" if name == "receivable_id" else f"{alias}.{name}" for name in schema
    )


def read(select: str, params: Mapping[str, Any], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The rows of a SELECT, whose columns come in the order of `schema`."""
    buffer = io.BytesIO()
    # The driver's own cursor: the one that Django wraps around it to record statements takes no parameters here.
    with connection.cursor() as cursor, cursor.cursor.copy(f"copy ({select}) to stdout (format csv)", params) as copy:
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    # PostgreSQL writes booleans as t and f, which is not how Polars reads them.
    as_text = {name: pl.String() if kind == pl.Boolean() else kind for name, kind in schema.items()}
    if not buffer.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    frame = pl.read_csv(buffer, has_header=False, schema=as_text)
    return frame.with_columns(pl.col(name) == "t" for name, kind in schema.items() if kind == pl.Boolean())
