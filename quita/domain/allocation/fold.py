"""Fold payments into titles, in order of value date, as a pure function of both.

The first payments of all titles are taken together, then the second ones, and so on: as many passes as the title with
most payments has. A payment on a title

* that covers the payoff of its day settles it; what is over becomes the customer's credit;
* that falls short by no more than the policy tolerates settles it as well, and the rest is written off;
* else is split in the policy's imputation order (CC art. 354: interest first), and the title stays open. The
  discount needs full payment by its day and does not count here; the rebate is unconditional and does.

What is unpaid of each component stays open from that day (`position_on`), the fine is assessed for good, and the rest
of the principal accrues on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from quita.domain import calendars, refusals
from quita.domain.charges import payoffs
from quita.domain.charges.indexes import IndexValues
from quita.domain.charges.policies import ChargePolicy, Component, Shortfall
from quita.domain.charges.publication import Published

PAYMENT_SCHEMA: dict[str, pl.DataType] = {
    "payment_id": pl.Int64(),
    "receivable_id": pl.Int64(),
    "paid_on": pl.Date(),
    "amount_cents": pl.Int64(),
}
# `due_cents` is the payoff of the day; the five components and the credit add up to `amount_cents`.
ALLOCATION_SCHEMA: dict[str, pl.DataType] = {
    **PAYMENT_SCHEMA,
    "due_cents": pl.Int64(),
    "fees_cents": pl.Int64(),
    "interest_cents": pl.Int64(),
    "fine_cents": pl.Int64(),
    "correction_cents": pl.Int64(),
    "principal_cents": pl.Int64(),
    "credit_cents": pl.Int64(),
    "discount_cents": pl.Int64(),
    "rebate_cents": pl.Int64(),
    "written_off_principal_cents": pl.Int64(),
    "written_off_charges_cents": pl.Int64(),
}
_TOTALS = (
    "paid_cents",
    "principal_paid_cents",
    "credit_cents",
    "discount_granted_cents",
    "rebate_granted_cents",
    "written_off_principal_cents",
    "written_off_charges_cents",
)
# The columns of a title that a fold decides, and the totals of its allocations.
POSITION_SCHEMA: dict[str, pl.DataType] = {
    "receivable_id": pl.Int64(),
    "balance_cents": pl.Int64(),
    "fees_open_cents": pl.Int64(),
    "fine_open_cents": pl.Int64(),
    "interest_open_cents": pl.Int64(),
    "correction_open_cents": pl.Int64(),
    "fine_assessed": pl.Boolean(),
    "position_on": pl.Date(),
    "settled_on": pl.Date(),
    **{f"total_{name}": pl.Int64() for name in _TOTALS},
}
_COMPONENTS = tuple(Component)


class Folded(NamedTuple):
    """One allocation per payment, ordered by title, value date and payment; one position per title, in their order."""

    allocations: pl.DataFrame
    positions: pl.DataFrame


def fold_frame(
    titles: pl.DataFrame,
    payments: pl.DataFrame,
    policies: Mapping[int, ChargePolicy],
    indexes: IndexValues | Published,
    calendar_days: pl.DataFrame | calendars.BusinessDays,
) -> Folded:
    """Fold all payments into all titles, from scratch.

    `titles` has the columns of charges.TITLE_SCHEMA; their position columns are ignored. A title starts with its
    original amount open, or with `opening_balance_cents` where it came in partly paid, and with `fees_assessed_cents`
    if any.
    `payments` has PAYMENT_SCHEMA and optionally `is_reversed`: a reversed payment counts as never made. Any order.
    Refusals: payment_without_title, payment_not_positive, payment_repeated.
    """
    table = calendars.BusinessDays.of(calendar_days) if isinstance(calendar_days, pl.DataFrame) else calendar_days
    waiting = _in_order(payments, titles)
    state = _opening(titles)
    if waiting.is_empty():
        return Folded(pl.DataFrame(schema=ALLOCATION_SCHEMA), state.select(_typed(POSITION_SCHEMA)))
    allocations, finals = [], [state.join(waiting.select("receivable_id").unique(), on="receivable_id", how="anti")]
    for (_, last_round), turn in _rounds(waiting):
        rows = turn.join(state, on="receivable_id", how="left", maintain_order="left")
        reckoned = payoffs.itemise(rows.with_columns(as_of="paid_on"), policies, indexes, table)
        allocated = _allocated(reckoned, policies)
        allocations.append(allocated.select(_typed(ALLOCATION_SCHEMA)))
        state = _after(allocated, list(state.columns))
        finals.append(state if last_round else state.filter(allocated["is_last"]))
    positions = pl.concat(finals).select(_typed(POSITION_SCHEMA))
    ordered = titles.select(pl.col("receivable_id").cast(pl.Int64)).join(
        positions, on="receivable_id", how="left", maintain_order="left"
    )
    return Folded(pl.concat(allocations).sort("receivable_id", "paid_on", "payment_id"), ordered)


def _typed(schema: Mapping[str, pl.DataType]) -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in schema.items()]


def _in_order(payments: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    """Return the payments that count, each with its turn among those of its title."""
    if "is_reversed" in payments.columns:
        payments = payments.filter(~pl.col("is_reversed").fill_null(False))
    payments = payments.select(_typed(PAYMENT_SCHEMA))
    if payments["payment_id"].n_unique() != payments.height:
        repeated = payments.filter(pl.col("payment_id").is_duplicated())["payment_id"][0]
        raise refusals.Refusal(
            "payment_repeated",
            "Payment %(payment)s is listed twice. Count each payment once.",
            {"payment": repeated},
        )
    wrong = payments.filter(
        (pl.col("amount_cents") <= 0) | pl.col("amount_cents").is_null() | pl.col("paid_on").is_null()
    )
    if wrong.height:
        raise refusals.Refusal(
            "payment_not_positive",
            "Payment %(payment)s has no positive amount or no date. Enter refunds as reversals.",
            {"payment": wrong["payment_id"][0]},
        )
    lost = payments.join(titles.select(pl.col("receivable_id").cast(pl.Int64)), on="receivable_id", how="anti")
    if lost.height:
        raise refusals.Refusal(
            "payment_without_title",
            "Payment %(payment)s belongs to title %(title)s, which is not among the titles given.",
            {"payment": lost["payment_id"][0], "title": lost["receivable_id"][0]},
        )
    return (
        payments.sort("receivable_id", "paid_on", "payment_id")
        .with_columns(
            turn=pl.int_range(pl.len()).over("receivable_id"),
            is_last=pl.col("receivable_id") != pl.col("receivable_id").shift(-1, fill_value=None),
        )
        .with_columns(pl.col("is_last").fill_null(True))
    )


def _rounds(waiting: pl.DataFrame) -> list[tuple[tuple[int, bool], pl.DataFrame]]:
    """Return the payments by turn: the first of each title, the second of each, and so on."""
    highest = waiting["turn"].max()
    if highest == 0:
        return [((0, True), waiting)]
    by_turn = waiting.partition_by("turn", as_dict=True, maintain_order=True)
    ordered = sorted(by_turn.items(), key=lambda item: int(item[0][0]))
    return [((int(key[0]), key[0] == highest), part) for key, part in ordered]


def _opening(titles: pl.DataFrame) -> pl.DataFrame:
    """Return the titles as they were before any payment."""
    balance = "opening_balance_cents" if "opening_balance_cents" in titles.columns else "original_cents"
    fees = pl.col("fees_assessed_cents") if "fees_assessed_cents" in titles.columns else pl.lit(0)
    facts = [name for name in payoffs.TITLE_SCHEMA if name in titles.columns and name not in POSITION_SCHEMA]
    zeros = ("fine_open_cents", "interest_open_cents", "correction_open_cents")
    return titles.select(
        pl.col("receivable_id").cast(pl.Int64),
        *(pl.col(name).cast(payoffs.TITLE_SCHEMA[name]) for name in facts),
        pl.col(balance).cast(pl.Int64).alias("balance_cents"),
        fees.fill_null(0).cast(pl.Int64).alias("fees_open_cents"),
        *(pl.lit(0, dtype=pl.Int64).alias(name) for name in zeros),
        pl.lit(False).alias("fine_assessed"),
        pl.lit(None, dtype=pl.Date).alias("position_on"),
        pl.lit(None, dtype=pl.Date).alias("settled_on"),
        *(pl.lit(0, dtype=pl.Int64).alias(f"total_{name}") for name in _TOTALS),
    )


def _allocated(rows: pl.DataFrame, policies: Mapping[int, ChargePolicy]) -> pl.DataFrame:
    """Split each row's payment. Adds the columns of ALLOCATION_SCHEMA, `open_<component>` and `settles`."""
    parts = []
    for policy, part in payoffs.by_terms(rows, policies):
        parts.append(_split(_judged(part, policy), policy))
    return pl.concat([part.select(parts[0].columns) for part in parts]).sort("row_number")


def _judged(rows: pl.DataFrame, policy: ChargePolicy) -> pl.DataFrame:
    """Decide whether the payment settles the title, and how: exactly, within tolerance, or with the charges waived."""
    amount, total = pl.col("amount_cents"), pl.col("total_cents")
    is_open = pl.col("settled_on").is_null()
    tolerance = 0 if policy.shortfall is Shortfall.KEEP_OPEN else policy.write_off_tolerance_cents
    covered = is_open & (amount >= total - tolerance)
    waived = pl.lit(False)
    if policy.shortfall is Shortfall.WAIVE_CHARGES:
        core = pl.col("base_cents") + pl.col("correction_cents") - pl.col("discount_cents")
        waived = is_open & ~covered & (amount >= core)
    return rows.with_columns(is_open=is_open, waives=waived, settles=covered | waived)


def _split(rows: pl.DataFrame, policy: ChargePolicy) -> pl.DataFrame:
    """Impute the payment to the components; what a settling payment leaves of them is written off."""
    rows = rows.with_columns(
        due_cents=pl.when("is_open").then("total_cents").otherwise(0),
        discount_cents=pl.when("settles").then("discount_cents").otherwise(0),
        rebate_granted_cents=pl.when("settles").then("rebate_cents").otherwise(0),
    ).with_columns(
        claim_fees=pl.col("fees_cents"),
        claim_interest=pl.col("interest_cents"),
        claim_fine=pl.col("fine_cents"),
        claim_correction=pl.col("correction_cents"),
        claim_principal=pl.col("base_cents") - pl.col("discount_cents"),
    )
    rows = rows.with_columns(
        pl.when("is_open").then(f"claim_{c}").otherwise(0).alias(f"claim_{c}") for c in _COMPONENTS
    )
    paid = _imputed(policy.imputation_order)
    if policy.shortfall is Shortfall.WAIVE_CHARGES:
        rest = tuple(c for c in policy.imputation_order if c not in (Component.PRINCIPAL, Component.CORRECTION))
        core_first = _imputed((Component.PRINCIPAL, Component.CORRECTION, *rest))
        paid = {c: pl.when("waives").then(core_first[c]).otherwise(paid[c]) for c in _COMPONENTS}
    rows = rows.with_columns(paid[c].alias(f"{c}_cents") for c in _COMPONENTS)
    left = {c: pl.col(f"claim_{c}") - pl.col(f"{c}_cents") for c in _COMPONENTS}
    charges = pl.sum_horizontal(left[c] for c in _COMPONENTS if c is not Component.PRINCIPAL)
    return rows.with_columns(
        *(pl.when("settles").then(0).otherwise(left[c]).alias(f"open_{c}") for c in _COMPONENTS),
        credit_cents=pl.col("amount_cents") - pl.sum_horizontal(f"{c}_cents" for c in _COMPONENTS),
        written_off_principal_cents=pl.when("settles").then(left[Component.PRINCIPAL]).otherwise(0),
        written_off_charges_cents=pl.when("settles").then(charges).otherwise(0),
    ).with_columns(rebate_cents="rebate_granted_cents", title_rebate_cents="rebate_cents")


def _imputed(order: tuple[Component, ...]) -> dict[Component, pl.Expr]:
    """Return what each component gets when the payment fills the claims one after the other."""
    paid: dict[Component, pl.Expr] = {}
    before = pl.lit(0, dtype=pl.Int64)
    for component in order:
        claim = pl.col(f"claim_{component}")
        paid[component] = pl.min_horizontal(claim, (pl.col("amount_cents") - before).clip(0))
        before = before + claim
    return paid


def _after(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Return the titles as the payment leaves them; a settled one keeps everything but its growing credit."""
    is_open, settles = pl.col("is_open"), pl.col("settles")
    opened = {c: f"open_{c}" for c in _COMPONENTS if c is not Component.PRINCIPAL}
    return rows.with_columns(
        pl.when(is_open & ~settles)
        .then(pl.col("balance_cents") - pl.col("principal_cents"))
        .otherwise(0)
        .alias("balance_cents"),
        *(pl.col(source).alias(f"{c}_open_cents") for c, source in opened.items()),
        (pl.col("fine_assessed") | (is_open & pl.col("is_late"))).alias("fine_assessed"),
        pl.when(is_open).then("paid_on").otherwise("position_on").alias("position_on"),
        pl.when(settles).then("paid_on").otherwise("settled_on").alias("settled_on"),
        pl.col("title_rebate_cents").alias("rebate_cents"),
        (pl.col("total_paid_cents") + pl.col("amount_cents")).alias("total_paid_cents"),
        (pl.col("total_principal_paid_cents") + pl.col("principal_cents")).alias("total_principal_paid_cents"),
        (pl.col("total_credit_cents") + pl.col("credit_cents")).alias("total_credit_cents"),
        (pl.col("total_discount_granted_cents") + pl.col("discount_cents")).alias("total_discount_granted_cents"),
        (pl.col("total_rebate_granted_cents") + pl.col("rebate_cents")).alias("total_rebate_granted_cents"),
        (pl.col("total_written_off_principal_cents") + pl.col("written_off_principal_cents")).alias(
            "total_written_off_principal_cents"
        ),
        (pl.col("total_written_off_charges_cents") + pl.col("written_off_charges_cents")).alias(
            "total_written_off_charges_cents"
        ),
    ).select(columns)
