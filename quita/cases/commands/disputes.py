"""Disputes: while one is open its title is not chased; the debtor's other titles are."""

from django.db import transaction

from quita.cases import events
from quita.cases.commands import targets
from quita.cases.models import Dispute
from quita.domain.refusals import Refusal
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox


@transaction.atomic
def open_dispute(*, receivable_id: int, reason: str, scope: Scope, by: Actor, when: When) -> Dispute:
    """The debtor contests a title. Refusals: title_unknown, title_closed, reason_missing, dispute_open_already."""
    (title,) = targets.lock_titles([receivable_id], scope)
    if title.status != "open":
        raise Refusal(
            "title_closed",
            "Title %(number)s is not open any more, so there is nothing left to contest. Check its payments instead.",
            {"number": title.number},
        )
    clean = targets.reason_of(reason, "reason_missing")
    if Dispute.objects.filter(receivable_id=title.pk, closed_on__isnull=True).exists():
        raise Refusal(
            "dispute_open_already",
            "Title %(number)s is already in dispute. Close that dispute before opening another.",
            {"number": title.number},
        )
    dispute = Dispute.objects.create(
        receivable_id=title.pk, reason=clean, opened_on=when.today, opened_at=when.at, opened_by_id=by.user_id
    )
    audit.record(
        by=by, when=when, verb="cases.dispute.opened", subject="receivable", subject_id=title.pk,
        company_id=title.company_id, dispute_id=dispute.pk, reason=clean,
    )  # fmt: skip
    outbox.emit(events.DisputeOpened(dispute.pk, title.pk), when.at)
    return dispute


@transaction.atomic
def close_dispute(*, dispute_id: int, resolution: str, scope: Scope, by: Actor, when: When) -> Dispute:
    """Ends a dispute with what was decided; from now on the title is chased again.

    Refusals: dispute_unknown, dispute_closed_already, resolution_missing.
    """
    rows = Dispute.objects.select_related("receivable")
    dispute: Dispute = targets.lock_one(rows, dispute_id, scope, "dispute", "receivable__company_id")
    if dispute.closed_on is not None:
        raise Refusal("dispute_closed_already", "This dispute was closed before. Nothing changes.")
    dispute.resolution = targets.reason_of(resolution, "resolution_missing")
    dispute.closed_on, dispute.closed_by_id = when.today, by.user_id
    dispute.save(update_fields=["resolution", "closed_on", "closed_by"])
    audit.record(
        by=by, when=when, verb="cases.dispute.closed", subject="receivable", subject_id=dispute.receivable_id,
        company_id=dispute.receivable.company_id, dispute_id=dispute.pk, resolution=dispute.resolution,
    )  # fmt: skip
    outbox.emit(events.DisputeClosed(dispute.pk, dispute.receivable_id), when.at)
    return dispute
