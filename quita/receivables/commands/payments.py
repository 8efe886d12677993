"""Payments: recorded once, taken back by a contra entry, never deleted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from quita.domain.refusals import Refusal
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox
from quita.receivables import events
from quita.receivables.commands import folding
from quita.receivables.models import Payment, Receivable


@dataclass(frozen=True)
class NewPayment:
    """Money that came in. `paid_on` is the day the payer paid, not the day it was credited.

    It names a title, or else a debtor, whose oldest debt it then pays first (CC art. 355).
    """

    external_id: str
    amount_cents: int
    paid_on: dt.date
    receivable_id: int | None = None
    debtor_id: int | None = None
    method: str = ""


def record_payment(*, company_id: int, payment: NewPayment, source: str, by: Actor, when: When) -> Payment:
    """Records one payment and folds it into what it pays; see `record_payments`."""
    return record_payments(company_id=company_id, payments=[payment], source=source, by=by, when=when)[0]


@transaction.atomic
def record_payments(
    *, company_id: int, payments: Sequence[NewPayment], source: str, by: Actor, when: When
) -> list[Payment]:
    """Records payments, each once per (company, source, external id), and folds the titles they pay.

    A payment already known with the same content is returned as it is. Refusals: payment_not_positive,
    payment_in_future, payment_without_payer, payment_title_unknown, payment_differs.
    """
    for payment in payments:
        _check(payment, when.today)
    titles = _titles(company_id, payments)
    known = {
        p.external_id: p
        for p in Payment.objects.select_for_update().filter(
            company_id=company_id, source=source, external_id__in=[p.external_id for p in payments]
        )
    }
    recorded, new = [], []
    for payment in payments:
        row = known.get(payment.external_id)
        if row is None:
            title = titles.get(payment.receivable_id) if payment.receivable_id else None
            row = known[payment.external_id] = Payment.objects.create(
                company_id=company_id, debtor_id=title.debtor_id if title else payment.debtor_id, receivable=title,
                source=source, external_id=payment.external_id, paid_on=payment.paid_on,
                amount_cents=payment.amount_cents, method=payment.method, recorded_at=when.at,
            )  # fmt: skip
            new.append(row)
            audit.record(
                by=by, when=when, verb="receivables.payment.recorded", subject="payment", subject_id=row.pk,
                company_id=company_id, receivable_id=row.receivable_id, amount_cents=row.amount_cents,
            )  # fmt: skip
        elif (row.amount_cents, row.paid_on, row.receivable_id) != (
            payment.amount_cents, payment.paid_on, payment.receivable_id,
        ):  # fmt: skip
            raise _differs(row)
        recorded.append(row)
    if new:
        _fold(new, when)
        outbox.emit(events.PaymentsRecorded(tuple(row.pk for row in new)), when.at)
    return recorded


@transaction.atomic
def reverse_payment(*, payment_id: int, reason: str, by: Actor, when: When) -> Payment:
    """Takes a payment back (bounced, charged back, recorded by mistake): its titles stand as if it had never come.

    Refusals: reason_missing, payment_already_reversed.
    """
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if not reason.strip():
        raise Refusal("reason_missing", "Say why: the reason stays on the title's record.")
    if payment.reversed_at is not None:
        raise Refusal(
            "payment_already_reversed",
            "This payment was already taken back on %(day)s.",
            {"day": payment.reversed_on.isoformat() if payment.reversed_on else ""},
        )
    payment.reversed_at, payment.reversed_on, payment.reversal_reason = when.at, when.today, reason.strip()[:200]
    payment.save(update_fields=["reversed_at", "reversed_on", "reversal_reason"])
    audit.record(
        by=by, when=when, verb="receivables.payment.reversed", subject="payment", subject_id=payment.pk,
        company_id=payment.company_id, receivable_id=payment.receivable_id, amount_cents=payment.amount_cents,
        reason=payment.reversal_reason,
    )  # fmt: skip
    _fold([payment], when)
    outbox.emit(events.PaymentsRecorded((payment.pk,)), when.at)
    return payment


def _fold(payments: Sequence[Payment], when: When) -> None:
    """Every title a payment names, reaches or reached before is folded again."""
    ids = {p.receivable_id for p in payments if p.receivable_id is not None}
    for payment in payments:
        ids |= set(payment.allocations.values_list("receivable_id", flat=True))
        if payment.receivable_id is None and payment.debtor_id is not None:
            of_debtor = Receivable.objects.filter(company_id=payment.company_id, debtor_id=payment.debtor_id)
            ids |= set(of_debtor.values_list("pk", flat=True))
    folding.refold(receivable_ids=sorted(ids), staging_table=None, when=when)


def _titles(company_id: int, payments: Sequence[NewPayment]) -> dict[int, Receivable]:
    wanted = {p.receivable_id for p in payments if p.receivable_id is not None}
    rows = Receivable.objects.select_for_update().filter(pk__in=wanted, company_id=company_id).order_by("pk")
    found = {row.pk: row for row in rows}
    missing = sorted(wanted - set(found))
    if missing:
        raise Refusal(
            "payment_title_unknown",
            "Title %(title)s is not one of this company's. Name one that is.",
            {"title": missing[0]},
        )
    return found


def _check(payment: NewPayment, today: dt.date) -> None:
    if payment.amount_cents <= 0:
        raise Refusal("payment_not_positive", "A payment must be more than zero. Take one back by reversing it.")
    if payment.paid_on > today:
        raise Refusal(
            "payment_in_future",
            "%(day)s has not come yet (today is %(today)s). Record a payment when it was made.",
            {"day": payment.paid_on.isoformat(), "today": today.isoformat()},
        )
    if payment.receivable_id is None and payment.debtor_id is None:
        raise Refusal("payment_without_payer", "Say which title the payment is for, or at least which debtor paid.")


def _differs(row: Payment) -> Refusal:
    return Refusal(
        "payment_differs",
        "Payment “%(id)s” of “%(source)s” is already recorded with another amount, day or title. "
        "Reverse that one, or give this one its own id.",
        {"id": row.external_id, "source": row.source},
    )
