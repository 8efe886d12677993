"""The components of a payoff, one function each: rows under one policy in, the same rows with one more amount out."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from quita.domain import calendars
from quita.domain.charges import accrual
from quita.domain.charges import indexes as index_rates
from quita.domain.charges.policies import (
    AfterGrace,
    ChargeBase,
    ChargePolicy,
    Discount,
    FineKind,
    IndexProrata,
    InterestStart,
    Rounding,
)
from quita.domain.charges.rounding import WIDE, divide, product, wide
from quita.domain.money import PPM

TIERS = (1, 2, 3)


def with_base_and_dates(rows: pl.DataFrame, policy: ChargePolicy) -> pl.DataFrame:
    """Add base_cents (open principal less rebate), is_late, charge_days and accrual_start_on (null when not late)."""
    grace_end = pl.col("payable_until_on")
    if policy.grace_days:
        grace_end = grace_end + timedelta(days=policy.grace_days)
    start = pl.col("due_on" if policy.interest_start is InterestStart.ORIGINAL_DUE else "payable_until_on")
    if policy.grace_days and policy.after_grace is AfterGrace.FROM_GRACE_END:
        start = grace_end
    late = (pl.col("as_of") > grace_end).fill_null(False)
    # An allocation made while the title was still on time does not move the start: what it left unpaid is late from
    # the due date, as if nothing had been paid.
    restarted = pl.when(pl.col("position_on") > grace_end).then("position_on").otherwise(start)
    rebate = pl.min_horizontal(pl.col("rebate_cents").clip(0), "balance_cents")
    return rows.with_columns(
        rebate_cents=rebate,
        base_cents=pl.col("balance_cents") - rebate,
        is_late=late,
        accrual_start_on=pl.when(late).then(restarted),
        charge_days=pl.when(pl.col("due_on").is_not_null())
        .then(pl.when(late).then((pl.col("as_of") - start).dt.total_days()).otherwise(0))
        .cast(pl.Int32),
    )


def with_correction(rows: pl.DataFrame, policy: ChargePolicy, values: index_rates.IndexValues) -> pl.DataFrame:
    """Add correction_cents and factor_e18. The corrected value never falls below the nominal (STJ REsp 1.265.580)."""
    if policy.index is None:
        return rows.with_columns(
            correction_cents=pl.col("correction_open_cents"), factor_e18=wide(index_rates.FACTOR_SCALE)
        )
    runs = pl.col("is_late") & (pl.col("charge_days") > policy.index_grace_days)
    start, end = pl.col("accrual_start_on"), pl.col("as_of")
    if policy.index_prorata is IndexProrata.NONE:
        start, end = start.dt.month_start(), end.dt.month_start()
    rows = rows.with_columns(factor_from=pl.when(runs).then(start), factor_to=pl.when(runs).then(end))
    spans = rows.select("factor_from", "factor_to").filter(pl.col("factor_from").is_not_null()).unique()
    factors = [
        index_rates.factor_e18(policy.index, values, first, last, policy.index_prorata, policy.index_lag)
        for first, last in spans.iter_rows()
    ]
    spans = spans.with_columns(factor_e18=pl.Series(factors, dtype=WIDE))
    rows = rows.join(spans, on=["factor_from", "factor_to"], how="left", maintain_order="left")
    corrected = divide(
        (pl.col("base_cents") + pl.col("correction_open_cents")).cast(WIDE) * pl.col("factor_e18"),
        index_rates.FACTOR_SCALE,
        policy.rounding,
    )
    return rows.with_columns(
        correction_cents=pl.when(pl.col("factor_e18").is_not_null())
        .then((corrected - pl.col("base_cents")).clip(0))
        .otherwise("correction_open_cents"),
        factor_e18=pl.col("factor_e18").fill_null(index_rates.FACTOR_SCALE),
    ).drop("factor_from", "factor_to")


def with_fine(rows: pl.DataFrame, policy: ChargePolicy) -> pl.DataFrame:
    """Add fine_cents: assessed once, when first paid late; until then a claim that does not grow with time."""
    base = _base(policy.fine_base)
    if policy.fine_kind is FineKind.PERCENT:
        fine = divide(product(base, policy.fine_ppm), PPM, policy.rounding)
    else:
        fine = pl.when(base > 0).then(pl.lit(policy.fine_cents, dtype=pl.Int64)).otherwise(0)
        if policy.fine_cap_ppm is not None:
            fine = pl.min_horizontal(fine, divide(product(base, policy.fine_cap_ppm), PPM, Rounding.DOWN))
    assessed = pl.col("is_late") & ~pl.col("fine_assessed")
    return rows.with_columns(
        fine_cents=pl.col("fine_open_cents") + pl.when(assessed).then(fine).otherwise(0),
    )


def with_interest(rows: pl.DataFrame, policy: ChargePolicy, values: index_rates.IndexValues) -> pl.DataFrame:
    """Add interest_cents: what was open and what accrued since, all segments summed before the one rounding."""
    if not policy.rate_segments():
        return rows.with_columns(interest_cents=pl.col("interest_open_cents"))
    whole = accrual.denominator(policy)
    base = _base(policy.interest_base)
    rows = pl.concat([rows, accrual.coefficients(rows, policy, values)], how="horizontal")
    per_day = pl.when(base > 0).then("per_day_cents").otherwise(0)
    if policy.interest_cap_ppm is not None:
        days = (pl.col("as_of") - pl.col("accrual_start_on")).dt.total_days().clip(0).fill_null(0).cast(WIDE)
        ceiling = divide(product(base, policy.interest_cap_ppm) * days, 30 * PPM, Rounding.DOWN)
        per_day = pl.min_horizontal(per_day, ceiling)
    accrued = divide(base.cast(WIDE) * pl.col("rate_part"), whole, policy.rounding) + per_day
    return rows.with_columns(interest_cents=pl.col("interest_open_cents") + accrued).drop("rate_part", "per_day_cents")


def with_discount(rows: pl.DataFrame, policy: ChargePolicy, table: calendars.BusinessDays) -> pl.DataFrame:
    """Add discount_cents: the best tier still open on the day, never more than what is left of the principal.

    A tier runs until its day, at most the due date; a day without bank service moves on to the next business day. The
    title's own tiers, if any is filled (zero counts as filled), replace the policy's.
    """
    filled = [tier for tier in TIERS if rows[f"discount{tier}_cents"].null_count() < rows.height]
    if not filled and not policy.discounts:
        return rows.with_columns(discount_cents=pl.lit(0, dtype=pl.Int64))
    own = [
        _open_tier(rows, pl.col(f"discount{tier}_until_on"), pl.col(f"discount{tier}_cents").fill_null(0), table)
        for tier in filled
    ]
    general = [
        _open_tier(rows, pl.col("due_on") - timedelta(days=d.days_before_due), _tier_cents(d, policy), table)
        for d in policy.discounts
    ]
    is_own = pl.any_horizontal(pl.lit(False), *(pl.col(f"discount{tier}_cents").is_not_null() for tier in filled))
    zero = pl.lit(0, dtype=pl.Int64)
    best = pl.when(is_own).then(pl.max_horizontal(zero, *own)).otherwise(pl.max_horizontal(zero, *general))
    return rows.with_columns(discount_cents=pl.min_horizontal(best, "base_cents"))


def _open_tier(rows: pl.DataFrame, until: pl.Expr, cents: pl.Expr, table: calendars.BusinessDays) -> pl.Series:
    """Return a tier's amount where the day still allows it, else zero. A tier without a day runs to the due date."""
    last = rows.select(until=pl.min_horizontal(until, "due_on"))["until"]
    return rows.select(
        pl.when(pl.col("as_of") <= table.next_business_on(rows["calendar_id"], last)).then(cents).otherwise(0)
    ).to_series()


def _tier_cents(discount: Discount, policy: ChargePolicy) -> pl.Expr:
    if discount.cents is not None:
        return pl.lit(discount.cents, dtype=pl.Int64)
    nominal = (pl.col("original_cents") - pl.col("rebate_cents")).clip(0)
    return divide(product(nominal, discount.rate_ppm), PPM, policy.rounding)


def _base(base: ChargeBase) -> pl.Expr:
    principal = pl.col("base_cents")
    return principal + pl.col("correction_cents") if base is ChargeBase.PRINCIPAL_CORRECTED else principal
