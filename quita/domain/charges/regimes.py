"""Legal regimes of debt as dated data: what may be charged, what silence means, when debt prescribes.

Not legal advice. Each limit carries its citation. A regime has versions by the day they come into force; a day is ruled
by the version in force on it.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import polars as pl

from quita.domain.charges.policies import (
    LEGAL_MONTHLY_PPM,
    TAXA_LEGAL_SINCE,
    ChargeBase,
    ChargePolicy,
    InterestKind,
)


class RegimeKey(enum.StrEnum):
    """The kinds of debt that the law treats differently."""

    CONDO = "CONDO"
    ISP = "ISP"
    LEASE = "LEASE"
    PROPERTY_SALE = "PROPERTY_SALE"
    B2C_GENERIC = "B2C_GENERIC"
    B2B_GENERIC = "B2B_GENERIC"


@dataclass(frozen=True, kw_only=True)
class Regime:
    """One version of a regime. Caps are hard limits; `*_review_ppm` is where a lawyer should look first.

    `silent_interest` is what the law puts in place of an unstipulated rate, `silent_index` of an unstipulated index.
    `citations` maps a topic to the norm as Brazilian lawyers cite it: fine, interest, index, silent_interest,
    silent_index, fees, prescription, title, service_cut, concession.
    """

    key: RegimeKey
    since_on: date
    consumer_law: bool
    fine_cap_ppm: int | None
    fine_review_ppm: int | None
    interest_cap_ppm: int | None
    interest_review_ppm: int
    silent_interest: InterestKind
    silent_index: str | None
    collection_fee: str
    prescription_years: int
    service_cut: str
    creditor_may_waive: bool
    citations: Mapping[str, str]


_CIVIL_CODE_SINCE = date(2003, 1, 11)
# What rules where contract or convention are silent, since Lei 14.905/2024.
_SILENCE = {"silent_interest": "CC art. 406 §§1–3; Res. CMN 5.171/2024", "silent_index": "CC art. 389, parágrafo único"}
_CONSUMER_FINE = "CDC art. 52 §1"
_FEE_CLAUSE = "STJ REsp 1.274.629"
_FIVE_YEARS = "CC art. 206 §5 I"

_CURRENT: tuple[Regime, ...] = (
    Regime(
        key=RegimeKey.CONDO,
        since_on=TAXA_LEGAL_SINCE,
        consumer_law=False,
        fine_cap_ppm=20_000,
        fine_review_ppm=None,
        interest_cap_ppm=None,
        interest_review_ppm=LEGAL_MONTHLY_PPM,
        silent_interest=InterestKind.TAXA_LEGAL,
        silent_index="IPCA",
        collection_fee="FORBIDDEN",
        prescription_years=5,
        service_cut="NEVER",
        creditor_may_waive=False,
        citations=MappingProxyType(
            {
                **_SILENCE,
                "fine": "CC art. 1.336 §1",
                "interest": "CC art. 1.336 §1",
                "index": "CC art. 1.336 §1",
                "fees": "STJ REsp 2.187.308/TO",
                "prescription": f"STJ Tema 949; {_FIVE_YEARS}",
                "title": "CPC art. 784 X",
                "concession": "CC arts. 1.348 e 1.350",
            }
        ),
    ),
    Regime(
        key=RegimeKey.ISP,
        since_on=TAXA_LEGAL_SINCE,
        consumer_law=True,
        fine_cap_ppm=20_000,
        fine_review_ppm=None,
        interest_cap_ppm=10_000,
        interest_review_ppm=LEGAL_MONTHLY_PPM,
        silent_interest=InterestKind.TAXA_LEGAL,
        silent_index="IPCA",
        collection_fee="CLAUSE_RECIPROCITY_LEGAL_WORK",
        prescription_years=5,
        service_cut="STAGED",
        creditor_may_waive=True,
        citations=MappingProxyType(
            {
                **_SILENCE,
                "fine": "Res. Anatel 765/2023 art. 78",
                "interest": "Res. Anatel 765/2023 art. 78",
                "index": "Res. Anatel 765/2023 art. 78",
                "fees": _FEE_CLAUSE,
                "prescription": _FIVE_YEARS,
                "service_cut": "Res. Anatel 765/2023 arts. 70–77",
            }
        ),
    ),
    Regime(
        key=RegimeKey.LEASE,
        since_on=TAXA_LEGAL_SINCE,
        consumer_law=False,
        fine_cap_ppm=None,
        fine_review_ppm=100_000,
        interest_cap_ppm=None,
        interest_review_ppm=LEGAL_MONTHLY_PPM,
        silent_interest=InterestKind.TAXA_LEGAL,
        silent_index="IPCA",
        collection_fee="CONTRACT",
        prescription_years=3,
        service_cut="EVICTION_SUIT",
        creditor_may_waive=True,
        citations=MappingProxyType(
            {
                **_SILENCE,
                "fine": "TJRJ Súmula 61; CC art. 413",
                "interest": "CC art. 406",
                "index": "CC art. 389",
                "fees": "Lei 8.245/1991 art. 62 II d",
                "prescription": "CC art. 206 §3 I",
                "title": "CPC art. 784 VIII",
            }
        ),
    ),
    Regime(
        key=RegimeKey.PROPERTY_SALE,
        since_on=TAXA_LEGAL_SINCE,
        consumer_law=True,
        fine_cap_ppm=20_000,
        fine_review_ppm=None,
        interest_cap_ppm=None,
        interest_review_ppm=LEGAL_MONTHLY_PPM,
        silent_interest=InterestKind.TAXA_LEGAL,
        silent_index="IPCA",
        collection_fee="CLAUSE_RECIPROCITY_LEGAL_WORK",
        prescription_years=5,
        service_cut="RESOLUTION_OR_CONSOLIDATION",
        creditor_may_waive=True,
        citations=MappingProxyType(
            {
                **_SILENCE,
                "fine": _CONSUMER_FINE,
                "interest": "CC art. 406",
                "index": "Lei 10.931/2004 art. 46",
                "fees": _FEE_CLAUSE,
                "prescription": _FIVE_YEARS,
                "title": "Lei 9.514/1997 art. 26",
            }
        ),
    ),
    Regime(
        key=RegimeKey.B2C_GENERIC,
        since_on=TAXA_LEGAL_SINCE,
        consumer_law=True,
        fine_cap_ppm=20_000,
        fine_review_ppm=None,
        interest_cap_ppm=None,
        interest_review_ppm=LEGAL_MONTHLY_PPM,
        silent_interest=InterestKind.TAXA_LEGAL,
        silent_index="IPCA",
        collection_fee="CLAUSE_RECIPROCITY_LEGAL_WORK",
        prescription_years=5,
        service_cut="CONTRACT",
        creditor_may_waive=True,
        citations=MappingProxyType(
            {
                **_SILENCE,
                "fine": _CONSUMER_FINE,
                "interest": "CC art. 406",
                "index": "CC art. 389",
                "fees": _FEE_CLAUSE,
                "prescription": _FIVE_YEARS,
            }
        ),
    ),
    Regime(
        key=RegimeKey.B2B_GENERIC,
        since_on=TAXA_LEGAL_SINCE,
        consumer_law=False,
        fine_cap_ppm=None,
        fine_review_ppm=100_000,
        interest_cap_ppm=None,
        interest_review_ppm=LEGAL_MONTHLY_PPM,
        silent_interest=InterestKind.TAXA_LEGAL,
        silent_index="IPCA",
        collection_fee="CONTRACT",
        prescription_years=5,
        service_cut="CONTRACT",
        creditor_may_waive=True,
        citations=MappingProxyType(
            {
                **_SILENCE,
                "fine": "CC art. 413",
                "interest": "Lei 14.905/2024 art. 3",
                "index": "CC art. 389",
                "fees": "CC art. 389",
                "prescription": f"{_FIVE_YEARS}; Lei 5.474/1968 art. 18",
            }
        ),
    ),
)


def _before_law_14905(regime: Regime) -> Regime:
    """Until 2024-08-29 silence meant 1% a month (CC art. 406 with CTN art. 161 §1) and no index of its own."""
    citations = {**regime.citations, "silent_interest": "CC art. 406; CTN art. 161 §1"}
    return dataclasses.replace(
        regime,
        since_on=_CIVIL_CODE_SINCE,
        silent_interest=InterestKind.SIMPLE_MONTHLY,
        silent_index=None,
        citations=MappingProxyType(citations),
    )


REGIMES: tuple[Regime, ...] = tuple(sorted(
    (*(_before_law_14905(r) for r in _CURRENT), *_CURRENT), key=lambda r: (r.key, r.since_on)
))  # fmt: skip


def regime_on(key: str, day: date) -> Regime:
    """Return the version of a regime in force on a day (the oldest one for days before it)."""
    versions = [r for r in REGIMES if r.key == key]
    if not versions:
        raise ValueError(f"unknown regime: {key!r}")
    in_force = [r for r in versions if r.since_on <= day]
    return in_force[-1] if in_force else versions[0]


NO_INDEX = "NONE"


def policy_for(
    regime: Regime, *, fine_ppm: int | None = None, interest_ppm: int | None = None, index: str | None = None
) -> ChargePolicy:
    """Return the policy that a contract or convention stands for: what it stipulates, and the law where it is silent.

    None is silence, zero is a stipulated zero, NO_INDEX a stipulated absence of correction. A fine nobody stipulated is
    no fine. Silence on interest gives 1% a month until 2024-08-29 and the taxa legal from 2024-08-30 on; silence on the
    index gives the regime's (Lei 14.905/2024: convention, then law, each point by itself).
    """
    chosen = regime.silent_index if index is None else (None if index == NO_INDEX else index)
    interest_topic = "silent_interest" if interest_ppm is None else "interest"
    index_topic = "silent_index" if index is None else "index"
    return ChargePolicy(
        fine_ppm=fine_ppm or 0,
        fine_cap_ppm=regime.fine_cap_ppm,
        interest_kind=InterestKind.TAXA_LEGAL if interest_ppm is None else InterestKind.SIMPLE_MONTHLY,
        interest_ppm=interest_ppm or 0,
        interest_cap_ppm=regime.interest_cap_ppm,
        # Interest over correction runs on the corrected value: Res. CMN 5.171/2024 art. 7.
        interest_base=ChargeBase.PRINCIPAL_CORRECTED if chosen else ChargeBase.PRINCIPAL,
        index=chosen,
        fine_legal_basis=regime.citations["fine"],
        interest_legal_basis=regime.citations[interest_topic],
        index_legal_basis=regime.citations[index_topic],
    )


def last_enforceable_on(starts_on: date, years: int) -> date:
    """Return the last day on which a debt can still be collected; from the next day on it is prescribed.

    `starts_on` is the due date, or the day of the act that interrupted prescription (CC art. 202, once only). A term in
    years ends on the day of the same number, and on the next one where that day does not exist (CC art. 132 §3).
    """
    try:
        return starts_on.replace(year=starts_on.year + years)
    except ValueError:
        return date(starts_on.year + years, 3, 1)


def is_prescribed(starts_on: date | None, years: int, today: date) -> bool:
    """Tell whether a debt is prescribed; one without due date is not due and cannot be."""
    return starts_on is not None and today > last_enforceable_on(starts_on, years)


def last_enforceable_expr(starts_on: pl.Expr, years: int) -> pl.Expr:
    """The same as `last_enforceable_on`, for a column."""
    shifted = starts_on.dt.offset_by(f"{years}y")
    leap_day_lost = (starts_on.dt.day() == 29) & (starts_on.dt.month() == 2) & (shifted.dt.day() != 29)
    return pl.when(leap_day_lost).then(shifted + timedelta(days=1)).otherwise(shifted)
