"""The worklist of titles."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from quita.cases.queries.worklist import conditions, counting, edges, finding, paging
from quita.cases.queries.worklist.filters import TITLE_SORTS, Filters
from quita.domain.refusals import Refusal
from quita.platform.access.scopes import Scope

_NAME = ('d.name_key collate "C"', "d.id", "r.id")
ORDERS = {
    "-days": finding.Order(("r.due_on", "r.id"), (dt.date, int)),
    "days": finding.Order(("r.due_on", "r.id"), (dt.date, int), descending=True),
    "balance": finding.Order(("r.balance_cents", "r.id"), (int, int)),
    "-balance": finding.Order(("r.balance_cents", "r.id"), (int, int), descending=True),
    "name": finding.Order(_NAME, (str, int, int), aliases=("d",)),
    "-name": finding.Order(_NAME, (str, int, int), descending=True, aliases=("d",)),
}
# Titles without a due date have no lateness to be sorted by.
UNDATED = finding.Order(("r.balance_cents", "r.id"), (int, int), descending=True)


@dataclass(frozen=True)
class TitleRow:
    """One line of the worklist. Amounts are centavos; `days_past_due` is None without a due date.

    `message_*` is the last message that listed this title. The updated amount is not here: it is computed for the
    visible rows by receivables.queries.payoffs.
    """

    id: int
    number: str
    document_type: str
    due_on: dt.date | None
    calendar_id: int
    original_cents: int
    balance_cents: int
    company_id: int
    company_name: str
    debtor_id: int
    debtor_name: str
    tax_id: str | None
    city: str
    uf: str
    protection: str
    contract_id: int
    contract_number: str
    unit: str
    case_id: int | None
    portfolio_id: int | None
    portfolio_by_hand: bool | None
    assigned_to_id: int | None
    phase_id: int | None
    phase_by_hand: bool | None
    is_disputed: bool
    is_on_hold: bool
    is_promised: bool
    message_channel: str | None
    message_state: str | None
    message_at: dt.datetime | None
    days_past_due: int | None


_ROWS = f"""
select r.id, r.number, r.document_type, r.due_on, r.calendar_id, r.original_cents, r.balance_cents,
       r.company_id, coalesce(nullif(co.trade_name, ''), co.legal_name),
       r.debtor_id, d.name, d.tax_id, d.city, d.uf, d.protection,
       r.contract_id, coalesce(ct.number, ''), coalesce(ct.unit, ''),
       cs.id, cs.portfolio_id, cs.portfolio_by_hand, cs.assigned_to_id, pp.phase_id, pp.by_hand,
       {conditions.DISPUTED}, {conditions.ON_HOLD}, {conditions.PROMISED}, m.channel, m.state, m.at
from receivables_receivable r
{{joins}}
left join lateral (
    select m.channel, m.state, coalesce(m.ended_at, m.created_at) as at from messaging_message m
    where m.debtor_id = r.debtor_id and m.receivable_ids @> array[r.id] order by m.id desc limit 1) m on true
where r.id = any(%(ids)s::bigint[])
order by r.id
"""


def title_worklist(
    *,
    filters: Filters,
    sort: str = "-days",
    after: str = "",
    before: str = "",
    scope: Scope,
    today: dt.date,
    size: int = paging.PAGE_SIZE,
) -> paging.Page[TitleRow]:
    """One page of open titles in three or four statements. Refusals: sort_unknown, cursor_damaged."""
    order = order_of(sort, filters)
    cursor = finding.cursor_of(order, after, before)
    known = edges.edges(today)
    found = finding.find(conditions.of(filters, scope, known), order, cursor, size=size)
    return finding.page_of(found.keys, cursor, size, found.gathered, lambda ids: _rows(ids, known))


def title_total(
    *, filters: Filters, scope: Scope, today: dt.date, gather: bool = True, exact: bool = False
) -> paging.Total:
    """How many titles pass the filters and their open balance; bounded unless `exact`.

    `gather`: whether the page of this list was gathered (`Page.gathered`).
    """
    found = conditions.of(filters, scope, edges.edges(today))
    return counting.total(found, plain=filters.is_plain, gather=gather, exact=exact)


def title_ids(*, filters: Filters, scope: Scope, today: dt.date, limit: int) -> list[int]:
    """The ids of the titles that pass the filters, by id, at most `limit` + 1: for actions on a whole result."""
    found = conditions.of(filters, scope, edges.edges(today))
    sql = f"""select r.id from receivables_receivable r {found.joins()}
              where {found.all(gather=True)} order by r.id + 0 limit %(limit)s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, found.params | {"limit": limit + 1})
        return [row[0] for row in cursor.fetchall()]


def title_rows(*, receivable_ids: Collection[int], scope: Scope, today: dt.date) -> list[TitleRow]:
    """These titles as lines of the worklist, by id, whatever their state; those outside the scope are absent."""
    # Numbers typed into an address may be beyond every id.
    rows = _rows([pk for pk in receivable_ids if 0 < pk < 2**63], edges.edges(today))
    return [row for row in rows.values() if scope.sees(row.company_id)]


def order_of(sort: str, filters: Filters) -> finding.Order:
    """The sort by its key. Refusal: sort_unknown."""
    if sort not in ORDERS:
        raise Refusal(
            "sort_unknown",
            "The list cannot be sorted by “%(sort)s”. Choose one of: %(known)s.",
            {"sort": sort[:20], "known": ", ".join(TITLE_SORTS)},
        )
    return UNDATED if filters.due == "undated" and sort.endswith("days") else ORDERS[sort]


def _rows(ids: list[int], known: edges.Edges) -> dict[int, TitleRow]:
    if not ids:
        return {}
    params: dict[str, Any] = {"ids": ids, "today": known.today}
    joins = conditions.Conditions(aliases={"d", "co", "ct", "cs", "pp"}).joins()
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(joins=joins), params)
        found = cursor.fetchall()
    return {row[0]: TitleRow(*(*row, known.days_past_due(row[3], row[4]))) for row in found}
