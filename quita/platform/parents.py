"""A process that was started by another one ends with it, however that one ends."""

import os
import signal
import threading
import time

# Set by whoever starts a process that is to end with it: its own process id.
VARIABLE = "QUITA_PARENT"


def end_with_parent(how: int = signal.SIGTERM) -> None:
    """Watches the parent named in the environment and, once it is gone, sends this process the signal.

    A killed parent cannot stop its children; without this they would keep its port and its place in the queue.
    """
    parent = int(os.environ.get(VARIABLE, "0"))
    if not parent:
        return
    if os.getppid() != parent:
        # It was gone before this process came to look.
        os.kill(os.getpid(), how)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), how)

    threading.Thread(target=watch, name="parent", daemon=True).start()
