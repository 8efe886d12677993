"""What the palette finds beyond pages: debtors with their cases, and titles by number."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from quita.cases.queries.worklist import conditions
from quita.platform.access.scopes import Scope

SHORTEST = 2
EACH = 6

# People are found by name and document, whatever they owe; what is late of theirs is added up for those shown.
_PEOPLE = """
select d.id, d.name, d.city, d.uf, d.tax_id, c.case_id, coalesce(owed.cents, 0)::bigint
from (
    select d.* from parties_debtor d
    where ({matches}) and exists (
        select 1 from parties_contract ct where ct.debtor_id = d.id and {seen})
    order by d.name_key collate "C", d.id limit %(each)s) d
left join lateral (
    select cs.id as case_id from cases_case cs
    where cs.debtor_id = d.id and (%(companies)s::bigint[] is null or cs.company_id = any(%(companies)s::bigint[]))
    order by cs.closed_on is not null, cs.opened_on, cs.id limit 1) c on true
left join lateral (
    select sum(r.balance_cents) as cents from receivables_receivable r
    where r.debtor_id = d.id and r.status = 'open' and r.due_on < %(today)s::date
      and (%(companies)s::bigint[] is null or r.company_id = any(%(companies)s::bigint[]))) owed on true
order by d.name_key collate "C", d.id
"""
_TITLES = """
select r.id, r.number, r.due_on, r.balance_cents, r.status, d.name
from receivables_receivable r join parties_debtor d on d.id = r.debtor_id
where r.number like %(number)s and (%(companies)s::bigint[] is null or r.company_id = any(%(companies)s::bigint[]))
order by r.number, r.id limit %(each)s
"""


@dataclass(frozen=True)
class Hit:
    """One option of the palette. `kind` is debtor or title; `case_id` is set where a case exists."""

    kind: str
    id: int
    text: str
    place: str
    amount_cents: int
    case_id: int | None = None
    due_on: dt.date | None = None
    status: str = ""


def found(*, text: str, scope: Scope, today: dt.date) -> list[Hit]:
    """At most six debtors and six titles, in two statements; nothing below two characters."""
    typed = " ".join(text.split())[:100]
    if len(typed) < SHORTEST:
        return []
    asked = conditions.Conditions()
    conditions.search(asked, typed)
    companies = None if scope.company_ids is None else sorted(scope.company_ids)
    params = asked.params | {"today": today, "companies": companies, "each": EACH}
    seen = "(%(companies)s::bigint[] is null or ct.company_id = any(%(companies)s::bigint[]))"
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(matches=asked.of_person, seen=seen), params)
        people = [
            Hit("debtor", row[0], row[1], "/".join(filter(None, (row[2], row[3]))), row[6], case_id=row[5])
            for row in cursor.fetchall()
        ]
        cursor.execute(_TITLES, params)
        titles = [
            Hit("title", row[0], row[1], row[5], row[3], due_on=row[2], status=row[4]) for row in cursor.fetchall()
        ]
    return people + titles
