"""What a rule would match right now: how many titles, a few of them, who takes them first, and which cases would move.

Every answer keeps to a time limit that the database enforces. When it is over, the answer says so ("more than…", or
that there is none) instead of keeping a person waiting or guessing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import OperationalError, connection, transaction

from quita.cases.queries.worklist import conditions
from quita.domain.conditions import sql_compiler, trees
from quita.domain.conditions.registry import Registry
from quita.domain.ladder.portfolios import ASKABLE
from quita.ladders.models import Portfolio
from quita.ladders.queries import askable
from quita.platform.access.scopes import Scope

TIME_LIMIT_MS = 900
# Which cases would move is a question about every case there is: it may take longer, and is asked by itself.
PATIENT_LIMIT_MS = 8_000
# Counted when counting everything takes too long: "more than 1,000".
BOUND = 1_000
SAMPLE_SIZE = 10
_QUERY_CANCELED = "57014"

# For a whole table one pass over the past-due titles is cheaper than looking up each title's case.
_JOINS = conditions.JOINS | {
    "agg": """left join (
        select o.contract_id, o.origin, sum(o.balance_cents)::bigint as balance_cents, count(*) as title_count,
               max(%(today)s::date - o.due_on) as max_days_past_due
        from receivables_receivable o
        join parties_calendarday od on od.calendar_id = o.calendar_id and od.day = o.due_on
        where o.status = 'open' and o.due_on < %(today)s::date and od.next_business_on < %(today)s::date
        group by o.contract_id, o.origin
    ) agg on agg.contract_id = r.contract_id and agg.origin = r.origin""",
}
_PAST_DUE = "r.due_on < %(today)s::date and due_day.next_business_on < %(today)s::date"


@dataclass(frozen=True)
class Sampled:
    """One matching title, for people to see whether the rule means what they meant."""

    receivable_id: int
    number: str
    debtor_name: str
    company_name: str
    due_on: dt.date | None
    days_past_due: int | None
    balance_cents: int


@dataclass(frozen=True)
class Matches:
    """How many open titles match. `count` None: not even the bound was reached in time; `at_least`: there are more."""

    count: int | None
    at_least: bool = False
    balance_cents: int | None = None
    sample: tuple[Sampled, ...] | None = ()


@dataclass(frozen=True)
class Share:
    """How many of the matches another portfolio takes first."""

    portfolio_id: int
    name: str
    count: int


@dataclass(frozen=True)
class Move:
    """Open cases that would go from one portfolio to another at the next run. "" is none."""

    from_name: str
    to_name: str
    count: int


@dataclass(frozen=True)
class Candidate:
    """A portfolio as it would be saved. `portfolio_id` None: a new one."""

    portfolio_id: int | None
    name: str
    priority: int
    tree: trees.Group
    is_default: bool = False
    is_active: bool = True


def matches(
    *, tree: trees.Group, fields: Registry, scope: Scope, today: dt.date, limit_ms: int = TIME_LIMIT_MS
) -> Matches:
    """The open titles of the scope that satisfy the rule. At most three statements, each within the limit."""
    written = _Written.of(tree, fields, scope, today)
    total = _fetch(
        f"select count(*), coalesce(sum(r.balance_cents), 0)::bigint from {written.source()} where {written.where}",
        written.params,
        limit_ms,
    )
    if total is not None:
        count, balance = total[0]
        return Matches(count, False, balance, _sample(written, limit_ms) if count else ())
    cut = _fetch(
        f"select count(*) from (select 1 from {written.source(few=True)} where {written.where} limit {BOUND + 1}) t",
        written.params,
        limit_ms // 3,
    )
    if cut is None:
        return Matches(None, True, None, None)
    return Matches(min(cut[0][0], BOUND), cut[0][0] > BOUND, None, _sample(written, limit_ms // 3))


def first_takers(
    *, candidate: Candidate, fields: Registry, scope: Scope, today: dt.date, limit_ms: int = TIME_LIMIT_MS
) -> list[Share] | None:
    """Which portfolios tried earlier take how many of the matching titles; None when it could not be counted in time.

    One statement besides the portfolios' own.
    """
    earlier = [row for row in _others(candidate) if (row.priority, row.pk) < _rank(candidate)]
    if not earlier or candidate.is_default:
        return []
    written = _Written.of(candidate.tree, fields, scope, today)
    rank = written.rank([(place, _tree(row, fields)) for place, row in enumerate(earlier)], fields, "e")
    rows = _fetch(
        f"select taker, count(*) from (select {rank} as taker from {written.source()} where {written.where}) t"
        " where taker is not null group by taker order by taker",
        written.params,
        limit_ms,
    )
    return None if rows is None else [Share(earlier[place].pk, earlier[place].name, count) for place, count in rows]


def moves(
    *, candidate: Candidate, fields: Registry, scope: Scope, today: dt.date, limit_ms: int = TIME_LIMIT_MS
) -> list[Move] | None:
    """How many open cases would stand elsewhere if the candidate were saved; None when it could not be counted in time.

    Cases moved by hand and debtors with a rule of their own stay where they are. One statement besides the portfolios'.
    """
    before = [_kept(row, fields) for row in _all_active()]
    after = [one for one in before if one.portfolio_id != candidate.portfolio_id]
    if candidate.is_default:
        after = [replace(one, is_default=False) for one in after]
    if candidate.is_active:
        after.append(candidate)
    return _moves(_tried(before), _tried(after), fields, scope, today, limit_ms)


def moves_in_order(
    *, portfolio_ids: Sequence[int], fields: Registry, scope: Scope, today: dt.date, limit_ms: int = TIME_LIMIT_MS
) -> list[Move] | None:
    """How many open cases would stand elsewhere if the portfolios were tried in this order."""
    before = [_kept(row, fields) for row in _all_active()]
    place = {portfolio_id: number for number, portfolio_id in enumerate(portfolio_ids)}
    after = [replace(one, priority=place.get(one.portfolio_id or 0, one.priority)) for one in before]
    return _moves(_tried(before), _tried(after), fields, scope, today, limit_ms)


def _moves(
    before: list[Candidate], after: list[Candidate], fields: Registry, scope: Scope, today: dt.date, limit_ms: int
) -> list[Move] | None:
    written = _Written.of(trees.EVERYTHING, fields, scope, today)
    ranks = [
        written.rank([(place, one.tree) for place, one in enumerate(order) if not one.is_default], fields, prefix)
        for order, prefix in ((before, "b"), (after, "a"))
    ]
    rows = _fetch(
        f"""
        with ranked as (
            select r.contract_id, r.origin, min({ranks[0]}) as was, min({ranks[1]}) as becomes
            from {written.source("due_day")} where {written.where} and {_PAST_DUE} group by r.contract_id, r.origin
        )
        select k.was, k.becomes, count(*)
        from ranked k
        join cases_case c on c.contract_id = k.contract_id and c.origin = k.origin and c.closed_on is null
        left join ladders_debtorrule own on own.debtor_id = c.debtor_id and own.portfolio_id is not null
        where not c.portfolio_by_hand and own.id is null
        group by k.was, k.becomes order by count(*) desc, k.was, k.becomes
        """,
        written.params,
        limit_ms,
    )
    if rows is None:
        return None
    told: dict[tuple[str, str], int] = {}
    for was, becomes, count in rows:
        source, target = _at(before, was), _at(after, becomes)
        if (source.portfolio_id if source else 0) != (target.portfolio_id if target else 0):
            pair = (source.name if source else "", target.name if target else "")
            told[pair] = told.get(pair, 0) + count
    return [Move(source, target, count) for (source, target), count in told.items()]


def _at(order: list[Candidate], place: int | None) -> Candidate | None:
    """The portfolio at a place; without one the default."""
    if place is not None:
        return order[place]
    return next((one for one in order if one.is_default), None)


def _tried(candidates: list[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=_rank)


def _rank(candidate: Candidate) -> tuple[int, int]:
    # A new portfolio gets the next id: of two with one priority the older wins.
    return candidate.priority, candidate.portfolio_id or 2**62


def _others(candidate: Candidate) -> list[Portfolio]:
    return [row for row in _all_active() if row.pk != candidate.portfolio_id and not row.is_default]


def _all_active() -> list[Portfolio]:
    return list(Portfolio.objects.filter(is_active=True).order_by("priority", "id"))


def _kept(row: Portfolio, fields: Registry) -> Candidate:
    return Candidate(row.pk, row.name, row.priority, _tree(row, fields), row.is_default)


def _tree(row: Portfolio, fields: Registry) -> trees.Group:
    # Kept conditions were checked when they were saved; choices that a reader does not see are no fault in them.
    return askable.tree_of(row.condition, ASKABLE)


@dataclass
class _Written:
    """A rule as SQL, with the tables it needs."""

    where: str
    aliases: set[str]
    params: dict[str, Any]
    today: dt.date

    @classmethod
    def of(cls, tree: trees.Group, fields: Registry, scope: Scope, today: dt.date) -> _Written:
        sql, params = sql_compiler.to_sql(tree, fields, today)
        where = f"r.status = 'open' and {sql}"
        if scope.company_ids is not None:
            where += " and r.company_id = any(%(companies)s::bigint[])"
            params["companies"] = sorted(scope.company_ids)
        return cls(where, set(trees.aliases_used(tree, fields)), params, today)

    def rank(self, ordered: Sequence[tuple[int, trees.Group]], fields: Registry, prefix: str) -> str:
        """An expression: the place of the first tree that holds, null when none does. Adds what it needs."""
        cases = []
        for place, tree in ordered:
            sql, params = sql_compiler.to_sql(tree, fields, self.today, prefix=f"{prefix}{place}_")
            self.aliases |= trees.aliases_used(tree, fields)
            self.params |= params
            cases.append(f"when {sql} then {place}")
        return f"(case {' '.join(cases)} end)::int" if cases else "null::int"

    def source(self, *more: str, few: bool = False) -> str:
        """The tables. `few`: a statement that stops after some rows looks up each title's case instead of all cases."""
        wanted = self.aliases | set(more)
        joins = (join for alias, join in (conditions.JOINS if few else _JOINS).items() if alias in wanted)
        return f"receivables_receivable r {' '.join(joins)}"


def _sample(written: _Written, limit_ms: int) -> tuple[Sampled, ...] | None:
    late = (
        "case when %(today)s::date <= due_day.next_business_on then least(%(today)s::date - r.due_on, 0)"
        " else %(today)s::date - r.due_on end"
    )
    rows = _fetch(
        f"""
        select r.id, r.number, d.name, coalesce(nullif(co.trade_name, ''), co.legal_name), r.due_on, {late},
               r.balance_cents
        from {written.source("d", "co", "due_day", few=True)} where {written.where} order by r.id limit {SAMPLE_SIZE}
        """,
        written.params,
        limit_ms,
    )
    return None if rows is None else tuple(Sampled(*row) for row in rows)


def _fetch(sql: str, params: Mapping[str, Any], limit_ms: int) -> list[tuple[Any, ...]] | None:
    """The rows, or None when the database was told to stop because the time was over."""
    try:
        with transaction.atomic(), _within(limit_ms), connection.cursor() as cursor:
            cursor.execute(sql, dict(params))
            return list(cursor.fetchall())
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == _QUERY_CANCELED:
            return None
        raise


@contextmanager
def _within(limit_ms: int) -> Iterator[None]:
    """A time limit for the statements inside; the one that held before holds again after."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('statement_timeout')")
        before = cursor.fetchone()[0]
        cursor.execute("select set_config('statement_timeout', %s, true)", [str(limit_ms)])
        # A statement that ran into the limit leaves the transaction broken; its rollback brings the old limit back.
        yield
        cursor.execute("select set_config('statement_timeout', %s, true)", [before])
