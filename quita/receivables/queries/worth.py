"""What clears titles on a day: many at once in columns, or one with every step explained."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import polars as pl

from quita.domain import charges
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.receivables import frames
from quita.receivables.models import Payment, Receivable, Status
from quita.receivables.queries import ruling

CHARGED = frames.TITLES | {
    name: frames.POSITIONS[name]
    for name in (
        "balance_cents", "correction_open_cents", "interest_open_cents", "fine_open_cents", "fine_assessed",
        "position_on",
    )
}  # fmt: skip


@dataclass(frozen=True)
class PayoffDetail:
    """One title's worth on a day with the steps that led there, the payments so far and the version of its terms."""

    receivable: Receivable
    payoff: charges.Payoff
    version_id: int
    payments: tuple[Payment, ...]


def position_frame(
    *, scope: Scope, receivable_ids: Collection[int] | None = None, only_open: bool = True
) -> pl.DataFrame:
    """Titles with the columns that `payoff_frame` takes, by id; `policy_id` is the policy, not yet its version."""
    conditions, params = ["true"], {}
    if receivable_ids is not None:
        conditions.append("r.id = any(%(ids)s)")
        params["ids"] = sorted(receivable_ids)
    if only_open:
        conditions.append("r.status = 'open'")
    if scope.company_ids is not None:
        conditions.append("r.company_id = any(%(companies)s)")
        params["companies"] = sorted(scope.company_ids)
    select = (
        f"select {frames.columns_of(CHARGED)} from receivables_receivable r "
        f"where {' and '.join(conditions)} order by r.id"
    )
    return frames.read(select, params, CHARGED)


def payoff_frame(
    *,
    as_of: dt.date,
    scope: Scope,
    receivable_ids: Collection[int] | None = None,
    rules: ruling.Rules | None = None,
) -> pl.DataFrame:
    """The itemised worth of open titles on a day: charges.PAYOFF_COLUMNS, by id, in two or three statements."""
    known = rules or ruling.rules(as_of)
    titles = known.terms.with_versions(position_frame(scope=scope, receivable_ids=receivable_ids))
    return charges.payoff_frame(titles, known.policies, known.indexes, known.business_days, as_of)


def payoffs(receivable_ids: Collection[int], as_of: dt.date, *, scope: Scope = EVERYTHING) -> dict[int, dict[str, Any]]:
    """The itemised worth of these open titles by id; titles closed or outside the scope are absent.

    Each value has the names of charges.PAYOFF_COLUMNS.
    """
    if not receivable_ids:
        return {}
    frame = payoff_frame(as_of=as_of, scope=scope, receivable_ids=receivable_ids)
    return {row["receivable_id"]: row for row in frame.iter_rows(named=True)}


def payoff_detail(*, receivable_id: int, as_of: dt.date, scope: Scope) -> PayoffDetail | None:
    """One title explained, or None outside the scope. A closed title is worth nothing, and its trace says so."""
    titles = Receivable.objects.select_related("company", "branch", "debtor", "contract", "policy", "calendar")
    title = scope.limit(titles).filter(pk=receivable_id).first()
    if title is None:
        return None
    known = ruling.rules(as_of)
    version_id = known.terms.version_of(title.policy_id, title.due_on)
    facts = {name: getattr(title, name) for name in CHARGED if name != "receivable_id"} | {"receivable_id": title.pk}
    if title.status != Status.OPEN:
        facts |= {"rebate_cents": 0}
    payoff = charges.payoff(facts, known.policies[version_id], known.indexes, known.business_days, as_of)
    payments = Payment.objects.filter(allocations__receivable=title).distinct().order_by("paid_on", "id")
    return PayoffDetail(title, payoff, version_id, tuple(payments))
