"""Advisory `flock`s: held by an open file, so the kernel frees them however the process ends, kill -9 included."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def take(path: Path, *, shared: bool, wait: bool) -> int | None:
    """Open and lock the file. Returns the descriptor that holds the lock; None when it is taken and `wait` is not set.

    A descriptor is never inherited by programs we start (close-on-exec), so only this process holds the lock. A forked
    child shares it and keeps it alive: the lock ends when the last of them has closed it.
    """
    kind = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, kind)
            if _still_named(descriptor, path):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        # The file was removed while we waited: a lock on a nameless file protects nothing.
        os.close(descriptor)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait for the lock and hold it alone."""
    descriptor = take(path, shared=False, wait=True)
    assert descriptor is not None  # `wait` leaves no other outcome
    try:
        yield
    finally:
        os.close(descriptor)


def _still_named(descriptor: int, path: Path) -> bool:
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    held = os.fstat(descriptor)
    return (named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)
