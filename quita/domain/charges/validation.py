"""Whether a policy may be saved under a regime: refusals for what the law forbids, warnings for a lawyer's eye."""

from __future__ import annotations

from quita.domain import refusals
from quita.domain.charges.policies import (
    LEGAL_MONTHLY_PPM,
    ChargeBase,
    ChargePolicy,
    Component,
    DayBasis,
    FineKind,
    InterestKind,
    RateSegment,
    Shortfall,
)
from quita.domain.charges.regimes import Regime
from quita.domain.money import PPM, format_ppm

MAX_DISCOUNTS = 3
MAX_GRACE_DAYS = 365

_NEGATIVE = refusals.worded("A charge or a term in days cannot be negative. Enter zero or more.")

_AMOUNT_FIELDS = (
    "fine_ppm",
    "fine_cents",
    "fine_cap_ppm",
    "interest_ppm",
    "interest_cents_per_day",
    "interest_cap_ppm",
    "grace_days",
    "index_grace_days",
    "write_off_tolerance_cents",
)


def validate(policy: ChargePolicy, regime: Regime) -> list[refusals.Finding]:
    """Return warnings (typed like refusals, each tied to a field). Raises `Refused` with all that is unlawful."""
    found = refusals.Refusals()
    for field in _AMOUNT_FIELDS:
        if (getattr(policy, field) or 0) < 0:
            found.add("charge_negative", _NEGATIVE, field=field)
    _check_fine(policy, regime, found)
    _check_interest(policy, regime, found)
    _check_segments(policy, found)
    _check_discounts(policy, found)
    _check_terms(policy, regime, found)
    found.raise_if_any()
    return list(_warnings(policy, regime))


def monthly_ppm(kind: InterestKind, rate_ppm: int) -> int:
    """Return a rate as its monthly equivalent: daily rates times thirty."""
    return rate_ppm * 30 if kind is InterestKind.SIMPLE_DAILY else rate_ppm


def _check_fine(policy: ChargePolicy, regime: Regime, found: refusals.Refusals) -> None:
    cap = regime.fine_cap_ppm
    if policy.fine_kind is FineKind.PERCENT:
        ceiling = PPM if cap is None else cap
        if policy.fine_ppm > ceiling:
            found.add(
                "fine_over_cap",
                "A fine of %(asked)s exceeds the %(limit)s allowed (%(basis)s). Lower it.",
                {"asked": format_ppm(policy.fine_ppm), "limit": format_ppm(ceiling), "basis": regime.citations["fine"]},
                field="fine_ppm",
            )
    elif policy.fine_cents and cap is not None and (policy.fine_cap_ppm is None or policy.fine_cap_ppm > cap):
        found.add(
            "fine_cap_missing",
            "A fixed fine can exceed the %(limit)s allowed (%(basis)s) on a small title. Set its ceiling to %(limit)s.",
            {"limit": format_ppm(cap), "basis": regime.citations["fine"]},
            field="fine_cap_ppm",
        )


def _check_interest(policy: ChargePolicy, regime: Regime, found: refusals.Refusals) -> None:
    cap = regime.interest_cap_ppm
    for segment in policy.rate_segments():
        if segment.rate_ppm < 0 or segment.cents_per_day < 0:
            found.add("charge_negative", _NEGATIVE, field="segments")
        rate = monthly_ppm(segment.kind, segment.rate_ppm)
        ceiling = PPM if cap is None else cap
        if rate > ceiling:
            found.add(
                "interest_over_cap",
                "Interest of %(asked)s a month exceeds the %(limit)s allowed (%(basis)s). Lower it; check whether a "
                "monthly rate was entered as a daily one.",
                {"asked": format_ppm(rate), "limit": format_ppm(ceiling), "basis": regime.citations["interest"]},
                field="interest_ppm",
            )
        fixed = segment.kind is InterestKind.FIXED_PER_DAY and segment.cents_per_day > 0
        if fixed and cap is not None and (policy.interest_cap_ppm is None or policy.interest_cap_ppm > cap):
            found.add(
                "interest_cap_missing",
                "An amount per day can exceed the %(limit)s a month allowed (%(basis)s) on a small title. "
                "Set its ceiling to %(limit)s.",
                {"limit": format_ppm(cap), "basis": regime.citations["interest"]},
                field="interest_cap_ppm",
            )


def _check_segments(policy: ChargePolicy, found: refusals.Refusals) -> None:
    for segment in policy.segments:
        if segment.since_on and segment.until_on and segment.until_on < segment.since_on:
            found.add(
                "segment_backwards",
                "A rate ends on %(until)s, before it begins on %(since)s. Swap the dates.",
                {"since": segment.since_on.isoformat(), "until": segment.until_on.isoformat()},
                field="segments",
            )
    for earlier, later in zip(policy.segments, policy.segments[1:], strict=False):
        if not _precedes(earlier, later):
            found.add(
                "segments_overlap",
                "Two interest rates hold on the same day or are out of order. Give each its own dates, oldest first.",
                field="segments",
            )


def _precedes(earlier: RateSegment, later: RateSegment) -> bool:
    return earlier.until_on is not None and later.since_on is not None and earlier.until_on < later.since_on


def _check_discounts(policy: ChargePolicy, found: refusals.Refusals) -> None:
    if len(policy.discounts) > MAX_DISCOUNTS:
        found.add(
            "too_many_discounts",
            "%(asked)s discounts exceed the %(limit)s that a title can carry. Remove some.",
            {"asked": len(policy.discounts), "limit": MAX_DISCOUNTS},
            field="discounts",
        )
    for discount in policy.discounts:
        if not 0 <= discount.rate_ppm <= PPM or (discount.cents or 0) < 0 or discount.days_before_due < 0:
            found.add(
                "discount_out_of_range",
                "A discount is a share from 0%% to 100%%, or an amount, for payment up to the due date. Correct it.",
                field="discounts",
            )


def _check_terms(policy: ChargePolicy, regime: Regime, found: refusals.Refusals) -> None:
    if sorted(policy.imputation_order) != sorted(Component):
        found.add(
            "imputation_order_incomplete",
            "The imputation order needs fees, interest, fine, correction and principal, each once. Complete it.",
            field="imputation_order",
        )
    if policy.grace_days > MAX_GRACE_DAYS:
        found.add(
            "grace_too_long",
            "%(asked)s grace days exceed the limit of %(limit)s. Move the due date instead.",
            {"asked": policy.grace_days, "limit": MAX_GRACE_DAYS},
            field="grace_days",
        )
    if policy.collection_fee_allowed and regime.collection_fee == "FORBIDDEN":
        found.add(
            "collection_fee_forbidden",
            "Collection fees may not be charged to the debtor here (%(basis)s). Turn them off.",
            {"basis": regime.citations["fees"]},
            field="collection_fee_allowed",
        )


def _warnings(policy: ChargePolicy, regime: Regime) -> refusals.Refusals:
    """Lawful or arguable, but a lawyer or the assembly should have agreed."""
    noted = refusals.Refusals()
    review = regime.fine_review_ppm
    if review is not None and policy.fine_kind is FineKind.PERCENT and policy.fine_ppm > review:
        noted.add(
            "fine_needs_review",
            "A fine of %(asked)s is above the prudent %(limit)s (%(basis)s): a judge may reduce it. Have it reviewed.",
            {"asked": format_ppm(policy.fine_ppm), "limit": format_ppm(review), "basis": regime.citations["fine"]},
            field="fine_ppm",
        )
    highest = max((monthly_ppm(s.kind, s.rate_ppm) for s in policy.rate_segments()), default=0)
    if highest > regime.interest_review_ppm:
        noted.add(
            "interest_needs_review",
            "Interest of %(asked)s a month is above %(limit)s. Have a lawyer confirm the clause (%(basis)s).",
            {
                "asked": format_ppm(highest),
                "limit": format_ppm(LEGAL_MONTHLY_PPM),
                "basis": regime.citations["interest"],
            },
            field="interest_ppm",
        )
    legal = any(s.kind is InterestKind.TAXA_LEGAL for s in policy.rate_segments())
    if legal and policy.index and policy.interest_base is ChargeBase.PRINCIPAL:
        noted.add(
            "legal_rate_base",
            "With correction, the taxa legal runs on the corrected value (Res. CMN 5.171/2024 art. 7). Change it.",
            field="interest_base",
        )
    if legal and policy.interest_basis is DayBasis.MONTHS_PLUS_DAYS30:
        noted.add(
            "legal_rate_basis",
            "The taxa legal counts the days of each month, whatever the day basis, which rules the other rates.",
            field="interest_basis",
        )
    _warn_on_terms(policy, regime, noted)
    return noted


def _warn_on_terms(policy: ChargePolicy, regime: Regime, noted: refusals.Refusals) -> None:
    order = policy.imputation_order
    if order.index(Component.PRINCIPAL) < order.index(Component.INTEREST):
        noted.add(
            "principal_first",
            "Paying principal before interest departs from CC art. 354. It needs an agreement with the debtor.",
            field="imputation_order",
        )
    if policy.shortfall is Shortfall.WAIVE_CHARGES and not regime.creditor_may_waive:
        noted.add(
            "waiver_needs_authority",
            "Waiving charges needs an authorisation here (%(basis)s). Keep its minutes with the policy.",
            {"basis": regime.citations["concession"]},
            field="shortfall",
        )
    if policy.collection_fee_allowed and regime.collection_fee == "CLAUSE_RECIPROCITY_LEGAL_WORK":
        noted.add(
            "collection_fee_needs_clause",
            "A collection fee needs a clause, reciprocity and proof of legal work (%(basis)s).",
            {"basis": regime.citations["fees"]},
            field="collection_fee_allowed",
        )
