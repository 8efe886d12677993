"""What keeps a title from being chased today: an open promise, a dispute, a hold. One statement for many titles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection

from quita.cases.queries import promises

# Strongest reason first. A promise covers the titles of its case, or everything of the debtor at that company; whether
# it is open `promises` defines. A hold may suspend a title, a case, a debtor at one company or everywhere.
_STOPPED = f"""
    with asked as (
        select r.id, r.debtor_id, r.company_id, r.contract_id, r.origin
        from receivables_receivable r where r.id = any(%(ids)s)
    ),
    promised as (
        {promises.STATE_SQL}
        where (p.debtor_id, p.company_id) in (select debtor_id, company_id from asked)
    )
    select a.id, 'promise_open' as reason, 1 as rank
    from asked a join promised p on p.debtor_id = a.debtor_id and p.company_id = a.company_id and p.state = 'open'
    left join cases_case c on c.id = p.case_id
    where p.case_id is null or (c.contract_id = a.contract_id and c.origin = a.origin)
    union all
    select a.id, 'disputed', 2
    from asked a join cases_dispute d on d.receivable_id = a.id
    where d.opened_on <= %(today)s and (d.closed_on is null or d.closed_on > %(today)s)
    union all
    select a.id, 'on_hold', 3
    from asked a join cases_hold h on h.debtor_id = a.debtor_id
    left join cases_case c on c.id = h.case_id
    where %(today)s between h.starts_on and h.ends_on and (h.lifted_on is null or h.lifted_on > %(today)s)
      and (h.company_id is null or h.company_id = a.company_id)
      and (h.receivable_id is null or h.receivable_id = a.id)
      and (h.case_id is null or (c.contract_id = a.contract_id and c.origin = a.origin))
    order by 1, 3
"""


def stopped_titles(*, receivable_ids: Collection[int], today: dt.date) -> list[tuple[int, str]]:
    """Return (receivable id, reason) for every title that something stops, the strongest reason of a title first."""
    with connection.cursor() as cursor:
        cursor.execute(_STOPPED, {"ids": sorted(receivable_ids), "today": today})
        return [(row[0], row[1]) for row in cursor.fetchall()]
