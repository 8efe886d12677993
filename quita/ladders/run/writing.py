"""What was decided, written in the shard's transaction: plain COPY where rows are new, one statement where they change.

The natural keys (execution, message, case, open phase period, task) make a row that exists already an error, which
undoes the whole shard; it is then decided again on a fresh snapshot and finds the row settled.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from quita.domain.ladder import decide
from quita.domain.ladder.reasons import Reason
from quita.platform import arrow


def write(session: arrow.Session, outcome: decide.Outcome, *, run_id: int, today: dt.date, now: dt.datetime) -> None:
    """Writes every effect of one shard."""
    _cases(session, outcome, today)
    _phases(session, outcome.phase_changes, today)
    _executions(session, outcome.executions, run_id, today)
    _messages(session, outcome.messages, run_id, today, now)
    _tasks(session, outcome.tasks, today, now)
    _tickets(session, outcome.tickets, today)
    _exhausted(session, outcome.exhausted, today, now)


def _cases(session: arrow.Session, outcome: decide.Outcome, today: dt.date) -> None:
    changes = outcome.case_changes
    columns = ["company_id", "debtor_id", "contract_id", "origin", "opened_on", "portfolio_id", "portfolio_by_hand"]
    session.append("cases_case", changes.filter("is_new").select(columns))
    moved = changes.filter(~pl.col("is_new"))
    if moved.height:
        session.stage("run_moved", moved.select(*columns, "is_reopened"))
        session.run("""
            update cases_case c set
                portfolio_id = m.portfolio_id, portfolio_by_hand = m.portfolio_by_hand,
                closed_on = null, close_reason = '',
                exhausted_on = case when m.is_reopened then null else c.exhausted_on end
            from run_moved m where c.contract_id = m.contract_id and c.origin = m.origin
        """)
        session.unstage("run_moved")
    if outcome.case_closings.height:
        session.stage("run_closed", outcome.case_closings)
        session.run(f"""
            update cases_case c set closed_on = '{today.isoformat()}', close_reason = e.close_reason
            from run_closed e where c.id = e.case_id
        """)
        session.unstage("run_closed")


def _phases(session: arrow.Session, changes: pl.DataFrame, today: dt.date) -> None:
    """Ends the stay where a title stood and begins the new one; a title that never had a phase is only inserted."""
    if changes.is_empty():
        return
    standing = changes.filter("was_in_phase")
    if standing.height:
        session.stage("run_phases", standing.select("receivable_id"))
        session.run(f"""
            update cases_phaseperiod p set ended_on = greatest(p.started_on, '{today.isoformat()}'::date)
            from run_phases s where p.receivable_id = s.receivable_id and p.ended_on is null
        """)
        session.unstage("run_phases")
    begun = changes.filter(pl.col("phase_id").is_not_null())
    session.append("cases_phaseperiod", begun.select("receivable_id", "phase_id", pl.lit(today).alias("started_on")))


def _executions(session: arrow.Session, rows: pl.DataFrame, run_id: int, today: dt.date) -> None:
    session.append(
        "ladders_execution",
        rows.select(
            "receivable_id", "due_on", "step_key", "occurrence", "day", "decision", "ladder_version_id", "supersedes",
            pl.lit(today).alias("decided_on"), pl.lit(run_id, dtype=pl.Int64).alias("run_id"),
        ),
    )  # fmt: skip


def _messages(session: arrow.Session, rows: pl.DataFrame, run_id: int, today: dt.date, now: dt.datetime) -> None:
    session.append(
        "messaging_message",
        rows.drop("group_id").with_columns(
            pl.lit(run_id, dtype=pl.Int64).alias("run_id"),
            pl.lit(today).alias("day"),
            pl.col("not_before").alias("next_attempt_at"),
            pl.lit(now).alias("created_at"),
        ),
    )


def _tasks(session: arrow.Session, rows: pl.DataFrame, today: dt.date, now: dt.datetime) -> None:
    """A task hangs on its case where there is one; before the due date there is none."""
    if rows.is_empty():
        return
    session.stage("run_tasks", rows)
    session.run(f"""
        insert into cases_task (case_id, company_id, debtor_id, kind, title, natural_key, due_on, role, created_at)
        select c.id, t.company_id, t.debtor_id, t.kind, t.title, t.natural_key, '{today.isoformat()}', t.role,
               '{now.isoformat()}'
        from run_tasks t left join cases_case c on c.contract_id = t.contract_id and c.origin = t.origin
        order by t.natural_key
        on conflict (natural_key) do nothing
    """)
    session.unstage("run_tasks")


def _tickets(session: arrow.Session, rows: pl.DataFrame, today: dt.date) -> None:
    if rows.is_empty():
        return
    day = today.isoformat()
    session.stage("run_tickets", rows)
    session.run(f"""
        update cases_ticket k set last_update_on = '{day}', update_count = k.update_count + 1
        from run_tickets t join cases_case c on c.contract_id = t.contract_id and c.origin = t.origin
        where k.case_id = c.id and k.closed_at is null and t.is_update
    """)
    session.run(f"""
        insert into cases_ticket ("group", ticket_type, case_id, opened_on, last_update_on)
        select s.params ->> 'group', s.params ->> 'ticket_type', c.id, '{day}', '{day}'
        from run_tickets t join cases_case c on c.contract_id = t.contract_id and c.origin = t.origin
        join lateral (
            select params from ladders_step where key_id = t.step_key order by version_id desc limit 1
        ) s on true
        where not t.is_update order by c.id
    """)
    session.unstage("run_tickets")


def _exhausted(session: arrow.Session, rows: pl.DataFrame, today: dt.date, now: dt.datetime) -> None:
    """Marks the case and gives it, with a task, to whom the ladder names. One task for each time it was opened."""
    if rows.is_empty():
        return
    day = today.isoformat()
    session.stage("run_exhausted", rows)
    session.run(f"""
        with ended as (
            update cases_case c set exhausted_on = '{day}'
            from run_exhausted e where c.contract_id = e.contract_id and c.origin = e.origin and c.exhausted_on is null
            returning c.id, c.company_id, c.debtor_id, c.opened_on, e.role
        )
        insert into cases_task (case_id, company_id, debtor_id, kind, title, natural_key, due_on, role, created_at)
        select id, company_id, debtor_id, 'exhausted', '', 'exhausted:' || id || ':' || '{day}', '{day}', role,
               '{now.isoformat()}'
        from ended order by id
        on conflict (natural_key) do nothing
    """)
    session.unstage("run_exhausted")


def counts(outcome: decide.Outcome) -> dict[str, object]:
    """What the run's page shows of a shard: titles and debtors by decision, and the effects."""
    decisions = outcome.decisions
    by_reason = decisions.group_by("decision").agg(
        pl.len().alias("titles"), pl.col("debtor_id").n_unique().alias("debtors")
    )
    by_step = (
        decisions.filter(pl.col("decision") == int(Reason.SENT)).group_by("step_key").agg(pl.len().alias("messages"))
    )
    by_channel = outcome.messages.group_by("channel").len()
    changes = outcome.case_changes
    return {
        "titles": decisions["receivable_id"].n_unique(),
        "debtors": decisions["debtor_id"].n_unique(),
        "reasons": {
            Reason(code).name.lower(): {"titles": titles, "debtors": debtors}
            for code, titles, debtors in by_reason.sort("decision").iter_rows()
        },
        "steps": {str(key): number for key, number in by_step.sort("step_key").iter_rows()},
        "messages": dict(by_channel.sort("channel").iter_rows()),
        "executions": outcome.executions.height,
        "tasks": outcome.tasks.height,
        "tickets": outcome.tickets.height,
        "phases": outcome.phase_changes.height,
        "cases_opened": changes.filter("is_new").height,
        "cases_reopened": changes.filter("is_reopened").height,
        "cases_moved": changes.filter(~pl.col("is_new") & ~pl.col("is_reopened")).height,
        "cases_closed": outcome.case_closings.height,
        "cases_exhausted": outcome.exhausted.height,
    }
