"""What people read: amounts, days, documents."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quita.platform.ui import formats

N = formats.NBSP


@pytest.mark.parametrize(
    ("cents", "portuguese", "english"),
    [
        (0, "0,00", "0.00"),
        (5, "0,05", "0.05"),
        (1_023_250, "10.232,50", "10,232.50"),
        (-199, "−1,99", "−1.99"),
        (10**14, "1.000.000.000.000,00", "1,000,000,000,000.00"),
    ],
)
def test_money(cents: int, portuguese: str, english: str) -> None:
    assert formats.money(cents, "pt-br") == portuguese
    assert formats.money(cents, "en") == english


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, f"R${N}0"),
        (99_900, f"R${N}999"),
        (99_950, f"R${N}999,50"),
        (100_000, f"R${N}1{N}mil"),
        (61_200_000, f"R${N}612{N}mil"),
        (241_200_000, f"R${N}2,41{N}mi"),
        (2_412_000_000, f"R${N}24,1{N}mi"),
        (123_456_789_000, f"R${N}1,23{N}bi"),
        (-150_000, f"−R${N}1,50{N}mil"),
    ],
)
def test_short_money(cents: int, text: str) -> None:
    assert formats.money_short(cents, "pt-br") == text


@given(st.integers(-(10**15), 10**15))
def test_no_digit_is_lost(cents: int) -> None:
    for language in ("pt-br", "en"):
        text = formats.money(cents, language, symbol=True)
        assert int("".join(c for c in text if c.isdigit())) == abs(cents)
        assert text.startswith("−") == (cents < 0)


@pytest.mark.parametrize(
    ("ppm", "text"),
    [(20_000, "2%"), (33_300, "3,33%"), (333, "0,0333%"), (0, "0%"), (-5_000, "−0,5%"), (10_000_000, "1.000%")],
)
def test_percent(ppm: int, text: str) -> None:
    assert formats.percent(ppm, "pt-br") == text


def test_days_cannot_be_read_the_wrong_way_round() -> None:
    day = dt.date(2026, 2, 3)
    assert formats.day(day, "pt-br") == "03/02/2026"
    assert formats.day(day, "en") == f"3{N}Feb{N}2026"
    assert formats.moment(dt.datetime(2026, 2, 3, 9, 5), "pt-br") == f"03/02/2026{N}09:05"


def test_documents_and_phones() -> None:
    assert formats.tax_id("12345678909") == "123.456.789-09"
    assert formats.tax_id("12ABC34501DE35") == "12.ABC.345/01DE-35"
    assert formats.masked_tax_id("12345678909") == "***.456.789-**"
    assert formats.masked_tax_id("12345678000195") == "**.345.678/0001-**"
    assert formats.phone("+5511987654321") == "(11) 98765-4321"
    assert formats.phone("1133334444") == "(11) 3333-4444"
    assert formats.phone("+12025550100") == "+12025550100"
    assert formats.masked_phone("+5511987654321") == "(11) *****-4321"
    assert formats.masked_email("ana.paula@exemplo.example") == "a***@exemplo.example"


@given(st.text(max_size=20))
@example("(")
@example("(81) 3333")
def test_a_mask_never_fails_and_never_gives_a_whole_document_away(text: str) -> None:
    formats.masked_phone(text)
    formats.masked_email(text)
    if len(text) > 4:
        assert formats.masked_tax_id(text) != text or set(text) <= {"*"}
