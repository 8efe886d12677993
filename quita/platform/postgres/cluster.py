"""Sharing one server between processes: come in with `acquire`, leave with `release` or simply end."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from quita.platform.postgres import locks, places, server, watchdog


class Cluster:
    """A running server that stays up at least as long as this object is held and its process lives."""

    def __init__(self, site: places.Site, held: int) -> None:
        self.site = site
        self._held: int | None = held
        self._holder_pid = os.getpid()

    @property
    def conninfo(self) -> places.Conninfo:
        """Connection parameters, as in `psycopg.connect(**cluster.conninfo)`."""
        return self.site.conninfo

    @property
    def dsn(self) -> str:
        """Connection URL, as in `DATABASE_URL`."""
        return self.site.conninfo.dsn

    def release(self) -> None:
        """Leave. The last one to leave stops the server and returns when it has stopped."""
        if self._held is None:
            return
        os.close(self._held)
        self._held = None
        # A forked child shares its parent's lock: closing its copy ends nothing.
        if os.getpid() == self._holder_pid:
            _stop_if_last(self.site)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def acquire(home: Path, *, durable: bool = True) -> Cluster:
    """Hold the cluster of this data home, making and starting it when needed; returns when it accepts connections.

    `durable=False` is for tests: nothing waits for the disk. It counts for the process that starts the server.
    Raises a `Refusal` that says what to do when the server cannot run here.
    """
    site = places.site_for(home)
    places.prepare(site)
    # Waits while somebody is stopping the server, who holds this lock alone.
    held = locks.take(site.clients_lock, shared=True, wait=True)
    assert held is not None  # `wait` leaves no other outcome
    try:
        with locks.exclusive(site.start_lock):
            watchdog.ensure(site)
            server.ensure_running(site, durable=durable)
    except BaseException:
        os.close(held)
        raise
    return Cluster(site, held)


def create_database(conninfo: places.Conninfo, name: str) -> places.Conninfo:
    """Make another database on the same server, unless it exists; returns how to connect to it."""
    # Imported here: supervising needs the standard library only, and starts faster without a driver.
    import psycopg
    from psycopg import errors, sql

    with psycopg.connect(conninfo.dsn, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except errors.DuplicateDatabase:
            pass
    return conninfo.to_database(name)


def _stop_if_last(site: places.Site) -> None:
    alone = locks.take(site.clients_lock, shared=False, wait=False)
    if alone is not None:
        try:
            server.stop_all(site.root)
        finally:
            os.close(alone)
        return
    # Taken: by other clients (then we may share it at once and are done), or by the watchdog or another leaver who is
    # stopping the server right now (then this waits until it has stopped).
    after = locks.take(site.clients_lock, shared=True, wait=True)
    assert after is not None  # `wait` leaves no other outcome
    os.close(after)
