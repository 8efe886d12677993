"""An independent payoff in exact fractions, written for clarity: one title, day by day, no columns, no integers tricks.

It shares only the policy's vocabulary with the code under test.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from quita.domain.charges import policies as P

ONE = timedelta(days=1)


@dataclass
class State:
    """A title as the oracle sees it. Amounts in centavos."""

    due_on: date | None
    original: int
    balance: int
    rebate: int = 0
    fine_open: int = 0
    interest_open: int = 0
    correction_open: int = 0
    fees_open: int = 0
    fine_assessed: bool = False
    position_on: date | None = None
    tiers: list[tuple[int, date | None]] = field(default_factory=list)


def cents(value, rounding):
    floor = value.numerator // value.denominator
    rest = value - floor
    half = Fraction(1, 2)
    if rounding is P.Rounding.DOWN or rest < half:
        return floor
    if rest == half and rounding is P.Rounding.HALF_EVEN:
        return floor + floor % 2
    return floor + 1


def payoff(state, policy, values, calendar, as_of):
    """Return a dict of components and `late`."""
    rebate = max(0, min(state.rebate, state.balance))
    base = state.balance - rebate
    late, start = False, None
    payable_until = None
    if state.due_on is not None:
        payable_until = calendar.next_business_day_or_same(state.due_on)
        last_free = payable_until + policy.grace_days * ONE
        late = as_of > last_free
        start = state.due_on if policy.interest_start is P.InterestStart.ORIGINAL_DUE else payable_until
        if policy.grace_days and policy.after_grace is P.AfterGrace.FROM_GRACE_END:
            start = last_free
        charged_days = (as_of - start).days
        if state.position_on is not None and state.position_on > last_free:
            start = state.position_on
    correction = state.correction_open
    if late and policy.index and charged_days > policy.index_grace_days:
        corrected = (base + state.correction_open) * factor(policy, values, start, as_of)
        correction = max(0, cents(corrected, policy.rounding) - base)
    corrected_base = {P.ChargeBase.PRINCIPAL: base, P.ChargeBase.PRINCIPAL_CORRECTED: base + correction}
    fine, interest = state.fine_open, state.interest_open
    if late and not state.fine_assessed:
        fine += new_fine(policy, corrected_base[policy.fine_base])
    if late:
        interest += accrued(policy, values, start, as_of, corrected_base[policy.interest_base])
    discount = min(base, best_discount(state, policy, calendar, as_of, state.original - rebate))
    total = state.balance + correction + fine + interest + state.fees_open - rebate - discount
    return {
        "principal_cents": state.balance,
        "correction_cents": correction,
        "fine_cents": fine,
        "interest_cents": interest,
        "discount_cents": discount,
        "rebate_cents": rebate,
        "fees_cents": state.fees_open,
        "total_cents": total,
        "late": late,
        "payable_until_on": payable_until,
    }


def new_fine(policy, base):
    if policy.fine_kind is P.FineKind.PERCENT:
        return cents(Fraction(base * policy.fine_ppm, 10**6), policy.rounding)
    if base == 0:
        return 0
    if policy.fine_cap_ppm is None:
        return policy.fine_cents
    return min(policy.fine_cents, base * policy.fine_cap_ppm // 10**6)


def rate_on(values, index, month, lag):
    rates = values[index]
    if month in rates:
        return Fraction(rates[month], 10**8)
    assert month > max(rates), "hole in the test's own index"
    return Fraction(rates[max(rates)] if lag is P.IndexLag.REPEAT_LAST else 0, 10**8)


def factor(policy, values, start, as_of):
    result = Fraction(1)
    month = start.replace(day=1)
    while month < as_of.replace(day=1):
        result *= 1 + rate_on(values, policy.index, month, policy.index_lag)
        month = (month + 31 * ONE).replace(day=1)
    return result


def segments(policy):
    if policy.interest_kind is P.InterestKind.TAXA_LEGAL and not policy.segments:
        one_percent = P.RateSegment(kind=P.InterestKind.SIMPLE_MONTHLY, until_on=date(2024, 8, 29), rate_ppm=10_000)
        return [one_percent, P.RateSegment(kind=P.InterestKind.TAXA_LEGAL, since_on=date(2024, 8, 30))]
    if policy.segments:
        return policy.segments
    if policy.interest_kind is P.InterestKind.NONE:
        return []
    kind, per_day = policy.interest_kind, policy.interest_cents_per_day
    return [P.RateSegment(kind=kind, rate_ppm=policy.interest_ppm, cents_per_day=per_day)]


def accrued(policy, values, start, as_of, base):
    share, per_day = Fraction(0), 0
    for segment in segments(policy):
        first = max(start + ONE, segment.since_on or date.min)
        last = min(as_of, segment.until_on or date.max)
        if last < first:
            continue
        by_months = segment.kind is P.InterestKind.SIMPLE_MONTHLY
        if by_months and policy.interest_basis is P.DayBasis.MONTHS_PLUS_DAYS30:
            share += Fraction(segment.rate_ppm, 10**6) * months_and_thirtieths(first - ONE, last)
            continue
        day = first
        while day <= last:
            if segment.kind is P.InterestKind.FIXED_PER_DAY:
                per_day += segment.cents_per_day
            else:
                share += day_rate(policy, segment, values, day)
            day += ONE
    per_day = per_day if base else 0
    if policy.interest_cap_ppm is not None:
        days = max(0, (as_of - start).days)
        per_day = min(per_day, base * policy.interest_cap_ppm * days // (30 * 10**6))
    return cents(base * share, policy.rounding) + per_day


def day_rate(policy, segment, values, day):
    length = monthrange(day.year, day.month)[1]
    if segment.kind is P.InterestKind.TAXA_LEGAL:
        return max(Fraction(0), rate_on(values, "TAXA_LEGAL", day.replace(day=1), policy.index_lag)) / length
    rate = Fraction(segment.rate_ppm, 10**6)
    if segment.kind is P.InterestKind.SIMPLE_DAILY:
        return rate
    return {
        P.DayBasis.D30: rate / 30,
        P.DayBasis.ACT_MONTH: rate / length,
        P.DayBasis.ACT365: rate * 12 / 365,
    }[policy.interest_basis]


def months_and_thirtieths(start, end):
    """Walk anniversary by anniversary; the last one not after `end`, then days over 30."""
    months, anniversary = 0, start
    while True:
        ahead = months + 1
        year, month = divmod(start.year * 12 + start.month - 1 + ahead, 12)
        following = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
        if following > end:
            return months + Fraction((end - anniversary).days, 30)
        months, anniversary = ahead, following


def best_discount(state, policy, calendar, as_of, nominal):
    tiers = state.tiers
    if not tiers:
        if state.due_on is None:
            return 0
        tiers = [
            (
                d.cents if d.cents is not None else cents(Fraction(nominal * d.rate_ppm, 10**6), policy.rounding),
                state.due_on - d.days_before_due * ONE,
            )
            for d in policy.discounts
        ]
    best = 0
    for amount, until in tiers:
        days = [day for day in (until, state.due_on) if day is not None]
        if days and as_of <= calendar.next_business_day_or_same(min(days)):
            best = max(best, amount)
    return best
