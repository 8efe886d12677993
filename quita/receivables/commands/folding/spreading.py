"""Payments that name no title: spread over the debtor's titles with the company, oldest due first (CC art. 355).

Each such payment is spread over what was open on its day, which hangs on every earlier payment, so they are taken one
after the other; the first one of every debtor at once, then the second one, and so on.
"""

from typing import Any

import polars as pl

from quita.domain import allocation, charges
from quita.domain.refusals import Refusal
from quita.receivables.commands.folding.facts import Facts
from quita.receivables.commands.folding.shares import SHARES_PER_PAYMENT
from quita.receivables.queries.ruling import Rules

LEFT = {"payment_id": pl.Int64(), "amount_cents": pl.Int64(), "value_on": pl.Date()}
_PAIR = ["company_id", "debtor_id"]


def spread(titles: pl.DataFrame, named: pl.DataFrame, facts: Facts, rules: Rules) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Returns the shares, as payments that name a title, and what no title needed."""
    free = facts.payments.filter(pl.col("receivable_id").is_null()).sort("paid_on", "payment_id")
    shares = pl.DataFrame(schema=allocation.PAYMENT_SCHEMA)
    left = pl.DataFrame(schema=LEFT)
    if free.is_empty():
        return shares, left
    free = free.with_columns(turn=pl.int_range(pl.len()).over(_PAIR))
    grouped = titles.join(free.select(_PAIR).unique(), on=_PAIR, how="semi")
    named = named.join(grouped, on="receivable_id", how="semi")
    for _, turn in sorted(free.partition_by("turn", as_dict=True).items(), key=lambda item: int(item[0][0])):
        new_shares, new_left = _one_turn(grouped, pl.concat([named, shares]), turn, facts, rules)
        shares, left = pl.concat([shares, new_shares]), pl.concat([left, new_left])
    return shares, left


def _one_turn(
    titles: pl.DataFrame, before: pl.DataFrame, turn: pl.DataFrame, facts: Facts, rules: Rules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Spreads one payment of each debtor over what the payments before it left open."""
    now = titles.join(
        turn.select(*_PAIR, spread_id=pl.col("payment_id"), as_of=pl.col("paid_on")), on=_PAIR, maintain_order="left"
    )
    earlier = before.join(now.select("receivable_id", "spread_id", "as_of"), on="receivable_id").filter(
        (pl.col("paid_on") < pl.col("as_of"))
        | ((pl.col("paid_on") == pl.col("as_of")) & (pl.col("payment_id") < pl.col("spread_id") * SHARES_PER_PAYMENT))
    )
    folded = allocation.fold_frame(
        now, earlier.select(list(allocation.PAYMENT_SCHEMA)), rules.policies, rules.published, rules.business_days
    )
    open_then = _open_then(now, folded.positions, facts)
    payoffs = charges.payoff_frame(open_then, rules.policies, rules.published, rules.business_days)
    candidates = open_then.with_columns(payoff_cents=payoffs["total_cents"])
    by_payment = candidates.partition_by("spread_id", as_dict=True)
    shares: list[tuple[Any, ...]] = []
    left: list[tuple[Any, ...]] = []
    for payment_id, paid_on, amount in turn.select("payment_id", "paid_on", "amount_cents").iter_rows():
        spread_over = _spread_one(amount, by_payment.get((payment_id,)), rules)
        if len(spread_over.shares) >= SHARES_PER_PAYMENT:
            raise Refusal(
                "payment_over_too_many_titles",
                "Payment %(payment)s would be spread over %(asked)s titles, more than the %(limit)s allowed. "
                "Name the titles it pays.",
                {"payment": payment_id, "asked": len(spread_over.shares), "limit": SHARES_PER_PAYMENT - 1},
            )
        shares += [
            (payment_id * SHARES_PER_PAYMENT + number, share.receivable_id, paid_on, share.cents)
            for number, share in enumerate(spread_over.shares, start=1)
        ]
        left.append((payment_id, spread_over.left_cents, paid_on))
    return (
        pl.DataFrame(shares, schema=allocation.PAYMENT_SCHEMA, orient="row"),
        pl.DataFrame(left, schema=LEFT, orient="row"),
    )


def _open_then(now: pl.DataFrame, positions: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The titles a payment of that day could go to: issued by then, not settled, not closed by a contra entry."""
    stored = [name for name in positions.columns if name in now.columns and name != "receivable_id"]
    rows = now.drop(stored).join(positions, on="receivable_id", how="left", maintain_order="left")
    rows = rows.join(facts.closures.drop("kind"), on="receivable_id", how="left", maintain_order="left")
    return rows.filter(
        pl.col("settled_on").is_null()
        & ~(pl.col("value_on") <= pl.col("as_of")).fill_null(False)
        & ~(pl.col("issue_on") > pl.col("as_of")).fill_null(False)
    )


def _spread_one(amount: int, candidates: pl.DataFrame | None, rules: Rules) -> allocation.Spread:
    rows = [] if candidates is None else candidates.iter_rows(named=True)
    titles = [
        allocation.OpenTitle(
            row["receivable_id"], row["due_on"], row["payoff_cents"], rules.policies[row["policy_id"]].interest_ppm
        )
        for row in rows
    ]
    return allocation.spread(amount, titles)
