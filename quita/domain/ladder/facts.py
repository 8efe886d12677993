"""The tables of facts that a run decides on, with their columns and types. What is missing is filled in as empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import polars as pl

INSTANT = pl.Datetime("us", "UTC")

# Titles carry, beside these, one column for every field that a portfolio's condition uses.
SCHEMAS: Mapping[str, Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "titles": {
        "receivable_id": pl.Int64,
        "company_id": pl.Int64,
        "debtor_id": pl.Int64,
        "contract_id": pl.Int64,
        "origin": pl.String,
        "calendar_id": pl.Int32,
        "policy_id": pl.Int64,
        "due_on": pl.Date,
        "balance_cents": pl.Int64,
        "created_on": pl.Date,
        "phase_id": pl.Int64,
        "phase_by_hand": pl.Boolean,
    },
    "debtors": {
        "debtor_id": pl.Int64,
        "protection": pl.String,
        "uf": pl.String,
        "ibge_code": pl.String,
        "own_portfolio_id": pl.Int64,
        "own_ladder_id": pl.Int64,
    },
    # The best usable contact point of each debtor and channel.
    "reach": {"debtor_id": pl.Int64, "channel": pl.String, "contact_point_id": pl.Int64, "phone_uf": pl.String},
    "cases": {
        "case_id": pl.Int64,
        "company_id": pl.Int64,
        "debtor_id": pl.Int64,
        "contract_id": pl.Int64,
        "origin": pl.String,
        "opened_on": pl.Date,
        "is_open": pl.Boolean,
        "portfolio_id": pl.Int64,
        "portfolio_by_hand": pl.Boolean,
        "exhausted_on": pl.Date,
        "has_ticket": pl.Boolean,
    },
    # Open cases in which nothing is past due any more, with the status of the title that was closed last.
    "endings": {"case_id": pl.Int64, "last_status": pl.String},
    "executions": {
        "receivable_id": pl.Int64,
        "due_on": pl.Date,
        "step_key": pl.Int32,
        "occurrence": pl.Int16,
        "day": pl.Date,
    },
    "disputes": {"receivable_id": pl.Int64},
    "holds": {
        "hold_id": pl.Int64,
        "debtor_id": pl.Int64,
        "company_id": pl.Int64,
        "contract_id": pl.Int64,
        "origin": pl.String,
        "receivable_id": pl.Int64,
        "ends_on": pl.Date,
    },
    "promises": {
        "company_id": pl.Int64,
        "debtor_id": pl.Int64,
        "contract_id": pl.Int64,
        "origin": pl.String,
        "pay_on": pl.Date,
    },
    # Contacts of each person, all companies: how many in each window of days (column n_<days>) and the last instant.
    "contacted": {"debtor_id": pl.Int64, "channel": pl.String, "last_at": INSTANT},
    "no_contact_tasks": {"company_id": pl.Int64, "debtor_id": pl.Int64},
}


@dataclass(frozen=True)
class Facts:
    """One shard's facts: every row about a range of debtors, as of one snapshot."""

    titles: pl.DataFrame
    debtors: pl.DataFrame
    reach: pl.DataFrame
    cases: pl.DataFrame
    endings: pl.DataFrame
    executions: pl.DataFrame
    disputes: pl.DataFrame
    holds: pl.DataFrame
    promises: pl.DataFrame
    contacted: pl.DataFrame
    no_contact_tasks: pl.DataFrame

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame]) -> Facts:
        """Facts from whatever frames are given: the others are empty, columns are cast to their declared types."""
        return cls(**{name: shaped(name, frames.get(name)) for name in SCHEMAS})

    def frames(self) -> dict[str, pl.DataFrame]:
        """Name → frame, in a fixed order."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def shaped(name: str, frame: pl.DataFrame | None) -> pl.DataFrame:
    """`frame` with the declared columns first and typed; absent ones null; None gives an empty frame."""
    schema = SCHEMAS[name]
    if frame is None:
        return pl.DataFrame(schema=dict(schema))
    declared = [
        pl.col(column).cast(dtype) if column in frame.columns else pl.lit(None, dtype=dtype).alias(column)
        for column, dtype in schema.items()
    ]
    extra = [pl.col(column) for column in frame.columns if column not in schema]
    return frame.select(*declared, *extra)
