"""CPF and CNPJ as people type them, systems export them and Receita Federal issues them."""

import json
import pathlib

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quita.domain import documents, refusals

VECTORS = pathlib.Path(__file__).parents[4] / "shared" / "data" / "banking" / "cpf_cnpj_vectors.json"

VALID = {
    "111.444.777-35": "cpf",
    "52998224725": "cpf",
    " 529.982.247-25 ": "cpf",
    "01234567890": "cpf",
    "11.222.333/0001-81": "cnpj",
    "00000000000191": "cnpj",
    "12ABC34501DE35": "cnpj",
    "12.abc.345/01de-35": "cnpj",
}
INVALID = [
    "52998224724",
    "11111111111",
    "00000000000",
    "5299822472",
    "529982247255",
    "52998224725\x00",
    "52998224725a",
    "12ABC34501DE36",
    "12ABC34501DE3A",
    "00000000000000",
    "11222333000180",
    "12ÀBC34501DE35",
    "١١٢٢٢٣٣٣٠٠٠١٨١",
    "५२९९८२२४७२५",
    "",
    "-",
]


def kinds_of(texts):
    """The one-by-one answers and the column's answers, which have to agree."""
    single = [documents.kind(t) for t in texts]
    column = documents.check_column(pl.Series(texts, dtype=pl.String))
    assert column["kind"].to_list() == single
    assert column["document"].to_list() == [documents.normalise(t) for t in texts]
    return single


def test_valid_documents_in_any_punctuation():
    assert kinds_of(list(VALID)) == list(VALID.values())


def test_invalid_documents_of_every_sort():
    assert kinds_of(INVALID) == [None] * len(INVALID)


def test_reference_vectors():
    if not VECTORS.exists():
        pytest.skip(f"reference data absent: {VECTORS.name} is read from ../shared/data beside the repository")
    vectors = json.loads(VECTORS.read_text())
    assert set(kinds_of(vectors["cpf_valid"])) == {"cpf"}
    assert set(kinds_of(vectors["cnpj_valid"])) == {"cnpj"}
    assert set(kinds_of(vectors["cpf_invalid"] + vectors["cnpj_invalid"])) == {None}


def test_check_digits_of_the_official_examples():
    assert documents.check_digits("12ABC34501DE") == "35"
    assert documents.check_digits("112223330001") == "81"
    assert documents.check_digits("111444777") == "35"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "document_missing"), ("123", "document_length"), ("52998224724", "document_check_digit")],
)
def test_the_refusal_says_what_is_wrong(text, code):
    with pytest.raises(refusals.Refusal) as raised:
        documents.parse(text)
    assert raised.value.code == code


def test_writing_and_masking():
    assert documents.parse("529.982.247-25") == "52998224725"
    assert documents.format_document("52998224725") == "529.982.247-25"
    assert documents.format_document("12abc34501de35") == "12.ABC.345/01DE-35"
    assert documents.mask("52998224725") == "***.982.247-**"
    assert documents.mask("12ABC34501DE35") == "12.ABC.345/****-**"
    assert documents.mask("123") == "***"
    assert documents.root("12.ABC.345/01DE-35") == "12ABC345"


BASES = st.from_regex(r"\A([0-9]{9}|[0-9]{12}|[0-9A-Z]{12})\Z").filter(lambda b: len(set(b)) > 1)


@settings(max_examples=40, deadline=None)
@given(BASES)
def test_what_is_completed_checks(base):
    document = base + documents.check_digits(base)
    assert kinds_of([document]) == ["cpf" if len(base) == 9 else "cnpj"]
    assert documents.normalise(documents.format_document(document)) == document


@settings(max_examples=40, deadline=None)
@given(BASES, st.data())
def test_one_flipped_digit_breaks_a_cpf_or_numeric_cnpj(base, data):
    document = base + documents.check_digits(base)
    place = data.draw(st.integers(len(base), len(document) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda c: c != document[place]))
    assert kinds_of([document[:place] + other + document[place + 1 :]]) == [None]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=16) | st.from_regex(r"\A[0-9./-]{9,18}\Z"), max_size=20))
def test_column_and_single_agree_on_anything(texts):
    kinds_of(texts)


def test_missing_documents_stay_missing():
    column = documents.check_column(pl.Series([None, "52998224725"], dtype=pl.String))
    assert column.rows() == [(None, None), ("52998224725", "cpf")]
