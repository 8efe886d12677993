"""How a message leaves a worker's hands. Every statement touches only messages the worker still holds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from quita.domain.refusals import Refusal
from quita.messaging import events, reasons
from quita.parties import commands as parties
from quita.platform import checkpoints
from quita.platform.actors import SYSTEM, When
from quita.platform.outbox import commands as outbox

DETAIL_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Sent:
    """It left."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Failed:
    """It will never leave."""

    message_id: int
    reason: str
    detail: str = ""
    bounced_contact_point_id: int | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It must not leave, or not today."""

    message_id: int
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Requeued:
    """It goes back to the outbox until `at`; `counts` says whether this was an attempt at sending."""

    message_id: int
    at: dt.datetime
    detail: str = ""
    counts: bool = True


Ending = Sent | Failed | Withdrawn | Requeued


def settle(endings: Sequence[Ending], *, worker: str, when: When) -> None:
    """Write a group of endings in one transaction, with the news they make."""
    if not endings:
        return
    checkpoints.reached("delivery.before_commit")
    with transaction.atomic():
        _sent([ending for ending in endings if isinstance(ending, Sent)], worker, when)
        _ended([ending for ending in endings if isinstance(ending, Failed)], "failed", worker, when)
        _ended([ending for ending in endings if isinstance(ending, Withdrawn)], "withdrawn", worker, when)
        _requeued([ending for ending in endings if isinstance(ending, Requeued)], worker)
        for ending in endings:
            if isinstance(ending, Failed) and ending.bounced_contact_point_id is not None:
                _note_bounce(ending.bounced_contact_point_id, when)
    checkpoints.reached("delivery.after_commit")


def _sent(sent: list[Sent], worker: str, when: When) -> None:
    if not sent:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update messaging_message set state = 'sent', ended_at = %s, lease_until = null, reason = '', detail = ''
            where id = any(%s) and state = 'sending' and lease_by = %s
            """,
            [when.at, [ending.message_id for ending in sent], worker],
        )


def note_facts(letters: Sequence[tuple[int, str, str, dict[str, Any]]]) -> None:
    """Keep what letters say, before they are handed over: (message id, Message-ID, subject, facts)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into messaging_sentfacts (message_id, message_ref, subject, facts)
            select * from unnest(%s::bigint[], %s::text[], %s::text[], %s::jsonb[])
            on conflict (message_id) do update
            set message_ref = excluded.message_ref, subject = excluded.subject, facts = excluded.facts
            """,
            [
                [message_id for message_id, _, _, _ in letters],
                [reference for _, reference, _, _ in letters],
                [subject[:400] for _, _, subject, _ in letters],
                [json.dumps(facts) for _, _, _, facts in letters],
            ],
        )


def _ended(ended: Sequence[Failed | Withdrawn], state: str, worker: str, when: When) -> None:
    if not ended:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update messaging_message m
            set state = %s, ended_at = %s, lease_until = null, reason = e.reason, detail = e.detail
            from unnest(%s::bigint[], %s::text[], %s::text[]) as e(id, reason, detail)
            where m.id = e.id and m.state = 'sending' and m.lease_by = %s
            returning m.id, m.reason, m.company_id, m.debtor_id, m.receivable_ids
            """,
            [
                state, when.at, [ending.message_id for ending in ended], [ending.reason for ending in ended],
                [ending.detail[:DETAIL_LENGTH] for ending in ended], worker,
            ],
        )  # fmt: skip
        rows = cursor.fetchall()
    released = sorted(row[0] for row in rows if row[1] in reasons.RELEASED)
    if released:
        outbox.emit(events.MessagesReleased(released), when.at)
    for message_id, reason, company_id, debtor_id, receivable_ids in rows:
        if reason == reasons.IN_DOUBT:
            outbox.emit(events.MessageInDoubt(message_id, company_id, debtor_id, list(receivable_ids)), when.at)


def _requeued(requeued: list[Requeued], worker: str) -> None:
    if not requeued:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update messaging_message m
            set state = 'queued', lease_until = null, lease_by = '', next_attempt_at = e.at, detail = e.detail,
                attempts = m.attempts - e.not_counted
            from unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::int[]) as e(id, at, detail, not_counted)
            where m.id = e.id and m.state = 'sending' and m.lease_by = %s
            """,
            [
                [ending.message_id for ending in requeued], [ending.at for ending in requeued],
                [ending.detail[:DETAIL_LENGTH] for ending in requeued],
                [0 if ending.counts else 1 for ending in requeued], worker,
            ],
        )  # fmt: skip


def _note_bounce(contact_point_id: int, when: When) -> None:
    try:
        parties.change_contact_state(
            contact_point_id=contact_point_id, state="bounced", source="mail server", by=SYSTEM, when=when
        )
    except Refusal as refusal:
        # An opt-out outranks a bounce: the address stays opted out.
        if refusal.code != "contact_opted_out":
            raise
