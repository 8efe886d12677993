"""What became of a batch of rows, and the pieces that both loaders share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl
from django.db import connection

REFUSED_SCHEMA = {"row_number": pl.Int64, "field": pl.String, "code": pl.String, "params": pl.String}

# Batches take turns: two files that bring the same new debtor at once would otherwise collide on its CPF.
TURN = 7_482_001

# Ids in one event: an event is one row of JSON, and a handler's transaction should stay short.
EVENT_IDS = 5_000


@dataclass(frozen=True)
class Outcome:
    """Counts of rows by what happened, and the refused rows (row_number, field, code, params as JSON)."""

    created: int
    changed: int
    unchanged: int
    refused: pl.DataFrame
    others: Mapping[str, int] = field(default_factory=dict)


def take_turn() -> None:
    """Waits until no other batch is being written; given back at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [TURN])


def complete(frame: pl.DataFrame, columns: Mapping[str, str], defaults: Mapping[str, object]) -> pl.DataFrame:
    """The frame with exactly these columns. One that is not given is empty: '' where text may not be null."""
    missing = []
    for name, sql_type in columns.items():
        if name in frame.columns:
            continue
        value = defaults.get(name, "" if sql_type == "text not null" else None)
        missing.append(pl.lit(value).alias(name))
    return frame.with_columns(missing).select(list(columns))


def hash_expression(columns: Mapping[str, str], alias: str = "s") -> str:
    """SQL for the hash of everything a row says. Days are counted, so that no session setting changes the text."""
    parts = []
    for name, sql_type in columns.items():
        if name == "row_number":
            continue
        value = f"{alias}.{name}"
        parts.append(f"{value} - date '2000-01-01'" if sql_type.startswith("date") else value)
    return f"hashtextextended(row({', '.join(parts)})::text, 0)"


def refused_rows(findings: str) -> pl.DataFrame:
    """The rows refused by a statement, in the order of the file."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select row_number, coalesce(refused_field, ''), refusal, refused_params::text from {findings} "
            "where refusal is not null order by row_number"
        )
        return pl.DataFrame(cursor.fetchall(), schema=REFUSED_SCHEMA, orient="row")


def event_slices(ids: list[int]) -> Iterator[tuple[int, ...]]:
    """The ids in order, in portions fit for one event each."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), EVENT_IDS):
        yield tuple(ordered[start : start + EVENT_IDS])
