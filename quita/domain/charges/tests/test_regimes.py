"""What the law allows, what silence means, and when debt prescribes."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quita.domain import charges, refusals
from quita.domain.charges import policies as P
from quita.domain.charges import sentences
from quita.domain.charges.tests import generated

TODAY = date(2026, 11, 24)
CONDO, ISP, LEASE, B2B = (charges.regime_on(key, TODAY) for key in ("CONDO", "ISP", "LEASE", "B2B_GENERIC"))


def codes(policy, regime):
    """The refusals' codes, or the warnings' when the policy may be saved."""
    try:
        return {"warned": [w.refusal.code for w in charges.validate(policy, regime)]}
    except refusals.Refused as refused:
        return {"refused": [f.refusal.code for f in refused.findings]}


def simple(ppm, **terms):
    return P.ChargePolicy(interest_kind=P.InterestKind.SIMPLE_MONTHLY, interest_ppm=ppm, **terms)


def test_the_usual_condominium_policy_may_be_saved():
    assert codes(simple(10_000, fine_ppm=20_000), CONDO) == {"warned": []}


def test_a_fine_over_the_cap_is_refused_and_says_the_limit():
    with pytest.raises(refusals.Refused) as raised:
        charges.validate(simple(10_000, fine_ppm=100_000), CONDO)
    assert str(raised.value) == "A fine of 10% exceeds the 2% allowed (CC art. 1.336 §1). Lower it."
    assert raised.value.findings[0].field == "fine_ppm"


@pytest.mark.parametrize(
    ("policy", "regime", "outcome"),
    [
        (simple(10_000, fine_ppm=100_000), LEASE, {"warned": []}),
        (simple(10_000, fine_ppm=100_001), LEASE, {"warned": ["fine_needs_review"]}),
        (simple(20_000), CONDO, {"warned": ["interest_needs_review"]}),
        (simple(20_000), ISP, {"refused": ["interest_over_cap"]}),
        (P.ChargePolicy(interest_kind=P.InterestKind.SIMPLE_DAILY, interest_ppm=10_000), ISP,
         {"refused": ["interest_over_cap"]}),
        (P.ChargePolicy(fine_kind=P.FineKind.FIXED, fine_cents=500), CONDO, {"refused": ["fine_cap_missing"]}),
        (P.ChargePolicy(fine_kind=P.FineKind.FIXED, fine_cents=500, fine_cap_ppm=20_000), CONDO, {"warned": []}),
        (P.ChargePolicy(interest_kind=P.InterestKind.FIXED_PER_DAY, interest_cents_per_day=9), ISP,
         {"refused": ["interest_cap_missing"]}),
        (P.ChargePolicy(fine_ppm=-1), B2B, {"refused": ["charge_negative"]}),
        (P.ChargePolicy(discounts=(P.Discount(),) * 4), B2B, {"refused": ["too_many_discounts"]}),
        (P.ChargePolicy(discounts=(P.Discount(rate_ppm=1_000_001),)), B2B, {"refused": ["discount_out_of_range"]}),
        (P.ChargePolicy(imputation_order=(P.Component.PRINCIPAL,)), B2B, {"refused": ["imputation_order_incomplete"]}),
        (P.ChargePolicy(imputation_order=P.DEFAULT_ORDER[::-1]), B2B, {"warned": ["principal_first"]}),
        (P.ChargePolicy(collection_fee_allowed=True), CONDO, {"refused": ["collection_fee_forbidden"]}),
        (P.ChargePolicy(collection_fee_allowed=True), ISP, {"warned": ["collection_fee_needs_clause"]}),
        (P.ChargePolicy(shortfall=P.Shortfall.WAIVE_CHARGES), CONDO, {"warned": ["waiver_needs_authority"]}),
        (P.ChargePolicy(interest_kind=P.InterestKind.TAXA_LEGAL, index="IPCA"), B2B, {"warned": ["legal_rate_base"]}),
        (P.ChargePolicy(grace_days=366), B2B, {"refused": ["grace_too_long"]}),
    ],
)  # fmt: skip
def test_limits_of_each_regime(policy, regime, outcome):
    assert codes(policy, regime) == outcome


def test_overlapping_or_backward_rates_are_refused():
    kind = P.InterestKind.SIMPLE_MONTHLY
    first = P.RateSegment(kind=kind, until_on=date(2025, 1, 10))
    overlapping = (first, P.RateSegment(kind=kind, since_on=date(2025, 1, 10)))
    backward = (P.RateSegment(kind=kind, since_on=date(2025, 2, 1), until_on=date(2025, 1, 1)),)
    assert codes(P.ChargePolicy(segments=overlapping), B2B) == {"refused": ["segments_overlap"]}
    assert codes(P.ChargePolicy(segments=backward), B2B) == {"refused": ["segment_backwards"]}
    touching = (first, P.RateSegment(kind=kind, since_on=date(2025, 1, 11)))
    assert codes(P.ChargePolicy(segments=touching), B2B) == {"warned": []}


@pytest.mark.parametrize(
    ("stipulated", "kind", "index"),
    [
        ({"interest_ppm": 10_000, "index": "INPC"}, P.InterestKind.SIMPLE_MONTHLY, "INPC"),
        ({"interest_ppm": 10_000}, P.InterestKind.SIMPLE_MONTHLY, "IPCA"),
        ({"index": "INPC"}, P.InterestKind.TAXA_LEGAL, "INPC"),
        ({}, P.InterestKind.TAXA_LEGAL, "IPCA"),
    ],
)
def test_what_the_convention_leaves_out_the_law_fills_in(stipulated, kind, index):
    policy = charges.policy_for(CONDO, fine_ppm=20_000, **stipulated)
    assert (policy.interest_kind, policy.index) == (kind, index)
    assert codes(policy, CONDO) == {"warned": []}


def test_silence_is_not_zero():
    assert charges.policy_for(CONDO, interest_ppm=0).interest_kind is P.InterestKind.SIMPLE_MONTHLY
    assert charges.policy_for(CONDO, interest_ppm=0).interest_ppm == 0
    assert charges.policy_for(CONDO).fine_ppm == 0
    assert charges.policy_for(CONDO, index=charges.NO_INDEX).index is None


def test_each_day_is_ruled_by_the_version_in_force():
    before, after = (charges.regime_on("CONDO", day) for day in (date(2024, 8, 29), date(2024, 8, 30)))
    assert (before.silent_interest, before.silent_index) == (P.InterestKind.SIMPLE_MONTHLY, None)
    assert (after.silent_interest, after.silent_index) == (P.InterestKind.TAXA_LEGAL, "IPCA")
    assert charges.regime_on("CONDO", date(1990, 1, 1)) == before
    with pytest.raises(ValueError, match="NOPE"):
        charges.regime_on("NOPE", TODAY)


def test_every_regime_cites_its_law():
    for regime in charges.REGIMES:
        assert {"fine", "interest", "index", "fees", "prescription", "silent_interest"} <= set(regime.citations)


def test_prescription_by_regime():
    due = date(2021, 11, 24)
    assert not charges.is_prescribed(due, CONDO.prescription_years, date(2026, 11, 24))
    assert charges.is_prescribed(due, CONDO.prescription_years, date(2026, 11, 25))
    assert charges.is_prescribed(due, LEASE.prescription_years, date(2024, 11, 25))
    assert not charges.is_prescribed(None, 5, TODAY)


def test_a_term_of_years_from_29_february_ends_on_1_march():
    assert charges.last_enforceable_on(date(2024, 2, 29), 5) == date(2029, 3, 1)
    assert charges.last_enforceable_on(date(2024, 2, 29), 4) == date(2028, 2, 29)


@given(st.lists(st.dates(date(2000, 1, 1), date(2045, 12, 31)), min_size=1), st.integers(1, 10))
def test_prescription_of_a_column_is_that_of_each_title(days, years):
    column = pl.DataFrame({"due_on": days}).select(charges.last_enforceable_expr(pl.col("due_on"), years)).to_series()
    assert column.to_list() == [charges.last_enforceable_on(day, years) for day in days]


@given(generated.policies())
def test_a_policy_survives_storage(policy):
    assert P.ChargePolicy.from_facts(policy.as_facts()) == policy


def test_a_stored_term_nobody_knows_is_an_error():
    with pytest.raises(ValueError, match="late_fee"):
        P.ChargePolicy.from_facts({"late_fee": 1})


def test_every_sentence_exists_in_both_languages():
    assert all(len({*texts}) == 2 for texts in sentences._SENTENCES.values())
