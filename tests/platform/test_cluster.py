"""The embedded database survives whatever happens to it: everything here really starts, kills and damages servers."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from quita.platform.postgres import liveness
from tests.platform.people import Person, data_folder, eventually, postmaster_pid, query, run_sql, site


def _modes_of_parents(path: Path) -> list[tuple[Path, int]]:
    return [(folder, stat.S_IMODE(folder.stat().st_mode)) for folder in path.parents]


def test_a_fresh_home_gets_a_private_safe_server(person: Person, home: Path) -> None:
    before = _modes_of_parents(home)
    dsn = person.start(home).acquire("acquire durable")

    assert query(dsn, "select current_database()") == "quita"
    assert (query(dsn, "show fsync"), query(dsn, "show synchronous_commit")) == ("on", "on")
    settings = {name: query(dsn, f"show {name}") for name in ("listen_addresses", "data_checksums", "timezone")}
    assert settings == {"listen_addresses": "", "data_checksums": "on", "timezone": "UTC"}
    assert query(dsn, "show max_wal_size") == "1GB"
    assert query(dsn, "show server_encoding") == "UTF8"
    # The role may create what migrations need.
    run_sql(dsn, "create extension pg_trgm", "create extension unaccent", "create extension btree_gist")

    where = site(home, person)
    assert stat.S_IMODE(where.passfile.stat().st_mode) == 0o600
    assert stat.S_IMODE(where.socket_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(data_folder(home, person).stat().st_mode) == 0o700
    assert data_folder(home, person).name.startswith("data-")
    assert _modes_of_parents(home) == before


def test_a_wrong_password_is_turned_away_and_the_right_one_is_shown_nowhere(person: Person, used_home: Path) -> None:
    dsn = person.start(used_home).acquire()
    where = site(used_home, person)
    password = where.passfile.read_text().strip().rsplit(":", 1)[1]

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(dsn, passfile="/nonexistent", password="guess")
    assert password not in dsn
    assert password not in _everything_written_in(where.server / "log") + where.start_log.read_text()
    assert query(dsn, "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'quita'") is True


def _everything_written_in(folder: Path) -> str:
    return "".join(path.read_text(errors="replace") for path in folder.iterdir())


def test_the_last_to_leave_stops_the_server_and_not_an_earlier_one(person: Person, used_home: Path) -> None:
    first, second = person.start(used_home), person.start(used_home)
    dsn = first.acquire()
    second.acquire()

    assert first.ask("release") == "released"
    assert query(dsn, "select 1") == 1
    assert second.ask("release") == "released"
    assert postmaster_pid(used_home, person) is None


def test_two_holds_in_one_process_count_as_two(person: Person, used_home: Path) -> None:
    client = person.start(used_home)
    client.acquire()
    dsn = client.acquire()
    client.ask("release")
    assert query(dsn, "select 1") == 1
    client.ask("release")
    assert postmaster_pid(used_home, person) is None


def test_a_program_that_just_ends_leaves_no_server_behind(person: Person, used_home: Path) -> None:
    client = person.start(used_home)
    client.acquire()
    client.leave()
    assert eventually(lambda: postmaster_pid(used_home, person) is None)


def test_a_killed_postmaster_is_replaced_for_the_same_process_and_for_a_new_one(
    person: Person, used_home: Path
) -> None:
    client = person.start(used_home)
    dsn = client.acquire()
    run_sql(dsn, "create table kept (n int)", "insert into kept values (7)")

    for asker in (client, person.start(used_home)):
        killed = postmaster_pid(used_home, person)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        started = time.monotonic()
        asker.acquire()
        took_s = time.monotonic() - started
        assert query(dsn, "select n from kept") == 7
        assert postmaster_pid(used_home, person) != killed
        # Under a second on a quiet machine; the margin is for a busy one.
        assert took_s < 5


def test_a_killed_postmaster_whose_child_is_busy_in_a_long_query(person: Person, used_home: Path) -> None:
    """The child does not notice for as long as it computes, and holds the shared memory of the dead server."""
    client = person.start(used_home)
    dsn = client.acquire()
    busy = "select count(*) from generate_series(1, 100000) a, generate_series(1, 1000000) b where a * b = 3"
    script = f"import psycopg; psycopg.connect({dsn!r}).execute({busy!r})"
    asking = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    try:
        assert eventually(lambda: query(dsn, "select count(*) from pg_stat_activity where query ~ 'b = 3$'") == 1)
        killed = postmaster_pid(used_home, person)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        client.acquire()
        assert query(dsn, "select 1") == 1
    finally:
        asking.kill()
        asking.wait()


def test_killed_clients_are_not_counted_any_more(person: Person, used_home: Path) -> None:
    victim, survivor = person.start(used_home), person.start(used_home)
    victim.acquire()
    dsn = survivor.acquire()
    victim.kill()
    assert query(dsn, "select 1") == 1
    assert survivor.ask("release") == "released"
    assert postmaster_pid(used_home, person) is None


def test_the_server_stops_when_its_last_client_was_killed(person: Person, used_home: Path) -> None:
    client = person.start(used_home)
    client.acquire()
    client.kill()
    assert eventually(lambda: postmaster_pid(used_home, person) is None)
    assert not (data_folder(used_home, person) / "postmaster.pid").exists(), "it was stopped, not killed"


def test_a_killed_watchdog_is_replaced_by_the_next_client(person: Person, used_home: Path) -> None:
    first = person.start(used_home)
    dsn = first.acquire()
    for pid in _watchdogs(used_home):
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not _watchdogs(used_home))
    second = person.start(used_home)
    second.acquire()
    assert len(_watchdogs(used_home)) == 1
    first.kill()
    assert query(dsn, "select 1") == 1
    second.kill()
    assert eventually(lambda: postmaster_pid(used_home, person) is None)
    assert eventually(lambda: not _watchdogs(used_home))


def _watchdogs(home: Path) -> list[int]:
    wanted = os.fsencode(home.resolve() / "postgres")
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            arguments = liveness._living_arguments(int(entry.name)) or []
            if wanted in arguments and any(part.endswith(b"watchdog.py") for part in arguments):
                found.append(int(entry.name))
    return found


def test_a_forked_child_keeps_the_server(person: Person, used_home: Path) -> None:
    client = person.start(used_home)
    dsn = client.acquire()
    child = int(client.ask("fork"))
    client.ask("release")
    assert query(dsn, "select 1") == 1
    os.kill(child, signal.SIGKILL)
    assert eventually(lambda: postmaster_pid(used_home, person) is None)


@pytest.mark.parametrize("kind", ["unrelated program", "zombie", "program that names the folder"])
def test_a_stale_pid_file_with_a_pid_that_is_taken(person: Person, used_home: Path, kind: str) -> None:
    client = person.start(used_home)
    client.acquire()
    client.ask("release")
    data = data_folder(used_home, person)
    owner = data.stat()
    arguments = {
        "unrelated program": ["sleep", "600"],
        "zombie": ["true"],
        "program that names the folder": ["tail", "-f", str(data / "PG_VERSION"), "--pid", str(os.getpid())],
    }[kind]
    who = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    other = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, **who)
    try:
        if kind == "zombie":
            assert eventually(lambda: Path(f"/proc/{other.pid}/stat").read_text().split()[2] == "Z")
        _plant_pid_files(person, used_home, other.pid)
        dsn = client.acquire()
        assert query(dsn, "select 1") == 1
        assert kind == "zombie" or other.poll() is None, "the other process is untouched"
        client.ask("release")
        assert kind == "zombie" or other.poll() is None, "the other process is untouched"
    finally:
        other.kill()
        other.wait()


def _plant_pid_files(person: Person, home: Path, pid: int) -> None:
    """As a crash leaves them: the pid file and the lock file of the socket, with a pid that is another's by now."""
    data, where = data_folder(home, person), site(home, person)
    owner = data.stat()
    text = f"{pid}\n{data}\n1700000000\n5432\n{where.socket_folder}\n\n  1234567         1\nready   \n"
    for path in (data / "postmaster.pid", where.socket.with_name(where.socket.name + ".lock")):
        path.write_text(text)
        os.chown(path, owner.st_uid, owner.st_gid)
        path.chmod(0o600)


def test_eight_processes_at_once_on_a_fresh_home_share_one_server(person: Person, home: Path) -> None:
    clients = [person.start(home) for _ in range(8)]
    for client in clients:
        client.send("acquire")
    answers = {client.answer() for client in clients}
    assert len(answers) == 1, answers
    assert answers.pop().startswith("postgresql://")
    data = os.fsencode(data_folder(home, person))
    servers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    assert sum(liveness.is_postmaster(pid, Path(os.fsdecode(data))) for pid in servers) == 1
    for client in clients:
        client.send("release")
    assert {client.answer() for client in clients} == {"released"}
    assert eventually(lambda: postmaster_pid(home, person) is None)


@pytest.mark.parametrize(
    "name", ["Cobrança do João, 2ª \"via\" & 'cia' %20 #1", "very-long-" + "x" * 120, "plain spaces é"]
)
def test_paths_with_spaces_accents_quotes_and_great_length(person: Person, used_home: Path, name: str) -> None:
    used_home.rename(used_home.with_name(name))
    client = person.start(used_home.with_name(name))
    dsn = client.acquire()
    assert query(dsn, "select 1") == 1
    client.ask("release")
    assert query(client.acquire(), "select 2") == 2
    where = site(used_home.with_name(name), person)
    assert stat.S_IMODE(where.socket_folder.stat().st_mode) == 0o700
    client.ask("release")
    if where.socket_folder.parent == Path("/tmp"):
        where.socket_folder.rmdir()


@pytest.mark.parametrize("kind", ["open to all", "someone else's", "a link", "a file"])
def test_a_socket_folder_that_is_not_ours_alone_is_refused(
    person: Person, home: Path, tmp_path: Path, kind: str
) -> None:
    """Anyone can make a folder in /tmp, and would like to be given our connections."""
    if kind == "someone else's" and os.geteuid() != 0:
        pytest.skip("only root can make a folder that is someone else's")
    long_home = home.with_name("long-" + "x" * 120)
    where = site(long_home, person)
    folder, ours = where.socket_folder, where.account.uid if where.account else os.geteuid()
    if kind == "a link":
        folder.symlink_to(tmp_path)
    elif kind == "a file":
        folder.touch(0o600)
    else:
        folder.mkdir(0o700)
    os.lchown(folder, 12345 if kind == "someone else's" else ours, -1)
    if kind == "open to all":
        folder.chmod(0o777)
    try:
        answer = person.start(long_home).ask("acquire")
    finally:
        folder.unlink() if kind in {"a link", "a file"} else folder.rmdir()
    assert answer.startswith("refused postgres.socket_folder_taken"), answer
    assert str(folder) in answer


def test_a_killed_initdb_leaves_nothing_that_looks_like_a_cluster(person: Person, home: Path) -> None:
    client = person.start(home)
    client.send("acquire")
    where = site(home, person)
    assert eventually(lambda: list(where.server.glob("*/base/*/*")) != []), "it was seen filling the folder"
    client.kill()
    halves = _initdb_pids(home)
    assert halves, "it was still at work"
    for pid in halves:
        os.kill(pid, signal.SIGKILL)
    assert where.majors() == []
    assert query(person.start(home).acquire(), "select 1") == 1
    assert list(where.server.glob("init-*")) == []


def _initdb_pids(home: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        arguments = liveness._living_arguments(int(entry.name)) if entry.name.isdigit() else None
        if arguments and arguments[0].endswith(b"/initdb") and any(os.fsencode(home) in part for part in arguments):
            found.append(int(entry.name))
    return found


def test_a_client_killed_while_the_server_starts_does_not_stop_the_next(person: Person, used_home: Path) -> None:
    client = person.start(used_home)
    client.acquire()
    client.ask("release")
    for delay_s in (0.01, 0.03, 0.06, 0.1):
        hasty = person.start(used_home)
        hasty.send("acquire")
        time.sleep(delay_s)
        hasty.kill()
        patient = person.start(used_home)
        assert query(patient.acquire(), "select 1") == 1
        patient.ask("release")
        assert postmaster_pid(used_home, person) is None


def test_a_long_crash_recovery_is_waited_for(person: Person, used_home: Path) -> None:
    client = person.start(used_home)
    dsn = client.acquire()
    run_sql(
        dsn,
        "create table payments as select n, repeat('x', 200) as memo from generate_series(1, 300000) n",
        "checkpoint",
        "update payments set memo = repeat('y', 200)",
    )
    killed = postmaster_pid(used_home, person)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    data = data_folder(used_home, person)
    client.send("acquire")
    assert eventually(lambda: _hold_recovery(data)), "the recovering process was seen and halted"
    second = person.start(used_home)
    second.send("acquire")
    time.sleep(3)
    running = liveness.postmaster(data)
    assert running is not None
    assert running[1] == "starting"
    _continue_recovery(data)
    assert client.answer() == second.answer() == dsn
    assert query(dsn, "select count(*) from payments where memo like 'y%'") == 300000


def _hold_recovery(data: Path) -> bool:
    for pid in liveness._children_at(data):
        if b"startup" in b" ".join(liveness._living_arguments(pid) or []):
            os.kill(pid, signal.SIGSTOP)
            return True
    return False


def _continue_recovery(data: Path) -> None:
    for pid in liveness._children_at(data):
        os.kill(pid, signal.SIGCONT)


def test_a_removed_socket_is_made_anew(person: Person, used_home: Path) -> None:
    client = person.start(used_home)
    dsn = client.acquire()
    site(used_home, person).socket.unlink()
    client.acquire()
    assert query(dsn, "select 1") == 1


def test_a_lost_password_file_is_replaced(person: Person, used_home: Path) -> None:
    client = person.start(used_home)
    dsn = client.acquire()
    run_sql(dsn, "create table kept (n int)")
    client.ask("release")
    where = site(used_home, person)
    where.passfile.unlink()
    assert query(client.acquire(), "select count(*) from kept") == 0
    assert stat.S_IMODE(where.passfile.stat().st_mode) == 0o600


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(person: Person, used_home: Path) -> None:
    client = person.start(used_home)
    client.acquire()
    pid = postmaster_pid(used_home, person)
    assert pid is not None
    assert os.getsid(pid) != os.getsid(client.process.pid)
