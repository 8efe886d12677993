"""What people and events do to messages that wait. Delivery itself is in `messaging.delivery`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _

from quita.domain.refusals import Refusal
from quita.messaging import reasons
from quita.messaging.models import Message, MessageState
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

# Ends after which a person may decide to send once more.
RESENDABLE = frozenset({reasons.IN_DOUBT, reasons.GAVE_UP, reasons.MESSAGE_REFUSED, reasons.TEMPLATE_ERROR})


@transaction.atomic
def withdraw_messages(*, message_ids: Collection[int], why: str, scope: Scope, by: Actor, when: When) -> int:
    """Takes waiting messages out of the outbox for good and returns how many; those on their way are not stopped.

    Refusals: reason_missing, message_not_waiting (none of them waits any more).
    """
    reason = " ".join(why.split())
    if not reason:
        raise Refusal("reason_missing", _("Say why the message should not go out. It stays on its record."))
    waiting = list(
        scope.limit(Message.objects.filter(pk__in=message_ids, state=MessageState.QUEUED))
        .select_for_update()
        .order_by("id")
    )
    if not waiting:
        raise Refusal(
            "message_not_waiting",
            _("None of these messages waits any more: they have left or ended meanwhile. Reload the list."),
        )
    Message.objects.filter(pk__in=[message.pk for message in waiting]).update(
        state=MessageState.WITHDRAWN, reason=reasons.BY_HAND, detail=reason[:300], ended_at=when.at
    )
    audit.record_many(
        by=by, when=when, verb="messaging.message.withdrawn", subject="message",
        subjects=[(message.pk, message.company_id) for message in waiting], reason=reason[:200],
    )  # fmt: skip
    return len(waiting)


@transaction.atomic
def resend_message(*, message_id: int, scope: Scope, by: Actor, when: When) -> Message:
    """Sends a failed message once more, today, because a person says so. It passes the last look like any other.

    It keeps its Message-ID: if the first copy did arrive, mail programs show one. Refusal: message_not_resendable.
    """
    message = scope.limit(Message.objects.filter(pk=message_id)).select_for_update().first()
    if message is None or message.state != MessageState.FAILED or message.reason not in RESENDABLE:
        raise Refusal(
            "message_not_resendable",
            _("Only a message that failed without reaching anybody, or may have, can be sent again. Reload the page."),
        )
    before = message.reason
    message.state, message.reason, message.detail = MessageState.QUEUED, "", ""
    message.ended_at, message.attempts, message.day = None, 0, when.today
    message.not_before = message.next_attempt_at = when.at
    # The contact policy ends the day earlier; the last look asks it.
    message.not_after = when.at + dt.timedelta(hours=12)
    message.save()
    audit.record(
        by=by, when=when, verb="messaging.message.resent", subject="message", subject_id=message.pk,
        company_id=message.company_id, after=before,
    )  # fmt: skip
    return message


def withdraw_for_closed_titles(*, receivable_ids: Collection[int], at: dt.datetime) -> int:
    """Ends waiting messages whose titles are all closed, for the reason their first title closed. Returns how many.

    A message that still lists an open title waits for the last look, which drops the closed ones.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update messaging_message m
            set state = 'withdrawn', ended_at = %(at)s,
                reason = coalesce((select nullif(r.status, 'open') from receivables_receivable r
                                   where r.id = m.lead_receivable_id), 'paid')
            where m.state = 'queued' and m.receivable_ids && %(ids)s::bigint[]
              and m.debtor_id in (select debtor_id from receivables_receivable where id = any(%(ids)s))
              and not exists (select 1 from receivables_receivable r
                              where r.id = any(m.receivable_ids) and r.status = 'open' and r.balance_cents > 0)
            """,
            {"ids": list(receivable_ids), "at": at},
        )
        return int(cursor.rowcount)
