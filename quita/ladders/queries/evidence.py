"""Everything that decided about one title on one day: from the flight recorder of that day's run, or read live.

Only the debtor's own rows are kept from a shard: caps are counted per person and cases per contract, so nobody
else's facts play a part.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from django.db import connection

from quita.domain.ladder import decide, facts, rules
from quita.domain.refusals import Refusal
from quita.ladders.models import Run, RunShard, RunState
from quita.ladders.run import in_force, reading, recorder, surroundings, trying
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.actors import HOME_ZONE, When


@dataclass(frozen=True)
class Title:
    """The title asked about, as it stands now."""

    receivable_id: int
    number: str
    company_id: int
    company: str
    debtor_id: int
    debtor: str
    contract_id: int
    origin: str
    case_id: int | None
    due_on: dt.date | None
    status: str
    closed_on: dt.date | None
    balance_cents: int
    created_on: dt.date


@dataclass(frozen=True)
class Evidence:
    """What was known and what was decided. `run` None: decided live just now, and nothing was written.

    `rows` are the decisions about the title, `others` those about the debtor's other titles; `seen` the title with its
    lateness and case sums, `standing` with portfolio, ladder and stops as well (None: it was not looked at).
    `is_ahead`: decided live for a day that is still to come.
    """

    title: Title
    asked_on: dt.date
    day: dt.date
    run: Run | None
    known: facts.Facts
    in_force: rules.Rules
    around: decide.Surroundings
    rows: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]
    messages: tuple[dict[str, Any], ...]
    seen: dict[str, Any] | None
    standing: dict[str, Any] | None
    is_ahead: bool = False

    @property
    def is_live(self) -> bool:
        """True when no run is told about, but what one would decide."""
        return self.run is None

    def step(self, key: int | None) -> rules.Step | None:
        """A step as it was in force."""
        return next((step for ladder in self.in_force.ladders for step in ladder.steps if step.key == key), None)

    @property
    def ladder(self) -> rules.Ladder | None:
        """The ladder that the title was on."""
        version = self.standing and self.standing["ladder_version_id"]
        return next((ladder for ladder in self.in_force.ladders if ladder.version_id == version), None)


def title_named(text: str, scope: Scope = EVERYTHING) -> int:
    """The id behind a title's number, or an id. Refuses when there is none, or when several share the number."""
    companies = None if scope.company_ids is None else sorted(scope.company_ids)
    is_id = text.isdigit() and len(text) < 19
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select r.id, coalesce(nullif(co.trade_name, ''), co.legal_name), r.number = %(text)s
            from receivables_receivable r join parties_company co on co.id = r.company_id
            where (r.number = %(text)s or r.id = %(id)s)
              and (%(companies)s::bigint[] is null or r.company_id = any(%(companies)s))
            order by r.id limit 12
            """,
            {"text": text, "id": int(text) if is_id else None, "companies": companies},
        )
        rows = cursor.fetchall()
    found = [row for row in rows if row[2]] or rows
    if not found:
        raise Refusal("title_unknown", "There is no title “%(text)s”. Give its number or its id.", {"text": text})
    if len(found) > 1:
        listed = ", ".join(f"{pk} ({company})" for pk, company, _ in found[:10])
        raise Refusal(
            "title_ambiguous",
            "Several titles have the number “%(text)s”. Give the id of one of them: %(listed)s.",
            {"text": text, "listed": listed},
        )
    return int(found[0][0])


def title_of(receivable_id: int, scope: Scope) -> Title:
    """The title, or a refusal when it does not exist for the reader."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select r.id, r.number, r.company_id, coalesce(nullif(co.trade_name, ''), co.legal_name), r.debtor_id,
                   d.name, r.contract_id, r.origin, cs.id, r.due_on, r.status, r.closed_on, r.balance_cents,
                   (r.created_at at time zone '{HOME_ZONE.key}')::date
            from receivables_receivable r
            join parties_debtor d on d.id = r.debtor_id
            join parties_company co on co.id = r.company_id
            left join cases_case cs on cs.contract_id = r.contract_id and cs.origin = r.origin
            where r.id = %s
            """,
            [receivable_id],
        )
        row = cursor.fetchone()
    if row is None or not scope.sees(row[2]):
        raise Refusal(
            "title_unknown", "There is no title “%(text)s”. Give its number or its id.", {"text": receivable_id}
        )
    return Title(*row)


def gather(*, receivable_id: int, day: dt.date, scope: Scope, now: dt.datetime) -> Evidence:
    """The evidence of the day's run, else of a decision made now for this one debtor."""
    title = title_of(receivable_id, scope)
    for run in _runs_of(day):
        found = _recorded(title, run, day)
        if found is not None:
            return found
    return _live(title, day, now)


def _runs_of(day: dt.date) -> list[Run]:
    """The day's runs, the first one first: it did the day's work, later ones found it done."""
    return list(Run.objects.filter(day=day).exclude(state=RunState.WAITING).order_by("id"))


def _recorded(title: Title, run: Run, day: dt.date) -> Evidence | None:
    """What the run's recorder holds about the debtor; None when their part was not finished or is not kept."""
    shard = RunShard.objects.filter(
        run=run, result__isnull=False, first_debtor_id__lte=title.debtor_id, last_debtor_id__gte=title.debtor_id
    ).first()
    if shard is None or not recorder.shard_folder(run.pk, run.day, shard.number).exists():
        return None
    known = _of_debtor(run, shard.number, title.debtor_id)
    written, around = in_force.from_json(run.rules), recorder.surroundings_of(run.pk, run.day)
    mine = pl.col("debtor_id") == title.debtor_id
    decisions = recorder.frame_of(run.pk, run.day, shard.number, "decisions").filter(mine).collect()
    messages = recorder.frame_of(run.pk, run.day, shard.number, "messages").filter(mine).collect()
    return _evidence(title, day, run, known, written, around, decisions, messages)


def _of_debtor(run: Run, number: int, debtor_id: int) -> facts.Facts:
    """The recorded facts cut down to one debtor."""
    lazy = {name: recorder.frame_of(run.pk, run.day, number, recorder.facts_name(name)) for name in facts.SCHEMAS}
    frames = {
        name: frame.filter(pl.col("debtor_id") == debtor_id).collect()
        for name, frame in lazy.items()
        if "debtor_id" in facts.SCHEMAS[name]
    }
    titles, cases = frames["titles"]["receivable_id"].to_list(), frames["cases"]["case_id"].to_list()
    frames["endings"] = lazy["endings"].filter(pl.col("case_id").is_in(cases)).collect()
    for name in ("executions", "disputes"):
        frames[name] = lazy[name].filter(pl.col("receivable_id").is_in(titles)).collect()
    return facts.Facts.of(frames)


def _live(title: Title, day: dt.date, now: dt.datetime) -> Evidence:
    """Decides for this debtor by the facts of now: today, or the later day asked for."""
    today = now.astimezone(HOME_ZONE).date()
    when = When(at=now, today=today) if day <= today else When.on(day)
    written = in_force.load(today=when.today, now=when.at)
    around = surroundings.load(when.today, title.due_on and _first_due(title.debtor_id))
    found = next(iter(trying.tried(written, around, [reading.Range(title.debtor_id, title.debtor_id)])))
    outcome = found.outcome
    told = _evidence(title, day, None, found.known, written, around, outcome.decisions, outcome.messages)
    return replace(told, is_ahead=when.today > today)


def _first_due(debtor_id: int) -> dt.date | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select min(due_on) from receivables_receivable where debtor_id = %s and status = 'open'", [debtor_id]
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _evidence(
    title: Title,
    asked_on: dt.date,
    run: Run | None,
    known: facts.Facts,
    written: rules.Rules,
    around: decide.Surroundings,
    decisions: pl.DataFrame,
    messages: pl.DataFrame,
) -> Evidence:
    mine = pl.col("receivable_id") == title.receivable_id
    has_due = known.titles.filter(mine & pl.col("due_on").is_not_null()).height > 0
    seen = decide.conditions_see(known, written.today, around).filter(mine).to_dicts() if has_due else []
    standing = decide.standing(known, written, around).filter(mine).to_dicts() if has_due else []
    return Evidence(
        title=title,
        asked_on=asked_on,
        day=written.today,
        run=run,
        known=known,
        in_force=written,
        around=around,
        rows=tuple(decisions.filter(mine).to_dicts()),
        others=tuple(decisions.filter(~mine).to_dicts()),
        messages=tuple(messages.to_dicts()),
        seen=seen[0] if seen else None,
        standing=standing[0] if standing else None,
    )
