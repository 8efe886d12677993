"""Picking up what a dead worker left behind, without sending anything twice.

A worker's journal is locked as long as it lives, so one that can be locked belongs to the dead, and what it held is
sorted by what the journal says:

* accepted: it left; only the last commit was missing.
* not begun: it certainly did not leave; back to the outbox.
* begun and nothing after: nobody here knows. The channel is asked; when it cannot say either, the message ends as
  failed (`in_doubt`) and a person decides.

A worker of another host has its journal there. That host's next worker picks it up; only when the lease has been over
for long is everything it held treated as begun.
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from django.db import connection, transaction

from quita.messaging import reasons
from quita.messaging.channels import CHANNELS
from quita.messaging.channels.email_smtp import configuration
from quita.messaging.delivery import endings, journal, references
from quita.messaging.delivery.limits import MAX_ATTEMPTS
from quita.platform.actors import When

log = logging.getLogger("quita.messaging.delivery")

# How long after its lease a worker of another host is given up.
FOREIGN_PATIENCE = dt.timedelta(minutes=15)


def recover(*, worker: str, folder: Path, server: configuration.SmtpServer | None, when: When) -> int:
    """End or requeue what workers that are no longer there held. Returns how many messages were picked up."""
    recovered = 0
    for owner in _owners(worker):
        path = journal.path_of(folder, owner)
        with journal.of_the_dead(path) as trace:
            if trace is not None:
                recovered += _recover_owner(owner, trace, server, when)
                path.unlink(missing_ok=True)
                continue
        if not path.exists():
            recovered += _recover_foreign(owner, server, when)
    _forget_empty_journals(folder)
    return recovered


def _owners(worker: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct lease_by from messaging_message where state = 'sending' and lease_by <> %s order by 1",
            [worker],
        )
        return [row[0] for row in cursor.fetchall()]


def _recover_owner(owner: str, trace: journal.Trace, server: configuration.SmtpServer | None, when: When) -> int:
    with transaction.atomic():
        held = _held_by(owner, expired_before=None)
        settled = [_ending(message, trace, server, when) for message in held]
        endings.settle(settled, worker=owner, when=when)
    log.warning("messaging.delivery.recovered worker=%s messages=%s", owner, len(held))
    return len(held)


def _recover_foreign(owner: str, server: configuration.SmtpServer | None, when: When) -> int:
    with transaction.atomic():
        held = _held_by(owner, expired_before=when.at - FOREIGN_PATIENCE)
        everything = journal.Trace(frozenset(message[0] for message in held), frozenset())
        endings.settle([_ending(message, everything, server, when) for message in held], worker=owner, when=when)
    return len(held)


def _held_by(owner: str, expired_before: dt.datetime | None) -> list[tuple[int, str, dt.datetime, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select id, channel, created_at, attempts from messaging_message
            where state = 'sending' and lease_by = %s and (%s::timestamptz is null or lease_until < %s)
            order by id for update skip locked
            """,
            [owner, expired_before, expired_before],
        )
        return list(cursor.fetchall())


def _ending(
    message: tuple[int, str, dt.datetime, int],
    trace: journal.Trace,
    server: configuration.SmtpServer | None,
    when: When,
) -> endings.Ending:
    message_id, channel, created_at, attempts = message
    if message_id in trace.accepted:
        return endings.Sent(message_id)
    if message_id not in trace.begun:
        if attempts >= MAX_ATTEMPTS:
            return endings.Failed(message_id, reasons.GAVE_UP, "its worker died each time")
        return endings.Requeued(message_id, when.at, "its worker died before sending")
    return after_doubt(message_id, channel, created_at, server, when, "its worker died while sending")


def after_doubt(
    message_id: int,
    channel: str,
    created_at: dt.datetime,
    server: configuration.SmtpServer | None,
    when: When,
    detail: str,
) -> endings.Ending:
    """Ask the channel what became of a message; without an answer it is never sent again by itself."""
    reference = references.reference_of(message_id, created_at)
    known = CHANNELS[channel].was_delivered(server, reference) if server is not None else None
    if known is True:
        return endings.Sent(message_id)
    if known is False:
        return endings.Requeued(message_id, when.at, detail)
    return endings.Failed(message_id, reasons.IN_DOUBT, detail)


def _forget_empty_journals(folder: Path) -> None:
    """Journals of the dead whose messages are all settled only take up room."""
    for path in folder.glob("*.journal"):
        with journal.of_the_dead(path) as trace:
            if trace is not None and not _is_owner(path):
                path.unlink(missing_ok=True)


def _is_owner(path: Path) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists(select 1 from messaging_message where state = 'sending' and lease_by = %s)", [path.stem]
        )
        return bool(cursor.fetchone()[0])
