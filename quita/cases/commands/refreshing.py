"""Keeping cases true to their titles between two runs, the moment that payments, reversals or corrections are known.

Set-based: three statements whatever the number of cases. Portfolio, phase and ladder stay as they were; those are the
run's to decide. A case is one row for ever, so a reversed payment finds the same case where it stood.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from quita.cases import events
from quita.platform.actors import SYSTEM, Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox

# The (contract, origin) pairs that the given titles, contracts or debtors belong to, with what is past due in each.
# A title is past due from the day after the last day on which it could be paid without charges: the due date, or
# the next business day of its calendar.
_TOUCHED = """
with touched as materialized (
    select distinct r.contract_id, r.origin from receivables_receivable r
    where r.id = any(%(titles)s::bigint[]) or r.contract_id = any(%(contracts)s::bigint[])
       or r.debtor_id = any(%(debtors)s::bigint[])
), standing as materialized (
    select t.contract_id, t.origin, late.is_late
    from touched t
    cross join lateral (
        select exists (
            select 1 from receivables_receivable r
            join parties_calendarday cd on cd.calendar_id = r.calendar_id and cd.day = r.due_on
            where r.contract_id = t.contract_id and r.origin = t.origin and r.status = 'open'
              and r.due_on < %(today)s and cd.next_business_on < %(today)s
        ) as is_late
    ) late
)
"""

_CLOSE = (
    _TOUCHED
    + """
, closing as (
    select c.id, coalesce(
        (select case r.status when 'renegotiated' then 'agreed' else r.status end
         from receivables_receivable r
         where r.contract_id = c.contract_id and r.origin = c.origin and r.status <> 'open'
           and r.closed_on >= c.opened_on
         order by r.closed_on desc, r.changed_at desc, r.id desc limit 1), 'not_due') as reason
    from standing s join cases_case c on c.contract_id = s.contract_id and c.origin = s.origin
    where not s.is_late and c.closed_on is null
    order by c.id for update of c
)
update cases_case c set closed_on = %(today)s, close_reason = closing.reason, exhausted_on = null
from closing where c.id = closing.id
returning c.id, c.company_id, c.close_reason
"""
)

_REOPEN = (
    _TOUCHED
    + """
, opening as (
    select c.id from standing s join cases_case c on c.contract_id = s.contract_id and c.origin = s.origin
    where s.is_late and c.closed_on is not null
    order by c.id for update of c
)
update cases_case c set closed_on = null, close_reason = ''
from opening where c.id = opening.id
returning c.id, c.company_id
"""
)

_OPEN = (
    _TOUCHED
    + """
insert into cases_case (company_id, debtor_id, contract_id, origin, opened_on, close_reason, portfolio_by_hand)
select ct.company_id, ct.debtor_id, s.contract_id, s.origin, %(today)s, '', false
from standing s join parties_contract ct on ct.id = s.contract_id
where s.is_late order by s.contract_id, s.origin
on conflict (contract_id, origin) do nothing
returning id, company_id
"""
)


@dataclass(frozen=True)
class Refreshed:
    """Ids of the cases that a refresh opened, found closed and opened again, and closed."""

    opened: tuple[int, ...] = ()
    reopened: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()


@transaction.atomic
def refresh_cases(
    *,
    receivable_ids: Collection[int] = (),
    contract_ids: Collection[int] = (),
    debtor_ids: Collection[int] = (),
    by: Actor = SYSTEM,
    when: When,
) -> Refreshed:
    """Closes cases with nothing past due left, opens and reopens those with something past due.

    The reason of a close is how the title closed last since the case was opened: paid, agreed, cancelled, written
    off; `not_due` when none did (a due date was moved).
    """
    values: dict[str, Any] = {
        "titles": sorted(receivable_ids),
        "contracts": sorted(contract_ids),
        "debtors": sorted(debtor_ids),
        "today": when.today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, values)
        closed = cursor.fetchall()
        cursor.execute(_REOPEN, values)
        reopened = cursor.fetchall()
        cursor.execute(_OPEN, values)
        opened = cursor.fetchall()
    for reason in sorted({row[2] for row in closed}):
        subjects = [(row[0], row[1]) for row in closed if row[2] == reason]
        audit.record_many(by=by, when=when, verb="cases.case.closed", subject="case", subjects=subjects, reason=reason)
    audit.record_many(by=by, when=when, verb="cases.case.reopened", subject="case", subjects=reopened)
    audit.record_many(by=by, when=when, verb="cases.case.opened", subject="case", subjects=opened)
    done = Refreshed(*(tuple(sorted(row[0] for row in rows)) for rows in (opened, reopened, closed)))
    if done.opened or done.reopened:
        outbox.emit(events.CasesOpened(tuple(sorted(done.opened + done.reopened))), when.at)
    if done.closed:
        outbox.emit(events.CasesClosed(done.closed), when.at)
    return done
