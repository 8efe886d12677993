"""Folding payments and contra entries into titles: the only place where balances and statuses come from.

Facts are added by other commands; here they are read, folded by the core from the title's first day, and what differs
from the stored position is written. The same facts in another order give the same rows, and a second fold writes
nothing. One title or a million go through the same three steps: read (`facts`), decide (`deciding`), write (`writing`).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from quita.platform import staging
from quita.platform.actors import When
from quita.receivables.commands.folding import deciding, facts, writing
from quita.receivables.commands.folding.writing import Refolded
from quita.receivables.queries import ruling

__all__ = ["Refolded", "refold", "refold_due_around", "refold_paid", "refold_policy"]

# A day moves the due dates before it by no more than the longest chain of days without bank service.
_LONGEST_CHAIN_DAYS = 14


@transaction.atomic
def refold(*, receivable_ids: Sequence[int] | None, staging_table: str | None, when: When) -> Refolded:
    """Folds titles again, given as ids or as a work table with a column `receivable_id`; exactly one of the two.

    Titles of the same debtor and company come along where a payment named no title, since it is spread over them. The
    titles are locked first, so that two payments at once are folded one after the other.
    """
    if (receivable_ids is None) == (staging_table is None):
        raise ValueError("refold takes either receivable_ids or staging_table")
    with staging.table("folded", {"receivable_id": "bigint primary key"}) as chosen:
        if not facts.choose(chosen, receivable_ids, staging_table):
            return Refolded()
        facts.lock(chosen)
        known = facts.read(chosen)
        outcome = deciding.decide(known, ruling.rules(when.today))
        return writing.write(known, outcome, chosen, when)


def refold_paid(*, receivable_ids: Sequence[int], when: When) -> Refolded:
    """Folds again those of the titles that something was paid on; the others have nothing to fold."""
    return _refold_where("r.id = any(%(ids)s)", {"ids": list(receivable_ids)}, when)


def refold_due_around(*, calendar_id: int, day: dt.date, when: When) -> Refolded:
    """Folds again the paid titles of a calendar whose last day to pay may hang on a day that became or ceased free."""
    start = day - dt.timedelta(days=_LONGEST_CHAIN_DAYS)
    condition = "r.calendar_id = %(calendar)s and r.due_on between %(start)s and %(day)s"
    return _refold_where(condition, {"calendar": calendar_id, "start": start, "day": day}, when)


def refold_policy(*, version_id: int, when: When) -> Refolded:
    """Folds again the paid titles that a version of a policy now rules."""
    condition = """exists (select 1 from receivables_chargepolicyversion v
        where v.id = %(version)s and v.policy_id = r.policy_id and v.valid @> coalesce(r.due_on, 'infinity'::date))"""
    return _refold_where(condition, {"version": version_id}, when)


def _refold_where(condition: str, params: dict[str, Any], when: When) -> Refolded:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select r.id from receivables_receivable r where {condition}
              and exists (select 1 from receivables_allocation a where a.receivable_id = r.id)
            order by r.id
            """,
            params,
        )
        ids = [row[0] for row in cursor.fetchall()]
    return refold(receivable_ids=ids, staging_table=None, when=when) if ids else Refolded()
