"""Columns in and out of PostgreSQL: an Arrow connection to the database that Django uses, in its own transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import polars as pl
from adbc_driver_postgresql import dbapi
from django.db import connection


def dsn() -> str:
    """The libpq address of Django's default database, the test database included."""
    chosen = connection.get_connection_params()
    named = {
        "host": chosen.get("host"),
        "port": chosen.get("port"),
        "sslmode": chosen.get("sslmode"),
        "passfile": chosen.get("passfile"),
    }
    query = urlencode({key: str(value) for key, value in named.items() if value}, quote_via=quote)
    user = quote(str(chosen.get("user") or ""), safe="")
    password = quote(str(chosen.get("password") or ""), safe="")
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    return f"postgresql://{who}/{quote(str(chosen.get('dbname') or ''), safe='')}?{query}"


class Session:
    """One transaction: everything read is of one snapshot, everything written is committed together or not at all."""

    def __init__(self, link: dbapi.Connection) -> None:
        self._link = link
        self._cursor = link.cursor()

    def read(self, sql: str) -> pl.DataFrame:
        """The rows of a query without parameters (COPY is used only for those; see `day` and `number`)."""
        self._cursor.execute(sql)
        frame = pl.from_arrow(self._cursor.fetch_arrow_table())
        assert isinstance(frame, pl.DataFrame)
        return frame

    def run(self, sql: str) -> None:
        """Runs a statement whose rows nobody wants."""
        self._cursor.execute(sql)

    def append(self, table: str, rows: pl.DataFrame) -> None:
        """COPY into the columns that the frame names."""
        if not rows.is_empty():
            self._cursor.adbc_ingest(table, _plain(rows).to_arrow(), mode="append")

    def stage(self, name: str, rows: pl.DataFrame) -> None:
        """A temporary table of this session holding the rows; it is gone with the transaction's end."""
        self._cursor.adbc_ingest(name, _plain(rows).to_arrow(), mode="create", temporary=True)

    def unstage(self, name: str) -> None:
        """Drops a staged table before the next one of that name."""
        self._cursor.execute(f"drop table if exists pg_temp.{name}")


class Busy(Exception):
    """Somebody else holds the lock that was asked for."""


@contextlib.contextmanager
def session(holding: tuple[int, int] | None = None) -> Iterator[Session]:
    """A repeatable-read transaction, committed at the end of the block and rolled back when it fails.

    `holding` names an advisory lock to take first, or Busy. It is taken before the snapshot, so that whatever its
    last holder committed is seen; the server frees it when this connection ends, however it ends.
    """
    link = dbapi.connect(dsn())
    try:
        opened = Session(link)
        if holding is not None:
            space, number = holding
            if not opened.read(f"select pg_try_advisory_lock({int(space)}, {int(number)}) as got")["got"][0]:
                raise Busy
            link.commit()
        opened.run("set transaction isolation level repeatable read")
        yield opened
        link.commit()
    except BaseException:
        link.rollback()
        raise
    finally:
        link.close()


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    """PostgreSQL has no unsigned integers and Polars' large types are only a spelling."""
    unsigned = [name for name, dtype in rows.schema.items() if dtype.is_unsigned_integer()]
    return rows.with_columns(pl.col(unsigned).cast(pl.Int64)) if unsigned else rows
