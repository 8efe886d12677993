"""The worklist of open cases: one line per debtor, contract and origin, led by its oldest late title."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from quita.cases.models import Case
from quita.cases.queries.worklist import conditions, edges, finding, paging, titles
from quita.cases.queries.worklist.filters import CASE_SORTS, Filters
from quita.domain.refusals import Refusal
from quita.platform.access.scopes import Scope

COUNT_BOUND = 2_000
# A case is found through the title that leads it: its oldest open one.
_LEADS = """not exists (select 1 from receivables_receivable e
    where e.contract_id = r.contract_id and e.origin = r.origin and e.status = 'open'
      and (e.due_on, e.id) < (r.due_on, r.id))"""
_OPEN = "cs.id is not null"


@dataclass(frozen=True)
class CaseRow:
    """One line. `days_past_due` and `oldest_due_on` are of the oldest late title; amounts are centavos."""

    id: int
    company_id: int
    company_name: str
    debtor_id: int
    debtor_name: str
    tax_id: str | None
    city: str
    uf: str
    protection: str
    contract_number: str
    unit: str
    plan: str
    origin: str
    opened_on: dt.date
    portfolio_id: int | None
    portfolio_by_hand: bool
    assigned_to_id: int | None
    exhausted_on: dt.date | None
    title_count: int
    late_cents: int
    oldest_due_on: dt.date | None
    days_past_due: int | None
    is_on_hold: bool
    is_promised: bool
    open_task_count: int
    has_ticket: bool
    message_channel: str | None
    message_state: str | None
    message_at: dt.datetime | None


# `r` stands for the case itself here, so that what stops a case reads the same for titles and cases.
_ROWS = f"""
select cs.id, cs.company_id, coalesce(nullif(co.trade_name, ''), co.legal_name), cs.debtor_id, d.name, d.tax_id,
       d.city, d.uf, d.protection, ct.number, ct.unit, ct.plan, cs.origin, cs.opened_on, cs.portfolio_id,
       cs.portfolio_by_hand, cs.assigned_to_id, cs.exhausted_on, late.title_count, late.cents, late.oldest_on,
       %(today)s::date - late.oldest_on,
       {conditions.ON_HOLD}, {conditions.PROMISED}, tasks.open_count,
       exists (select 1 from cases_ticket tk where tk.case_id = cs.id and tk.closed_at is null),
       m.channel, m.state, m.at
from cases_case cs
cross join lateral (select 0::bigint as id, cs.debtor_id, cs.company_id) r
join parties_company co on co.id = cs.company_id
join parties_debtor d on d.id = cs.debtor_id
join parties_contract ct on ct.id = cs.contract_id
cross join lateral (
    select count(*) as title_count, coalesce(sum(o.balance_cents), 0)::bigint as cents, min(o.due_on) as oldest_on
    from receivables_receivable o
    join parties_calendarday od on od.calendar_id = o.calendar_id and od.day = o.due_on
    where o.contract_id = cs.contract_id and o.origin = cs.origin and o.status = 'open'
      and o.due_on < %(today)s::date and od.next_business_on < %(today)s::date) late
cross join lateral (
    select count(*) as open_count from cases_task t where t.case_id = cs.id and t.done_at is null) tasks
left join lateral (
    select m.channel, m.state, coalesce(m.ended_at, m.created_at) as at from messaging_message m
    where m.debtor_id = cs.debtor_id and m.company_id = cs.company_id order by m.id desc limit 1) m on true
where cs.id = any(%(ids)s::bigint[])
order by cs.id
"""


def case_worklist(
    *,
    filters: Filters,
    sort: str = "-days",
    after: str = "",
    before: str = "",
    scope: Scope,
    today: dt.date,
    size: int = paging.PAGE_SIZE,
) -> paging.Page[CaseRow]:
    """One page of open cases in four or five statements. Amount and lateness filters ask the oldest title.

    Refusals: sort_unknown, cursor_damaged.
    """
    if sort not in CASE_SORTS:
        raise Refusal(
            "sort_unknown",
            "The list cannot be sorted by “%(sort)s”. Choose one of: %(known)s.",
            {"sort": sort[:20], "known": ", ".join(CASE_SORTS)},
        )
    order = titles.ORDERS[sort]
    cursor = finding.cursor_of(order, after, before)
    found = finding.find(_conditions(filters, scope, today), order, cursor, size=size)
    case_of = _cases_of([key[0] for key in found.keys])
    led = [(case_of[key[0]], *key[1:]) for key in found.keys if key[0] in case_of]
    return finding.page_of(led, cursor, size, found.gathered, lambda ids: _rows(ids, today))


def case_total(
    *, filters: Filters, scope: Scope, today: dt.date, gather: bool = True, exact: bool = False
) -> paging.Total:
    """How many cases pass the filters, and what is late in them where counting ends; bounded unless `exact`.

    Without any filter but the company the count is exact and nothing is added up: that is the number of the home page.
    """
    if not exact and filters == Filters(company_id=filters.company_id):
        rows = scope.limit(Case.objects.filter(closed_on__isnull=True))
        rows = rows if filters.company_id is None else rows.filter(company_id=filters.company_id)
        return paging.Total(rows.count(), None)
    known = edges.edges(today)
    found = _conditions(filters, scope, today, known)
    limit = "" if exact else "limit %(bound)s"
    late, _ = known.late("o")
    sql = f"""
        select count(*), coalesce(sum(late.cents), 0)::bigint from (
            select r.contract_id, r.origin from receivables_receivable r {found.joins("cs")}
            where {found.all(gather=gather or exact)} {limit}) c
        cross join lateral (
            select sum(o.balance_cents) as cents from receivables_receivable o
            where o.contract_id = c.contract_id and o.origin = c.origin and o.status = 'open' and {late}) late"""
    with connection.cursor() as cursor:
        cursor.execute(sql, found.params | {"bound": COUNT_BOUND + 1})
        count, cents = cursor.fetchone()
    if not exact and count > COUNT_BOUND:
        return paging.Total(COUNT_BOUND, cents, at_least=True)
    return paging.Total(count, cents)


def _conditions(
    filters: Filters, scope: Scope, today: dt.date, known: edges.Edges | None = None
) -> conditions.Conditions:
    found = conditions.of(replace(filters, due="late"), scope, known or edges.edges(today))
    found.aliases.add("cs")
    found.others += [_OPEN, _LEADS]
    return found


def _cases_of(receivable_ids: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """select r.id, cs.id from receivables_receivable r
               join cases_case cs on cs.contract_id = r.contract_id and cs.origin = r.origin and cs.closed_on is null
               where r.id = any(%(ids)s::bigint[])""",
            {"ids": list(receivable_ids)},
        )
        return dict(cursor.fetchall())


def _rows(ids: list[int], today: dt.date) -> dict[int, CaseRow]:
    if not ids:
        return {}
    params: dict[str, Any] = {"ids": ids, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, params)
        return {row[0]: CaseRow(*row) for row in cursor.fetchall()}
