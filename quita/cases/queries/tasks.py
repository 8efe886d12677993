"""What people must do: the call list and the other tasks, most urgent first."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.db import connection

from quita.cases.models import Task, TaskKind
from quita.cases.queries.worklist import edges, finding, paging
from quita.platform.access.scopes import Scope

TaskDue = Literal["now", "today", "late", "later", "all"]
TASK_DUES: tuple[TaskDue, ...] = ("now", "today", "late", "later", "all")
_ORDER = finding.Order(("t.due_on", "t.id"), (dt.date, int))
_DUE = {
    "now": "t.due_on <= %(today)s::date",
    "today": "t.due_on = %(today)s::date",
    "late": "t.due_on < %(today)s::date",
    "later": "t.due_on > %(today)s::date",
    "all": "true",
}

_ROWS = """
select t.id, t.kind, t.title, t.due_on, t.assigned_to_id, t.role, t.case_id, t.company_id,
       coalesce(nullif(co.trade_name, ''), co.legal_name), t.debtor_id, d.name, d.city, d.uf, phone.value,
       coalesce(late.title_count, 0), coalesce(late.cents, 0)::bigint, %(today)s::date - late.oldest_on
from cases_task t
join parties_company co on co.id = t.company_id
join parties_debtor d on d.id = t.debtor_id
left join cases_case cs on cs.id = t.case_id
left join lateral (
    select p.value from parties_contactpoint p
    where p.debtor_id = t.debtor_id and p.kind = 'phone' and p.state in ('verified', 'unverified')
    order by (p.state = 'verified') desc, p.preference, p.id limit 1) phone on true
left join lateral (
    select count(*) as title_count, sum(o.balance_cents) as cents, min(o.due_on) as oldest_on
    from receivables_receivable o
    where o.contract_id = cs.contract_id and o.origin = cs.origin and o.status = 'open' and {late}) late on true
where {where}
order by {order} limit %(size)s
"""


@dataclass(frozen=True)
class TaskRow:
    """One thing to do. `phone` is the number to try first, verified ones before others; None when there is none."""

    id: int
    kind: str
    title: str
    due_on: dt.date
    assigned_to_id: int | None
    role: str
    case_id: int | None
    company_id: int
    company_name: str
    debtor_id: int
    debtor_name: str
    city: str
    uf: str
    phone: str | None
    title_count: int
    late_cents: int
    days_past_due: int | None

    @property
    def kind_label(self) -> str:
        """What kind of task it is, in the reader's language."""
        return str(TaskKind(self.kind).label)


def open_tasks(
    *,
    scope: Scope,
    today: dt.date,
    due: TaskDue = "now",
    kind: str = "",
    assigned_to_id: int | None = None,
    after: str = "",
    before: str = "",
    size: int = paging.PAGE_SIZE,
) -> paging.Page[TaskRow]:
    """One page of open tasks, oldest due first. `assigned_to_id` 0: given to nobody. Refusal: cursor_damaged."""
    known = edges.edges(today)
    late, params = known.late("o")
    cursor = finding.cursor_of(_ORDER, after, before)
    where = ["t.done_at is null", _DUE[due]]
    if kind:
        where.append("t.kind = %(kind)s")
    if assigned_to_id is not None:
        where.append("t.assigned_to_id = %(person)s::bigint" if assigned_to_id else "t.assigned_to_id is null")
    if scope.company_ids is not None:
        where.append("t.company_id = any(%(companies)s::bigint[])")
    params |= {
        "today": today, "kind": kind, "person": assigned_to_id, "companies": sorted(scope.company_ids or ()),
        "size": size + 1,
    }  # fmt: skip
    where += _ORDER.beyond(cursor, params)
    backward = cursor is not None and cursor.backward
    sql = _ROWS.format(late=late, where=" and ".join(where), order=_ORDER.by(backward))
    with connection.cursor() as database:
        database.execute(sql, params)
        rows = {row[0]: TaskRow(*row) for row in database.fetchall()}
    keys = [(row.id, row.due_on, row.id) for row in rows.values()]
    return finding.page_of(keys, cursor, size, False, lambda ids: rows)


def open_task_counts(*, scope: Scope, today: dt.date) -> dict[str, int]:
    """How many open tasks there are: `late`, `today`, `later`, and `calls` that are due by now. One statement."""
    companies = sorted(scope.company_ids) if scope.company_ids is not None else None
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*) filter (where due_on < %(today)s::date),
                      count(*) filter (where due_on = %(today)s::date),
                      count(*) filter (where due_on > %(today)s::date),
                      count(*) filter (where kind = 'call' and due_on <= %(today)s::date)
               from cases_task
               where done_at is null and (%(companies)s::bigint[] is null
                   or company_id = any(%(companies)s::bigint[]))""",
            {"today": today, "companies": companies},
        )
        late, now, later, calls = cursor.fetchone()
    return {"late": late, "today": now, "later": later, "calls": calls}


def task_or_none(*, task_id: int, scope: Scope) -> Task | None:
    """One task, or None outside the scope."""
    return scope.limit(Task.objects.select_related("case", "company", "debtor")).filter(pk=task_id).first()
