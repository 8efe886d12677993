"""What a person is told when the answer is no."""

import pickle

import pytest

from quita.domain import refusals

TOO_MUCH = "A %(asked)s%% discount exceeds the %(limit)s%% allowed. Lower it or ask a supervisor to approve."


def test_a_refusal_reads_as_a_sentence_with_its_numbers():
    refusal = refusals.Refusal("discount_over_limit", TOO_MUCH, {"asked": 45, "limit": 30})
    assert str(refusal) == "A 45% discount exceeds the 30% allowed. Lower it or ask a supervisor to approve."


def test_the_source_string_survives_for_translation_at_the_edge():
    refusal = refusals.Refusal("discount_over_limit", TOO_MUCH, {"asked": 45, "limit": 30})
    translated = "Desconto de %(asked)s%% acima dos %(limit)s%% permitidos."
    assert translated % refusal.params == "Desconto de 45% acima dos 30% permitidos."


def test_refusals_cross_process_borders():
    refusal = refusals.Refusal("x", "No %(a)s.", {"a": 1})
    assert pickle.loads(pickle.dumps(refusal)) == refusal
    several = refusals.Refused((refusals.Finding(refusal, "amount", 3),))
    copy = pickle.loads(pickle.dumps(several))
    assert copy.findings == several.findings
    assert copy.code == "x"


def test_everything_wrong_is_reported_at_once():
    found = refusals.Refusals()
    found.raise_if_any()
    found.add("amount_negative", "Negative.", field="amount", row=7)
    found.add("date_invalid", "Not a date.", field="due_on", row=7)
    with pytest.raises(refusals.Refused) as raised:
        found.raise_if_any()
    assert raised.value.code == "amount_negative"
    assert [(f.refusal.code, f.field, f.row) for f in raised.value.findings] == [
        ("amount_negative", "amount", 7),
        ("date_invalid", "due_on", 7),
    ]
