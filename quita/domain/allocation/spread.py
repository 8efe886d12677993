"""Which of a debtor's titles a payment goes to: its own target, then the debtor's wish, then the law's order.

CC art. 352: the debtor may say which due debt is paid. Art. 355: when nobody says, the oldest due first and, of those
due on one day, the most onerous.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quita.domain import refusals

TARGET, INSTRUCTION, LAW = "TARGET", "INSTRUCTION", "LAW"


@dataclass(frozen=True)
class OpenTitle:
    """A title that could be paid: its payoff on the payment's day and what a month of it costs the debtor."""

    receivable_id: int
    due_on: date | None
    payoff_cents: int
    monthly_rate_ppm: int = 0


@dataclass(frozen=True)
class Share:
    """The part of a payment that goes to one title, and the rule that sent it there."""

    receivable_id: int
    cents: int
    rule: str


@dataclass(frozen=True)
class Spread:
    """The shares in order of imputation; `left_cents` is what no title needed: the debtor's credit."""

    shares: tuple[Share, ...]
    left_cents: int


def spread(
    amount_cents: int,
    titles: Sequence[OpenTitle],
    *,
    target_ids: Sequence[int] = (),
    instructed_ids: Sequence[int] = (),
) -> Spread:
    """Spread a payment over open titles, each up to its payoff. Shares and the rest add up to the amount.

    `target_ids` are the titles the instrument was issued for (nosso número, txid): with a target, what is over becomes
    credit and touches no other title. `instructed_ids` are the debtor's choice, in that order; the law's order takes
    the rest. Refusals: payment_not_positive, title_unknown.
    """
    if amount_cents <= 0:
        raise refusals.Refusal(
            "payment_not_positive",
            "Payment %(payment)s has no positive amount or no date. Enter refunds as reversals.",
            {"payment": amount_cents},
        )
    by_id = {title.receivable_id: title for title in titles}
    for wanted in (*target_ids, *instructed_ids):
        if wanted not in by_id:
            raise refusals.Refusal(
                "title_unknown",
                "Title %(title)s is not an open title of this debtor. Choose one of the open titles.",
                {"title": wanted},
            )
    if target_ids:
        ordered = [(by_id[i], TARGET) for i in _legal_order([by_id[i] for i in dict.fromkeys(target_ids)])]
    else:
        chosen = list(dict.fromkeys(instructed_ids))
        others = [t for t in titles if t.receivable_id not in chosen]
        ordered = [(by_id[i], INSTRUCTION) for i in chosen] + [(by_id[i], LAW) for i in _legal_order(others)]
    shares, left = [], amount_cents
    for title, rule in ordered:
        cents = min(left, max(0, title.payoff_cents))
        if cents:
            shares.append(Share(title.receivable_id, cents, rule))
            left -= cents
    return Spread(tuple(shares), left)


def _legal_order(titles: Sequence[OpenTitle]) -> list[int]:
    """Oldest due first, then most onerous, then by number; titles without due date last."""
    ranked = sorted(titles, key=lambda t: (t.due_on or date.max, -t.monthly_rate_ppm, t.receivable_id))
    return [t.receivable_id for t in ranked]
