"""Which cases open, reopen and close, and what each adds up to."""

from __future__ import annotations

import datetime as dt

import polars as pl

from quita.domain.ladder.portfolios import CASE

# What the status of the title closed last says about why the case ended.
ENDED_BY = {
    "paid": "paid",
    "renegotiated": "agreed",
    "cancelled": "cancelled",
    "written_off": "written_off",
}


def with_case_facts(titles: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """`titles` with the sums of their case over what is past due, and where the case stands.

    Adds case_balance_cents and case_title_count (0 without a case), case_days_past_due, case_portfolio_id and
    case_is_open: the columns that conditions on a case read.
    """
    sums = (
        titles.filter(pl.col("days_past_due") > 0)
        .group_by(CASE)
        .agg(
            pl.col("balance_cents").sum().alias("case_balance_cents"),
            pl.len().cast(pl.Int64).alias("case_title_count"),
            pl.col("days_past_due").max().alias("case_days_past_due"),
        )
    )
    standing = cases.select(*CASE, "portfolio_id", "is_open").rename(
        {"portfolio_id": "case_portfolio_id", "is_open": "case_is_open"}
    )
    joined = titles.join(sums, on=CASE, how="left", maintain_order="left").join(
        standing, on=CASE, how="left", maintain_order="left"
    )
    return joined.with_columns(
        pl.col("case_balance_cents", "case_title_count").fill_null(0),
        pl.col("case_is_open").fill_null(False),
    )


def changes(titles: pl.DataFrame, cases: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """The cases to open, reopen or move to another portfolio: only those that differ from what stands.

    `titles` are those past due, with the portfolio they were allocated to. Columns: company_id, debtor_id, contract_id,
    origin, opened_on, portfolio_id, portfolio_by_hand, is_new, is_reopened.
    """
    wanted = titles.group_by(CASE).agg(
        pl.col("company_id", "debtor_id", "portfolio_id").first(),
    )
    standing = cases.select(
        *CASE,
        "case_id",
        "is_open",
        pl.col("portfolio_id").alias("was_portfolio_id"),
        pl.col("portfolio_by_hand").alias("was_by_hand"),
    )
    joined = wanted.join(standing, on=CASE, how="left")
    is_new = pl.col("case_id").is_null()
    is_reopened = pl.col("is_open").eq_missing(False)
    moved = pl.col("portfolio_id").ne_missing(pl.col("was_portfolio_id"))
    return (
        joined.filter(is_new | is_reopened | moved)
        .select(
            "company_id",
            "debtor_id",
            *CASE,
            pl.lit(today).alias("opened_on"),
            "portfolio_id",
            # A reopened case stands where it stood: a hand move of its first life still holds only while it is open.
            (pl.col("was_by_hand").fill_null(False) & ~is_reopened.fill_null(False)).alias("portfolio_by_hand"),
            is_new.alias("is_new"),
            is_reopened.fill_null(False).alias("is_reopened"),
        )
        .sort("contract_id", "origin")
    )


def closings(titles: pl.DataFrame, cases: pl.DataFrame, endings: pl.DataFrame) -> pl.DataFrame:
    """(case_id, close_reason) of the open cases in which nothing is past due any more."""
    alive = titles.filter(pl.col("days_past_due") > 0).select(CASE).unique()
    ended = cases.filter("is_open").join(alive, on=CASE, how="anti").select("case_id")
    reason = pl.col("last_status").replace_strict(ENDED_BY, default="not_due", return_dtype=pl.String)
    return (
        ended.join(endings, on="case_id", how="left")
        .select("case_id", reason.fill_null("not_due").alias("close_reason"))
        .sort("case_id")
    )
