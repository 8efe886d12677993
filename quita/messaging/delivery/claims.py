"""Taking messages from the outbox: claimed by one statement, held by a lease, never by two workers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

LEASE = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in this worker's hands."""

    id: int
    company_id: int
    debtor_id: int
    contact_point_id: int | None
    template_version_id: int
    channel: str
    lead_receivable_id: int
    lead_due_on: dt.date
    receivable_ids: list[int]
    day: dt.date
    not_before: dt.datetime
    not_after: dt.datetime
    attempts: int
    created_at: dt.datetime


_COLUMNS = (
    "m.id, m.company_id, m.debtor_id, m.contact_point_id, m.template_version_id, m.channel, m.lead_receivable_id, "
    "m.lead_due_on, m.receivable_ids, m.day, m.not_before, m.not_after, m.attempts, m.created_at"
)


def claim(*, worker: str, now: dt.datetime, limit: int, only_outdated: bool = False) -> list[Claimed]:
    """Take the messages that wait longest. Committed before anything is done with them: no transaction around it.

    `only_outdated`: those whose time is over and that can only be ended, because nothing can be sent.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with waiting as (
                select id from messaging_message
                where state = 'queued' and next_attempt_at <= %(now)s
                  and (not %(only_outdated)s or not_after <= %(now)s)
                order by next_attempt_at, id limit %(limit)s
                for update skip locked
            )
            update messaging_message m
            set state = 'sending', lease_by = %(worker)s, lease_until = %(until)s, attempts = m.attempts + 1
            from waiting where m.id = waiting.id and m.state in ('queued', 'sending')
            returning {_COLUMNS}
            """,
            {"now": now, "only_outdated": only_outdated, "limit": limit, "worker": worker, "until": now + LEASE},
        )
        rows = cursor.fetchall()
    return [Claimed(*row) for row in sorted(rows)]


def renew(*, worker: str, now: dt.datetime) -> set[int]:
    """Hold on to what is still ours and return its ids; whatever is missing was taken away and must not be sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update messaging_message set lease_until = %s where state = 'sending' and lease_by = %s returning id",
            [now + LEASE, worker],
        )
        return {row[0] for row in cursor.fetchall()}
