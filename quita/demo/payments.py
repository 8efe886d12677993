"""How the town pays: each person has a habit, each title its chance, and the amount is what was due that day."""

import datetime as dt
from collections.abc import Mapping

import polars as pl

from quita.demo import chance
from quita.domain import calendars, charges

# Days between the due date and the payment, from a hundred equally likely draws; None: never.
Delays = tuple[tuple[int, int | None, int], ...]
_DELAYS: Mapping[str, Delays] = {
    # (weight, earliest day or None, spread)
    "prompt": ((92, -5, 6), (8, 1, 4)),
    "forgetful": ((45, -3, 4), (48, 2, 13), (7, 18, 25)),
    "chronic": ((12, 0, 3), (63, 12, 60), (25, 70, 90)),
    "disputing": ((70, -2, 5), (30, 3, 20)),
    "gone": ((80, -2, 8), (20, 5, 25)),
}
# From this many days before today on, somebody who is gone or in dispute pays nothing any more.
_GONE_FOR, _DISPUTED_FOR = 400, 110


def frame(
    titles: pl.DataFrame,
    policies: Mapping[int, charges.ChargePolicy],
    published: charges.Published,
    business_days: calendars.BusinessDays,
    today: dt.date,
    seed: int,
) -> pl.DataFrame:
    """The payments made until today: external_id, title_external_id, line, paid_on, amount_cents, method.

    `titles` also has the policy and the calendar that the amounts hang on (`policy_id`, `calendar_id`).
    """
    made = titles.with_columns(paid_on=_days(titles, today, seed)).filter(
        pl.col("paid_on").is_not_null() & (pl.col("paid_on") <= today) & (pl.col("issue_on") < pl.col("paid_on"))
    )
    facts = made.select(
        receivable_id=pl.col("title").cast(pl.Int64), policy_id="policy_id", calendar_id="calendar_id", due_on="due_on",
        original_cents="original_cents", balance_cents="original_cents", as_of="paid_on",
    )  # fmt: skip
    due = charges.payoff_frame(facts, policies, published, business_days)["total_cents"]
    rows = made["title"]
    late = made["paid_on"] > made["due_on"]
    turn = chance.below(rows, 1_000, "turn of payment", seed)
    made = made.with_columns(due_cents=due, late=late, turn=turn, part=chance.below(rows, 31, "part", seed) + 50)
    first = (
        # Who pays late sometimes pays the bare amount (the fine stays open), and the chronic often pay in parts.
        pl.when(pl.col("late") & (pl.col("turn") < 40)).then("original_cents")
        .when(_in_parts()).then(pl.col("due_cents") * pl.col("part") // 100)
        .when(pl.col("turn") >= 993).then(pl.col("due_cents") + 1_000)
        .otherwise("due_cents")
    )  # fmt: skip
    paid = made.with_columns(amount_cents=first, sequence=pl.lit(1), is_part=_in_parts())
    rest = _second_parts(paid, today, seed)
    columns = ["title", "line", "external_id", "paid_on", "amount_cents", "sequence"]
    both = pl.concat([paid.select(columns), rest.select(columns)]).sort("title", "sequence")
    return both.select(
        "line",
        external_id=pl.format("PG-{}-{}", "external_id", "sequence"),
        title_external_id="external_id",
        paid_on="paid_on",
        amount_cents="amount_cents",
        method=chance.choose(both["title"], ("boleto", "pix", "pix"), "method", seed),
    )


def _in_parts() -> pl.Expr:
    return (pl.col("habit") == "chronic") & (pl.col("turn") >= 100) & (pl.col("turn") < 300)


def _second_parts(paid: pl.DataFrame, today: dt.date, seed: int) -> pl.DataFrame:
    """Half of those who paid a part pay the rest twelve days later; its interest is a few cents short."""
    parts = paid.filter(pl.col("is_part") & (pl.col("turn") % 2 == 0))
    rest = parts.with_columns(
        amount_cents=pl.col("due_cents") - pl.col("amount_cents"), paid_on=pl.col("paid_on") + pl.duration(days=12),
        sequence=pl.lit(2),
    )  # fmt: skip
    return rest.filter((pl.col("paid_on") <= today) & (pl.col("amount_cents") > 0))


def _days(titles: pl.DataFrame, today: dt.date, seed: int) -> pl.Series:
    """The day each title is paid, by the person's habit; null when it never is."""
    rows = titles["title"]
    luck, spread = chance.below(rows, 100, "delay", seed), chance.draw(rows, "spread", seed)
    left = (chance.draw(titles["person"], "left", seed) % _GONE_FOR).cast(pl.Int64)
    table = titles.select("habit", "due_on", "person").with_columns(luck=luck, spread=spread, left=left)
    delay = pl.lit(None, dtype=pl.Int64)
    for habit, delays in _DELAYS.items():
        reached = 0
        for weight, earliest, width in delays:
            chosen = (pl.col("habit") == habit) & (pl.col("luck") >= reached) & (pl.col("luck") < reached + weight)
            days = pl.lit(earliest, dtype=pl.Int64) + (pl.col("spread") % width).cast(pl.Int64)
            delay = pl.when(chosen).then(days).otherwise(delay)
            reached += weight
    gone_from = pl.lit(today) - pl.duration(days="left")
    quiet = ((pl.col("habit") == "gone") & (pl.col("due_on") >= gone_from)) | (
        (pl.col("habit") == "disputing") & (pl.col("due_on") >= pl.lit(today) - dt.timedelta(days=_DISPUTED_FOR))
    )
    return table.select(
        pl.when(quiet).then(None).otherwise(pl.col("due_on") + pl.duration(days=delay)).alias("paid_on")
    ).to_series()
