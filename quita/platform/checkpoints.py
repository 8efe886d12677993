"""Named instants at which a test may kill the process, to prove that no instant loses or doubles anything.

QUITA_CRASH_AT=run.before_commit kills at the first passage, run.before_commit:3 at the third. Without it a checkpoint
costs one look-up.
"""

import os
import signal

_name, _, _count = os.environ.get("QUITA_CRASH_AT", "").partition(":")
_left = {_name: int(_count or 1)} if _name else {}


def reached(name: str) -> None:
    """Die here, as by kill -9, when this process was told to."""
    if name in _left:
        _left[name] -= 1
        if _left[name] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
