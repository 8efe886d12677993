"""What a worker writes down around the point of no return, so that another can tell what it did before it died.

One append-only file per worker, held with a lock that the kernel frees when the process ends, however it ends. The
writes reach the operating system at once: they survive the process, and a machine that loses power loses its mail
connections too.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True)
class Trace:
    """What a journal says: messages begun without a known end, and messages accepted."""

    begun: frozenset[int]
    accepted: frozenset[int]


class Journal:
    """The journal of a living worker."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def create(cls, folder: Path, worker: str) -> Journal:
        """Open a new journal, locked before it gets the name under which others look for it."""
        folder.mkdir(parents=True, exist_ok=True)
        path = path_of(folder, worker)
        draft = path.with_suffix(".draft")
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.rename(path)
        return cls(path, descriptor)

    def begin(self, message_id: int) -> None:
        """The final dot of this message is about to be said."""
        os.write(self._descriptor, b"b%d\n" % message_id)

    def accepted(self, message_id: int) -> None:
        """The server took it."""
        os.write(self._descriptor, b"a%d\n" % message_id)

    def refused(self, message_id: int) -> None:
        """The server said no: it certainly did not leave."""
        os.write(self._descriptor, b"r%d\n" % message_id)

    def forget(self) -> None:
        """Everything noted so far is committed in the database."""
        os.ftruncate(self._descriptor, 0)

    def close(self) -> None:
        """End a journal with nothing left to tell."""
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)


def new_worker_name() -> str:
    """A name no other worker has, on any host: host, process and chance."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


def path_of(folder: Path, worker: str) -> Path:
    """Where the journal of a worker lies."""
    return folder / f"{_NAME.sub('-', worker)}.journal"


@contextmanager
def of_the_dead(path: Path) -> Iterator[Trace | None]:
    """Hold a dead worker's journal and say what it tells; None while its worker lives or when it is not here."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield read(path)
    finally:
        os.close(descriptor)


def read(path: Path) -> Trace:
    """Read a journal; a last line cut short says nothing yet."""
    begun: set[int] = set()
    accepted: set[int] = set()
    for line in path.read_bytes().split(b"\n")[:-1]:
        note, message_id = line[:1], int(line[1:])
        if note == b"b":
            begun.add(message_id)
        else:
            begun.discard(message_id)
            if note == b"a":
                accepted.add(message_id)
    return Trace(frozenset(begun), frozenset(accepted))
