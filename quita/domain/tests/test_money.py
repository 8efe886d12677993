"""Amounts as Brazilian and foreign systems write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quita.domain import money, refusals


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("R$ 10,5", 1050),
        ("R$\u00a01.000.000,00", 100_000_000),
        ("1.000.000", 100_000_000),
        ("1234.56", 123456),
        ("1234", 123400),
        ("0,01", 1),
        (",50", 50),
        ("0,100", 10),
        ("10,5000", 1050),
        ("+7", 700),
        ("-0,00", 0),
    ],
)
def test_amounts_are_read_as_their_writer_meant(text, cents):
    assert money.parse_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "amount_missing"),
        ("   ", "amount_missing"),
        ("abc", "amount_invalid"),
        ("1.23.456,00", "amount_invalid"),
        ("1,2,3", "amount_invalid"),
        ("12..5", "amount_invalid"),
        ("1e5", "amount_invalid"),
        ("NaN", "amount_invalid"),
        ("١٢٣", "amount_invalid"),
        ("--5", "amount_invalid"),
        ("-5-", "amount_invalid"),
        ("=1+1", "amount_invalid"),
        ("1.234", "amount_ambiguous"),
        ("1,234", "amount_ambiguous"),
        ("1,2345", "amount_too_precise"),
        ("-5,00", "amount_negative"),
        ("5,00-", "amount_negative"),
        ("99999999999999999", "amount_too_large"),
    ],
)
def test_garbage_is_refused_with_its_reason(text, code):
    with pytest.raises(refusals.Refusal) as raised:
        money.parse_cents(text)
    assert raised.value.code == code
    assert "%" not in str(raised.value)


def test_the_mapping_settles_what_the_text_alone_cannot():
    assert money.parse_cents("1.234", decimal=",") == 123400
    assert money.parse_cents("1,234", decimal=".") == 123400
    assert money.parse_cents("-3,20", decimal=",", allow_negative=True) == -320
    assert money.parse_cents("- R$ 3,20", allow_negative=True) == -320
    with pytest.raises(refusals.Refusal):
        money.parse_cents("1.5", decimal=",")


def test_amounts_are_written_for_the_reader():
    assert money.format_cents(123456) == "R$ 1.234,56"
    assert money.format_cents(123456, "en") == "R$ 1,234.56"
    assert money.format_cents(-5) == "-R$ 0,05"
    assert money.format_cents(123456, currency=False) == "1.234,56"
    assert money.format_ppm(20000) == "2%"
    assert money.format_ppm(333, "en") == "0.0333%"
    assert money.format_ppm(0) == "0%"


@given(st.integers(-money.MAX_CENTS, money.MAX_CENTS), st.sampled_from(["pt-BR", "en"]))
def test_what_is_written_reads_back(cents, language):
    text = money.format_cents(cents, language)
    assert money.parse_cents(text, decimal="," if language == "pt-BR" else ".", allow_negative=True) == cents


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**12))
def test_division_rounds_half_away_from_zero(numerator, denominator):
    result = money.round_half_up_div(numerator, denominator)
    error = abs(Fraction(numerator, denominator)) - abs(result)
    assert Fraction(-1, 2) <= error < Fraction(1, 2)
    assert money.round_half_up_div(-numerator, denominator) == -result


@given(st.integers(0, 10**12), st.integers(1, 480))
def test_instalments_add_up_to_the_total(total, parts):
    shares = money.split_evenly(total, parts)
    assert sum(shares) == total
    assert len(shares) == parts
    assert len(set(shares[1:])) <= 1
    assert 0 <= shares[0] - shares[-1] < parts
