"""The worker's side of the outbox: look every minute, and at once when a run has written messages."""

from __future__ import annotations

from procrastinate import exceptions
from procrastinate.contrib.django import app

from quita.messaging.delivery import worker
from quita.platform.actors import When


@app.periodic(cron="* * * * *")
@app.task(name="messaging.deliver", queue="delivery", queueing_lock="messaging.deliver")
def deliver_each_minute(timestamp: int) -> None:
    """Delivers what is due; two workers at once share the outbox."""
    worker.deliver(when_fn=When.now)


@app.task(name="messaging.deliver_now", queue="delivery", queueing_lock="messaging.deliver_now")
def deliver_now() -> None:
    """Delivers what is due without waiting for the minute."""
    worker.deliver(when_fn=When.now)


def deliver_soon() -> None:
    """Asks for a delivery; one that is already asked for is enough."""
    try:
        deliver_now.defer()
    except exceptions.AlreadyEnqueued:
        return
