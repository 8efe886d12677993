"""Which occurrences of a ladder's steps are due, worked out once for each distinct (ladder, calendar, due date).

A million titles share a few thousand due dates; what a ladder asks of a due date does not depend on the title.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from quita.domain.ladder import rules

SLOT = ["ladder_version_id", "calendar_id", "due_on"]


def due_occurrences(
    slots: pl.DataFrame, ladders: tuple[rules.Ladder, ...], today: dt.date, business_days: pl.DataFrame
) -> pl.DataFrame:
    """Every occurrence that has come and is not out of its time, one row per (slot, occurrence).

    `slots` has SLOT, payable_until and due_seq. A step before the due date never fires after it; one on the due date
    never after `payable_until`; one after it only on a title past due.
    """
    rungs = _rungs(ladders)
    rows = slots.join(rungs, on="ladder_version_id", how="inner")
    by_business = pl.col("basis") == rules.BUSINESS
    calendar_rows = rows.filter(~by_business).with_columns(
        (pl.col("due_on") + pl.duration(days=pl.col("offset"))).alias("day")
    )
    business_rows = (
        rows.filter(by_business)
        .with_columns((pl.col("due_seq") + pl.col("offset")).alias("seq"))
        .join(business_days, on=["calendar_id", "seq"], how="inner")
        .drop("seq")
    )
    in_time = (
        pl.when(pl.col("offset") < 0)
        .then(pl.lit(today) <= pl.col("due_on"))
        .when(pl.col("offset") == 0)
        .then(pl.lit(today) <= pl.col("payable_until"))
        .otherwise(pl.lit(today) > pl.col("payable_until"))
    )
    both = pl.concat([calendar_rows, business_rows.select(calendar_rows.columns)])
    return both.filter((pl.col("day") <= pl.lit(today)) & in_time)


def latest(due: pl.DataFrame) -> pl.DataFrame:
    """For each slot and kind of action the latest occurrence (by day, then priority) and those it puts aside."""
    ordered = due.sort(*SLOT, "action", "day", "priority", "step_key", "occurrence")
    name = pl.col("step_key") * rules.KEY_SPAN + pl.col("occurrence").cast(pl.Int32)
    return ordered.group_by(*SLOT, "action", maintain_order=True).agg(
        pl.col("step_key", "occurrence", "offset", "day", "priority", "grouping", "since_on").last(),
        name.slice(0, pl.len() - 1).alias("older"),
        pl.col("day").slice(0, pl.len() - 1).alias("older_days"),
    )


def _rungs(ladders: tuple[rules.Ladder, ...]) -> pl.DataFrame:
    """One row per step and repeat."""
    rows = [
        (
            ladder.version_id, step.action, step.key, occurrence, offset, step.basis, step.priority, step.grouping,
            max(step.since_on, dt.date(1970, 1, 1)),
        )
        for ladder in ladders
        for step in ladder.steps
        for occurrence, offset in step.offsets()
    ]  # fmt: skip
    schema = {
        "ladder_version_id": pl.Int64, "action": pl.String, "step_key": pl.Int32, "occurrence": pl.Int16,
        "offset": pl.Int32, "basis": pl.String, "priority": pl.Int16, "grouping": pl.String, "since_on": pl.Date,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
