"""Generated policies, titles and index values for property tests."""

from datetime import date, timedelta

from hypothesis import strategies as st

from quita.domain.charges import policies as P
from quita.domain.charges.tests import oracle

FIRST_MONTH, LAST_PUBLISHED = date(2024, 5, 1), date(2025, 9, 1)


def months():
    month = FIRST_MONTH
    while month <= LAST_PUBLISHED:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


@st.composite
def index_values(draw, lowest=-2_000_000):
    """IPCA and taxa legal, month by month, with deflation unless `lowest` forbids it."""
    rate = st.integers(lowest, 3_000_000)
    return {name: {month: draw(rate) for month in months()} for name in ("IPCA", "TAXA_LEGAL")}


PPM = st.sampled_from([0, 1, 333, 10_000, 20_000, 33_333, 100_000])
DISCOUNTS = st.lists(
    st.builds(
        P.Discount,
        days_before_due=st.integers(0, 20),
        rate_ppm=PPM,
        cents=st.none() | st.sampled_from([0, 1, 500]),
    ),
    max_size=3,
).map(tuple)


@st.composite
def segments(draw):
    """No segments, or two that meet on a drawn day."""
    if not draw(st.booleans()):
        return ()
    split = draw(st.dates(date(2024, 6, 1), date(2025, 12, 31)))
    kinds = st.sampled_from([k for k in P.InterestKind if k is not P.InterestKind.NONE])
    rate, per_day = PPM, st.sampled_from([0, 17])
    return (
        P.RateSegment(kind=draw(kinds), until_on=split, rate_ppm=draw(rate), cents_per_day=draw(per_day)),
        P.RateSegment(
            kind=draw(kinds), since_on=split + timedelta(days=1), rate_ppm=draw(rate), cents_per_day=draw(per_day)
        ),
    )


def policies(**fixed):
    """Every parameter drawn, zero often among them, unless fixed by the caller."""
    drawn = {
        "fine_kind": st.sampled_from(P.FineKind),
        "fine_ppm": PPM,
        "fine_cents": st.sampled_from([0, 1, 1000]),
        "fine_cap_ppm": st.none() | PPM,
        "fine_base": st.sampled_from(P.ChargeBase),
        "interest_kind": st.sampled_from(P.InterestKind),
        "interest_ppm": PPM,
        "interest_cents_per_day": st.sampled_from([0, 17]),
        "interest_cap_ppm": st.none() | PPM,
        "interest_basis": st.sampled_from(P.DayBasis),
        "interest_base": st.sampled_from(P.ChargeBase),
        "interest_start": st.sampled_from(P.InterestStart),
        "segments": segments(),
        "index": st.sampled_from([None, "IPCA"]),
        "index_lag": st.sampled_from(P.IndexLag),
        "index_grace_days": st.sampled_from([0, 10]),
        "grace_days": st.sampled_from([0, 3]),
        "after_grace": st.sampled_from(P.AfterGrace),
        "rounding": st.sampled_from(P.Rounding),
        "discounts": DISCOUNTS,
        "imputation_order": st.permutations(P.DEFAULT_ORDER).map(tuple) | st.just(P.DEFAULT_ORDER),
        "write_off_tolerance_cents": st.sampled_from([0, 100]),
        "shortfall": st.sampled_from(P.Shortfall),
    }
    drawn |= {name: st.just(value) for name, value in fixed.items()}
    return st.builds(P.ChargePolicy, **drawn)


DUE = st.dates(date(2024, 5, 31), date(2025, 9, 30))
AMOUNT = st.sampled_from([0, 1, 1400, 50_000, 123_456]) | st.integers(0, 10**9) | st.just(10**12)


@st.composite
def states(draw, positions=True):
    """A title: fresh, or standing somewhere after a partial payment."""
    due = draw(st.none() | DUE) if draw(st.integers(0, 5)) == 0 else draw(DUE)
    original = draw(AMOUNT)
    state = oracle.State(due, original, original, rebate=draw(st.sampled_from([0, 0, 1, 5000])))
    if draw(st.booleans()):
        tier = st.tuples(st.sampled_from([0, 1, 500, 10**7]), st.none() | DUE)
        state.tiers = draw(st.lists(tier, max_size=3))
    if positions and draw(st.booleans()):
        state.balance = draw(st.integers(0, original))
        opened = st.sampled_from([0, 1, 777])
        state.fine_open, state.interest_open = draw(opened), draw(opened)
        state.correction_open, state.fees_open = draw(opened), draw(opened)
        state.fine_assessed = draw(st.booleans())
        near = due or date(2024, 7, 1)
        state.position_on = near + timedelta(days=draw(st.integers(-10, 90)))
    return state


def as_row(state, receivable_id=1, policy_id=1, calendar_id=0):
    """The title's columns for the code under test."""
    row = {
        "receivable_id": receivable_id,
        "policy_id": policy_id,
        "calendar_id": calendar_id,
        "due_on": state.due_on,
        "original_cents": state.original,
        "balance_cents": state.balance,
        "rebate_cents": state.rebate,
        "fine_open_cents": state.fine_open,
        "interest_open_cents": state.interest_open,
        "correction_open_cents": state.correction_open,
        "fees_open_cents": state.fees_open,
        "fine_assessed": state.fine_assessed,
        "position_on": state.position_on,
    }
    for tier in (1, 2, 3):
        amount, until = state.tiers[tier - 1] if tier <= len(state.tiers) else (None, None)
        row |= {f"discount{tier}_cents": amount, f"discount{tier}_until_on": until}
    return row


@st.composite
def days_for(draw, state):
    """A day around or well after the due date and after the position."""
    near = state.due_on or date(2025, 1, 1)
    day = near + timedelta(days=draw(st.integers(-25, 300)))
    return max(day, state.position_on or day)
