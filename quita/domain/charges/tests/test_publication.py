"""What an amount of a past day is reckoned by: the indexes known on that day, and not the ones published since."""

from datetime import date

import polars as pl

from quita.domain import calendars, charges

JULY, AUGUST, SEPTEMBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)
PUBLISHED = charges.Published(
    (
        ("IPCA", JULY, 1_000_000, date(2026, 8, 11)),
        ("IPCA", AUGUST, 2_000_000, date(2026, 9, 11)),
        ("IPCA", SEPTEMBER, 3_000_000, date(2026, 10, 11)),
    )
)
POLICY = charges.ChargePolicy(index="IPCA")


def worth(*days: date) -> list[int]:
    titles = pl.DataFrame(
        {
            "receivable_id": range(len(days)), "policy_id": 1, "calendar_id": 1, "due_on": date(2026, 7, 10),
            "original_cents": 10_000, "balance_cents": 10_000, "as_of": days,
        }
    )  # fmt: skip
    table = calendars.BusinessDays.of(calendars.frame({1: calendars.bank_calendar()}))
    return charges.payoff_frame(titles, {1: POLICY}, PUBLISHED, table)["total_cents"].to_list()


def test_a_month_counts_from_the_day_it_was_published():
    before, after = date(2026, 9, 10), date(2026, 9, 11)
    assert worth(after, before) == [round(10_000 * 1.01 * 1.02), 10_100]


def test_a_quote_of_a_past_day_stays_what_it_was():
    assert worth(date(2026, 9, 10)) == [10_100]
    assert PUBLISHED.as_of(date(2026, 9, 10)) == {"IPCA": {JULY: 1_000_000}}
    assert PUBLISHED.as_of(date(2026, 8, 10)) == {}


def test_without_an_index_nothing_is_split():
    rows = pl.DataFrame({"as_of": [date(2026, 8, 1), date(2026, 12, 1)]})
    assert [part.height for _, part in PUBLISHED.split(rows, charges.ChargePolicy())] == [2]
    assert sorted(part.height for _, part in PUBLISHED.split(rows, POLICY)) == [1, 1]
