"""The terms by which late debt grows, as a frozen value."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


class FineKind(enum.StrEnum):
    """How the fine (multa) is set: a share of the base, or an amount."""

    PERCENT = "PERCENT"
    FIXED = "FIXED"


class ChargeBase(enum.StrEnum):
    """What a charge is a share of. The rebate is always taken off first; fine and interest never enter a base."""

    PRINCIPAL = "PRINCIPAL"
    PRINCIPAL_CORRECTED = "PRINCIPAL_CORRECTED"


class InterestKind(enum.StrEnum):
    """How default interest (juros de mora) accrues. Always simple: Lei da Usura art. 4, Súmula 121 of the STF."""

    NONE = "NONE"
    SIMPLE_MONTHLY = "SIMPLE_MONTHLY"
    SIMPLE_DAILY = "SIMPLE_DAILY"
    FIXED_PER_DAY = "FIXED_PER_DAY"
    TAXA_LEGAL = "TAXA_LEGAL"


class DayBasis(enum.StrEnum):
    """How a monthly rate is spread over days.

    D30: rate / 30 a day. ACT_MONTH: rate / days of that month. ACT365: 12 rates / 365 a day. MONTHS_PLUS_DAYS30: one
    rate for each full month by anniversary, rate / 30 for each day left.
    """

    D30 = "D30"
    ACT_MONTH = "ACT_MONTH"
    ACT365 = "ACT365"
    MONTHS_PLUS_DAYS30 = "MONTHS_PLUS_DAYS30"


class InterestStart(enum.StrEnum):
    """From which day a late title accrues: its due date (STJ REsp 1.954.924) or the moved one (Pix with due date)."""

    ORIGINAL_DUE = "ORIGINAL_DUE"
    ADJUSTED_DUE = "ADJUSTED_DUE"


class AfterGrace(enum.StrEnum):
    """Once the grace days are over without payment, whether interest counts them."""

    FROM_START = "FROM_START"
    FROM_GRACE_END = "FROM_GRACE_END"


class IndexProrata(enum.StrEnum):
    """Whether an index counts by whole competences or weighs the first and the last month by calendar days."""

    NONE = "NONE"
    CALENDAR_DAYS = "CALENDAR_DAYS"


class IndexLag(enum.StrEnum):
    """What stands in for a month that is not yet published."""

    IGNORE_UNPUBLISHED = "IGNORE_UNPUBLISHED"
    REPEAT_LAST = "REPEAT_LAST"


class Rounding(enum.StrEnum):
    """How the one division of each component ends in centavos."""

    HALF_UP = "HALF_UP"
    HALF_EVEN = "HALF_EVEN"
    DOWN = "DOWN"


class Component(enum.StrEnum):
    """What a debt consists of, as payments are imputed to it."""

    FEES = "fees"
    INTEREST = "interest"
    FINE = "fine"
    CORRECTION = "correction"
    PRINCIPAL = "principal"


class Shortfall(enum.StrEnum):
    """What happens when a payment does not cover all that is due on its day.

    KEEP_OPEN: the rest stays due. WAIVE_UNDER_TOLERANCE: a rest of at most `write_off_tolerance_cents` is written off.
    WAIVE_CHARGES: who pays principal and correction owes no charges (besides the tolerance).
    """

    KEEP_OPEN = "KEEP_OPEN"
    WAIVE_UNDER_TOLERANCE = "WAIVE_UNDER_TOLERANCE"
    WAIVE_CHARGES = "WAIVE_CHARGES"


DEFAULT_ORDER = (Component.FEES, Component.INTEREST, Component.FINE, Component.CORRECTION, Component.PRINCIPAL)

# Lei 14.905/2024 came into force on this day: where no rate is stipulated, 1% a month before it, taxa legal from it on.
TAXA_LEGAL_SINCE = date(2024, 8, 30)
TAXA_LEGAL_INDEX = "TAXA_LEGAL"
LEGAL_MONTHLY_PPM = 10_000


@dataclass(frozen=True, kw_only=True)
class RateSegment:
    """One rate from one day to another, both inclusive; None leaves that side open.

    `rate_ppm` is per month (SIMPLE_MONTHLY) or per day (SIMPLE_DAILY); `cents_per_day` belongs to FIXED_PER_DAY.
    """

    kind: InterestKind
    since_on: date | None = None
    until_on: date | None = None
    rate_ppm: int = 0
    cents_per_day: int = 0


@dataclass(frozen=True, kw_only=True)
class Discount:
    """A conditional discount for payment up to `days_before_due`: `cents` when given, else a share of the nominal."""

    days_before_due: int = 0
    rate_ppm: int = 0
    cents: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChargePolicy:
    """Everything that decides what a late title is worth on a given day. Zero means zero: nothing falls back silently.

    `fine_cap_ppm` caps a fixed fine and `interest_cap_ppm` (per month) an amount per day, whatever the title is worth.
    A title's own discount columns, when any is filled, replace `discounts`. The legal bases (clause of contract or
    convention, article of law) are shown beside each charge.
    """

    fine_kind: FineKind = FineKind.PERCENT
    fine_ppm: int = 0
    fine_cents: int = 0
    fine_cap_ppm: int | None = None
    fine_base: ChargeBase = ChargeBase.PRINCIPAL
    interest_kind: InterestKind = InterestKind.NONE
    interest_ppm: int = 0
    interest_cents_per_day: int = 0
    interest_cap_ppm: int | None = None
    interest_basis: DayBasis = DayBasis.D30
    interest_base: ChargeBase = ChargeBase.PRINCIPAL
    interest_start: InterestStart = InterestStart.ORIGINAL_DUE
    segments: tuple[RateSegment, ...] = ()
    index: str | None = None
    index_prorata: IndexProrata = IndexProrata.NONE
    index_lag: IndexLag = IndexLag.IGNORE_UNPUBLISHED
    index_grace_days: int = 0
    grace_days: int = 0
    after_grace: AfterGrace = AfterGrace.FROM_START
    rounding: Rounding = Rounding.HALF_UP
    discounts: tuple[Discount, ...] = ()
    imputation_order: tuple[Component, ...] = DEFAULT_ORDER
    write_off_tolerance_cents: int = 100
    shortfall: Shortfall = Shortfall.WAIVE_UNDER_TOLERANCE
    collection_fee_allowed: bool = False
    fine_legal_basis: str = ""
    interest_legal_basis: str = ""
    index_legal_basis: str = ""

    def rate_segments(self) -> tuple[RateSegment, ...]:
        """Return the rates in force over time; the legal pair where the policy says no more than "taxa legal"."""
        if self.segments:
            return self.segments
        if self.interest_kind is InterestKind.NONE:
            return ()
        if self.interest_kind is InterestKind.TAXA_LEGAL:
            before = date.fromordinal(TAXA_LEGAL_SINCE.toordinal() - 1)
            return (
                RateSegment(kind=InterestKind.SIMPLE_MONTHLY, until_on=before, rate_ppm=LEGAL_MONTHLY_PPM),
                RateSegment(kind=InterestKind.TAXA_LEGAL, since_on=TAXA_LEGAL_SINCE),
            )
        return (
            RateSegment(kind=self.interest_kind, rate_ppm=self.interest_ppm, cents_per_day=self.interest_cents_per_day),
        )

    def as_facts(self) -> dict[str, Any]:
        """Return the terms as plain JSON values, for storage and for the record of a run."""
        facts: dict[str, Any] = _plain(dataclasses.asdict(self))
        return facts

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> ChargePolicy:
        """Rebuild a policy from `as_facts`. An unknown key is an error: a term nobody applies must not go unseen."""
        unknown = set(facts) - {f.name for f in dataclasses.fields(cls)}
        if unknown:
            raise ValueError(f"unknown charge terms: {sorted(unknown)}")
        terms = dict(facts)
        for name, kind in _ENUM_FIELDS.items():
            if name in terms:
                terms[name] = kind(terms[name])
        if "segments" in terms:
            terms["segments"] = tuple(_segment(s) for s in terms["segments"])
        if "discounts" in terms:
            terms["discounts"] = tuple(Discount(**d) for d in terms["discounts"])
        if "imputation_order" in terms:
            terms["imputation_order"] = tuple(Component(c) for c in terms["imputation_order"])
        return cls(**terms)


_ENUM_FIELDS: dict[str, type[enum.StrEnum]] = {
    "fine_kind": FineKind,
    "fine_base": ChargeBase,
    "interest_kind": InterestKind,
    "interest_basis": DayBasis,
    "interest_base": ChargeBase,
    "interest_start": InterestStart,
    "index_prorata": IndexProrata,
    "index_lag": IndexLag,
    "after_grace": AfterGrace,
    "rounding": Rounding,
    "shortfall": Shortfall,
}


def _segment(facts: Mapping[str, Any]) -> RateSegment:
    days = {key: facts.get(key) for key in ("since_on", "until_on")}
    parsed = {key: date.fromisoformat(day) if isinstance(day, str) else day for key, day in days.items()}
    return RateSegment(**{**facts, **parsed, "kind": InterestKind(facts["kind"])})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, enum.StrEnum) else value
