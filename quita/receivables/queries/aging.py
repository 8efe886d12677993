"""How old the open debt is, by company. The buckets always add up to what is outstanding."""

import datetime as dt

import polars as pl

from quita.domain import aging
from quita.platform.access.scopes import Scope
from quita.receivables.queries import ruling, worth

SCHEMA = {
    "company_id": pl.Int64(),
    "bucket": pl.Enum(aging.KEYS),
    "title_count": pl.Int64(),
    "amount_cents": pl.Int64(),
}


def aging_by_company(*, scope: Scope, today: dt.date) -> pl.DataFrame:
    """Open principal and titles: company_id, bucket, title_count, amount_cents, every bucket of every company in order.

    The core checks that the buckets of a company add up to its total, each time.
    """
    titles = with_days_past_due(worth.position_frame(scope=scope), today)
    parts = [
        aging.aging(of_company).select(pl.lit(company_id, dtype=pl.Int64).alias("company_id"), pl.all())
        for (company_id,), of_company in sorted(titles.partition_by("company_id", as_dict=True).items())
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)


def with_days_past_due(titles: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """Adds `days_past_due`: negative before the due date, 0 until payment is late, null without a due date."""
    days = ruling.rules(today).business_days
    payable_until = days.next_business_on(titles["calendar_id"], titles["due_on"])
    past = (pl.lit(today) - pl.col("due_on")).dt.total_days()
    return titles.with_columns(payable_until_on=payable_until).with_columns(
        days_past_due=pl.when(pl.col("due_on").is_null())
        .then(None)
        .when(pl.lit(today) > pl.col("payable_until_on"))
        .then(past)
        .otherwise(pl.min_horizontal(past, 0))
    )
