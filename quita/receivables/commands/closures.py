"""Cancelling and writing off titles, and undoing it: contra entries beside the title, which itself is never touched."""

from django.db import transaction

from quita.domain.refusals import Refusal
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.receivables.commands import folding
from quita.receivables.models import Closure, ClosureKind, Receivable, Status


def cancel_title(*, receivable_id: int, reason: str, by: Actor, when: When) -> Closure:
    """The debt never was, or is no longer owed. Refusals: reason_missing, title_not_open."""
    return _close(ClosureKind.CANCELLED, receivable_id, reason, by, when)


def write_off_title(*, receivable_id: int, reason: str, by: Actor, when: When) -> Closure:
    """The creditor gives up on it in its books; the debt itself is not forgiven. Refusals as `cancel_title`."""
    return _close(ClosureKind.WRITTEN_OFF, receivable_id, reason, by, when)


@transaction.atomic
def reinstate_title(*, receivable_id: int, reason: str, by: Actor, when: When) -> Receivable:
    """Undoes a cancellation or a write-off: the title stands where its payments leave it.

    Refusals: reason_missing, title_not_closed_by_hand.
    """
    reason = _reason(reason)
    title = Receivable.objects.select_for_update().get(pk=receivable_id)
    closure = Closure.objects.filter(receivable=title, reversed_at__isnull=True).first()
    if closure is None:
        raise Refusal(
            "title_not_closed_by_hand",
            "Title %(number)s is neither cancelled nor written off, so there is nothing to undo.",
            {"number": title.number},
        )
    closure.reversed_at, closure.reversal_reason = when.at, reason
    closure.save(update_fields=["reversed_at", "reversal_reason"])
    audit.record(
        by=by, when=when, verb="receivables.title.reinstated", subject="receivable", subject_id=title.pk,
        company_id=title.company_id, closure_id=closure.pk, reason=reason,
    )  # fmt: skip
    folding.refold(receivable_ids=[title.pk], staging_table=None, when=when)
    title.refresh_from_db()
    return title


@transaction.atomic
def _close(kind: ClosureKind, receivable_id: int, reason: str, by: Actor, when: When) -> Closure:
    reason = _reason(reason)
    title = Receivable.objects.select_for_update().get(pk=receivable_id)
    if title.status != Status.OPEN:
        raise Refusal(
            "title_not_open",
            "Title %(number)s is no longer open, so it cannot be cancelled or written off.",
            {"number": title.number},
        )
    closure = Closure.objects.create(
        receivable=title, kind=kind, amount_cents=title.balance_cents, value_on=when.today, reason=reason, at=when.at,
        by_id=by.user_id,
    )  # fmt: skip
    audit.record(
        by=by, when=when, verb=f"receivables.title.{kind}", subject="receivable", subject_id=title.pk,
        company_id=title.company_id, balance_cents=title.balance_cents, reason=reason,
    )  # fmt: skip
    folding.refold(receivable_ids=[title.pk], staging_table=None, when=when)
    return closure


def _reason(text: str) -> str:
    if not text.strip():
        raise Refusal("reason_missing", "Say why: the reason stays on the title's record.")
    return text.strip()[:200]
