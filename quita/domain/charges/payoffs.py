"""What clears each title on a day: itemised, exact, for a million titles or for one, by the same code.

The order of the calculation, each component rounded once:

1. base = open principal − rebate (the creditor's unconditional reduction; the Central Bank's Pix manual takes it off
   before fine and interest as well);
2. late or not: until `payable_until_on` (the due date, or the next day on which a bank serves the public: Lei
   7.089/1983 art. 1) plus the grace days nothing is added; after it charges count from the original due date (STJ REsp
   1.954.924), or from the moved one where the policy says so;
3. correction = base × factor − base, where the corrected value never falls below the nominal (STJ REsp 1.265.580);
4. fine, once; 5. interest, simple; neither ever on the other;
6. a discount for whoever pays everything by its day, which moves to the next business day as the due date does.

After a partial payment on `position_on` the open parts stand still and what is new accrues on the open principal from
that day. Correction is the exception: it is the same debt at today's value, so correction still open is corrected on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from quita.domain import calendars, refusals
from quita.domain.charges import components
from quita.domain.charges import indexes as index_rates
from quita.domain.charges.policies import ChargePolicy
from quita.domain.charges.publication import Published

TITLE_SCHEMA: dict[str, pl.DataType] = {
    "receivable_id": pl.Int64(),
    "policy_id": pl.Int32(),
    "calendar_id": pl.Int32(),
    "due_on": pl.Date(),
    "original_cents": pl.Int64(),
    "balance_cents": pl.Int64(),
    "rebate_cents": pl.Int64(),
    "discount1_cents": pl.Int64(),
    "discount1_until_on": pl.Date(),
    "discount2_cents": pl.Int64(),
    "discount2_until_on": pl.Date(),
    "discount3_cents": pl.Int64(),
    "discount3_until_on": pl.Date(),
    "fine_open_cents": pl.Int64(),
    "interest_open_cents": pl.Int64(),
    "correction_open_cents": pl.Int64(),
    "fees_open_cents": pl.Int64(),
    "fine_assessed": pl.Boolean(),
    "position_on": pl.Date(),
}
PAYOFF_COLUMNS = (
    "receivable_id",
    "principal_cents",
    "correction_cents",
    "fine_cents",
    "interest_cents",
    "discount_cents",
    "rebate_cents",
    "fees_cents",
    "total_cents",
    "days_past_due",
    "charge_days",
    "payable_until_on",
)
_REQUIRED = ("receivable_id", "policy_id", "calendar_id", "due_on", "original_cents", "balance_cents")
_ZERO_WHEN_NULL = (
    "rebate_cents",
    "fine_open_cents",
    "interest_open_cents",
    "correction_open_cents",
    "fees_open_cents",
)


def payoff_frame(
    titles: pl.DataFrame,
    policies: Mapping[int, ChargePolicy],
    indexes: index_rates.IndexValues | Published,
    calendar_days: pl.DataFrame | calendars.BusinessDays,
    as_of: date | None = None,
) -> pl.DataFrame:
    """Return PAYOFF_COLUMNS for each title, in the order given.

    With `Published` indexes each row is reckoned by what was known on its day.
    `titles` has the columns of TITLE_SCHEMA (optional ones may be absent); without `as_of` each row brings its own in a
    column `as_of`. A day before the last allocation (`position_on`) adds nothing to what was open then.
    `days_past_due` is negative before the due date, 0 until `payable_until_on`, then counted from the due date;
    `charge_days` is the number of days charged, from the start the policy sets (0 when nothing is charged). Both are
    null without a due date.
    Refusals: policy_unknown, calendar_unknown, date_outside_calendar, index_value_missing.
    """
    return itemise(titles, policies, indexes, calendar_days, as_of).select(PAYOFF_COLUMNS)


def itemise(
    titles: pl.DataFrame,
    policies: Mapping[int, ChargePolicy],
    indexes: index_rates.IndexValues | Published,
    calendar_days: pl.DataFrame | calendars.BusinessDays,
    as_of: date | None = None,
) -> pl.DataFrame:
    """The same as `payoff_frame`, with the columns it was reckoned from: for allocation and for the trace."""
    table = calendar_days
    if isinstance(table, pl.DataFrame):
        table = calendars.BusinessDays.of(table)
    rows = _with_dates(complete(titles, as_of), table)
    groups = by_terms(rows, policies)
    parts = [
        _charge(known_part, policy, values, table)
        for policy, part in groups
        for values, known_part in _by_knowledge(part, policy, indexes)
    ]
    if len(parts) == 1:
        return parts[0]
    # Policies add columns in different orders.
    return pl.concat([part.select(parts[0].columns) for part in parts]).sort("row_number")


def _by_knowledge(
    rows: pl.DataFrame, policy: ChargePolicy, indexes: index_rates.IndexValues | Published
) -> Iterable[tuple[index_rates.IndexValues, pl.DataFrame]]:
    return indexes.split(rows, policy) if isinstance(indexes, Published) else [(indexes, rows)]


def complete(titles: pl.DataFrame, as_of: date | None) -> pl.DataFrame:
    """Give titles every column of TITLE_SCHEMA, `as_of` and `row_number`, with zero for what may be absent."""
    missing = [name for name in _REQUIRED if name not in titles.columns]
    if missing:
        raise ValueError(f"the titles lack the columns {missing}")
    columns = [
        (pl.col(name) if name in titles.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in TITLE_SCHEMA.items()
    ]
    kept = [name for name in titles.columns if name not in TITLE_SCHEMA and name != "as_of"]
    day = pl.col("as_of").cast(pl.Date) if as_of is None else pl.lit(as_of, dtype=pl.Date).alias("as_of")
    return titles.select(*columns, day, *kept).with_columns(
        pl.col(_ZERO_WHEN_NULL).fill_null(0),
        pl.col("fine_assessed").fill_null(False),
        pl.row_index("row_number"),
    )


def _with_dates(rows: pl.DataFrame, table: calendars.BusinessDays) -> pl.DataFrame:
    payable_until = table.next_business_on(rows["calendar_id"], rows["due_on"])
    past = (pl.col("as_of") - pl.col("due_on")).dt.total_days()
    return (
        rows.with_columns(payable_until_on=payable_until)
        .with_columns(
            days_past_due=pl.when(pl.col("as_of") > pl.col("payable_until_on"))
            .then(past)
            .otherwise(pl.min_horizontal(past, 0))
            .cast(pl.Int32)
        )
        .with_columns(days_past_due=pl.when(pl.col("due_on").is_not_null()).then("days_past_due"))
    )


def by_terms(rows: pl.DataFrame, policies: Mapping[int, ChargePolicy]) -> list[tuple[ChargePolicy, pl.DataFrame]]:
    """Split the rows by what their policies say; policies that say the same share a group."""
    used = rows["policy_id"].unique()
    unknown = [policy_id for policy_id in used if policy_id not in policies]
    if unknown:
        raise refusals.Refusal(
            "policy_unknown",
            "Charge policy %(policy)s is not among the policies given. Load the policy of every title.",
            {"policy": str(unknown[0])},
        )
    if len(used) == 0:
        return [(ChargePolicy(), rows)]
    terms: dict[ChargePolicy, list[int]] = {}
    for policy_id in used.sort():
        terms.setdefault(policies[policy_id], []).append(policy_id)
    if len(terms) == 1:
        return [(next(iter(terms)), rows)]
    by_id = rows.partition_by("policy_id", as_dict=True, maintain_order=False)
    return [(policy, pl.concat([by_id[policy_id,] for policy_id in ids])) for policy, ids in terms.items()]


def _charge(
    rows: pl.DataFrame, policy: ChargePolicy, values: index_rates.IndexValues, table: calendars.BusinessDays
) -> pl.DataFrame:
    """Reckon every component for rows under one policy."""
    rows = components.with_base_and_dates(rows, policy)
    rows = components.with_correction(rows, policy, values)
    rows = components.with_fine(rows, policy)
    rows = components.with_interest(rows, policy, values)
    rows = components.with_discount(rows, policy, table)
    due = ("principal_cents", "correction_cents", "fine_cents", "interest_cents", "fees_cents")
    return rows.with_columns(
        principal_cents=pl.col("balance_cents"), fees_cents=pl.col("fees_open_cents")
    ).with_columns(total_cents=pl.sum_horizontal(due) - pl.col("rebate_cents") - pl.col("discount_cents"))
