"""Work tables for set-based writing: a frame goes in by COPY, SQL does the rest in the caller's transaction.

The tables are real and unlogged, not temporary: a temporary table belongs to one connection, and a statement that runs
on another node of a distributed database could not see it. They live inside one transaction: made, used and dropped
before it ends, so that a killed process leaves none behind.
"""

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO

import polars as pl
from django.db import connection, transaction

_numbers = itertools.count(1)


@contextmanager
def table(purpose: str, columns: Mapping[str, str], fillfactor: int = 100) -> Iterator[str]:
    """Makes a work table with these columns (name → SQL type), yields its name and drops it. Needs a transaction.

    A `fillfactor` under 100 leaves room on each page for rows that will be updated, so that they can stay there.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A work table lives inside a transaction.")
    name = f"work_{purpose}_{os.getpid()}_{next(_numbers)}"
    definition = ", ".join(f"{column} {sql_type}" for column, sql_type in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"create unlogged table {name} ({definition}) with (autovacuum_enabled = false, fillfactor = {fillfactor})"
        )
    yield name
    # Not in a `finally`: after an error the transaction is broken and its end removes the table anyway.
    with connection.cursor() as cursor:
        cursor.execute(f"drop table {name}")


def fill(name: str, frame: pl.DataFrame, keys: Sequence[str] = ()) -> None:
    """Writes the frame's columns into the table by COPY and tells the planner about `keys`, by default all of them."""
    columns = ", ".join(f'"{column}"' for column in frame.columns)
    buffer = BytesIO()
    # Polars writes null as nothing and the empty text as "", which is how COPY's CSV tells them apart.
    frame.write_csv(buffer, include_header=False)
    with connection.cursor() as cursor:
        with cursor.copy(f"copy {name} ({columns}) from stdin (format csv)") as copy:
            copy.write(buffer.getbuffer())
        cursor.execute(f"analyze {name} ({', '.join(keys)})" if keys else f"analyze {name}")
