"""Phones as they come in files and how they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quita.domain import calendars, phones, refusals


@pytest.mark.parametrize(
    ("text", "e164", "kind", "uf"),
    [
        ("(11) 98765-4321", "+5511987654321", "mobile", "SP"),
        ("11987654321", "+5511987654321", "mobile", "SP"),
        ("+55 11 98765-4321", "+5511987654321", "mobile", "SP"),
        ("5511987654321", "+5511987654321", "mobile", "SP"),
        ("011 98765 4321", "+5511987654321", "mobile", "SP"),
        ("0 21 81 3333-4444", "+558133334444", "landline", "PE"),
        ("(81) 3333-4444", "+558133334444", "landline", "PE"),
        ("55 3222-1111", "+555532221111", "landline", "RS"),
        ("(55) 99999-8888", "+5555999998888", "mobile", "RS"),
        ("+1 650 253 0000", "+16502530000", "foreign", None),
        ("+351 912 345 678", "+351912345678", "foreign", None),
    ],
)
def test_numbers_as_people_write_them(text, e164, kind, uf):
    phone = phones.parse(text)
    assert (phone.e164, phone.kind, phone.uf, phone.normalised) == (e164, kind, uf, False)


def test_an_old_mobile_gets_its_ninth_digit_and_says_so():
    phone = phones.parse("(81) 8765-4321")
    assert (phone.e164, phone.kind, phone.normalised) == ("+5581987654321", "mobile", True)


def test_a_number_without_area_code_needs_one():
    with pytest.raises(refusals.Refusal) as raised:
        phones.parse("98765-4321")
    assert raised.value.code == "phone_ddd_missing"
    assert phones.parse("98765-4321", default_ddd="81").e164 == "+5581987654321"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "phone_missing"),
        ("not a phone", "phone_invalid"),
        ("١١٩٨٧٦٥٤٣٢١", "phone_invalid"),
        ("11 12345-6789", "phone_invalid"),
        ("119876543210", "phone_invalid"),
        ("(20) 98765-4321", "phone_ddd_unknown"),
        ("0800 777 1234", "phone_service_number"),
        ("4004-1234", "phone_service_number"),
        ("3003-1234", "phone_service_number"),
        ("+999 1234", "phone_invalid"),
        ("+1 123", "phone_invalid"),
    ],
)
def test_what_cannot_be_called_is_refused(text, code):
    with pytest.raises(refusals.Refusal) as raised:
        phones.parse(text)
    assert raised.value.code == code


def test_sixty_seven_area_codes_and_every_state_has_one():
    assert len(phones.DDD_UF) == 67
    assert set(phones.DDD_UF.values()) == set(calendars.UFS)


def test_writing_and_masking():
    assert phones.format_phone("+5511987654321") == "(11) 98765-4321"
    assert phones.format_phone("+558133334444") == "(81) 3333-4444"
    assert phones.format_phone("+16502530000") == "+1 650-253-0000"
    assert phones.format_phone("unknown") == "unknown"
    assert phones.mask("+5511987654321") == "(11) *****-4321"
    assert not phones.parse("8133334444").can_receive_text


@given(st.sampled_from(sorted(phones.DDD_UF)), st.from_regex(r"\A(9[0-9]{8}|[2-5][0-9]{7})\Z"))
def test_what_is_written_reads_back(ddd, number):
    phone = phones.parse(ddd + number)
    assert phones.parse(phones.format_phone(phone.e164)) == phone
    assert phones.parse(phone.e164) == phone


@given(st.text(max_size=20))
def test_any_text_gives_a_phone_or_a_refusal(text):
    try:
        outcome = phones.parse(text).e164
    except refusals.Refusal as refusal:
        outcome = refusal.code
    assert outcome.startswith(("+", "phone_"))
