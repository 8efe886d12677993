"""Titles entered one at a time, and the calendars they follow. Files bring them in bulk (`receivables.bulk`)."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction

from quita.domain.refusals import Refusals
from quita.parties import commands as parties
from quita.parties import queries as party_queries
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox
from quita.receivables import events
from quita.receivables.commands import folding
from quita.receivables.models import Receivable

# Ids in one event: an event is one row of JSON, and a handler's transaction should stay short.
EVENT_IDS = 5_000


@dataclass(frozen=True)
class NewTitle:
    """What was agreed. `policy_id` None takes the company's policy; amounts in centavos."""

    external_id: str
    number: str
    amount_cents: int
    due_on: dt.date | None
    issue_on: dt.date | None = None
    document_type: str = ""
    origin: str = "other"
    billing_method: str = ""
    rebate_cents: int = 0
    discount_cents: int | None = None
    discount_until_on: dt.date | None = None
    policy_id: int | None = None


@transaction.atomic
def create_title(
    *, company_id: int, debtor_id: int, title: NewTitle, contract_number: str = "", source: str, by: Actor, when: When
) -> Receivable:
    """Adds a title under the debtor's contract of that number (made when missing).

    Refusals: title_number_missing, amount_not_positive, title_exists.
    """
    _check(company_id, source, title)
    contract = parties.ensure_contract(
        company_id=company_id, debtor_id=debtor_id, number=contract_number, by=by, when=when
    )
    calendar_id = party_queries.calendar_for(contract.debtor, contract.branch)
    policy_id = title.policy_id or contract.company.default_policy_id
    made = Receivable.objects.create(
        company_id=company_id, branch_id=contract.branch_id, debtor_id=debtor_id, contract=contract,
        calendar_id=calendar_id, policy_id=policy_id, source=source, external_id=title.external_id, number=title.number,
        document_type=title.document_type, origin=title.origin, billing_method=title.billing_method,
        issue_on=title.issue_on, due_on=title.due_on, original_cents=title.amount_cents,
        rebate_cents=title.rebate_cents, discount1_cents=title.discount_cents,
        discount1_until_on=title.discount_until_on, balance_cents=title.amount_cents,
        created_at=when.at, changed_at=when.at,
    )  # fmt: skip
    audit.record(
        by=by, when=when, verb="receivables.title.created", subject="receivable", subject_id=made.pk,
        company_id=company_id, original_cents=title.amount_cents,
    )  # fmt: skip
    outbox.emit(events.TitlesChanged((made.pk,)), when.at)
    return made


@transaction.atomic
def change_terms(
    *, receivable_id: int, due_on: dt.date | None, amount_cents: int, reason: str, by: Actor, when: When
) -> Receivable:
    """Corrects the due date or the amount of a title, audited with old and new; what was paid is laid anew over it.

    Refusals: reason_missing, amount_not_positive.
    """
    title = Receivable.objects.select_for_update().get(pk=receivable_id)
    refusals = Refusals()
    _check_amount(amount_cents, refusals)
    if not reason.strip():
        refusals.add("reason_missing", "Say why: the reason stays on the title's record.", field="reason")
    refusals.raise_if_any()
    if (title.due_on, title.original_cents) == (due_on, amount_cents):
        return title
    audit.record(
        by=by, when=when, verb="receivables.title.changed", subject="receivable", subject_id=title.pk,
        company_id=title.company_id, original_cents=[title.original_cents, amount_cents],
        due_on=[title.due_on and title.due_on.isoformat(), due_on and due_on.isoformat()], reason=reason.strip()[:200],
    )  # fmt: skip
    title.due_on = due_on
    title.original_cents = amount_cents
    # The constraints hold at every instant; the folding that follows finds the true balance.
    title.balance_cents = min(title.balance_cents, amount_cents)
    title.changed_at = when.at
    title.save(update_fields=["due_on", "original_cents", "balance_cents", "changed_at"])
    folding.refold(receivable_ids=[title.pk], staging_table=None, when=when)
    outbox.emit(events.TitlesChanged((title.pk,)), when.at)
    title.refresh_from_db()
    return title


@transaction.atomic
def reassign_calendars(
    *, when: When, debtor_ids: list[int] | None = None, branch_id: int | None = None, ibge_code: str | None = None
) -> int:
    """Gives titles the calendar of the payer's municipality, or else of their branch, after either changed.

    Exactly one of the three says which titles to look at. Closed titles are looked at as well: whether a payment was
    late hangs on the calendar. Returns how many titles follow another calendar now.
    """
    which = {
        "d.id = any(%(key)s)": debtor_ids, "b.id = %(key)s": branch_id, "d.ibge_code = %(key)s": ibge_code,
    }  # fmt: skip
    given = [(condition, value) for condition, value in which.items() if value is not None]
    if len(given) != 1:
        raise ValueError("reassign_calendars takes exactly one of debtor_ids, branch_id and ibge_code")
    condition, value = given[0]
    join, calendar = party_queries.receivables_calendar_sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with wanted as (
                select r.id, {calendar} as calendar_id from receivables_receivable r
                join parties_debtor d on d.id = r.debtor_id join parties_branch b on b.id = r.branch_id {join}
                where {condition}
            )
            update receivables_receivable r set calendar_id = wanted.calendar_id, changed_at = %(at)s from wanted
            where wanted.id = r.id and r.calendar_id <> wanted.calendar_id
            returning r.id
            """,
            {"key": value, "at": when.at},
        )
        moved = sorted(row[0] for row in cursor.fetchall())
    folding.refold_paid(receivable_ids=moved, when=when)
    for start in range(0, len(moved), EVENT_IDS):
        outbox.emit(events.TitlesChanged(tuple(moved[start : start + EVENT_IDS])), when.at)
    return len(moved)


def _check(company_id: int, source: str, title: NewTitle) -> None:
    refusals = Refusals()
    if not title.number.strip() or not title.external_id.strip():
        refusals.add(
            "title_number_missing", "A title needs a number and the id its source knows it by.", field="number"
        )
    _check_amount(title.amount_cents, refusals)
    if Receivable.objects.filter(company_id=company_id, source=source, external_id=title.external_id).exists():
        refusals.add(
            "title_exists",
            "This company already has a title “%(id)s” from “%(source)s”. Change that one.",
            {"id": title.external_id[:80], "source": source},
            field="external_id",
        )
    refusals.raise_if_any()


def _check_amount(amount_cents: int, refusals: Refusals) -> None:
    if amount_cents <= 0:
        refusals.add("amount_not_positive", "A title's amount must be more than zero.", field="amount")
