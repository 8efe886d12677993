"""What forbids collecting a title today, whatever its ladder says. In order: the first that holds is the reason."""

from __future__ import annotations

import datetime as dt

import polars as pl

from quita.domain.ladder import facts, rules
from quita.domain.ladder.portfolios import CASE
from quita.domain.ladder.reasons import Reason


def flagged(titles: pl.DataFrame, known: facts.Facts, in_force: rules.Rules) -> pl.DataFrame:
    """`titles` with promise_until (day), is_disputed, hold_id, hold_until, protection and is_stale."""
    today = in_force.today
    with_promise = _with_promise(titles, known.promises, today)
    with_hold = _with_hold(with_promise, known.holds)
    disputed = known.disputes.select("receivable_id").unique().with_columns(pl.lit(True).alias("is_disputed"))
    protected = known.debtors.filter(pl.col("protection").fill_null("") != "").select("debtor_id", "protection")
    return (
        with_hold.join(disputed, on="receivable_id", how="left", maintain_order="left")
        .join(protected, on="debtor_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("is_disputed").fill_null(False),
            pl.col("company_id").is_in(sorted(in_force.stale_companies)).alias("is_stale"),
        )
    )


def reason() -> pl.Expr:
    """The code of the first stop "for now" that holds on a flagged row; null when nothing stops it."""
    return (
        pl.when(pl.col("promise_until").is_not_null())
        .then(pl.lit(int(Reason.PROMISE_OPEN), dtype=pl.Int16))
        .when("is_disputed")
        .then(pl.lit(int(Reason.DISPUTED), dtype=pl.Int16))
        .when(pl.col("hold_id").is_not_null())
        .then(pl.lit(int(Reason.ON_HOLD), dtype=pl.Int16))
        .when(pl.col("protection").is_not_null())
        .then(pl.lit(int(Reason.PROTECTED_PERSON), dtype=pl.Int16))
        .when("is_stale")
        .then(pl.lit(int(Reason.STALE_FEED), dtype=pl.Int16))
    )


def listable() -> pl.Expr:
    """True for a past-due title that a message about another one may list."""
    return (
        (pl.col("days_past_due") > 0)
        & ~pl.col("is_disputed")
        & pl.col("hold_id").is_null()
        & pl.col("promise_until").is_null()
        & ~pl.col("is_prescribed")
    )


def _with_promise(titles: pl.DataFrame, promises: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """The last day of an open promise that covers the title: one of its case, or one of the debtor to the company."""
    if promises.is_empty():
        return titles.with_columns(pl.lit(None, dtype=pl.Date).alias("promise_until"))
    in_force = promises.filter(pl.col("pay_on") >= today)
    whole = in_force.filter(pl.col("contract_id").is_null())
    whole = whole.group_by("company_id", "debtor_id").agg(pl.col("pay_on").max().alias("promise_a"))
    part = in_force.filter(pl.col("contract_id").is_not_null())
    part = part.group_by(CASE).agg(pl.col("pay_on").max().alias("promise_b"))
    return (
        titles.join(whole, on=["company_id", "debtor_id"], how="left", maintain_order="left")
        .join(part, on=CASE, how="left", maintain_order="left")
        .with_columns(pl.max_horizontal("promise_a", "promise_b").alias("promise_until"))
        .drop("promise_a", "promise_b")
    )


def _with_hold(titles: pl.DataFrame, holds: pl.DataFrame) -> pl.DataFrame:
    """The hold that lasts longest among those on the title, its case, or its debtor (at one company or at all)."""
    if holds.is_empty():
        return titles.with_columns(
            pl.lit(None, dtype=pl.Int64).alias("hold_id"), pl.lit(None, dtype=pl.Date).alias("hold_until")
        )
    on_title = pl.col("receivable_id").is_not_null()
    on_case = pl.col("contract_id").is_not_null() & ~on_title
    on_debtor = ~on_title & ~on_case
    scopes = (
        (on_title, ["receivable_id"]),
        (on_case, CASE),
        (on_debtor & pl.col("company_id").is_not_null(), ["debtor_id", "company_id"]),
        (on_debtor & pl.col("company_id").is_null(), ["debtor_id"]),
    )
    joined, names = titles, []
    for place, (scope, keys) in enumerate(scopes):
        found = holds.filter(scope)
        if found.is_empty():
            continue
        longest = (
            found.sort("ends_on", "hold_id")
            .group_by(keys, maintain_order=True)
            .agg(pl.struct("ends_on", "hold_id").last().alias(f"hold_{place}"))
        )
        joined = joined.join(longest, on=keys, how="left", maintain_order="left")
        names.append(f"hold_{place}")
    # Of the holds that cover a title, the one that ends last is the one to wait for.
    ends = [pl.col(name).struct.field("ends_on") for name in names]
    last = pl.max_horizontal(ends)
    chosen: pl.Expr = pl.lit(None, dtype=pl.Int64)
    for name in reversed(names):
        chosen = (
            pl.when(pl.col(name).struct.field("ends_on") == last)
            .then(pl.col(name).struct.field("hold_id"))
            .otherwise(chosen)
        )
    return joined.with_columns(last.alias("hold_until"), chosen.alias("hold_id")).drop(names)
