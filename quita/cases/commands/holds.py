"""Holds: collection of a title, a case or a debtor rests for a reason, until a day. They end by themselves."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from quita.cases import events
from quita.cases.commands import targets
from quita.cases.models import Case, Hold
from quita.cases.neighbours import TITLES
from quita.domain.refusals import Refusal
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox

# A hold that lasts for ever is a decision not to collect; that decision is a write-off and has its own command.
LONGEST_DAYS = 180


@transaction.atomic
def place_holds(
    *,
    case_ids: Iterable[int] = (),
    receivable_ids: Iterable[int] = (),
    reason: str,
    ends_on: dt.date,
    starts_on: dt.date | None = None,
    scope: Scope,
    by: Actor,
    when: When,
) -> list[Hold]:
    """One hold for each case or title given; the last day is included. It may start in the past.

    Refusals: nothing_chosen, too_many_chosen, case_unknown, title_unknown, reason_missing, hold_over,
    hold_backwards, hold_too_long.
    """
    clean = targets.reason_of(reason, "reason_missing")
    first = _checked_start(starts_on, ends_on, when.today)
    titles = targets.lock_titles(receivable_ids, scope) if receivable_ids else []
    cases = targets.lock_cases(case_ids, scope) if case_ids or not titles else []
    common = {"reason": clean, "starts_on": first, "ends_on": ends_on, "at": when.at, "by_id": by.user_id}
    holds = Hold.objects.bulk_create([
        *(Hold(company_id=case.company_id, debtor_id=case.debtor_id, case=case, **common) for case in cases),
        *(Hold(company_id=t.company_id, debtor_id=t.debtor_id, receivable_id=t.pk, **common) for t in titles),
    ])  # fmt: skip
    told = {"reason": clean, "ends_on": ends_on.isoformat()}
    of_cases = [(case.pk, case.company_id) for case in cases]
    of_titles = [(title.pk, title.company_id) for title in titles]
    audit.record_many(by=by, when=when, verb="cases.hold.placed", subject="case", subjects=of_cases, **told)
    audit.record_many(by=by, when=when, verb="cases.hold.placed", subject="receivable", subjects=of_titles, **told)
    outbox.emit(events.HoldsPlaced(tuple(hold.pk for hold in holds)), when.at)
    return holds


@transaction.atomic
def place_debtor_hold(
    *,
    debtor_id: int,
    company_id: int | None,
    reason: str,
    ends_on: dt.date,
    starts_on: dt.date | None = None,
    scope: Scope,
    by: Actor,
    when: When,
) -> Hold:
    """Everything a debtor owes rests: to one company, or (`company_id` None) to all of them.

    Only those who see every company may stop every company. Refusals: debtor_unknown, hold_beyond_scope and those of
    `place_holds`.
    """
    clean = targets.reason_of(reason, "reason_missing")
    first = _checked_start(starts_on, ends_on, when.today)
    if scope.company_ids is not None and (company_id is None or not scope.sees(company_id)):
        raise Refusal(
            "hold_beyond_scope",
            "You may suspend collection for your companies only. Choose the company, or ask an administrator.",
        )
    known = TITLES.objects.filter(debtor_id=debtor_id)
    if not scope.limit(known).exists():
        raise Refusal(
            "debtor_unknown",
            "Number %(id)s does not exist or belongs to a company that you do not see. Reload the page.",
            {"id": debtor_id},
        )
    hold = Hold.objects.create(
        debtor_id=debtor_id, company_id=company_id, reason=clean, starts_on=first, ends_on=ends_on, at=when.at,
        by_id=by.user_id,
    )  # fmt: skip
    cases = Case.objects.filter(debtor_id=debtor_id).order_by("id")
    if company_id is not None:
        cases = cases.filter(company_id=company_id)
    audit.record_many(
        by=by, when=when, verb="cases.hold.placed", subject="case", subjects=cases.values_list("pk", "company_id"),
        reason=clean, ends_on=ends_on.isoformat(), hold_id=hold.pk, whole_debtor=True,
    )  # fmt: skip
    outbox.emit(events.HoldsPlaced((hold.pk,)), when.at)
    return hold


@transaction.atomic
def lift_hold(*, hold_id: int, scope: Scope, by: Actor, when: When) -> Hold:
    """Ends a hold before its day; its last day is yesterday. Refusals: hold_unknown, hold_over_already."""
    hold: Hold = targets.lock_one(Hold.objects.all(), hold_id, scope, "hold")
    if hold.lifted_at is not None or hold.ends_on < when.today:
        raise Refusal("hold_over_already", "This hold is over. Nothing changes.")
    hold.lifted_at, hold.lifted_on, hold.lifted_by_id = when.at, when.today, by.user_id
    hold.save(update_fields=["lifted_at", "lifted_on", "lifted_by"])
    subject, subject_id = ("receivable", hold.receivable_id) if hold.receivable_id else ("case", hold.case_id)
    if subject_id is None:
        subject, subject_id = "debtor", hold.debtor_id
    audit.record(
        by=by, when=when, verb="cases.hold.lifted", subject=subject, subject_id=subject_id,
        company_id=hold.company_id, hold_id=hold.pk,
    )  # fmt: skip
    outbox.emit(events.HoldLifted(hold.pk), when.at)
    return hold


def _checked_start(starts_on: dt.date | None, ends_on: dt.date, today: dt.date) -> dt.date:
    first = starts_on or today
    if ends_on < first:
        raise Refusal(
            "hold_backwards",
            "The hold would end on %(end)s, before it starts on %(start)s. Correct one of the two.",
            {"end": ends_on, "start": first},
        )
    if ends_on < today:
        raise Refusal(
            "hold_over", "A hold until %(end)s would already be over. Give today or a later day.",
            {"end": ends_on},
        )  # fmt: skip
    if (ends_on - today).days > LONGEST_DAYS:
        raise Refusal(
            "hold_too_long",
            "%(days)s days is more than the %(limit)s that a hold may last. Set an earlier end and renew it when the "
            "time comes.",
            {"days": (ends_on - today).days, "limit": LONGEST_DAYS},
        )
    return first
