"""Price indexes and the taxa legal: published monthly rates as factors and daily sums, no rate ever rounded.

Values are `{index: {first day of month: rate_e8}}`, where rate_e8 is the month's fraction times 10⁸: 0.707500% is
707_500. Hand in only what was published on the day the calculation stands for; then a quote stays what it was.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

import polars as pl

from quita.domain import refusals
from quita.domain.charges.policies import IndexLag, IndexProrata

MonthlyRates = Mapping[date, int]
IndexValues = Mapping[str, MonthlyRates]

RATE_SCALE = 10**8
# Factors are rounded half up to this many decimals, once, after all months are multiplied.
FACTOR_SCALE = 10**18
# Divisible by 28, 29, 30 and 31: a day's share of any month is a whole number of these parts.
MONTH_PARTS = 377_580

_PRECISE = Context(prec=60, rounding=ROUND_HALF_UP)


def with_substitution(values: IndexValues, old: str, new: str, since: date) -> dict[str, MonthlyRates]:
    """Return the values with `old` continued by `new` from the month of `since` on (an extinct or replaced index)."""
    first = since.replace(day=1)
    joined = {month: rate for month, rate in values.get(old, {}).items() if month < first}
    joined.update({month: rate for month, rate in values.get(new, {}).items() if month >= first})
    return {**values, old: joined}


def months_between(start: date, end: date) -> Iterator[date]:
    """Yield the first day of each month from the month of `start` to the month of `end`, both included."""
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def month_rate(index: str, values: IndexValues, month: date, lag: IndexLag) -> int:
    """Return the rate of a month; for months after the last published one, what `lag` says.

    A month missing before the last published one is a hole in the data: index_value_missing.
    """
    rates = values.get(index)
    if rates and month in rates:
        return rates[month]
    if not rates or month < max(rates):
        raise refusals.Refusal(
            "index_value_missing",
            "The value of %(index)s for %(month)s is missing. Load the index before charging by it.",
            {"index": index, "month": f"{month:%Y-%m}"},
        )
    return rates[max(rates)] if lag is IndexLag.REPEAT_LAST else 0


def factor_e18(index: str, values: IndexValues, start: date, end: date, prorata: IndexProrata, lag: IndexLag) -> int:
    """Return Π(1 + rate) × 10¹⁸ from `start` to `end`, rounded half up once. Negative months count as they are.

    Whole competences from the month of `start` to the month before `end`; with CALENDAR_DAYS the first and the last
    month are weighed by days, (1 + rate)^(days / days of month).
    """
    if end <= start:
        return FACTOR_SCALE
    if prorata is IndexProrata.NONE:
        numerator, denominator = 1, 1
        for month in months_between(start, end):
            if month < end.replace(day=1):
                numerator *= RATE_SCALE + month_rate(index, values, month, lag)
                denominator *= RATE_SCALE
        return (2 * numerator * FACTOR_SCALE + denominator) // (2 * denominator)
    product = Decimal(1)
    for month in months_between(start, end):
        length = calendar.monthrange(month.year, month.month)[1]
        first = start.day if month == start.replace(day=1) else 0
        last = end.day if month == end.replace(day=1) else length
        rate = month_rate(index, values, month, lag) if last > first else 0
        growth = Decimal(RATE_SCALE + rate) / RATE_SCALE
        weight = _PRECISE.divide(Decimal(last - first), Decimal(length))
        product = _PRECISE.multiply(product, _PRECISE.power(growth, weight))
    return int(_PRECISE.to_integral_value(_PRECISE.multiply(product, Decimal(FACTOR_SCALE))))


def daily_sums(rates_by_month: Mapping[date, int], start: date, end: date) -> pl.Series:
    """Return, for each day from `start` to `end`, the sum up to it of its month's rate × MONTH_PARTS / days of month.

    The day `start` itself counts nothing, so that the sum over (a, b] is the difference of the two entries.
    """
    weights = []
    for month in months_between(start, end):
        length = calendar.monthrange(month.year, month.month)[1]
        first = max(start, month)
        last = min(end, month.replace(day=length))
        weights += [rates_by_month[month] * (MONTH_PARTS // length)] * ((last - first).days + 1)
    weights[0] = 0
    return pl.Series(weights, dtype=pl.Int64).cum_sum()
