"""Today's numbers.

The aging of a million titles takes a fifth of a second to read, so it is kept for a minute with the instant it was
read at, and the page says so. Small installations are read anew each time. Everything else is live.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection

from quita.cases import queries as cases
from quita.cases.queries import worklist
from quita.cases.queries.worklist import edges
from quita.domain import aging
from quita.ladders import queries as ladders
from quita.platform.access.scopes import Scope

KEPT_SECONDS = 60
# Below this many open titles reading takes a few milliseconds and nothing is kept.
LIVE_BELOW = 100_000

# One row per due date; only due dates near the edge of lateness need the calendar that decides. The last grouping is
# the total, counted apart from the buckets that must add up to it.
_BY_DAY = """
select grouping(r.due_on) = 1 as is_total, r.due_on, near.calendar_id, count(*),
       coalesce(sum(r.balance_cents), 0)::bigint
from receivables_receivable r
cross join lateral (select case when r.due_on > %(everywhere)s::date and r.due_on < %(today)s::date
                                then r.calendar_id end as calendar_id) near
where r.status = 'open' and (%(companies)s::bigint[] is null or r.company_id = any(%(companies)s::bigint[]))
group by grouping sets ((r.due_on, near.calendar_id), ())
"""
# Counted first, named afterwards: a step's name is looked up once and not for each message.
_MESSAGES = """
select c.channel, c.state, c.reason, st.name, sum(c.number)::bigint
from (
    select m.channel, m.state, m.reason, m.lead_step_key, count(*) as number
    from ladders_run n join messaging_message m on m.run_id = n.id
    where n.day = %(today)s and (%(companies)s::bigint[] is null or m.company_id = any(%(companies)s::bigint[]))
    group by 1, 2, 3, 4) c
left join lateral (
    select s.name from ladders_step s where s.key_id = c.lead_step_key order by s.id desc limit 1) st on true
group by 1, 2, 3, 4
order by 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Bucket:
    """A range of days past due with what is open in it. `key` is one of quita.domain.aging.KEYS."""

    key: str
    title_count: int
    amount_cents: int


@dataclass(frozen=True)
class Aging:
    """Open balance by lateness, as read at an instant. The buckets add up to what is outstanding."""

    buckets: tuple[Bucket, ...]
    due_today: Bucket
    at: dt.datetime
    is_kept: bool = False

    @property
    def outstanding_cents(self) -> int:
        """Everything open."""
        return sum(bucket.amount_cents for bucket in self.buckets)

    @property
    def late(self) -> Bucket:
        """Everything past due."""
        late = [bucket for bucket in self.buckets if bucket.key not in ("not_due", aging.NO_DUE_DATE)]
        return Bucket("late", sum(b.title_count for b in late), sum(b.amount_cents for b in late))


@dataclass(frozen=True)
class Outgoing:
    """Messages of one step and channel of today's runs, by what became of them."""

    step: str
    channel: str
    waiting: int
    sent: int
    failed: int
    withdrawn: int


@dataclass(frozen=True)
class HomeNumbers:
    """Everything on the home page. `exclusions` are (reason code, titles, debtors) of today's run, most first."""

    aging: Aging
    open_case_count: int
    tasks: dict[str, int]
    promises_due: tuple[cases.PromiseState, ...]
    outgoing: tuple[Outgoing, ...]
    failures: tuple[tuple[str, int], ...]
    run: Any
    exclusions: tuple[tuple[str, int, int], ...]


def home_numbers(*, scope: Scope, today: dt.date, now: dt.datetime) -> HomeNumbers:
    """Today's numbers in at most nine statements."""
    rows = _messages(scope, today)
    run = ladders.latest_run()
    return HomeNumbers(
        aging=aging_now(scope=scope, today=today, now=now),
        open_case_count=worklist.case_total(filters=worklist.Filters(), scope=scope, today=today).count,
        tasks=cases.open_task_counts(scope=scope, today=today),
        promises_due=tuple(cases.promises_due(scope=scope, today=today)),
        outgoing=_outgoing(rows),
        failures=_failures(rows),
        run=run,
        exclusions=_exclusions(run.counts if run is not None and run.day == today else {}),
    )


def aging_now(*, scope: Scope, today: dt.date, now: dt.datetime) -> Aging:
    """The aging, at most a minute old."""
    companies = "all" if scope.company_ids is None else "-".join(str(number) for number in sorted(scope.company_ids))
    key = f"backoffice.aging.{today.isoformat()}.{hash(companies)}"
    kept: Aging | None = cache.get(key)
    if kept is not None and dt.timedelta() <= now - kept.at < dt.timedelta(seconds=KEPT_SECONDS):
        return kept
    found = _read_aging(scope, today, now)
    if sum(bucket.title_count for bucket in found.buckets) >= LIVE_BELOW:
        found = Aging(found.buckets, found.due_today, found.at, is_kept=True)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _read_aging(scope: Scope, today: dt.date, now: dt.datetime) -> Aging:
    known = edges.edges(today)
    params = {
        "today": today, "companies": None if scope.company_ids is None else sorted(scope.company_ids),
        "everywhere": min(known.last_late.values(), default=today - dt.timedelta(days=1)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, params)
        rows = cursor.fetchall()
    counts, cents = dict.fromkeys(aging.KEYS, 0), dict.fromkeys(aging.KEYS, 0)
    due_today, total = [0, 0], (0, 0)
    for is_total, due_on, calendar_id, count, amount in rows:
        if is_total:
            total = (count, amount)
            continue
        # Away from the edge every calendar gives the same answer.
        days = known.days_past_due(due_on, calendar_id or next(iter(known.last_late), 0))
        key = bucket_of(days)
        counts[key] += count
        cents[key] += amount
        if days == 0:
            due_today = [due_today[0] + count, due_today[1] + amount]
    if (sum(counts.values()), sum(cents.values())) != total:
        raise AssertionError("the aging buckets do not add up to the outstanding total")
    buckets = tuple(Bucket(key, counts[key], cents[key]) for key in aging.KEYS)
    return Aging(buckets, Bucket("today", *due_today), now)


def bucket_of(days: int | None) -> str:
    """The key of the range that a number of days past due falls into."""
    if days is None:
        return aging.NO_DUE_DATE
    return next(bucket.key for bucket in aging.BUCKETS if bucket.last_days is None or days <= bucket.last_days)


def _messages(scope: Scope, today: dt.date) -> list[tuple[str, str, str, str | None, int]]:
    companies = None if scope.company_ids is None else sorted(scope.company_ids)
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, {"today": today, "companies": companies})
        return list(cursor.fetchall())


def _outgoing(rows: Iterable[tuple[str, str, str, str | None, int]]) -> tuple[Outgoing, ...]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for channel, state, _reason, step, count in rows:
        sums = found.setdefault((step or "", channel), dict.fromkeys(("waiting", "sent", "failed", "withdrawn"), 0))
        sums["waiting" if state in ("queued", "sending") else state] += count
    return tuple(Outgoing(step, channel, **sums) for (step, channel), sums in sorted(found.items()))


def _failures(rows: Iterable[tuple[str, str, str, str | None, int]]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for _channel, state, reason, _step, count in rows:
        if state == "failed":
            found[reason] = found.get(reason, 0) + count
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _exclusions(counts: dict[str, Any]) -> tuple[tuple[str, int, int], ...]:
    """Who is not written to and why, from the run's own counts: every reason that is not an effect."""
    effects = {"sent", "merged", "task_opened", "ticket_opened", "ticket_updated", "phase_set"}
    found = [
        (reason, numbers["titles"], numbers["debtors"])
        for reason, numbers in counts.get("reasons", {}).items()
        if reason not in effects
    ]
    return tuple(sorted(found, key=lambda item: (-item[2], item[0])))
