"""Making, starting and stopping one PostgreSQL server. All of it happens while holding the start lock (cluster.py)."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from quita.domain.refusals import Refusal
from quita.platform.postgres import binaries, liveness, places
from quita.platform.postgres.configuration import write_configuration

log = logging.getLogger(__name__)

# Crash recovery of a big database takes minutes and is waited for; beyond this something is wrong.
START_LIMIT_S = 30 * 60
# A fast shutdown writes a checkpoint first. Past the limit an immediate one loses nothing either, but makes the next
# start recover from the log.
FAST_STOP_LIMIT_S = 120
IMMEDIATE_STOP_LIMIT_S = 20
POLL_S = 0.02

# PostgreSQL's frontend protocol: length 8, then the request code for TLS; the answer is one byte.
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
ANSWERED, SILENT, UNREACHABLE = "answered", "silent", "unreachable"

# Popen objects must outlive their process to be reaped; a server outlives the function that starts it.
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Status:
    """What can be said of a cluster without touching it. `state`: absent, stopped, starting, running or stopping."""

    state: str
    pid: int | None
    major: int | None
    data: Path | None
    conninfo: places.Conninfo


def status(home: Path) -> Status:
    """Whether the cluster of this data home exists and runs."""
    site = places.site_for(home)
    for major in site.majors():
        running = liveness.postmaster(site.data(major))
        if running is not None:
            pid, told = running
            state = "running" if told == liveness.READY else told
            return Status(state, pid, major, site.data(major), site.conninfo)
    newest = next(iter(site.majors()), None)
    if newest is None:
        return Status("absent", None, None, None, site.conninfo)
    return Status("stopped", None, newest, site.data(newest), site.conninfo)


def ensure_running(site: places.Site, *, durable: bool) -> None:
    """Return when the server accepts connections: make the cluster, start it, or wait for a start or stop under way."""
    if any(_answers(site, site.data(major)) for major in site.majors()):
        return
    deadline = time.monotonic() + START_LIMIT_S
    chosen = binaries.runnable_by_server(binaries.for_site(site), site)
    data = site.data(chosen.major)
    if not data.exists():
        _make_cluster(site, chosen, durable=durable)
    while not _answers(site, data):
        running = liveness.postmaster(data)
        if running is None:
            _start(site, chosen, durable=durable)
            running = liveness.postmaster(data)
        elif running[1] == liveness.READY and _knock(site.socket) == UNREACHABLE:
            # Alive and ready, yet nobody listens there: somebody removed its socket. Only a restart makes a new one.
            stop(data)
        elif time.monotonic() > deadline:
            raise _start_failed(site, f"it was not ready after {START_LIMIT_S // 60} minutes")
        time.sleep(POLL_S)


def stop(data: Path) -> None:
    """Fast shutdown of the server on this data folder, if it runs: sessions are ended, everything is written."""
    running = liveness.postmaster(data)
    if running is None:
        return
    pid = running[0]
    for asked, limit_s in ((signal.SIGINT, FAST_STOP_LIMIT_S), (signal.SIGQUIT, IMMEDIATE_STOP_LIMIT_S)):
        try:
            os.kill(pid, asked)
        except ProcessLookupError:
            break
        if liveness.wait_gone(pid, data, limit_s):
            break
    else:
        log.error("postgres.stop.failed pid=%s data=%s", pid, data)
    for child in _started[:]:
        if child.poll() is not None:
            _started.remove(child)


def stop_all(root: Path) -> None:
    """Stop whatever runs under this cluster root, of whatever major version."""
    for data in (root / "server").glob("data-*"):
        stop(data)


def _answers(site: places.Site, data: Path) -> bool:
    running = liveness.postmaster(data)
    return running is not None and running[1] == liveness.READY and _knock(site.socket) == ANSWERED


def _knock(address: Path) -> str:
    """Ask the server whether it speaks TLS: any answer proves it alive, needs no password and leaves no log line.

    Connecting alone proves nothing: the kernel accepts for a process that was killed a moment ago.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(address))
        except (FileNotFoundError, ConnectionRefusedError):
            return UNREACHABLE
        except OSError:
            # Busy beyond its backlog, or ending: asked again by the caller.
            return SILENT
        try:
            probe.sendall(SSL_REQUEST)
            return ANSWERED if probe.recv(1) else SILENT
        except OSError:
            return SILENT


def _start(site: places.Site, chosen: binaries.Binaries, *, durable: bool) -> None:
    """Start the postmaster and return once it has shown itself alive; it may still be recovering."""
    data = site.data(chosen.major)
    if places.password(site) is None:
        # The password file was lost. Whoever may write here may also set a new password; the server is not up.
        _single_user(site, chosen, data, [f"ALTER ROLE {places.ROLE} PASSWORD '{places.write_password(site)}'"])
    write_configuration(site, data, durable=durable)
    patience = time.monotonic() + 60
    while True:
        liveness.clear_remains(data, site.socket)
        child = _spawn(site, chosen, data)
        if _shows_life(child, data):
            _started.append(child)
            return
        told = _last_lines(site.start_log)
        # Children of a killed postmaster that have not noticed yet: they will, and then it works.
        if "is still in use" not in told or time.monotonic() > patience:
            raise _start_failed(site, f"it ended with code {child.returncode}: {told}")
        time.sleep(0.2)


def _spawn(site: places.Site, chosen: binaries.Binaries, data: Path) -> subprocess.Popen[bytes]:
    with _open_log(site) as sink:
        return subprocess.Popen(
            [chosen.program("postgres"), "-D", str(data)],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            cwd="/",
            env=_environment(),
            # Its own session: Ctrl-C in the terminal must not reach the server.
            start_new_session=True,
            **_demotion(site),
        )


def _shows_life(child: subprocess.Popen[bytes], data: Path) -> bool:
    """True when the pid file names the child; False when the child ended."""
    while child.poll() is None:
        running = liveness.postmaster(data)
        if running is not None and running[0] == child.pid:
            return True
        time.sleep(POLL_S / 4)
    return False


def _make_cluster(site: places.Site, chosen: binaries.Binaries, *, durable: bool) -> None:
    """initdb under a temporary name, then rename: a cluster under its proper name is always whole."""
    for remains in site.server.glob("init-*"):
        shutil.rmtree(remains, ignore_errors=True)
    draft = site.server / f"init-{os.getpid()}-{secrets.token_hex(4)}"
    problem = ""
    # The builtin locale of PostgreSQL 17 and later folds case the same on every machine, whatever its libc knows.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if chosen.major >= 17 else []
    for locale in ("C.UTF-8", "C"):
        made = _run(
            site,
            [chosen.program("initdb"), "-D", str(draft), "-U", places.ROLE, "-E", "UTF8", "--auth=reject"]
            + ["--data-checksums", "--no-instructions", f"--locale={locale}", *builtin]
            + ([] if durable else ["--no-sync"]),
        )
        if made.returncode == 0:
            break
        problem = made.stderr.strip()
        shutil.rmtree(draft, ignore_errors=True)
        if "invalid locale" not in problem:
            break
    if made.returncode != 0:
        raise _refused_start("postgres.init_failed", site, problem)
    fresh = places.password(site) or places.write_password(site)
    commands = [f"ALTER ROLE {places.ROLE} PASSWORD '{fresh}'", f"CREATE DATABASE {places.DATABASE}"]
    _single_user(site, chosen, draft, commands)
    with open(draft / "postgresql.conf", "a", encoding="utf-8") as settings:
        settings.write("\ninclude_if_exists = 'quita.conf'\n")
    (draft / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    draft.rename(site.data(chosen.major))
    _sync_folder(site.server)


def _single_user(site: places.Site, chosen: binaries.Binaries, data: Path, commands: list[str]) -> None:
    """Run SQL without a server. The commands go through a pipe: a password is never on a command line or in a file."""
    told = _run(
        site,
        [chosen.program("postgres"), "--single", "-c", "log_min_error_statement=panic", "-D", str(data), "postgres"],
        given="".join(f"{command}\n" for command in commands),
    )
    # Single-user mode ends with code 0 even after an error.
    errors = [line for line in told.stderr.splitlines() if "ERROR:" in line or "FATAL:" in line or "PANIC:" in line]
    if told.returncode != 0 or errors:
        raise _refused_start("postgres.init_failed", site, "; ".join(errors) or told.stderr.strip()[-500:])


def _run(site: places.Site, arguments: list[str], given: str = "") -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        arguments,
        input=given,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env=_environment(),
        start_new_session=True,
        check=False,
        **_demotion(site),
    )
    return done


def _demotion(site: places.Site) -> dict[str, Any]:
    return {"umask": 0o077} | (site.account.demotion() if site.account else {})


def _environment() -> dict[str, str]:
    """Little and fixed: no PG* variable of the person who happens to start it, messages in English to be recognised."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _open_log(site: places.Site) -> IO[bytes]:
    return os.fdopen(os.open(site.start_log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _last_lines(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines()
    return " / ".join(lines[-6:])


def _start_failed(site: places.Site, reason: str) -> Refusal:
    return _refused_start("postgres.start_failed", site, reason)


def _refused_start(code: str, site: places.Site, reason: str) -> Refusal:
    return Refusal(
        code,
        "The embedded PostgreSQL in %(folder)s could not be started: %(reason)s. "
        "Its log is in %(folder)s/log and %(folder)s/start.log; or set DATABASE_URL to another server.",
        {"folder": str(site.server), "reason": reason},
    )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
