"""The small process that stops the server when the last client was killed and could not do it itself.

It holds nothing that a client wants: it waits for the clients' lock to be free, which the kernel arranges, stops the
server and ends. One per cluster; every `acquire` starts it anew should it be missing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    # Run by path and isolated (-I), so that no environment variable and no current folder can lead it astray.
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from quita.platform.postgres import locks, places, server

_started: list[subprocess.Popen[bytes]] = []


def ensure(site: places.Site) -> None:
    """Start the watchdog unless one is alive. It inherits the locked descriptor that says so."""
    for ended in [child for child in _started if child.poll() is not None]:
        _started.remove(ended)
    descriptor = locks.take(site.watchdog_lock, shared=False, wait=False)
    if descriptor is None:
        return
    try:
        arguments = [sys.executable, "-I", str(Path(__file__).resolve()), str(site.root), str(descriptor)]
        _started.append(
            subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                pass_fds=(descriptor,),
                start_new_session=True,
            )
        )
    finally:
        os.close(descriptor)


def watch(root: Path, own_lock: int) -> None:
    """Wait until no client is left, stop the server, end."""
    clients = locks.take(root / "clients.lock", shared=False, wait=True)
    assert clients is not None  # `wait` leaves no other outcome
    server.stop_all(root)
    # In this order: a client that waits for us must find our own lock free, to start the next watchdog.
    os.close(own_lock)
    os.close(clients)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), int(sys.argv[2]))
