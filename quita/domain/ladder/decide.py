"""The whole decision of a day: facts and rules in; out a row with a reason for every title, and what to write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import polars as pl

from quita.domain import calendars, contact_policy
from quita.domain.ladder import cases, effects, facts, lateness, occurrences, portfolios, rules, stops
from quita.domain.ladder.reasons import Reason

CODE = pl.Int16


@dataclass(frozen=True)
class Surroundings:
    """What a decision needs besides facts and people's rules: calendars, contact policy, civil holidays."""

    calendar_days: pl.DataFrame
    policy: contact_policy.Policy
    holidays: contact_policy.CivilHolidays


@dataclass(frozen=True)
class Outcome:
    """What a shard of a run decided. `decisions` has every title; the others are what is to be written."""

    decisions: pl.DataFrame
    executions: pl.DataFrame
    messages: pl.DataFrame
    tasks: pl.DataFrame
    tickets: pl.DataFrame
    case_changes: pl.DataFrame
    case_closings: pl.DataFrame
    exhausted: pl.DataFrame
    phase_changes: pl.DataFrame

    def frames(self) -> dict[str, pl.DataFrame]:
        """Name → frame, in a fixed order."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def decide(known: facts.Facts, in_force: rules.Rules, around: Surroundings) -> Outcome:
    """Decides the business day `in_force.today` for the debtors of one shard."""
    titles = standing(known, in_force, around)
    past_due = titles.filter(pl.col("days_past_due") > 0)
    candidates = settled(due(titles, known, in_force, around), titles, known, in_force)
    rows, messages, tasks, tickets = effects.carried_out(
        candidates, titles, known, in_force, around.policy, around.holidays
    )
    phase_changes = pl.concat(
        [portfolios.phase_changes(past_due_or_phased(titles), in_force), effects.phases_set(rows, titles, in_force)]
    ).unique("receivable_id", keep="last", maintain_order=True)
    decisions = _all_decisions(rows, titles, known.titles)
    return Outcome(
        decisions=decisions,
        executions=effects.executions(rows, known),
        messages=messages,
        tasks=tasks,
        tickets=tickets,
        case_changes=cases.changes(past_due, known.cases, in_force.today),
        case_closings=cases.closings(titles, known.cases, known.endings),
        exhausted=effects.exhausted(past_due, known, in_force),
        phase_changes=phase_changes,
    )


def conditions_see(known: facts.Facts, today: dt.date, around: Surroundings) -> pl.DataFrame:
    """Every title that has a due date with its lateness and the sums of its case: what portfolios' conditions read."""
    dated = known.titles.filter(pl.col("due_on").is_not_null())
    index = calendars.BusinessDays.of(around.calendar_days)
    late = dated.join(
        lateness.due_days(dated, today, index), on=["calendar_id", "due_on"], how="left", maintain_order="left"
    )
    return cases.with_case_facts(late, known.cases)


def standing(known: facts.Facts, in_force: rules.Rules, around: Surroundings) -> pl.DataFrame:
    """Every title that has a due date with its lateness, case sums, portfolio, ladder and what stops it."""
    summed = conditions_see(known, in_force.today, around)
    matched = portfolios.matched(summed, in_force)
    allocated = portfolios.allocated(matched, known.cases, known.debtors, in_force)
    keep = [
        "receivable_id", "company_id", "debtor_id", "contract_id", "origin", "calendar_id", "policy_id", "due_on",
        "balance_cents", "created_on", "phase_id", "phase_by_hand", "payable_until", "due_seq", "days_past_due",
        "business_days_past_due", "case_balance_cents", "portfolio_id", "ladder_version_id",
    ]  # fmt: skip
    lean = portfolios.prescribed(allocated.select(keep), in_force, in_force.today)
    return stops.flagged(_below_minimum(lean, in_force), known, in_force)


def past_due_or_phased(titles: pl.DataFrame) -> pl.DataFrame:
    """The titles whose phase may have to change: past due, or still standing in a phase."""
    return titles.filter((pl.col("days_past_due") > 0) | pl.col("phase_id").is_not_null())


def due(titles: pl.DataFrame, known: facts.Facts, in_force: rules.Rules, around: Surroundings) -> pl.DataFrame:
    """The latest due occurrence of each title and kind of action that no execution has settled yet."""
    eligible = titles.filter(pl.col("ladder_version_id").is_not_null() & ~pl.col("is_below_minimum"))
    slots = eligible.select(*occurrences.SLOT, "payable_until", "due_seq").unique(occurrences.SLOT, maintain_order=True)
    business_days = lateness.business_calendar(around.calendar_days)
    chosen = occurrences.latest(occurrences.due_occurrences(slots, in_force.ladders, in_force.today, business_days))
    candidates = eligible.join(chosen, on=occurrences.SLOT, how="inner", maintain_order="left")
    key = ["receivable_id", "due_on", "step_key", "occurrence"]
    kinds = known.executions.with_columns(
        pl.col("step_key")
        .replace_strict(dict(in_force.actions_by_key), default="", return_dtype=pl.String)
        .alias("action")
    )
    water = kinds.group_by("receivable_id", "due_on", "action").agg(pl.col("day").max().alias("settled_until"))
    fresh = candidates.join(known.executions.select(key), on=key, how="anti", maintain_order="left").join(
        water, on=["receivable_id", "due_on", "action"], how="left", maintain_order="left"
    )
    return fresh.filter(pl.col("settled_until").is_null() | (pl.col("day") > pl.col("settled_until")))


def settled(candidates: pl.DataFrame, titles: pl.DataFrame, known: facts.Facts, in_force: rules.Rules) -> pl.DataFrame:
    """`candidates` with `decision`: the permanent no or the stop "for now" that holds first; null: it may go."""
    waits = [ladder.version_id for ladder in in_force.ladders if ladder.late_entry == rules.WAIT]
    can_reach = _reachable(candidates, known, in_force)
    needs_reach = pl.col("action").is_in([rules.MESSAGE, rules.CALL_TASK])
    return (
        candidates.join(can_reach, on=["debtor_id", "step_key"], how="left", maintain_order="left")
        .with_columns(
            pl.when("is_prescribed")
            .then(pl.lit(int(Reason.PRESCRIBED), dtype=CODE))
            .when(pl.col("day") < pl.col("since_on"))
            .then(pl.lit(int(Reason.BEFORE_VERSION), dtype=CODE))
            .when(pl.col("ladder_version_id").is_in(waits) & (pl.col("day") < pl.col("created_on")))
            .then(pl.lit(int(Reason.SUPERSEDED), dtype=CODE))
            .when(needs_reach & pl.col("can_reach").is_null())
            .then(pl.lit(int(Reason.NO_USABLE_CONTACT), dtype=CODE))
            .otherwise(stops.reason())
            .alias("decision")
        )
        .drop("can_reach")
    )


def _reachable(candidates: pl.DataFrame, known: facts.Facts, in_force: rules.Rules) -> pl.DataFrame:
    """(debtor_id, step_key, can_reach) of the steps for which the debtor has a usable contact point."""
    channels = [
        (step.key, channel)
        for ladder in in_force.ladders
        for step in ladder.steps
        for channel in (("voice",) if step.action == rules.CALL_TASK else step.channels)
    ]
    table = pl.DataFrame(channels, schema={"step_key": pl.Int32, "channel": pl.String}, orient="row").unique(
        maintain_order=True
    )
    return (
        candidates.select("debtor_id", "step_key")
        .unique()
        .join(table, on="step_key", how="inner")
        .join(known.reach.select("debtor_id", "channel"), on=["debtor_id", "channel"], how="semi")
        .select("debtor_id", "step_key", pl.lit(True).alias("can_reach"))
        .unique()
    )


def _below_minimum(titles: pl.DataFrame, in_force: rules.Rules) -> pl.DataFrame:
    """`titles` with `is_below_minimum`: the past-due sum of the case (before it, the title) is too small to chase."""
    minimum = {ladder.version_id: ladder.minimum_cents for ladder in in_force.ladders}
    least = pl.col("ladder_version_id").replace_strict(minimum, default=0, return_dtype=pl.Int64)
    sum_at_stake = (
        pl.when(pl.col("days_past_due") > 0).then(pl.col("case_balance_cents")).otherwise(pl.col("balance_cents"))
    )
    return titles.with_columns((sum_at_stake < least).alias("is_below_minimum"))


def _all_decisions(rows: pl.DataFrame, titles: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """The decided occurrences and, for each title without one, the reason why no step concerned it."""
    columns = [
        "receivable_id", "company_id", "debtor_id", "due_on", "action", "step_key", "occurrence", "day", "decision",
        "group_id", "days_past_due", "balance_cents", "portfolio_id", "ladder_version_id", "contact_point_id",
        "promise_until", "hold_id", "not_before",
    ]  # fmt: skip
    idle = titles.join(
        rows.select("receivable_id"), on="receivable_id", how="anti", maintain_order="left"
    ).with_columns(
        pl.when(pl.col("ladder_version_id").is_null())
        .then(pl.lit(int(Reason.NO_LADDER), dtype=CODE))
        .when("is_below_minimum")
        .then(pl.lit(int(Reason.BELOW_MINIMUM), dtype=CODE))
        .otherwise(pl.lit(int(Reason.NOTHING_DUE), dtype=CODE))
        .alias("decision")
    )
    undated = every.filter(pl.col("due_on").is_null()).with_columns(
        pl.lit(int(Reason.NO_DUE_DATE), dtype=CODE).alias("decision")
    )
    decided = rows.select(columns)
    frames = [decided, *(_like(frame, decided.schema) for frame in (idle, undated))]
    return pl.concat(frames).sort("receivable_id", "action", nulls_last=True)


def _like(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The columns of `schema` from `frame`; those it has not are null."""
    return frame.select(
        [
            pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in schema.items()
        ]
    )
