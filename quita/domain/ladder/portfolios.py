"""Which portfolio a title falls under, which ladder that means, and which phase its lateness puts it in."""

from __future__ import annotations

import datetime as dt

import polars as pl

from quita.domain.conditions import fields, polars_compiler, registry, trees
from quita.domain.ladder import rules

CASE = ["contract_id", "origin"]

# What a portfolio's condition may ask. Not in which portfolio the case is: that would chase its own tail.
ASKABLE = registry.Registry(field for field in fields.DEFAULT if field.key != "case.portfolio")


def matched(titles: pl.DataFrame, in_force: rules.Rules) -> pl.DataFrame:
    """`titles` with `matched_rank`: the place of the first portfolio, by priority, that matches; null if none."""
    ordered = ranked(in_force)
    rank: pl.Expr = pl.lit(None, dtype=pl.Int32)
    for place in range(len(ordered) - 1, -1, -1):
        if ordered[place].is_default:
            continue
        tree = trees.parse(ordered[place].condition, ASKABLE)
        holds = polars_compiler.to_polars(tree, ASKABLE, in_force.today)
        rank = pl.when(holds).then(pl.lit(place, dtype=pl.Int32)).otherwise(rank)
    return titles.with_columns(rank.alias("matched_rank"))


def fields_asked(in_force: rules.Rules) -> list[registry.Field]:
    """The fields that the portfolios' conditions use, each once, in the registry's order: what a run must read."""
    used = {
        field.key
        for portfolio in in_force.portfolios
        if not portfolio.is_default
        for field in trees.fields_used(trees.parse(portfolio.condition, ASKABLE), ASKABLE)
    }
    return [field for field in ASKABLE if field.key in used]


def ranked(in_force: rules.Rules) -> list[rules.Portfolio]:
    """The portfolios in the order in which they are tried."""
    return sorted(in_force.portfolios, key=lambda portfolio: (portfolio.priority, portfolio.portfolio_id))


def allocated(titles: pl.DataFrame, cases: pl.DataFrame, debtors: pl.DataFrame, in_force: rules.Rules) -> pl.DataFrame:
    """`titles` with `portfolio_id` and `ladder_version_id` (either may be null).

    A hand move of the case sticks; then the debtor's own rule; then the first portfolio that matches any past-due
    title of the case; then the default one. The debtor's own ladder comes before the portfolio's.
    """
    ordered = ranked(in_force)
    default = next((portfolio.portfolio_id for portfolio in ordered if portfolio.is_default), None)
    ids = pl.Series([portfolio.portfolio_id for portfolio in ordered], dtype=pl.Int64)
    ladder_of = {
        portfolio.portfolio_id: ladder.version_id
        for portfolio in ordered
        if (ladder := in_force.ladder(portfolio.ladder_id)) is not None
    }
    version_of = {ladder.ladder_id: ladder.version_id for ladder in in_force.ladders}
    past_due = pl.col("days_past_due") > 0
    of_case = (
        titles.filter(past_due & pl.col("matched_rank").is_not_null())
        .group_by(CASE)
        .agg(pl.col("matched_rank").min().alias("case_rank"))
    )
    has_case = titles.filter(past_due).select(CASE).unique().with_columns(pl.lit(True).alias("in_case"))
    hand = cases.filter(pl.col("portfolio_by_hand") & pl.col("is_open")).select(
        *CASE, pl.col("portfolio_id").alias("hand_portfolio_id")
    )
    own = debtors.filter(pl.col("own_portfolio_id").is_not_null() | pl.col("own_ladder_id").is_not_null()).select(
        "debtor_id", "own_portfolio_id", "own_ladder_id"
    )
    joined = (
        titles.join(of_case, on=CASE, how="left", maintain_order="left")
        .join(has_case, on=CASE, how="left", maintain_order="left")
        .join(hand, on=CASE, how="left", maintain_order="left")
        .join(own, on="debtor_id", how="left", maintain_order="left")
    )
    rank = pl.when(pl.col("in_case")).then(pl.col("case_rank")).otherwise(pl.col("matched_rank"))
    by_rule = rank.replace_strict(range(len(ordered)), ids, default=None, return_dtype=pl.Int64)
    joined = joined.with_columns(
        pl.coalesce("hand_portfolio_id", "own_portfolio_id", by_rule, pl.lit(default, dtype=pl.Int64)).alias(
            "portfolio_id"
        )
    )
    own_ladder = pl.col("own_ladder_id").replace_strict(version_of, default=None, return_dtype=pl.Int64)
    of_portfolio = pl.col("portfolio_id").replace_strict(ladder_of, default=None, return_dtype=pl.Int64)
    return joined.with_columns(pl.coalesce(own_ladder, of_portfolio).alias("ladder_version_id")).drop(
        "case_rank", "in_case", "hand_portfolio_id", "own_portfolio_id", "own_ladder_id", "matched_rank"
    )


def phase_changes(titles: pl.DataFrame, in_force: rules.Rules) -> pl.DataFrame:
    """(receivable_id, phase_id, was_in_phase) of titles whose phase by lateness differs from where they stand.

    A null phase: none any more.

    A phase set by hand, or one that lateness never sets, is left alone.
    """
    automatic = [phase for phase in in_force.phases if phase.from_days is not None]
    automatic_ids = [phase.phase_id for phase in automatic]
    wanted: pl.Expr = pl.lit(None, dtype=pl.Int64)
    for phase in sorted(automatic, key=lambda phase: (phase.from_days or 0, phase.phase_id)):
        days = "business_days_past_due" if phase.basis == rules.BUSINESS else "days_past_due"
        wanted = pl.when(pl.col(days) >= phase.from_days).then(pl.lit(phase.phase_id, dtype=pl.Int64)).otherwise(wanted)
    if not automatic:
        return pl.DataFrame(schema={"receivable_id": pl.Int64, "phase_id": pl.Int64, "was_in_phase": pl.Boolean})
    free = pl.col("phase_id").is_null() | (
        pl.col("phase_id").is_in(automatic_ids) & ~pl.col("phase_by_hand").fill_null(False)
    )
    return (
        titles.filter(free)
        .select("receivable_id", pl.col("phase_id").alias("was"), wanted.alias("phase_id"))
        .filter(pl.col("was").ne_missing(pl.col("phase_id")))
        .select("receivable_id", "phase_id", pl.col("was").is_not_null().alias("was_in_phase"))
        .sort("receivable_id")
    )


def prescribed(titles: pl.DataFrame, in_force: rules.Rules, today: dt.date) -> pl.DataFrame:
    """`titles` with `is_prescribed`: the years of the debt's regime have passed since the due date (CC 205–206)."""
    table = pl.DataFrame(
        [
            (company, policy, _years_before(today, years))
            for (company, policy), years in in_force.prescription_years.items()
        ],
        schema={"company_id": pl.Int64, "policy_key": pl.Int64, "prescribed_before": pl.Date},
        orient="row",
    )
    if table.is_empty() or titles.is_empty():
        return titles.with_columns(pl.lit(False).alias("is_prescribed"))
    earliest = table["prescribed_before"].max()
    oldest = titles["due_on"].min()
    # Almost always no title is old enough: then no join is needed.
    if oldest is None or (isinstance(earliest, dt.date) and isinstance(oldest, dt.date) and oldest >= earliest):
        return titles.with_columns(pl.lit(False).alias("is_prescribed"))
    return (
        titles.with_columns(pl.col("policy_id").fill_null(0).alias("policy_key"))
        .join(table, on=["company_id", "policy_key"], how="left", maintain_order="left")
        .with_columns((pl.col("due_on") < pl.col("prescribed_before")).fill_null(False).alias("is_prescribed"))
        .drop("policy_key", "prescribed_before")
    )


def _years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years earlier; 29 February falls back to the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
