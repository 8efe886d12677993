"""Totals that cost little: exact where counting is cheap, "more than" where it is not, exact for whoever asks."""

from typing import Any

from django.db import connection

from quita.cases.queries.worklist import paging
from quita.cases.queries.worklist.conditions import Conditions

# Where only the title's own row decides, an index alone is read; else several tables are.
PLAIN_BOUND = 100_000
JOINED_BOUND = 5_000


def total(conditions: Conditions, *, plain: bool, gather: bool, exact: bool) -> paging.Total:
    """Rows and balance; counting stops beyond a bound unless `exact`. `gather`: as the page was found (`finding`)."""
    bound = PLAIN_BOUND if plain else JOINED_BOUND
    params: dict[str, Any] = conditions.params | {"bound": bound + 1}
    limit = "" if exact else "limit %(bound)s"
    sql = f"""
        select count(*), coalesce(sum(t.balance_cents), 0)::bigint from (
            select r.balance_cents from receivables_receivable r {conditions.joins()}
            where {conditions.all(gather=gather or exact)} {limit}) t"""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        count, balance = cursor.fetchone()
    if not exact and count > bound:
        return paging.Total(bound, balance, at_least=True)
    return paging.Total(count, balance)
