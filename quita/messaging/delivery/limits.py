"""How often and how patiently delivery tries."""

import datetime as dt

MAX_ATTEMPTS = 6
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# With no server to talk to no message is to blame: it waits without counting an attempt.
LINE_DOWN_PAUSE = dt.timedelta(minutes=2)


def next_attempt(attempts: int, now: dt.datetime) -> dt.datetime:
    """When to try again after so many attempts: 1, 5, 15 minutes, then every hour."""
    return now + BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
