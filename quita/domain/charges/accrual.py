"""How much simple interest one centavo earns between two days, as an exact fraction with one denominator per policy.

Every convention becomes an integer coefficient: interest = base × coefficient / denominator, plus an amount for rates
given in centavos per day. Segments of different rates add up before the single rounding.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

import polars as pl

from quita.domain.charges import indexes as index_rates
from quita.domain.charges.policies import (
    TAXA_LEGAL_INDEX,
    ChargePolicy,
    DayBasis,
    IndexLag,
    InterestKind,
    RateSegment,
)
from quita.domain.money import PPM

_DENOMINATORS = {
    DayBasis.D30: 30 * PPM,
    DayBasis.ACT_MONTH: index_rates.MONTH_PARTS * PPM,
    DayBasis.ACT365: 365 * PPM,
    DayBasis.MONTHS_PLUS_DAYS30: 30 * PPM,
}


def denominator(policy: ChargePolicy) -> int:
    """Return the common denominator of all segments of a policy."""
    return math.lcm(*(segment_denominator(s, policy) for s in policy.rate_segments()))


def segment_denominator(segment: RateSegment, policy: ChargePolicy) -> int:
    """Return the denominator in which this segment's coefficient is a whole number."""
    if segment.kind is InterestKind.TAXA_LEGAL:
        return index_rates.MONTH_PARTS * index_rates.RATE_SCALE
    if segment.kind is InterestKind.SIMPLE_DAILY:
        return PPM
    if segment.kind is InterestKind.SIMPLE_MONTHLY:
        return _DENOMINATORS[policy.interest_basis]
    return 1


def coefficients(rows: pl.DataFrame, policy: ChargePolicy, values: index_rates.IndexValues) -> pl.DataFrame:
    """Return `rate_part` (over `denominator(policy)`) and `per_day_cents` for each row.

    `rows` has `accrual_start_on` (excluded; null: nothing accrues) and `as_of` (included).
    """
    whole = denominator(policy)
    rate_part = pl.lit(0, dtype=pl.Int128)
    per_day = pl.lit(0, dtype=pl.Int64)
    tables: list[pl.Series] = []
    for number, segment in enumerate(policy.rate_segments()):
        start, end = _clip(segment)
        days = (end - start).dt.total_days().clip(0)
        if segment.kind is InterestKind.FIXED_PER_DAY:
            per_day = per_day + days * segment.cents_per_day
            continue
        scale = whole // segment_denominator(segment, policy)
        if segment.kind is InterestKind.SIMPLE_DAILY:
            parts = days * segment.rate_ppm
        elif segment.kind is InterestKind.TAXA_LEGAL or policy.interest_basis is DayBasis.ACT_MONTH:
            tables.append(_by_month(rows, segment, policy, values).alias(f"segment_{number}"))
            parts = pl.col(f"segment_{number}")
        elif policy.interest_basis is DayBasis.MONTHS_PLUS_DAYS30:
            parts = _thirtieths_by_anniversary(start, end) * segment.rate_ppm
        elif policy.interest_basis is DayBasis.ACT365:
            parts = days * (12 * segment.rate_ppm)
        else:
            parts = days * segment.rate_ppm
        rate_part = rate_part + parts.cast(pl.Int128) * pl.lit(scale, dtype=pl.Int128)
    return rows.with_columns(tables).select(rate_part=rate_part.fill_null(0), per_day_cents=per_day.fill_null(0))


def _clip(segment: RateSegment) -> tuple[pl.Expr, pl.Expr]:
    """Return the part of (accrual_start_on, as_of] inside the segment, again with its start excluded."""
    start, end = pl.col("accrual_start_on"), pl.col("as_of")
    if segment.since_on is not None:
        day_before = segment.since_on - timedelta(days=1)
        start = pl.when(start < day_before).then(pl.lit(day_before)).otherwise(start)
    if segment.until_on is not None:
        end = pl.when(end > segment.until_on).then(pl.lit(segment.until_on)).otherwise(end)
    return start, end


def _by_month(
    rows: pl.DataFrame, segment: RateSegment, policy: ChargePolicy, values: index_rates.IndexValues
) -> pl.Series:
    """Return each row's sum of rate × MONTH_PARTS / days of month over its days, by difference of daily sums."""
    start, end = _clip(segment)
    spans = rows.select(start=start, end=end).with_columns(runs=pl.col("end") > pl.col("start"))
    live = spans.filter("runs")
    if live.is_empty():
        return pl.Series(None, [0], dtype=pl.Int64).new_from_index(0, rows.height)
    first, last = live["start"].min(), live["end"].max()
    assert isinstance(first, date) and isinstance(last, date)  # a non-empty column of dates
    sums = index_rates.daily_sums(_rates(segment, policy, values, first, last), first, last)
    position = spans.select(
        start=pl.when("runs").then((pl.col("start") - first).dt.total_days()),
        end=pl.when("runs").then((pl.col("end") - first).dt.total_days()),
    )
    return (sums.gather(position["end"]) - sums.gather(position["start"])).fill_null(0)


def _rates(
    segment: RateSegment, policy: ChargePolicy, values: index_rates.IndexValues, first: date, last: date
) -> dict[date, int]:
    # The first day is excluded from accrual, so its month may be before anything is published.
    months = list(index_rates.months_between(first + timedelta(days=1), last))
    if segment.kind is InterestKind.TAXA_LEGAL:
        rates = {month: legal_rate(values, month, policy.index_lag) for month in months}
    else:
        rates = dict.fromkeys(months, segment.rate_ppm)
    rates.setdefault(first.replace(day=1), 0)
    return rates


def legal_rate(values: index_rates.IndexValues, month: date, lag: IndexLag) -> int:
    """Return the taxa legal of a month; a negative one counts as zero (CC art. 406 §3)."""
    return max(0, index_rates.month_rate(TAXA_LEGAL_INDEX, values, month, lag))


def _thirtieths_by_anniversary(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Return 30 for each full month by anniversary plus one for each day after the last one; 0 when the span is empty.

    An anniversary on a day that a month lacks falls on its last day.
    """
    months = (end.dt.year() - start.dt.year()) * 12 + end.dt.month().cast(pl.Int32) - start.dt.month().cast(pl.Int32)
    start_day, end_day = start.dt.day().cast(pl.Int32), end.dt.day().cast(pl.Int32)
    anniversary = pl.min_horizontal(start_day, end.dt.month_end().dt.day().cast(pl.Int32))
    month_before = end.dt.month_start().dt.offset_by("-1d").dt.day().cast(pl.Int32)
    previous = pl.min_horizontal(start_day, month_before)
    reached = end_day >= anniversary
    thirtieths = (
        pl.when(reached)
        .then(months * 30 + end_day - anniversary)
        .otherwise((months - 1) * 30 + month_before - previous + end_day)
    )
    return pl.when(end > start).then(thirtieths.cast(pl.Int64)).otherwise(0)
