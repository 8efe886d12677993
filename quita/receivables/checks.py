"""Whether what is stored follows from the facts: run by `quita check`, changes nothing."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl
from django.db import connection, transaction

from quita.domain import aging
from quita.parties import commands as parties
from quita.platform import staging
from quita.platform.access.scopes import EVERYTHING
from quita.receivables import frames
from quita.receivables.commands.folding import deciding, facts, writing
from quita.receivables.queries import ruling, worth
from quita.receivables.queries.aging import with_days_past_due

# Ids looked at in one go: bounds the memory, not the result.
CHUNK_IDS = 200_000
_EXAMPLES = 5


@dataclass(frozen=True)
class Inconsistency:
    """Something stored that the facts do not bear out. `examples` are ids to look at."""

    code: str
    count: int
    examples: tuple[int, ...] = ()


def check(*, today: dt.date, progress: Callable[[int, int], None] | None = None) -> list[Inconsistency]:
    """Folds every title from its facts and compares; adds up the aging; compares the calendars with their rules.

    An empty list is what should come out. `progress` is told how many titles of how many were looked at.
    """
    found = list(_positions(today, progress))
    found += _aging(today)
    found += _calendars()
    return found


def _positions(today: dt.date, progress: Callable[[int, int], None] | None) -> Iterator[Inconsistency]:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(min(id), 0), coalesce(max(id), -1), count(*) from receivables_receivable")
        first, last, total = cursor.fetchone()
    rules = ruling.rules(today)
    positions: list[int] = []
    allocations: list[int] = []
    done = 0
    for start in range(first, last + 1, CHUNK_IDS):
        with transaction.atomic(), staging.table("checked", {"receivable_id": "bigint primary key"}) as chosen:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"insert into {chosen} select id from receivables_receivable where id between %s and %s",
                    [start, start + CHUNK_IDS - 1],
                )
                done += cursor.rowcount
            facts.choose(chosen, [], None)
            known = facts.read(chosen)
            outcome = deciding.decide(known, rules)
            positions += writing.changed(known.titles, outcome.positions)["receivable_id"].to_list()
            allocations += writing.differing(outcome.allocations, writing.stored_allocations(chosen))
        if progress is not None:
            progress(done, total)
    for code, ids in (("position_differs", positions), ("allocations_differ", allocations)):
        if ids:
            distinct = sorted(set(ids))
            yield Inconsistency(code, len(distinct), tuple(distinct[:_EXAMPLES]))


def _aging(today: dt.date) -> list[Inconsistency]:
    """The buckets must add up to what the database itself says is outstanding."""
    buckets = aging.aging(with_days_past_due(worth.position_frame(scope=EVERYTHING), today))
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(sum(balance_cents), 0) from receivables_receivable where status = 'open'")
        outstanding = int(cursor.fetchone()[0])
    difference = outstanding - int(buckets["amount_cents"].sum())
    return [Inconsistency("aging_differs", abs(difference))] if difference else []


def _calendars() -> list[Inconsistency]:
    """The calendars as written out against the rules of this version."""
    schema = {"day": pl.Date(), "is_business": pl.Boolean(), "business_seq": pl.Int32(), "next_business_on": pl.Date()}
    wrong = []
    for calendar_id, calendar in parties.domain_calendars().items():
        stored = frames.read(
            f"select {', '.join(schema)} from parties_calendarday where calendar_id = %(id)s order by day",
            {"id": calendar_id},
            schema,
        )
        if not stored.equals(calendar.days.select(pl.col(name).cast(kind) for name, kind in schema.items())):
            wrong.append(calendar_id)
    return [Inconsistency("calendar_differs", len(wrong), tuple(wrong[:_EXAMPLES]))] if wrong else []
