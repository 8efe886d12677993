"""Amounts as Brazilians type them."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quita.platform.ui import fields, formats


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1.234,56", 123456),
        ("1234,56", 123456),
        ("1234.56", 123456),
        ("R$ 1.234", 123400),
        ("1.234.567", 123456700),
        ("0,5", 50),
        ("12", 1200),
        ("1,234.56", 123456),
        ("10,00", 1000),
        ("1.234,5", 123450),
        ("10.5", 1050),
    ],
)
def test_amounts(typed: str, cents: int) -> None:
    with translation.override("pt-br"):
        assert fields.MoneyField().clean(typed) == cents


@pytest.mark.parametrize("typed", ["doze", "1,2,3", "1.234,567", "--5", "1e3", "9" * 30, "٣"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with translation.override("pt-br"), pytest.raises(ValidationError) as wrong:
        fields.MoneyField().clean(typed)
    assert wrong.value.error_list[0].code == "not_an_amount"


@given(st.integers(-(10**12), 10**12), st.sampled_from(["pt-br", "en"]))
def test_what_is_shown_can_be_typed_back(cents: int, language: str) -> None:
    with translation.override(language):
        assert fields.MoneyField().clean(formats.money(cents, language, symbol=True)) == cents
        assert fields.PercentField().clean(formats.percent(cents, language)) == cents


def test_limits_name_themselves() -> None:
    with translation.override("pt-br"):
        field = fields.MoneyField(minimum=1, maximum=100_000)
        with pytest.raises(ValidationError, match=r"1\.000,01 está acima do máximo permitido, 1\.000,00"):
            field.clean("1.000,01")
        with pytest.raises(ValidationError, match="mínimo"):
            field.clean("0")


def test_an_empty_optional_amount_is_none_and_an_empty_required_one_is_missing() -> None:
    assert fields.MoneyField(required=False).clean("") is None
    with pytest.raises(ValidationError):
        fields.MoneyField().clean("")
