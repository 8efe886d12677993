"""Late charges: fine, interest, correction, discount, rebate; what clears a title on a day, and why.

`payoff_frame` reckons columns of titles, `payoff` one title with a trace; both run the same code in exact integers.
"""

from quita.domain.charges.indexes import IndexValues, with_substitution
from quita.domain.charges.payoffs import PAYOFF_COLUMNS, TITLE_SCHEMA, payoff_frame
from quita.domain.charges.policies import (
    DEFAULT_ORDER,
    AfterGrace,
    ChargeBase,
    ChargePolicy,
    Component,
    DayBasis,
    Discount,
    FineKind,
    IndexLag,
    IndexProrata,
    InterestKind,
    InterestStart,
    RateSegment,
    Rounding,
    Shortfall,
)
from quita.domain.charges.publication import Published
from quita.domain.charges.regimes import (
    NO_INDEX,
    REGIMES,
    Regime,
    RegimeKey,
    is_prescribed,
    last_enforceable_expr,
    last_enforceable_on,
    policy_for,
    regime_on,
)
from quita.domain.charges.sentences import render, render_all
from quita.domain.charges.single import Payoff, payoff
from quita.domain.charges.trace import Step
from quita.domain.charges.validation import validate

__all__ = [
    "DEFAULT_ORDER",
    "NO_INDEX",
    "PAYOFF_COLUMNS",
    "REGIMES",
    "TITLE_SCHEMA",
    "AfterGrace",
    "ChargeBase",
    "ChargePolicy",
    "Component",
    "DayBasis",
    "Discount",
    "FineKind",
    "IndexLag",
    "IndexProrata",
    "IndexValues",
    "InterestKind",
    "InterestStart",
    "Payoff",
    "Published",
    "RateSegment",
    "Regime",
    "RegimeKey",
    "Rounding",
    "Shortfall",
    "Step",
    "is_prescribed",
    "last_enforceable_expr",
    "last_enforceable_on",
    "payoff",
    "payoff_frame",
    "policy_for",
    "regime_on",
    "render",
    "render_all",
    "validate",
    "with_substitution",
]
