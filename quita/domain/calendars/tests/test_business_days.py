"""Counting business days: one story told by the calendar, its frame and the column lookup."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quita.domain import calendars, refusals

BANK = calendars.bank_calendar("SP", {date(2026, 1, 25): "Aniversário de São Paulo"})
CIVIL = calendars.civil_calendar("AC")
DAYS = st.dates(calendars.FIRST_DAY, calendars.LAST_DAY)
INNER = st.dates(date(2001, 1, 1), date(2049, 12, 31))
BOTH = st.sampled_from([BANK, CIVIL])


def test_a_due_date_on_a_holiday_friday_can_be_paid_until_monday():
    assert BANK.next_business_day_or_same(date(2026, 11, 20)) == date(2026, 11, 23)
    assert BANK.next_business_day_or_same(date(2026, 11, 19)) == date(2026, 11, 19)


def test_the_last_working_day_of_the_year_counts_but_serves_nobody():
    last = date(2026, 12, 31)
    assert BANK.is_business(last)
    assert BANK.next_business_day_or_same(last) == date(2027, 1, 4)
    assert BANK.business_days_between(date(2026, 12, 30), date(2027, 1, 4)) == 2
    # In 2023 New Year's Eve was a Sunday, so the 29th was the last working day.
    assert BANK.next_business_day_or_same(date(2023, 12, 29)) == date(2024, 1, 2)
    assert BANK.next_business_day_or_same(date(2023, 12, 30)) == date(2024, 1, 2)
    assert CIVIL.next_business_day_or_same(last) == last


def test_municipal_days_are_the_callers():
    assert not BANK.is_business(date(2026, 1, 25))
    weekday = date(2027, 1, 25)
    assert calendars.bank_calendar("SP").is_business(weekday)
    assert not calendars.bank_calendar("SP", {weekday: "Aniversário de São Paulo"}).is_business(weekday)


def test_moving_by_business_days_from_a_saturday():
    saturday = date(2026, 11, 14)  # the Sunday is 15 November
    assert BANK.add_business_days(saturday, 0) == date(2026, 11, 16)
    assert BANK.add_business_days(saturday, 1) == date(2026, 11, 16)
    assert BANK.add_business_days(saturday, -1) == date(2026, 11, 13)
    assert BANK.add_business_days(date(2026, 11, 13), 5) == date(2026, 11, 23)


def test_a_day_outside_the_calendar_is_refused():
    for day in (date(1999, 12, 31), date(2051, 1, 1)):
        with pytest.raises(refusals.Refusal) as raised:
            BANK.is_business(day)
        assert raised.value.code == "date_outside_calendar"


@given(BOTH, INNER, st.integers(1, 300))
def test_the_nth_business_day_is_n_business_days_away(calendar, day, count):
    later = calendar.add_business_days(day, count)
    assert calendar.is_business(later)
    assert calendar.business_days_between(day, later) == count
    assert calendar.add_business_days(later, -count) < later
    if calendar.is_business(day):
        assert calendar.add_business_days(later, -count) == day


@given(BOTH, DAYS, DAYS, DAYS)
def test_distances_add_up(calendar, a, b, c):
    between = calendar.business_days_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)


@given(BOTH, INNER)
def test_counting_one_by_one_gives_the_same(calendar, day):
    end = day + timedelta(days=60)
    walked = sum(calendar.is_business(day + timedelta(days=n)) for n in range(1, 61))
    assert calendar.business_days_between(day, end) == walked


@given(st.lists(st.tuples(st.sampled_from([3, 8]), st.none() | DAYS), min_size=1, max_size=20))
def test_columns_say_what_the_calendar_says(pairs):
    table = calendars.BusinessDays.of(calendars.frame({3: BANK, 8: CIVIL}))
    by_id = {3: BANK, 8: CIVIL}
    ids = pl.Series([p[0] for p in pairs], dtype=pl.Int32)
    days = pl.Series([p[1] for p in pairs], dtype=pl.Date)
    expected_next = [None if d is None else by_id[i].next_business_day_or_same(d) for i, d in pairs]
    expected_seq = [None if d is None else by_id[i].business_seq(d) for i, d in pairs]
    assert table.next_business_on(ids, days).to_list() == expected_next
    assert table.business_seq(ids, days).to_list() == expected_seq


def test_the_frame_has_one_row_per_calendar_and_day():
    days = calendars.frame({1: BANK, 2: CIVIL})
    assert days.schema == {
        "calendar_id": pl.Int32,
        "day": pl.Date,
        "is_business": pl.Boolean,
        "business_seq": pl.Int32,
        "next_business_on": pl.Date,
    }
    assert days.height == 2 * ((calendars.LAST_DAY - calendars.FIRST_DAY).days + 1)
    assert days.select(pl.struct("calendar_id", "day").is_duplicated().any()).item() is False
    assert days["next_business_on"].null_count() == 0


def test_an_unknown_calendar_is_refused_by_name():
    table = calendars.BusinessDays.of(calendars.frame({3: BANK}))
    with pytest.raises(refusals.Refusal) as raised:
        table.next_business_on(pl.Series([4], dtype=pl.Int32), pl.Series([date(2026, 1, 1)]))
    assert raised.value.code == "calendar_unknown"
    assert "4" in str(raised.value)
    with pytest.raises(refusals.Refusal) as raised:
        table.business_seq(pl.Series([3], dtype=pl.Int32), pl.Series([date(1999, 1, 1)]))
    assert raised.value.code == "date_outside_calendar"
