"""Promises with the state that follows from payments. One definition, for pages, the run and delivery alike.

open       today is not past the day promised (moved to the next business day of the contract's branch) and less than
           the amount has come in since it was given
kept       the amount came in by that day
broken     the day is over and it did not
withdrawn  a person took it back, with a reason
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from quita.platform.access.scopes import Scope

OPEN, KEPT, BROKEN, WITHDRAWN = "open", "kept", "broken", "withdrawn"

LONGEST_GRACE = 15

# Money that came in for what the case is about, discounts and waivers left out; paid on a day, not credited on it.
# Takes the alias p of cases_promise and %(today)s.
STATE_SQL = """
select p.id, p.case_id, p.company_id, p.debtor_id, p.amount_cents, p.promised_on, p.pay_on, p.at, p.by_id,
       p.withdrawal_reason, good.until_on, paid.cents as paid_cents,
       case when p.withdrawn_at is not null then 'withdrawn'
            when paid.cents >= p.amount_cents then 'kept'
            when %(today)s::date <= good.until_on then 'open'
            else 'broken' end as state
from cases_promise p
left join cases_case cs on cs.id = p.case_id
left join parties_contract ct on ct.id = cs.contract_id
left join parties_branch b on b.id = ct.branch_id
left join parties_calendarday cd on cd.calendar_id = b.calendar_id and cd.day = p.pay_on
cross join lateral (select coalesce(cd.next_business_on, p.pay_on) as until_on) good
cross join lateral (
    select coalesce(sum(a.amount_cents), 0)::bigint as cents
    from receivables_receivable r
    join receivables_allocation a on a.receivable_id = r.id
    join receivables_payment y on y.id = a.payment_id and y.reversed_at is null
    where r.debtor_id = p.debtor_id and r.company_id = p.company_id
      and (p.case_id is null or (r.contract_id = cs.contract_id and r.origin = cs.origin))
      and a.component in ('fees', 'interest', 'fine', 'correction', 'principal')
      and a.value_on between p.promised_on and good.until_on
) paid
"""


@dataclass(frozen=True)
class PromiseState:
    """A promise as it stands today. `until_on` is the last day on which paying keeps it."""

    id: int
    case_id: int | None
    company_id: int
    debtor_id: int
    amount_cents: int
    promised_on: dt.date
    pay_on: dt.date
    at: dt.datetime
    by_id: int | None
    withdrawal_reason: str
    until_on: dt.date
    paid_cents: int
    state: str


def promises_of_case(*, case_id: int, scope: Scope, today: dt.date) -> list[PromiseState]:
    """The promises of a case, newest first."""
    return _read("where p.case_id = %(case_id)s", {"case_id": case_id}, scope, today)


def open_promises(*, scope: Scope, today: dt.date) -> list[PromiseState]:
    """Every promise that is open today, by id."""
    where = "where p.withdrawn_at is null and p.pay_on >= %(today)s::date - %(grace)s::int"
    # Only promises whose day is near or ahead can be open: the next business day is never far.
    rows = _read(where, {"grace": LONGEST_GRACE}, scope, today, "order by p.id")
    return [promise for promise in rows if promise.state == OPEN]


def promises_due(*, scope: Scope, today: dt.date, limit: int = 200) -> list[PromiseState]:
    """Promises whose day is today and that nobody withdrew, by id."""
    where = "where p.pay_on = %(today)s and p.withdrawn_at is null"
    return _read(where, {"limit": limit}, scope, today, "order by p.id limit %(limit)s")


def _read(
    where: str, params: dict[str, Any], scope: Scope, today: dt.date, order: str = "order by p.id desc"
) -> list[PromiseState]:
    values = params | {"today": today}
    if scope.company_ids is not None:
        where += " and p.company_id = any(%(companies)s)"
        values["companies"] = sorted(scope.company_ids)
    with connection.cursor() as cursor:
        cursor.execute(f"{STATE_SQL} {where} {order}", values)
        return [PromiseState(*row) for row in cursor.fetchall()]
