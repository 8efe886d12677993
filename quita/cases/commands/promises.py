"""Promises to pay. Whether one is open, kept or broken is derived from payments: `cases.queries.promises`."""

import datetime as dt

from django.db import transaction

from quita.cases import events
from quita.cases.commands import targets
from quita.cases.models import Promise
from quita.cases.queries import promises as states
from quita.domain.refusals import Refusal
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox

# A promise stops every message of the case, so it must end soon; what takes longer is an agreement, with instalments.
LONGEST_DAYS = 60


@transaction.atomic
def make_promise(*, case_id: int, amount_cents: int, pay_on: dt.date, scope: Scope, by: Actor, when: When) -> Promise:
    """Records that the debtor will pay so much by a day. Until then nothing of the case is chased.

    Refusals: case_unknown, case_closed, promise_amount, promise_in_the_past, promise_too_far, promise_open_already.
    """
    (case,) = targets.lock_cases([case_id], scope)
    if case.closed_on is not None:
        raise Refusal("case_closed", "Nothing of this case is past due any more, so there is nothing to promise.")
    if amount_cents <= 0:
        raise Refusal("promise_amount", "A promise needs an amount above zero. Write what the debtor will pay.")
    if pay_on < when.today:
        raise Refusal(
            "promise_in_the_past",
            "%(day)s is over. Give today or a later day.",
            {"day": pay_on},
        )
    if (pay_on - when.today).days > LONGEST_DAYS:
        raise Refusal(
            "promise_too_far",
            "%(days)s days ahead is more than the %(limit)s that a promise may wait. Agree on an earlier day, or make "
            "an agreement with instalments.",
            {"days": (pay_on - when.today).days, "limit": LONGEST_DAYS},
        )
    for known in states.promises_of_case(case_id=case.pk, scope=scope, today=when.today):
        if known.state == states.OPEN:
            raise Refusal(
                "promise_open_already",
                "A promise for %(day)s is still open. Withdraw it first if the debtor now says otherwise.",
                {"day": known.pay_on},
            )
    promise = Promise.objects.create(
        company_id=case.company_id, debtor_id=case.debtor_id, case=case, amount_cents=amount_cents,
        promised_on=when.today, pay_on=pay_on, at=when.at, by_id=by.user_id,
    )  # fmt: skip
    audit.record(
        by=by, when=when, verb="cases.promise.made", subject="case", subject_id=case.pk, company_id=case.company_id,
        promise_id=promise.pk, amount_cents=amount_cents, pay_on=pay_on.isoformat(),
    )  # fmt: skip
    outbox.emit(events.PromiseMade(promise.pk, case.pk), when.at)
    return promise


@transaction.atomic
def withdraw_promise(*, promise_id: int, reason: str, scope: Scope, by: Actor, when: When) -> Promise:
    """Takes a promise off the record's active side: it was noted by mistake, or the debtor took it back.

    Refusals: promise_unknown, reason_missing, promise_withdrawn_already.
    """
    promise: Promise = targets.lock_one(Promise.objects.all(), promise_id, scope, "promise")
    if promise.withdrawn_at is not None:
        raise Refusal("promise_withdrawn_already", "This promise was withdrawn before. Nothing changes.")
    promise.withdrawal_reason = targets.reason_of(reason, "reason_missing")
    promise.withdrawn_at = when.at
    promise.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    audit.record(
        by=by, when=when, verb="cases.promise.withdrawn", subject="case", subject_id=promise.case_id,
        company_id=promise.company_id, promise_id=promise.pk, reason=promise.withdrawal_reason,
    )  # fmt: skip
    outbox.emit(events.PromiseWithdrawn(promise.pk), when.at)
    return promise
