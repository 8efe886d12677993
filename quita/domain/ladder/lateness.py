"""Days past due of every title, worked out once for each distinct (calendar, due date)."""

from __future__ import annotations

import datetime as dt

import polars as pl

from quita.domain import calendars


def due_days(titles: pl.DataFrame, today: dt.date, days: calendars.BusinessDays) -> pl.DataFrame:
    """The distinct (calendar_id, due_on) of the titles with what follows from the calendar.

    payable_until: the due date, or the next bank business day (Lei 7.089/1983). days_past_due: 0 from the due date
    until then, after that counted from the due date itself (STJ REsp 1.954.924); negative before the due date.
    business_days_past_due likewise.
    """
    pairs = titles.select("calendar_id", "due_on").filter(pl.col("due_on").is_not_null()).unique()
    pairs = pairs.sort("calendar_id", "due_on")
    if pairs.is_empty():
        schema = {
            "payable_until": pl.Date,
            "due_seq": pl.Int32,
            "days_past_due": pl.Int32,
            "business_days_past_due": pl.Int32,
        }
        return pairs.with_columns([pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items()])
    ids, due = pairs["calendar_id"], pairs["due_on"]
    today_column = pl.Series([today], dtype=pl.Date).new_from_index(0, len(pairs))
    found = pairs.with_columns(
        days.next_business_on(ids, due).alias("payable_until"),
        days.business_seq(ids, due).cast(pl.Int32).alias("due_seq"),
        days.business_seq(ids, today_column).cast(pl.Int32).alias("today_seq"),
    )
    raw = (pl.lit(today) - pl.col("due_on")).dt.total_days().cast(pl.Int32)
    business = pl.col("today_seq") - pl.col("due_seq")
    still_payable = pl.lit(today) <= pl.col("payable_until")
    return found.select(
        "calendar_id",
        "due_on",
        "payable_until",
        "due_seq",
        pl.when(still_payable).then(pl.min_horizontal(raw, 0)).otherwise(raw).alias("days_past_due"),
        pl.when(still_payable).then(pl.min_horizontal(business, 0)).otherwise(business).alias("business_days_past_due"),
    )


def business_calendar(calendar_days: pl.DataFrame) -> pl.DataFrame:
    """(calendar_id, seq, day) of the business days: the day on which a business-day count is reached."""
    return calendar_days.filter("is_business").select(
        pl.col("calendar_id").cast(pl.Int32), pl.col("business_seq").cast(pl.Int32).alias("seq"), "day"
    )
