"""Reads on titles: their worth on a day and by which rules, how old they are, until when they may be collected."""

from quita.receivables.queries.aging import aging_by_company
from quita.receivables.queries.catalogue import (
    index_summary,
    index_values,
    policies,
    policy,
    policy_versions,
    title_counts,
)
from quita.receivables.queries.extent import open_extent, prescription_by_debt
from quita.receivables.queries.prescription import last_enforceable_days, prescription_years
from quita.receivables.queries.ruling import Rules, rules
from quita.receivables.queries.worth import PayoffDetail, payoff_detail, payoff_frame, payoffs, position_frame

__all__ = [
    "PayoffDetail",
    "Rules",
    "aging_by_company",
    "index_summary",
    "index_values",
    "last_enforceable_days",
    "open_extent",
    "payoff_detail",
    "payoff_frame",
    "payoffs",
    "policies",
    "policy",
    "policy_versions",
    "position_frame",
    "prescription_by_debt",
    "prescription_years",
    "rules",
    "title_counts",
]
