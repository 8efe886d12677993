"""From facts to positions, allocations and credits: pure, in columns."""

from dataclasses import dataclass

import polars as pl

from quita.domain import allocation
from quita.receivables.commands.folding import spreading
from quita.receivables.commands.folding.facts import Facts
from quita.receivables.commands.folding.shares import SHARES_PER_PAYMENT
from quita.receivables.queries.ruling import Rules

ALLOCATIONS: dict[str, pl.DataType] = {
    "receivable_id": pl.Int64(),
    "payment_id": pl.Int64(),
    "component": pl.String(),
    "amount_cents": pl.Int64(),
    "value_on": pl.Date(),
}
CREDITS: dict[str, pl.DataType] = {"payment_id": pl.Int64(), "amount_cents": pl.Int64(), "value_on": pl.Date()}
POSITION = (
    "status", "closed_on", "balance_cents", "correction_open_cents", "interest_open_cents", "fine_open_cents",
    "fine_assessed", "position_on",
)  # fmt: skip

_COMPONENTS = {
    "fees_cents": "fees",
    "interest_cents": "interest",
    "fine_cents": "fine",
    "correction_cents": "correction",
    "principal_cents": "principal",
    "discount_cents": "discount",
    "rebate_cents": "rebate",
    "waived_cents": "waiver",
}


@dataclass(frozen=True)
class Outcome:
    """What the titles' rows should be. `positions` has POSITION's columns by receivable_id, in the titles' order."""

    positions: pl.DataFrame
    allocations: pl.DataFrame
    credits: pl.DataFrame


def decide(facts: Facts, rules: Rules) -> Outcome:
    """Folds every payment into its title. The order in which the facts were recorded does not matter."""
    titles = rules.terms.with_versions(facts.titles)
    named, stray = _named(facts)
    shares, left = spreading.spread(titles, named, facts, rules)
    paid = pl.concat([named, shares])
    folded = allocation.fold_frame(titles, paid, rules.policies, rules.published, rules.business_days)
    wide = folded.allocations.with_columns(
        payment_id=pl.col("payment_id") // SHARES_PER_PAYMENT,
        waived_cents=pl.col("written_off_principal_cents") + pl.col("written_off_charges_cents"),
    )
    return Outcome(_positions(titles, folded.positions, facts), _allocations(wide), _credits(wide, stray, left))


def _named(facts: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Payments that name a title, as fold_frame takes them; apart, those made after their title was cancelled.

    What a cancelled title received later was not owed: it is the debtor's credit. A written-off debt is still owed.
    """
    cancelled = facts.closures.filter(pl.col("kind") == "cancelled").select("receivable_id", "value_on")
    named = facts.payments.filter(pl.col("receivable_id").is_not_null()).join(cancelled, on="receivable_id", how="left")
    is_stray = (pl.col("paid_on") > pl.col("value_on")).fill_null(False)
    counted = named.filter(~is_stray).select(
        (pl.col("payment_id") * SHARES_PER_PAYMENT).alias("payment_id"), "receivable_id", "paid_on", "amount_cents"
    )
    return counted, named.filter(is_stray).select("payment_id", "amount_cents", pl.col("paid_on").alias("value_on"))


def _positions(titles: pl.DataFrame, folded: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Status and stored position: settled by payments, else closed by a contra entry, else open."""
    rows = folded.join(facts.closures, on="receivable_id", how="left", maintain_order="left").join(
        titles.select("receivable_id", was=pl.col("status"), was_closed_on=pl.col("closed_on")),
        on="receivable_id", how="left", maintain_order="left",
    )  # fmt: skip
    renegotiated = pl.col("was") == "renegotiated"
    settled = pl.col("settled_on").is_not_null()
    rows = rows.with_columns(
        status=pl.when(settled).then(pl.lit("paid")).when(pl.col("kind").is_not_null()).then("kind")
        .when(renegotiated).then("was").otherwise(pl.lit("open")),
        closed_on=pl.when(settled).then("settled_on").when(pl.col("kind").is_not_null()).then("value_on")
        .when(renegotiated).then("was_closed_on").otherwise(None),
    )  # fmt: skip
    is_open = pl.col("status") == "open"
    amounts = ("balance_cents", "correction_open_cents", "interest_open_cents", "fine_open_cents")
    return rows.with_columns(pl.when(is_open).then(name).otherwise(0).alias(name) for name in amounts).select(
        "receivable_id", *POSITION
    )


def _allocations(wide: pl.DataFrame) -> pl.DataFrame:
    """One row per component that a payment extinguished."""
    long = wide.select(
        "receivable_id", "payment_id", pl.col("paid_on").alias("value_on"),
        *(pl.col(source).alias(name) for source, name in _COMPONENTS.items()),
    ).unpivot(
        index=["receivable_id", "payment_id", "value_on"], variable_name="component", value_name="amount_cents"
    )  # fmt: skip
    return long.filter(pl.col("amount_cents") > 0).select(pl.col(name).cast(kind) for name, kind in ALLOCATIONS.items())


def _credits(wide: pl.DataFrame, stray: pl.DataFrame, left: pl.DataFrame) -> pl.DataFrame:
    """What each payment brought beyond the debt."""
    over = wide.select("payment_id", pl.col("credit_cents").alias("amount_cents"), pl.col("paid_on").alias("value_on"))
    parts = pl.concat([part.select(pl.col(n).cast(k) for n, k in CREDITS.items()) for part in (over, stray, left)])
    return (
        parts.filter(pl.col("amount_cents") > 0)
        .group_by("payment_id")
        .agg(pl.col("amount_cents").sum(), pl.col("value_on").first())
        .sort("payment_id")
    )
