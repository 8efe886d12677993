"""The payoff of one title, explained. The amounts come from the same code as a million titles' do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from quita.domain import calendars
from quita.domain.charges import payoffs, trace
from quita.domain.charges.indexes import IndexValues
from quita.domain.charges.policies import ChargePolicy


@dataclass(frozen=True, kw_only=True)
class Payoff:
    """What clears a title on `as_of`, itemised, with the steps that led there. The components add up to the total."""

    as_of: date
    principal_cents: int
    correction_cents: int
    fine_cents: int
    interest_cents: int
    discount_cents: int
    rebate_cents: int
    fees_cents: int
    total_cents: int
    days_past_due: int | None
    charge_days: int | None
    payable_until_on: date | None
    trace: tuple[trace.Step, ...]


def payoff(
    title: Mapping[str, Any],
    policy: ChargePolicy,
    indexes: IndexValues,
    calendar: calendars.Calendar | calendars.BusinessDays,
    as_of: date,
) -> Payoff:
    """Return the payoff of a title given as a mapping of TITLE_SCHEMA's columns.

    The mapping's policy is the one given; a `Calendar` given stands for the title's, whatever its number.
    """
    if isinstance(calendar, calendars.BusinessDays):
        table, calendar_id = calendar, title.get("calendar_id", 0)
    else:
        table, calendar_id = calendar.lookup, 0
    known = {name: [title.get(name)] for name in payoffs.TITLE_SCHEMA}
    known |= {"policy_id": [0], "calendar_id": [calendar_id], "receivable_id": [title.get("receivable_id", 0)]}
    rows = pl.DataFrame(known, schema=payoffs.TITLE_SCHEMA)
    row = payoffs.itemise(rows, {0: policy}, indexes, table, as_of).row(0, named=True)
    amounts = {name: row[name] for name in payoffs.PAYOFF_COLUMNS if name != "receivable_id"}
    return Payoff(as_of=as_of, trace=trace.steps(row, policy, indexes), **amounts)
