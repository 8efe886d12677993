"""Backup and restore: what comes back is what was there, and half a file is never left behind."""

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from quita.domain.refusals import Refusal
from quita.platform import postgres
from tests.platform.people import eventually, query, run_sql

WHEN = dt.datetime(2026, 3, 2, 8, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgres.Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="quita-backup-"))
    folder.chmod(0o755)
    with postgres.acquire(folder / "home", durable=False) as held:
        yield held
    shutil.rmtree(folder)


@pytest.fixture
def books(cluster: postgres.Cluster, request: pytest.FixtureRequest) -> str:
    """A small database with what a real one has: an extension, keys, a generated column, a sequence, an empty table."""
    dsn = postgres.create_database(cluster.conninfo, f"books {abs(hash(request.node.name))}").dsn
    run_sql(
        dsn,
        "create extension pg_trgm",
        "create table debtor (id bigint generated always as identity primary key, name text not null)",
        "insert into debtor (name) select 'Devedor nº ' || n from generate_series(1, 500) n",
        "create table title (id bigint primary key, debtor_id bigint not null references debtor, "
        "cents bigint check (cents >= 0), shown text generated always as (cents::text || ' centavos') stored)",
        "insert into title select n, 1 + n % 500, n * 100 from generate_series(1, 20000) n",
        "create index on debtor using gin (name gin_trgm_ops)",
        'create table "Nothing yet" (x int)',
    )
    return dsn


def _empty(cluster: postgres.Cluster, name: str) -> str:
    return postgres.create_database(cluster.conninfo, name).dsn


def _content(dsn: str) -> list[object]:
    wanted = (
        "select md5(string_agg(t::text, '|' order by id)) from title t",
        "select md5(string_agg(d::text, '|' order by id)) from debtor d",
        'select count(*) from "Nothing yet"',
        "select last_value from debtor_id_seq",
        "select count(*) from pg_constraint where connamespace = 'public'::regnamespace",
    )
    return [query(dsn, sql) for sql in wanted]


def test_a_backup_brings_everything_back(cluster: postgres.Cluster, books: str, tmp_path: Path) -> None:
    made = postgres.dump(books, tmp_path / "quita.backup", when=WHEN)
    assert made.rows == {'public."Nothing yet"': 0, "public.debtor": 500, "public.title": 20000}
    assert made.size_bytes == (tmp_path / "quita.backup").stat().st_size
    assert (tmp_path / "quita.backup").stat().st_mode & 0o077 == 0, "it holds personal data"

    target = _empty(cluster, "restored")
    back = postgres.restore(tmp_path / "quita.backup", target)
    assert (back.rows, back.taken_at) == (made.rows, WHEN)
    assert _content(target) == _content(books)


def test_a_data_home_is_backed_up_and_restored_by_its_folder(tmp_path: Path, cluster: postgres.Cluster) -> None:
    run_sql(cluster.dsn, "create table if not exists only_here as select 1 as n")
    postgres.dump(cluster.site.home, tmp_path / "home.backup", when=WHEN)
    fresh = cluster.site.home.with_name("another home")
    report = postgres.restore(tmp_path / "home.backup", fresh)
    assert report.rows["public.only_here"] == 1
    assert postgres.status(fresh).state == "stopped", "held only while it was needed"


def test_a_database_that_is_in_use_is_not_overwritten(books: str, tmp_path: Path) -> None:
    postgres.dump(books, tmp_path / "quita.backup", when=WHEN)
    before = _content(books)
    with pytest.raises(Refusal) as refused:
        postgres.restore(tmp_path / "quita.backup", books)
    assert refused.value.code == "backup.database_not_empty"
    assert "3 tables" in str(refused.value)
    assert _content(books) == before


@pytest.mark.parametrize("damage", ["cut short", "one byte", "not a backup", "missing"])
def test_a_damaged_file_is_refused_before_anything_is_written(
    cluster: postgres.Cluster, books: str, tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "quita.backup"
    postgres.dump(books, path, when=WHEN)
    content = bytearray(path.read_bytes())
    if damage == "cut short":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "one byte":
        content[len(content) // 2] ^= 0x40
        path.write_bytes(content)
    elif damage == "not a backup":
        path.write_text("Olá, mundo")
    else:
        path.unlink()
    target = _empty(cluster, f"target {damage}")
    with pytest.raises(Refusal) as refused:
        postgres.restore(path, target)
    assert refused.value.code == "backup.unreadable"
    assert query(target, "select count(*) from pg_class where relnamespace = 'public'::regnamespace") == 0


def test_a_failing_restore_rolls_everything_back(cluster: postgres.Cluster, books: str, tmp_path: Path) -> None:
    postgres.dump(books, tmp_path / "quita.backup", when=WHEN)
    target = _empty(cluster, "has a view in the way")
    run_sql(target, "create view title as select 1 as n")
    with pytest.raises(Refusal) as refused:
        postgres.restore(tmp_path / "quita.backup", target)
    assert refused.value.code == "backup.program_failed"
    assert "title" in str(refused.value)
    assert query(target, "select count(*) from pg_class where relname = 'debtor'") == 0


def test_rows_written_while_the_backup_runs_are_not_half_in_it(
    cluster: postgres.Cluster, books: str, tmp_path: Path
) -> None:
    writer = (
        "import psycopg, sys\n"
        "with psycopg.connect(sys.argv[1], autocommit=True) as c:\n"
        "    for n in range(100000, 200000):\n"
        "        c.execute('insert into title values (%s, 1, 5)', [n])\n"
    )
    writing = subprocess.Popen([sys.executable, "-c", writer, books])
    try:
        assert eventually(lambda: query(books, "select count(*) > 20050 from title") is True)
        made = postgres.dump(books, tmp_path / "quita.backup", when=WHEN)
        assert writing.poll() is None, "it was still writing"
    finally:
        writing.kill()
        writing.wait()
    # The restore itself compares every table with the manifest.
    back = postgres.restore(tmp_path / "quita.backup", _empty(cluster, "consistent"))
    assert back.rows == made.rows


def test_killed_half_way_it_leaves_the_earlier_backup_and_the_next_one_works(books: str, tmp_path: Path) -> None:
    path = tmp_path / "quita.backup"
    postgres.dump(books, path, when=WHEN)
    earlier = path.read_bytes()
    script = (
        "import sys, datetime as dt\nfrom pathlib import Path\nfrom quita.platform import postgres\n"
        "postgres.dump(sys.argv[1], Path(sys.argv[2]), when=dt.datetime.now(dt.UTC))\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    for delay_s in (0.3, 0.6, 0.9):
        dumping = subprocess.Popen(
            [sys.executable, "-c", script, books, str(path)], env=os.environ | {"PYTHONPATH": root}
        )
        with psycopg.connect(books) as blocking:
            # The dump waits for this lock, so that it is certainly not finished when it is killed.
            blocking.execute("lock table title in access exclusive mode")
            time.sleep(delay_s)
            dumping.send_signal(signal.SIGKILL)
            dumping.wait()
        assert path.read_bytes() == earlier
    assert postgres.dump(books, path, when=WHEN).rows["public.title"] == 20000
    assert [found.name for found in tmp_path.iterdir()] == ["quita.backup"], "no remains"
    assert postgres.backup.examine(path).rows["public.debtor"] == 500


def test_two_backups_to_the_same_file_at_once_do_not_mix(books: str, tmp_path: Path) -> None:
    path = tmp_path / "quita.backup"
    with postgres.backup._draft_of(path), pytest.raises(Refusal) as refused:
        postgres.dump(books, path, when=WHEN)
    assert refused.value.code == "backup.in_progress"
