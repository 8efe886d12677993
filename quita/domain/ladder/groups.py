"""One message per debtor and creditor: who leads, what is listed, when it may leave, and what the caps allow."""

from __future__ import annotations

import datetime as dt

import polars as pl

from quita.domain import contact_policy
from quita.domain.ladder import facts, rules
from quita.domain.ladder.reasons import Reason

# The last of a group leads it: the latest day, then priority; the rest only makes the order complete.
LEAD_ORDER = ["day", "priority", "offset", "days_past_due", "balance_cents", "step_key", "occurrence", "receivable_id"]


def gathered(candidates: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Numbers the groups of the surviving candidates.

    Returns (candidates with `group_id` and `is_lead`, groups with the columns of their lead). A step set to one
    message per title makes a group of its own; all others of a debtor and company share one.
    """
    alone = pl.when(pl.col("grouping") == rules.PER_TITLE).then(pl.col("receivable_id"))
    keyed = candidates.with_columns(alone.alias("alone"))
    keys = ["debtor_id", "company_id", "alone"]
    ordered = keyed.sort(*keys, *LEAD_ORDER, nulls_last=True)
    numbered = ordered.with_columns(
        pl.struct(keys).rle_id().alias("group_id"),
    ).with_columns((pl.col("group_id") != pl.col("group_id").shift(-1, fill_value=2**32 - 1)).alias("is_lead"))
    groups = numbered.filter("is_lead").select(
        "group_id", "debtor_id", "company_id", "alone", "receivable_id", "due_on", "step_key", "occurrence", "day",
        "priority", "days_past_due", "ladder_version_id",
    )  # fmt: skip
    totals = numbered.group_by("group_id").agg(pl.col("balance_cents").sum())
    return numbered.drop("alone"), groups.join(totals, on="group_id", how="left", maintain_order="left")


def reached(groups: pl.DataFrame, known: facts.Facts, in_force: rules.Rules) -> pl.DataFrame:
    """`groups` with channel, contact_point_id, phone_uf: the first of the lead's channels that reaches the debtor."""
    rows = [
        (step.key, place, channel)
        for ladder in in_force.ladders
        for step in ladder.steps
        for place, channel in enumerate(step.channels)
    ]
    order = pl.DataFrame(
        rows, schema={"step_key": pl.Int32, "place": pl.Int32, "channel": pl.String}, orient="row"
    ).unique(["step_key", "place"], keep="first", maintain_order=True)
    best = (
        groups.select("group_id", "debtor_id", "step_key")
        .join(order, on="step_key", how="inner")
        .join(known.reach, on=["debtor_id", "channel"], how="inner")
        .sort("group_id", "place")
        .group_by("group_id", maintain_order=True)
        .agg(pl.col("channel", "contact_point_id", "phone_uf").first())
    )
    return groups.join(best, on="group_id", how="left", maintain_order="left")


def judged(
    groups: pl.DataFrame,
    known: facts.Facts,
    in_force: rules.Rules,
    policy: contact_policy.Policy,
    holidays: contact_policy.CivilHolidays,
) -> pl.DataFrame:
    """`groups` with `decision`, `not_before`, `not_after`: the window of the day, then caps per person, then the gap.

    Under a cap the groups of one person compete by priority, days past due, balance and company id.
    """
    place = known.debtors.select("debtor_id", "uf", "ibge_code")
    placed = groups.join(place, on="debtor_id", how="left", maintain_order="left").with_columns(
        pl.col("uf", "phone_uf", "ibge_code").fill_null("")
    )
    windowed = contact_policy.windows_frame(policy, placed, in_force.today, in_force.now, holidays).with_columns(
        pl.when(pl.col("not_before").is_null())
        .then(pl.lit(int(Reason.DAY_NOT_ALLOWED), dtype=pl.Int16))
        .otherwise(pl.lit(None, dtype=pl.Int16))
        .alias("decision")
    )
    free = windowed.filter(pl.col("decision").is_null())
    blocked = windowed.filter(pl.col("decision").is_not_null())
    caps = contact_policy.caps_in_force(policy, in_force.today)
    decided = _competed(free, known.contacted, caps)
    return pl.concat([blocked, decided.select(blocked.columns)]).sort("group_id")


def _competed(groups: pl.DataFrame, contacted: pl.DataFrame, caps: contact_policy.Caps) -> pl.DataFrame:
    """Walks the groups of each person in their fixed order, one place at a time, over all persons at once."""
    ordered = groups.sort(
        ["debtor_id", "priority", "days_past_due", "balance_cents", "company_id", "group_id"],
        descending=[False, True, True, True, False, False],
    ).with_columns(pl.int_range(pl.len()).over("debtor_id").alias("turn"))
    if ordered.is_empty():
        return ordered.drop("turn")
    taken = pl.DataFrame(schema={"debtor_id": pl.Int64, "channel": pl.String, "at": facts.INSTANT})
    done = []
    turns = int(ordered["turn"].max()) + 1  # type: ignore[arg-type]  # an integer column that is not empty
    for turn in range(turns):
        now = _turn(ordered.filter(pl.col("turn") == turn), contacted, taken, caps)
        done.append(now)
        going = now.filter(pl.col("decision").is_null())
        if turn + 1 < turns:
            taken = pl.concat([taken, going.select("debtor_id", "channel", pl.col("not_before").alias("at"))])
    return (
        pl.concat(done)
        .with_columns(pl.col("decision").fill_null(pl.lit(int(Reason.SENT), dtype=pl.Int16)))
        .drop("turn")
    )


def _turn(
    groups: pl.DataFrame, contacted: pl.DataFrame, taken: pl.DataFrame, caps: contact_policy.Caps
) -> pl.DataFrame:
    """One group of each person against what the person has had, including the groups that went before it today."""
    over: pl.Expr = pl.lit(False)
    gap_end: pl.Expr = pl.lit(None, dtype=facts.INSTANT)
    joined = groups
    for channel in sorted({*caps.counts, *caps.gap_hours}):
        windows = sorted({days for days, _ in caps.counts.get(channel, ())})
        mark = f"@{channel}"
        had = _had(contacted, taken, channel, windows)
        had = had.rename({name: name + mark for name in had.columns if name != "debtor_id"})
        joined = joined.join(had, on="debtor_id", how="left", maintain_order="left")
        concerned = pl.lit(True) if channel == "" else pl.col("channel") == channel
        for days, at_most in caps.counts.get(channel, ()):
            over = over | (concerned & (pl.col(f"n_{days}{mark}").fill_null(0) >= at_most))
        hours = caps.gap_hours.get(channel)
        if hours is not None:
            ends = pl.col(f"last_at{mark}") + dt.timedelta(hours=hours)
            gap_end = pl.max_horizontal(gap_end, pl.when(concerned).then(ends))
    start = pl.max_horizontal("not_before", gap_end)
    decision = (
        pl.when(over)
        .then(pl.lit(int(Reason.CAP_REACHED), dtype=pl.Int16))
        .when(start >= pl.col("not_after"))
        .then(pl.lit(int(Reason.GAP_TOO_SHORT), dtype=pl.Int16))
        .otherwise(pl.lit(None, dtype=pl.Int16))
    )
    return joined.with_columns(decision.alias("decision"), start.alias("not_before")).select(groups.columns)


def _had(contacted: pl.DataFrame, taken: pl.DataFrame, channel: str, windows: list[int]) -> pl.DataFrame:
    """Per person: contacts in each window of days (n_<days>) and the last instant, on one channel ('' = all)."""
    counts = [f"n_{days}" for days in windows]
    missing = [pl.lit(0, dtype=pl.Int64).alias(name) for name in counts if name not in contacted.columns]
    numbers = [pl.col(name).cast(pl.Int64) for name in counts]
    before = contacted.with_columns(missing).select("debtor_id", "channel", *numbers, "last_at")
    today = taken.select(
        "debtor_id",
        "channel",
        *(pl.lit(1, dtype=pl.Int64).alias(name) for name in counts),
        pl.col("at").alias("last_at"),
    )
    both = pl.concat([before, today]) if taken.height else before
    if channel:
        both = both.filter(pl.col("channel") == channel)
    return both.group_by("debtor_id").agg(pl.col(counts).sum(), pl.col("last_at").max())
