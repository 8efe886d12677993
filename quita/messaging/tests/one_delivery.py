"""A worker process for tests: delivers once, as of the instant given, and ends (or is killed at QUITA_CRASH_AT)."""

import datetime as dt
import sys

import django

django.setup()

from quita.messaging.delivery import worker  # noqa: E402  # Django has to be set up before
from quita.platform.actors import When  # noqa: E402

if __name__ == "__main__":
    at = dt.datetime.fromisoformat(sys.argv[1])
    tally = worker.deliver(when_fn=lambda: When(at, at.date()))
    print(dict(tally.counts), tally.recovered)
