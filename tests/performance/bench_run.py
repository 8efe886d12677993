"""The daily run against the bare bound: COPY out of the same columns plus COPY in of the same rows, in one process.

    python -m tests.performance.bench_run 100000 1000000

Printed for each size: first run, the same day again, the next day; seconds per stage, peak memory, ratio to the bound.
"""

from __future__ import annotations

import datetime as dt
import io
import resource
import sys
import time
from typing import Any

import psycopg

from tests.performance import fresh, pages_town

TODAY = dt.date(2026, 11, 23)
STEP_DAYS = (-3, 0, 1, 3, 5, 8, 12, 15, 20, 25, 30, 35, 40, 45, 50, 60, 75, 90, 120, 150)

_RULES = """
insert into parties_contactpoint(debtor_id, kind, value, label, state, preference, source, changed_at)
select id, 'email', 'd' || id || '@bench.example', '', 'verified', 0, 'bench', now() from parties_debtor
where id %% 10 > 0;
insert into messaging_template(id, name, channel, is_active) values (1, 'Notice', 'email', true);
insert into messaging_templateversion(id, number, subject, body, created_at, template_id)
values (1, 1, 'Notice', 'Text', now(), 1);
insert into ladders_ladder(id, name, is_active) values (1, 'Ladder', true);
insert into ladders_ladderversion(id, number, in_force_from, late_entry, end_after_days, end_role, minimum_cents,
  published_at, ladder_id)
values (1, 1, '2020-01-01', 'latest', 7, 'supervisor', 0, now(), 1);
insert into cases_phase(id, name, position, is_automatic, basis, from_days, is_active)
select ordinality, 'Phase ' || ordinality, ordinality, true, 'calendar', days, true
from unnest(array[1,11,31,61,91,181,361]) with ordinality u(days, ordinality);
insert into ladders_stepkey(id, ladder_id) select ordinality, 1
from unnest(%(steps)s::int[]) with ordinality u(days, ordinality);
insert into ladders_step(id, version_id, key_id, name, action, offset_days, basis, grouping, priority, channels, params)
select ordinality, 1, ordinality, 'Step ' || days, 'message', days, 'calendar', 'debtor', 0, array['email'], '{}'
from unnest(%(steps)s::int[]) with ordinality u(days, ordinality);
insert into ladders_steptemplate(step_id, channel, template_id) select id, 'email', 1 from ladders_step;
insert into ladders_portfolio(id, name, priority, condition, is_default, is_active, ladder_id)
select n, 'Portfolio ' || n, n,
  case when n < 12 then format('{"all": [{"field": "title.days_past_due", "op": "between", "value": [%%s, %%s]},
         {"field": "title.balance", "op": "more_than", "value": %%s}]}', n * 20, n * 20 + 60, n * 1000)::jsonb
       else '{"all": []}'::jsonb end, n = 12, true, 1 from generate_series(1, 12) n;
insert into cases_dispute(receivable_id, reason, opened_on, opened_at, resolution)
select id, 'Not mine', '2026-11-01', now(), '' from receivables_receivable where status = 'open' and id %% 307 = 0;
insert into cases_hold(reason, starts_on, ends_on, at, debtor_id)
select 'Waiting', '2026-11-01', '2026-12-20', now(), id from parties_debtor where id %% 211 = 0;
insert into messaging_contactcap(channel, window_days, at_most, legal_ref, valid_from)
values ('', 1, 1, 'bench', '2020-01-01')
on conflict do nothing;
"""

OUT = (
    "receivables_receivable (id, company_id, debtor_id, contract_id, origin, calendar_id, policy_id, due_on,"
    " balance_cents)",
    "cases_phaseperiod (receivable_id, phase_id, by_hand)",
    "parties_debtor (id, protection, uf, ibge_code)",
    "parties_contactpoint (id, debtor_id, kind, preference)",
    "cases_case (id, company_id, debtor_id, contract_id, origin, opened_on, closed_on, portfolio_id,"
    " portfolio_by_hand, exhausted_on)",
    "ladders_execution (receivable_id, due_on, step_key, occurrence, day)",
    "messaging_message (debtor_id, channel, day, ended_at, not_before)",
)
IN = ("cases_case", "cases_phaseperiod", "ladders_execution", "messaging_message", "cases_task")


def prepare(titles: int) -> None:
    """Fills the database with a town of that size and a ladder of twenty steps in twelve portfolios."""
    pages_town.fill(_dsn(), titles, TODAY, with_work=False)
    with psycopg.connect(_dsn(), autocommit=True) as connection:
        psycopg.ClientCursor(connection).execute(_RULES, {"steps": list(STEP_DAYS)})
        connection.execute("delete from messaging_contactrule where false")
        for table in ("ladders_step", "ladders_stepkey", "messaging_templateversion"):
            connection.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")
        connection.execute("analyze")


def one_run(day: dt.date) -> dict[str, Any]:
    """Runs a day in this process; seconds per stage and the rows it wrote."""
    from quita.ladders.commands import runs
    from quita.platform.actors import SYSTEM, When

    before = _sizes()
    begun = time.perf_counter()
    run = runs.start_run(by=SYSTEM, when=When.on(day), trigger="bench")
    planned = time.perf_counter() - begun
    runs.work_on_run(run_id=run.pk, worker="bench", clock=lambda: dt.datetime.now(tz=dt.UTC))
    seconds = time.perf_counter() - begun
    run.refresh_from_db()
    written = {table: after - before[table] for table, after in _sizes().items()}
    stages = {"plan": planned, **{name: run.timings[name] for name in ("read", "decide", "record", "write")}}
    stages["commit"] = seconds - sum(stages.values())
    return {"seconds": seconds, "stages": stages, "written": written, "counts": run.counts}


def bound(written: dict[str, int]) -> float:
    """Seconds for COPY out of the columns a run reads and COPY in of the rows it wrote, into empty tables like them."""
    begun = time.perf_counter()
    with psycopg.connect(_dsn(), autocommit=True) as connection:
        for source in OUT:
            _copy_out(connection, f"copy {source} to stdout (format binary)")
        out_seconds = time.perf_counter() - begun
        in_seconds = 0.0
        for table, rows in written.items():
            if rows <= 0:
                continue
            content = _copy_out(
                connection, f"copy (select * from {table} order by 1 desc limit {rows}) to stdout (format binary)"
            )
            connection.execute(f"create table bench_{table} (like {table} including all)")
            begun = time.perf_counter()
            with connection.cursor().copy(f"copy bench_{table} from stdin (format binary)") as copy:
                copy.write(content)
            in_seconds += time.perf_counter() - begun
            connection.execute(f"drop table bench_{table}")
    return out_seconds + in_seconds


def _copy_out(connection: psycopg.Connection, sql: str) -> bytes:
    buffer = io.BytesIO()
    with connection.cursor().copy(sql) as copy:
        for block in copy:
            buffer.write(block)
    return buffer.getvalue()


def _sizes() -> dict[str, int]:
    with psycopg.connect(_dsn()) as connection:
        return {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in IN}  # type: ignore[index]  # count always answers


def _dsn() -> str:
    from quita.platform import arrow

    return arrow.dsn()


def measure(titles: int) -> dict[str, Any]:
    """All three runs of one size, with their ratios."""
    prepare(titles)
    result: dict[str, Any] = {"titles": titles}
    for name, day in (("first", TODAY), ("same day", TODAY), ("next day", TODAY + dt.timedelta(days=1))):
        ran = one_run(day)
        limit = bound(ran["written"])
        result[name] = {**ran, "bound": limit, "ratio": ran["seconds"] / limit}
        stages = "  ".join(f"{stage} {seconds:.2f}" for stage, seconds in ran["stages"].items())
        print(
            f"{titles:>9,} {name:<9} {ran['seconds']:6.2f} s  bound {limit:6.2f} s  "
            f"ratio {ran['seconds'] / limit:4.2f}  rows {sum(ran['written'].values()):>9,}  "
            f"{stages}  peak {peak_mb():,.0f} MB",
            flush=True,
        )
        _deliver_everything(day)
    return result


def _deliver_everything(day: dt.date) -> None:
    """What the couriers do between two days; without it the next run would first put the old messages aside."""
    with psycopg.connect(_dsn(), autocommit=True) as connection:
        connection.execute(
            "update messaging_message set state = 'sent', ended_at = not_before where state = 'queued' and day = %s",
            [day],
        )
        connection.execute("vacuum (analyze)")


def peak_mb() -> float:
    """Peak resident memory of this process in MB (Linux gives kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    results = fresh.measured(measure, fresh.sizes_asked(sys.argv[1:], [100_000, 1_000_000]))
    for name in ("first", "next day"):
        smallest, largest = results[0], results[-1]
        if largest["titles"] > smallest["titles"]:
            growth = largest[name]["seconds"] / smallest[name]["seconds"]
            print(f"growth of the {name} from {smallest['titles']:,} to {largest['titles']:,} titles: {growth:.1f} ×")
