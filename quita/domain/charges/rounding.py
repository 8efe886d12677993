"""The one division of each component, on columns, in 128-bit integers."""

from __future__ import annotations

import polars as pl

from quita.domain.charges.policies import Rounding

WIDE = pl.Int128


def wide(value: int) -> pl.Expr:
    """Return a 128-bit literal."""
    return pl.lit(value, dtype=WIDE)


def divide(numerator: pl.Expr, denominator: int, rounding: Rounding) -> pl.Expr:
    """Return numerator / denominator as whole centavos. The numerator is 128-bit and not negative."""
    if rounding is Rounding.HALF_UP:
        quotient = (numerator * wide(2) + wide(denominator)) // wide(2 * denominator)
    else:
        quotient = numerator // wide(denominator)
    if rounding is Rounding.HALF_EVEN:
        doubled = (numerator - quotient * wide(denominator)) * wide(2)
        up = (doubled > denominator) | ((doubled == denominator) & (quotient % wide(2) == 1))
        quotient = quotient + up.cast(WIDE)
    return quotient.cast(pl.Int64)


def product(cents: pl.Expr, factor: int) -> pl.Expr:
    """Return cents × factor without overflow."""
    return cents.cast(WIDE) * wide(factor)
