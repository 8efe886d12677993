"""One process that uses the embedded database, told what to do line by line. Started by the tests, as any account.

Standard library only and run by path, so that an ordinary user's bare interpreter can run it.
"""

import os
import sys
from pathlib import Path


def main(source: str, home: str) -> None:
    """Read commands from standard input, answer each with one line."""
    sys.path.insert(0, source)
    from quita.domain.refusals import Refusal
    from quita.platform import postgres

    clusters = []
    for line in sys.stdin:
        command = line.strip()
        try:
            if command in ("acquire", "acquire durable"):
                # Most tests need not wait for the disk: they kill processes and not the machine.
                clusters.append(postgres.acquire(Path(home), durable=command.endswith("durable")))
                answer = clusters[-1].dsn
            elif command == "release":
                clusters.pop().release()
                answer = "released"
            elif command == "fork":
                answer = str(_forked_sleeper())
            else:
                answer = f"unknown {command}"
        except Refusal as refusal:
            answer = f"refused {refusal.code}: {refusal}"
        print(answer, flush=True)


def _forked_sleeper() -> int:
    """A forked child that lives until it is killed, as a pre-forking web server has them. Returns its pid."""
    child = os.fork()
    if child == 0:
        import signal

        for descriptor in (0, 1, 2):
            os.close(descriptor)
        signal.pause()
        os._exit(0)
    return child


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
