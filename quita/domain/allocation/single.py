"""The fold of one title, as values: payments and reversals in, allocations and the resulting position out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from quita.domain import calendars, refusals
from quita.domain.allocation import fold
from quita.domain.charges import payoffs
from quita.domain.charges.indexes import IndexValues
from quita.domain.charges.policies import ChargePolicy


@dataclass(frozen=True)
class Payment:
    """Money received for a title. `paid_on` is the day the payer paid, not the day the money was credited."""

    payment_id: int
    paid_on: date
    amount_cents: int


@dataclass(frozen=True)
class Reversal:
    """The contra event of a payment: from then on the title stands as if the payment had never been made."""

    payment_id: int


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """What one payment extinguished. Components and credit add up to the amount."""

    payment_id: int
    paid_on: date
    amount_cents: int
    due_cents: int
    fees_cents: int
    interest_cents: int
    fine_cents: int
    correction_cents: int
    principal_cents: int
    credit_cents: int
    discount_cents: int
    rebate_cents: int
    written_off_principal_cents: int
    written_off_charges_cents: int


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where the title stands after all payments: what the receivable stores."""

    balance_cents: int
    fees_open_cents: int
    fine_open_cents: int
    interest_open_cents: int
    correction_open_cents: int
    fine_assessed: bool
    position_on: date | None
    settled_on: date | None
    total_paid_cents: int
    total_principal_paid_cents: int
    total_credit_cents: int
    total_discount_granted_cents: int
    total_rebate_granted_cents: int
    total_written_off_principal_cents: int
    total_written_off_charges_cents: int


@dataclass(frozen=True)
class Fold:
    """The position and the allocations, by value date and payment number."""

    position: Position
    allocations: tuple[Allocation, ...]


def allocate(
    title: Mapping[str, Any],
    policy: ChargePolicy,
    events: Iterable[Payment | Reversal],
    indexes: IndexValues,
    calendar: calendars.Calendar,
) -> Fold:
    """Fold payments and reversals, in any order, into a title given as a mapping of charges.TITLE_SCHEMA's columns.

    Refusals: those of `fold_frame`, and reversal_without_payment.
    """
    listed = list(events)
    payments = [e for e in listed if isinstance(e, Payment)]
    reversed_ids = {e.payment_id for e in listed if isinstance(e, Reversal)}
    unknown = reversed_ids - {p.payment_id for p in payments}
    if unknown:
        raise refusals.Refusal(
            "reversal_without_payment",
            "Payment %(payment)s is reversed but was never received. Check its number.",
            {"payment": min(unknown)},
        )
    known: dict[str, Any] = {name: [title.get(name)] for name in payoffs.TITLE_SCHEMA}
    known |= {"policy_id": [0], "calendar_id": [0], "receivable_id": [0]}
    titles = pl.DataFrame(known, schema=payoffs.TITLE_SCHEMA).with_columns(
        opening_balance_cents=pl.lit(title.get("opening_balance_cents", title["original_cents"]), dtype=pl.Int64),
        fees_assessed_cents=pl.lit(title.get("fees_assessed_cents", 0), dtype=pl.Int64),
    )
    rows = pl.DataFrame(
        [(p.payment_id, 0, p.paid_on, p.amount_cents, p.payment_id in reversed_ids) for p in payments],
        schema={**fold.PAYMENT_SCHEMA, "is_reversed": pl.Boolean()},
        orient="row",
    )
    folded = fold.fold_frame(titles, rows, {0: policy}, indexes, calendar.lookup)
    position = folded.positions.drop("receivable_id").row(0, named=True)
    allocations = folded.allocations.drop("receivable_id").iter_rows(named=True)
    return Fold(Position(**position), tuple(Allocation(**row) for row in allocations))
