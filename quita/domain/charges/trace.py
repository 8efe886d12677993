"""The steps by which one title's payoff came about, as data: codes with numbers, which `sentences` puts into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from quita.domain.charges import accrual
from quita.domain.charges import indexes as index_rates
from quita.domain.charges.policies import ChargeBase, ChargePolicy, FineKind, InterestKind, RateSegment

_NON_BUSINESS_BASIS = "Lei 7.089/1983 art. 1"
_ORIGINAL_DUE_BASIS = "STJ REsp 1.954.924"
_DEFLATION_BASIS = "STJ REsp 1.265.580"
_LEGAL_RATE_BASIS = "CC art. 406; Res. CMN 5.171/2024"
_ONE_PERCENT_BASIS = "CC art. 406; CTN art. 161 §1"


@dataclass(frozen=True)
class Step:
    """One step. `amount_cents` is what it adds to the total (negative: takes off); None when it only explains.

    `params` hold plain numbers and dates: `_cents`, `_ppm`, `_on`, `_days`, `_e6` (millionths), `_e8`.
    """

    code: str
    params: Mapping[str, Any]
    amount_cents: int | None = None
    legal_basis: str = ""


def steps(row: Mapping[str, Any], policy: ChargePolicy, values: index_rates.IndexValues) -> tuple[Step, ...]:
    """Explain one row as reckoned by `payoffs.itemise`."""
    return (
        *_lateness(row),
        Step("principal", {}, row["principal_cents"]),
        *([Step("rebate", {}, -row["rebate_cents"])] if row["rebate_cents"] else []),
        *_correction(row, policy, values),
        *_fine(row, policy),
        *_interest(row, policy, values),
        *([Step("discount", {"as_of_on": row["as_of"]}, -row["discount_cents"])] if row["discount_cents"] else []),
        *([Step("fees", {}, row["fees_cents"])] if row["fees_cents"] else []),
        Step("total", {"as_of_on": row["as_of"], "total_cents": row["total_cents"]}, None),
    )


def _lateness(row: Mapping[str, Any]) -> list[Step]:
    due, until, as_of = row["due_on"], row["payable_until_on"], row["as_of"]
    if due is None:
        return [Step("no_due_date", {})]
    days = {"due_on": due, "until_on": until, "as_of_on": as_of, "charge_days": row["charge_days"]}
    found = [Step("due_date_moved", days, legal_basis=_NON_BUSINESS_BASIS)] if until != due else []
    if not row["is_late"]:
        code = "on_time" if as_of <= until else "within_grace"
        return [*found, Step(code, days)]
    found.append(Step("late", days, legal_basis=_ORIGINAL_DUE_BASIS if until != due else ""))
    if row["position_on"] is not None and row["accrual_start_on"] == row["position_on"]:
        found.append(Step("accrual_restarted", {"position_on": row["position_on"]}))
    return found


def _correction(row: Mapping[str, Any], policy: ChargePolicy, values: index_rates.IndexValues) -> list[Step]:
    if not row["correction_cents"] and not (policy.index and row["is_late"]):
        return []
    if not (policy.index and row["is_late"]):
        return [Step("correction_open", {}, row["correction_cents"])]
    params = {
        "index": policy.index,
        "from_on": row["accrual_start_on"],
        "until_on": row["as_of"],
        "factor_e18": row["factor_e18"],
        "base_cents": row["base_cents"],
        "open_cents": row["correction_open_cents"],
    }
    floored = row["factor_e18"] < index_rates.FACTOR_SCALE and row["correction_cents"] == 0
    code = "correction_floored" if floored else "correction"
    return [Step(code, params, row["correction_cents"], _DEFLATION_BASIS if floored else policy.index_legal_basis)]


def _fine(row: Mapping[str, Any], policy: ChargePolicy) -> list[Step]:
    if not row["is_late"] or row["fine_assessed"]:
        return [Step("fine_open", {}, row["fine_cents"])] if row["fine_cents"] else []
    params = {"fine_ppm": policy.fine_ppm, "base_cents": _base(row, policy.fine_base)}
    if policy.fine_kind is FineKind.FIXED:
        capped = row["fine_cents"] - row["fine_open_cents"] < policy.fine_cents
        params["cap_ppm"] = policy.fine_cap_ppm or 0
        code = "fine_fixed_capped" if capped else "fine_fixed"
    else:
        code = "fine_percent" if policy.fine_ppm else "no_fine"
    return [Step(code, params, row["fine_cents"], policy.fine_legal_basis if row["fine_cents"] else "")]


def _interest(row: Mapping[str, Any], policy: ChargePolicy, values: index_rates.IndexValues) -> list[Step]:
    start, as_of = row["accrual_start_on"], row["as_of"]
    found = []
    if start is not None:
        for segment in policy.rate_segments():
            first = max(start, segment.since_on - timedelta(days=1)) if segment.since_on else start
            last = min(as_of, segment.until_on) if segment.until_on else as_of
            if last > first:
                found += _segment_steps(segment, policy, values, first, last, _base(row, policy.interest_base))
    if row["interest_open_cents"]:
        found.append(Step("interest_open", {"open_cents": row["interest_open_cents"]}))
    if found or row["interest_cents"]:
        found.append(Step("interest", {"base_cents": _base(row, policy.interest_base)}, row["interest_cents"]))
    return found


def _segment_steps(
    segment: RateSegment,
    policy: ChargePolicy,
    values: index_rates.IndexValues,
    first: date,
    last: date,
    base_cents: int,
) -> list[Step]:
    params: dict[str, Any] = {
        "after_on": first,
        "until_on": last,
        "days": (last - first).days,
        "rate_ppm": segment.rate_ppm,
        "basis": str(policy.interest_basis),
        "base_cents": base_cents,
    }
    basis = policy.interest_legal_basis
    if segment.kind is InterestKind.FIXED_PER_DAY:
        return [Step("interest_per_day", {**params, "cents_per_day": segment.cents_per_day}, legal_basis=basis)]
    if segment.kind is InterestKind.SIMPLE_DAILY:
        return [Step("interest_daily", params, legal_basis=basis)]
    if segment.kind is InterestKind.SIMPLE_MONTHLY:
        legal = policy.interest_kind is InterestKind.TAXA_LEGAL
        return [Step("interest_monthly", params, legal_basis=_ONE_PERCENT_BASIS if legal else basis)]
    months = []
    for month in index_rates.months_between(first + timedelta(days=1), last):
        next_month = (month + timedelta(days=31)).replace(day=1)
        days = (min(last, next_month - timedelta(days=1)) - max(first, month - timedelta(days=1))).days
        rate = accrual.legal_rate(values, month, policy.index_lag)
        length = (next_month - month).days
        months.append(
            Step(
                "interest_legal_month",
                {**params, "month_on": month, "days": days, "month_days": length, "rate_e8": rate},
                legal_basis=_LEGAL_RATE_BASIS,
            )
        )
    return months


def _base(row: Mapping[str, Any], base: ChargeBase) -> int:
    corrected = row["correction_cents"] if base is ChargeBase.PRINCIPAL_CORRECTED else 0
    return int(row["base_cents"]) + int(corrected)
