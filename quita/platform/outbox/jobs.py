"""Handing events over in the background."""

import datetime as dt

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from quita.platform.outbox import commands


@app.task(name="outbox.dispatch", queue="events", queueing_lock="outbox.dispatch")
def dispatch() -> None:
    """Works until nothing is waiting."""
    while commands.dispatch_pending(now=dt.datetime.now(tz=dt.UTC)):
        pass


@app.periodic(cron="* * * * *")
@app.task(name="outbox.sweep", queue="events", queueing_lock="outbox.sweep")
def sweep(timestamp: int) -> None:
    """Once a minute: whatever a killed worker or a failed handler left behind."""
    dispatch()


def dispatch_soon() -> None:
    """Asks for a dispatch in the caller's transaction; one waiting request serves any number of events."""
    try:
        # The queueing lock refuses a second waiting job with an error that would break the caller's transaction.
        with transaction.atomic():
            dispatch.defer()
    except exceptions.AlreadyEnqueued:
        return
