"""Aging: outstanding amounts by days past due, in buckets that always add up to the total."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Bucket:
    """A range of days past due, both ends included; None leaves an end open."""

    key: str
    first_days: int | None
    last_days: int | None


BUCKETS: tuple[Bucket, ...] = (
    Bucket("not_due", None, 0),
    Bucket("d1_30", 1, 30),
    Bucket("d31_60", 31, 60),
    Bucket("d61_90", 61, 90),
    Bucket("d91_180", 91, 180),
    Bucket("d181_360", 181, 360),
    Bucket("over_360", 361, None),
)
NO_DUE_DATE = "no_due_date"
KEYS = (*(bucket.key for bucket in BUCKETS), NO_DUE_DATE)


def bucket_expr(days_past_due: str | pl.Expr = "days_past_due") -> pl.Expr:
    """Return each row's bucket key. Zero and negative days are not due; a missing number has no due date."""
    days = pl.col(days_past_due) if isinstance(days_past_due, str) else days_past_due
    key: pl.Expr = pl.lit(BUCKETS[-1].key)
    for bucket in reversed(BUCKETS[:-1]):
        key = pl.when(days <= bucket.last_days).then(pl.lit(bucket.key)).otherwise(key)
    return pl.when(days.is_null()).then(pl.lit(NO_DUE_DATE)).otherwise(key).cast(pl.Enum(KEYS))


def aging(titles: pl.DataFrame, amount: str = "balance_cents") -> pl.DataFrame:
    """Return one row per bucket, empty ones too, in order: bucket, title_count, amount_cents.

    `titles` has `days_past_due` and the amount's column. The buckets' sum is checked against the total each time: aging
    that does not add up is a fault, never a rounding matter.
    """
    found = titles.group_by(bucket=bucket_expr()).agg(title_count=pl.len(), amount_cents=pl.col(amount).sum())
    every = pl.DataFrame({"bucket": pl.Series(KEYS, dtype=pl.Enum(KEYS))})
    table = every.join(found, on="bucket", how="left", maintain_order="left").with_columns(
        pl.col("title_count").fill_null(0).cast(pl.Int64), pl.col("amount_cents").fill_null(0)
    )
    if table["amount_cents"].sum() != titles[amount].sum() or table["title_count"].sum() != titles.height:
        raise AssertionError("the aging buckets do not add up to the outstanding total")
    return table
