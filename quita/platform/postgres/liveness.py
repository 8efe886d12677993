"""Is that process our server? Answered by what the process is, never by a number in a file alone.

After a crash `postmaster.pid` names a process that is gone, a zombie that nobody reaps (common in containers), or by
now an unrelated program. Only a living process whose command line says `postgres -D <our data folder>` counts.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import time
from pathlib import Path

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()
STATUS_LINE = 7
STARTING, STOPPING, READY = "starting", "stopping", "ready"


def postmaster(data: Path) -> tuple[int, str] | None:
    """(pid, status) of the living postmaster of this data folder, or None. Status: starting, ready or stopping."""
    lines = _pid_file_lines(data)
    if not lines or not lines[0].strip().lstrip("-").isdigit():
        return None
    pid = abs(int(lines[0]))
    if not is_postmaster(pid, data):
        return None
    status = lines[STATUS_LINE].strip() if len(lines) > STATUS_LINE else STARTING
    return pid, status or STARTING


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether this pid is a living PostgreSQL server on exactly this data folder."""
    if HAS_PROC:
        arguments = _living_arguments(pid)
        if not arguments or os.path.basename(arguments[0]) != b"postgres":
            return False
        return any(pair == (b"-D", os.fsencode(data)) for pair in itertools.pairwise(arguments))
    listed = subprocess.run(["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, check=False)
    state, _, command = listed.stdout.strip().partition(b" ")
    return bool(state) and not state.startswith(b"Z") and command.endswith(b"-D " + os.fsencode(data))


def clear_remains(data: Path, socket: Path) -> None:
    """Remove what a dead postmaster left: orphaned children first, then its pid file and its socket's lock file.

    To be called only while holding the start lock and when `postmaster(data)` is None. PostgreSQL itself trusts a pid
    that exists, so with a zombie or a reused pid it would refuse to start for ever.
    """
    if (data / "postmaster.pid").exists():
        _end_orphans(data)
        (data / "postmaster.pid").unlink(missing_ok=True)
    for leftover in (socket.with_name(socket.name + ".lock"), socket):
        leftover.unlink(missing_ok=True)


def wait_gone(pid: int, data: Path, limit_s: float) -> bool:
    """Wait until the postmaster has ended; False when it still lives after `limit_s` seconds."""
    deadline = time.monotonic() + limit_s
    while is_postmaster(pid, data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _end_orphans(data: Path) -> None:
    """Children of a killed postmaster notice only between statements; until then they keep its shared memory in use.

    They are known for certain by their working folder, which is the data folder. Their work is lost anyway: crash
    recovery follows. Without /proc they cannot be recognised; starting then retries until they have noticed.
    """
    if not HAS_PROC:
        return
    orphans = _children_at(data)
    for pid in orphans:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    deadline = time.monotonic() + 10
    while any(_living_arguments(pid) is not None for pid in orphans) and time.monotonic() < deadline:
        time.sleep(0.01)


def _children_at(data: Path) -> list[int]:
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            folder = os.readlink(entry / "cwd")
        except OSError:
            # Gone meanwhile, a zombie, or another account's process: not one of ours.
            continue
        arguments = _living_arguments(int(entry.name)) if folder == str(data) else None
        if arguments and arguments[0].startswith(b"postgres"):
            found.append(int(entry.name))
    return found


def _living_arguments(pid: int) -> list[bytes] | None:
    """The command line of a process, or None when it is gone or only a zombie is left of it."""
    try:
        state = (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()[0]
        arguments = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return None
    return None if state in {b"Z", b"X", b"x"} else arguments.split(b"\0")


def _pid_file_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []
