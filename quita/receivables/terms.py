"""Which terms a title is charged by: the version of its policy in force on its due date.

The numbers of a policy live in dated versions; a title keeps the version of its due date for life, so that publishing
new terms never makes an old debt dearer. A title without a policy is charged nothing for being late.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from quita.domain.charges.policies import ChargePolicy

NO_POLICY = 0


@dataclass(frozen=True)
class Version:
    """One version of a policy. `since_on` None: from the beginning; `until_on` (exclusive) None: still in force."""

    version_id: int
    policy_id: int
    since_on: dt.date | None
    until_on: dt.date | None
    terms: ChargePolicy


@dataclass(frozen=True)
class Terms:
    """Every version of every policy, and how to find a title's."""

    versions: tuple[Version, ...]

    @property
    def by_version(self) -> Mapping[int, ChargePolicy]:
        """What `payoff_frame` takes as policies: version id → terms; NO_POLICY charges nothing."""
        return {NO_POLICY: ChargePolicy()} | {v.version_id: v.terms for v in self.versions}

    def version_of(self, policy_id: int | None, due_on: dt.date | None) -> int:
        """The version a title is charged by. Without a due date the newest one stands ready (and charges nothing)."""
        of_policy = [v for v in self.versions if v.policy_id == policy_id]
        if not of_policy:
            return NO_POLICY
        for version in of_policy:
            if due_on is not None and _holds(version, due_on):
                return version.version_id
        return of_policy[-1].version_id

    def with_versions(self, titles: pl.DataFrame) -> pl.DataFrame:
        """The titles with `policy_id` replaced by the id of the version that holds on their due date."""
        column = pl.lit(NO_POLICY, dtype=pl.Int64)
        for policy_id in {v.policy_id for v in self.versions}:
            of_policy = [v for v in self.versions if v.policy_id == policy_id]
            chosen = pl.lit(of_policy[-1].version_id, dtype=pl.Int64)
            for version in reversed(of_policy):
                if version.until_on is not None:
                    held = (pl.col("due_on") < version.until_on).fill_null(False)
                    chosen = pl.when(held).then(pl.lit(version.version_id, dtype=pl.Int64)).otherwise(chosen)
            column = pl.when(pl.col("policy_id") == policy_id).then(chosen).otherwise(column)
        return titles.with_columns(policy_id=column.cast(pl.Int32))


def _holds(version: Version, day: dt.date) -> bool:
    return (version.since_on is None or version.since_on <= day) and (
        version.until_on is None or day < version.until_on
    )
