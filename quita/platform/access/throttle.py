"""How long a sign-in has to wait after failures. Pure: counts and instants in, instants out."""

import datetime as dt

# Five slips are human; after that each further failure doubles the wait, up to a quarter of an hour. From one
# address many
# people may sign in (an office behind one router), so its own limit is wider.
FREE_FAILURES = 5
FREE_FAILURES_PER_ADDRESS = 40
FIRST_WAIT = dt.timedelta(seconds=30)
LONGEST_WAIT = dt.timedelta(minutes=15)
# Failures are forgotten after a day without any.
MEMORY = dt.timedelta(days=1)


def wait_after(failed_count: int, free: int) -> dt.timedelta:
    """The wait that the latest of so many failures brings."""
    if failed_count < free:
        return dt.timedelta(0)
    return min(FIRST_WAIT * 2 ** min(failed_count - free, 10), LONGEST_WAIT)
