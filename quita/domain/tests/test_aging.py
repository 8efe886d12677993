"""Aging that adds up, to the day."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quita.domain import aging


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (None, "no_due_date"),
        (-40, "not_due"),
        (0, "not_due"),
        (1, "d1_30"),
        (30, "d1_30"),
        (31, "d31_60"),
        (60, "d31_60"),
        (61, "d61_90"),
        (90, "d61_90"),
        (91, "d91_180"),
        (180, "d91_180"),
        (181, "d181_360"),
        (360, "d181_360"),
        (361, "over_360"),
        (9999, "over_360"),
    ],
)
def test_each_day_falls_into_its_bucket(days, bucket):
    titles = pl.DataFrame(
        {"days_past_due": [days], "balance_cents": [100]}, schema_overrides={"days_past_due": pl.Int32}
    )
    rows = {row["bucket"]: row for row in aging.aging(titles).iter_rows(named=True)}
    assert list(rows) == list(aging.KEYS)
    assert [key for key, row in rows.items() if row["title_count"]] == [bucket]
    assert rows[bucket]["amount_cents"] == 100


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.integers(-1000, 5000), st.integers(0, 10**12))))
def test_buckets_add_up_to_the_total(rows):
    titles = pl.DataFrame(rows, schema={"days_past_due": pl.Int32, "balance_cents": pl.Int64}, orient="row")
    table = aging.aging(titles)
    assert table["amount_cents"].sum() == sum(r[1] for r in rows)
    assert table["title_count"].sum() == len(rows)


def test_an_amount_that_is_missing_is_a_fault_and_not_a_zero():
    titles = pl.DataFrame({"days_past_due": [1], "payoff_cents": [7]})
    assert aging.aging(titles, "payoff_cents").filter(pl.col("bucket") == "d1_30")["amount_cents"].item() == 7
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        aging.aging(titles)
