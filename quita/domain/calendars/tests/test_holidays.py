"""Which days are holidays: by rule, checked against the market's own list."""

import json
import pathlib
from datetime import date

import pytest

from quita.domain import calendars

ANBIMA = pathlib.Path(__file__).parents[5] / "shared" / "data" / "banking" / "bank_holidays_anbima.json"


def anbima_days():
    if not ANBIMA.exists():
        pytest.skip(f"reference data absent: {ANBIMA.name} is read from ../shared/data beside the repository")
    return {date.fromisoformat(day) for day in json.loads(ANBIMA.read_text())["holidays"] if day < "2051"}


def test_bank_days_agree_with_the_markets_list_on_every_weekday_of_51_years():
    listed = anbima_days()
    ruled = {day for year in range(2000, 2051) for day in calendars.bank_days(year)}
    # The list has Easter Sunday of 2000, whose Good Friday was also Tiradentes: a Sunday changes nothing.
    assert listed - ruled == {date(2000, 4, 23)}
    assert ruled - listed == set()


def test_black_awareness_day_is_national_from_2024_only():
    assert date(2023, 11, 20) not in calendars.bank_days(2023)
    assert date(2024, 11, 20) in calendars.bank_days(2024)
    assert date(2023, 11, 20) in calendars.state_days("RJ", 2023)
    assert date(2024, 11, 20) not in calendars.state_days("RJ", 2024)


@pytest.mark.parametrize(
    ("year", "carnival", "good_friday", "corpus_christi"),
    [
        (2026, (date(2026, 2, 16), date(2026, 2, 17)), date(2026, 4, 3), date(2026, 6, 4)),
        (2027, (date(2027, 2, 8), date(2027, 2, 9)), date(2027, 3, 26), date(2027, 5, 27)),
    ],
)
def test_days_that_move_with_easter(year, carnival, good_friday, corpus_christi):
    bank = calendars.bank_days(year)
    assert {*carnival, good_friday, corpus_christi} <= set(bank)
    assert date.fromordinal(carnival[1].toordinal() + 1) not in bank  # Ash Wednesday: banks open, if only at noon


def test_carnival_and_corpus_christi_close_banks_but_are_no_civil_holidays():
    civil, bank = calendars.civil_calendar("SP"), calendars.bank_calendar("SP")
    for day in (date(2026, 2, 16), date(2026, 2, 17), date(2026, 6, 4)):
        assert civil.is_business(day)
        assert not bank.is_business(day)
    assert not calendars.civil_calendar("RJ").is_business(date(2026, 2, 17))  # state holiday there


def test_christmas_eve_and_new_years_eve_are_business_days():
    bank = calendars.bank_calendar()
    assert bank.is_business(date(2026, 12, 24))
    assert bank.is_business(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("uf", "day"),
    [
        ("AC", date(2026, 11, 20)),  # the 17th is a Tuesday: kept on the Friday
        ("AC", date(2024, 11, 17)),  # a Sunday stays where it is
        ("ES", date(2026, 4, 13)),  # Easter + 8
        ("SC", date(2026, 8, 16)),
        ("SC", date(2026, 11, 29)),
        ("PE", date(2026, 3, 6)),
        ("SP", date(2026, 7, 9)),
        ("RN", date(2026, 10, 3)),
    ],
)
def test_state_days(uf, day):
    assert day in calendars.state_days(uf, day.year)
    assert day in calendars.bank_calendar(uf).holidays


def test_a_mistyped_state_is_an_error_and_not_an_empty_list():
    with pytest.raises(ValueError, match="XX"):
        calendars.state_days("XX", 2026)


def test_every_state_has_a_calendar_and_a_time_zone():
    assert len(calendars.UFS) == 27
    zones = {uf: calendars.time_zone(uf) for uf in calendars.UFS}
    assert zones["AC"] == "America/Rio_Branco"
    assert zones["MT"] == "America/Cuiaba"
    assert zones["PE"] == "America/Sao_Paulo"
    assert calendars.time_zone("PE", "2605459") == "America/Noronha"
    assert calendars.time_zone(None) == "America/Sao_Paulo"
