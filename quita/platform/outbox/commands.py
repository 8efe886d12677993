"""Writing events with the facts they tell of, and handing them to their subscribers after the commit."""

import dataclasses
import datetime as dt
import importlib
import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction

from quita.platform.outbox.models import Event

log = logging.getLogger("quita.platform.outbox")

# An event that keeps failing is put aside for people (`quita check` lists it), never dropped.
MAX_ATTEMPTS = 8
BATCH = 200


def name_of(event_type: type) -> str:
    """The stable name of an event: `receivables.PaymentsRecorded`."""
    return f"{event_type.__module__.split('.')[1]}.{event_type.__name__}"


def emit(event: Any, at: dt.datetime) -> None:
    """Adds a frozen dataclass to the outbox in the caller's transaction; its handlers run after the commit."""
    from quita.platform.outbox import jobs

    Event.objects.create(name=name_of(type(event)), payload=_plain(event), at=at)
    jobs.dispatch_soon()


def _plain(event: Any) -> dict[str, Any]:
    """The fields as they are: `asdict` would copy thousands of ids one by one."""
    return {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}


def subscriptions() -> dict[str, list[Callable[..., None]]]:
    """Event name → handlers, read from the one dict in quita.config.subscriptions."""
    table = importlib.import_module("quita.config.subscriptions").SUBSCRIPTIONS
    return {name_of(event): handlers for event, handlers in table.items()}


def dispatch_pending(*, now: dt.datetime, limit: int = BATCH) -> int:
    """Hands waiting events to their handlers, oldest first; returns how many were handled.

    Each event has its own transaction: one that fails stays for the next round and stops nobody else.
    """
    handled = 0
    tried: set[int] = set()
    handlers = subscriptions()
    while handled < limit:
        with transaction.atomic():
            event = (
                Event.objects.select_for_update(skip_locked=True)
                .filter(handled_at__isnull=True, attempts__lt=MAX_ATTEMPTS)
                .exclude(id__in=tried)
                .order_by("id")
                .first()
            )
            if event is None:
                return handled
            tried.add(event.id)
            if _hand_over(event, handlers.get(event.name, []), now):
                handled += 1
    return handled


def _hand_over(event: Event, handlers: list[Callable[..., None]], now: dt.datetime) -> bool:
    """Runs the handlers in a savepoint; keeps the fault's name when one fails."""
    try:
        with transaction.atomic():
            for handler in handlers:
                handler(**event.payload, at=event.at)
    except Exception as fault:
        log.exception("outbox.event.failed id=%s name=%s", event.id, event.name)
        Event.objects.filter(id=event.id).update(attempts=event.attempts + 1, error=type(fault).__name__)
        return False
    Event.objects.filter(id=event.id).update(handled_at=now)
    return True
