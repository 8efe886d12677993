"""What a person writes is read exactly, or refused with the place, the reason and what to do."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages import pofile

from quita.domain.conditions import fields, texts, trees
from quita.domain.conditions.registry import Choice
from quita.domain.conditions.trees import Condition, Group
from quita.domain.refusals import Refused

REGISTRY = fields.DEFAULT
FRAGMENT = Path(__file__).parents[3] / "locale" / "fragments" / "conditions.pt_BR.po"


def refused(raw: object, language: str = "en") -> list[tuple[str | None, str, str]]:
    """Place, code and sentence of each refusal."""
    with pytest.raises(Refused) as caught:
        trees.parse(raw, REGISTRY, language)
    return [(finding.field, finding.refusal.code, str(finding.refusal)) for finding in caught.value.findings]


def condition(field: str, op: str, *value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, **({"value": value[0]} if value else {})}


def test_the_rule_of_a_light_portfolio() -> None:
    raw = {
        "all": [
            condition("title.days_past_due", "between", [1, 10]),
            {"any": [condition("debtor.city", "equals", " Recife "), condition("contract.plan", "contains", "Fibra")]},
        ]
    }
    city = Condition("debtor.city", "equals", "Recife")
    plan = Condition("contract.plan", "contains", "Fibra")
    late = Condition("title.days_past_due", "between", (1, 10))
    assert trees.parse(raw, REGISTRY) == Group("all", (late, Group("any", (city, plan))))


def test_a_lone_condition_is_a_group_of_one() -> None:
    parsed = trees.parse(condition("title.due_on", "before", "2026-11-21"), REGISTRY)
    assert parsed == Group("all", (Condition("title.due_on", "before", datetime.date(2026, 11, 21)),))


def test_the_same_rule_has_one_text() -> None:
    written = trees.parse({"all": [condition("debtor.uf", "in", ["PE", "AL", "PE"])]}, REGISTRY)
    again = trees.parse({"all": [{"value": ["AL", "PE"], "op": "in", "field": "debtor.uf"}]}, REGISTRY)
    assert trees.canonical(written) == trees.canonical(again)
    assert trees.canonical(written) == '{"all":[{"field":"debtor.uf","op":"in","value":["AL","PE"]}]}'


def test_no_condition_matches_everything_but_an_empty_choice_says_nothing() -> None:
    assert trees.parse({"all": []}, REGISTRY) == trees.EVERYTHING
    assert [code for _, code, _ in refused({"any": []})] == ["condition_empty_group"]
    assert refused({"all": [{"none": []}]}) == [
        (
            "0",
            "condition_empty_group",
            "The group “none of these” is empty and would say nothing. Add a condition to it or remove it.",
        )
    ]


def test_a_mistyped_field_gets_a_suggestion() -> None:
    (place, code, sentence), *_ = refused({"all": [condition("title.days_pastdue", "at_least", 1)]}, "pt-BR")
    assert (place, code) == ("0", "condition_unknown_field_near")
    assert "Did you mean “title.days_past_due” (dias de atraso)?" in sentence
    assert REGISTRY.suggestion("city") is REGISTRY["debtor.city"]
    assert [code for _, code, _ in refused(condition("xyzzy", "equals", 1))] == ["condition_unknown_field"]


def test_every_fault_is_told_at_once_with_its_place() -> None:
    raw = {
        "all": [
            condition("title.balance", "contains", "x"),
            {"any": [condition("debtor.uf", "in", ["PX"]), condition("title.due_on", "on", "2026-02-30")]},
        ]
    }
    assert [(place, code) for place, code, _ in refused(raw)] == [
        ("0", "condition_wrong_operator"),
        ("1.0", "condition_unknown_choice"),
        ("1.1", "condition_wrong_value"),
    ]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (condition("title.balance", "equals", 10.5), "wrong_value"),
        (condition("title.balance", "equals", True), "wrong_value"),
        (condition("title.balance", "equals", "1000"), "wrong_value"),
        (condition("title.balance", "equals", 10**16), "out_of_range"),
        (condition("title.balance", "equals"), "value_missing"),
        (condition("title.balance", "equals", None), "value_missing"),
        (condition("title.days_past_due", "between", [10, 1]), "reversed_interval"),
        (condition("title.days_past_due", "between", [1]), "wrong_value"),
        (condition("title.due_on", "on", "21/11/2026"), "wrong_value"),
        (condition("title.due_on", "on", "20261121"), "wrong_value"),
        (condition("title.due_on", "on", "1899-12-31"), "out_of_range"),
        (condition("title.due_on", "in_last_days", -1), "out_of_range"),
        (condition("title.due_on", "in_last_days", "5"), "wrong_value"),
        (condition("title.due_on", "empty", "2026-11-21"), "value_unexpected"),
        (condition("debtor.city", "equals", "  "), "blank_text"),
        (condition("debtor.city", "contains", "\u0301"), "blank_text"),
        (condition("debtor.city", "equals", "a\x00b"), "unprintable_text"),
        (condition("debtor.city", "equals", "\ud800"), "unprintable_text"),
        (condition("debtor.city", "equals", "a" * 201), "text_too_long"),
        (condition("debtor.city", "in", []), "wrong_value"),
        (condition("debtor.city", "in", "Recife"), "wrong_value"),
        (condition("company.id", "in", list(range(1, 502))), "too_many_values"),
        (condition("company.id", "in", [0]), "out_of_range"),
        (condition("debtor.has_email", "is", 1), "wrong_value"),
        (condition("case.titles", "empty"), "wrong_operator"),
        (condition("debtor.city", "between", ["a", "b"]), "wrong_operator"),
        (condition("debtor.city", "'; drop table r --", "a"), "wrong_operator"),
        ({**condition("debtor.city", "empty"), "negate": True}, "unknown_key"),
        ({"all": [], "any": []}, "malformed"),
        ({"all": {}}, "malformed"),
        ({"field": "debtor.city"}, "malformed"),
        ({"field": ["debtor.city"], "op": "empty"}, "unknown_field"),
        ([], "malformed"),
        (None, "malformed"),
        ("title.balance > 0", "malformed"),
    ],
)
def test_what_does_not_fit_is_refused(raw: object, code: str) -> None:
    assert [found for _, found, _ in refused(raw)] == [f"condition_{code}"]


def test_depth_and_size_are_limited() -> None:
    blank = condition("debtor.city", "empty")

    def nested(depth: int) -> dict[str, Any]:
        return {"all": [nested(depth - 1) if depth > 1 else blank]}

    assert trees.parse(nested(6), REGISTRY)
    assert [code for _, code, _ in refused(nested(7))] == ["condition_too_deep"]
    assert [code for _, code, _ in refused(nested(900))] == ["condition_too_deep"]
    assert trees.parse({"all": [blank] * 99}, REGISTRY)
    assert [code for _, code, _ in refused({"all": [blank] * 100})] == ["condition_too_many"]
    assert [code for _, code, _ in refused({"all": [blank] * 100_000})] == ["condition_too_many"]


def test_choices_of_the_installation_are_checked_once_they_are_known() -> None:
    rule = condition("case.portfolio", "in", [7])
    assert trees.parse(rule, REGISTRY)
    known = REGISTRY.with_choices({"case.portfolio": [Choice(3, "Light", "Leve"), Choice(4, "Heavy", "Pesada")]})
    with pytest.raises(Refused) as caught:
        trees.parse(rule, known, "pt-BR")
    assert caught.value.params == {"got": "7", "label": "carteira de cobrança", "allowed": "Leve, Pesada"}


def test_a_place_can_offer_fewer_fields() -> None:
    """A rule about debtors alone cannot ask about one title."""
    debtors = REGISTRY.limited_to("debtor")
    assert "debtor.city" in debtors
    with pytest.raises(Refused):
        trees.parse(condition("title.balance", "at_least", 1), debtors)


def test_a_query_joins_only_what_its_rule_reads() -> None:
    rule = trees.parse(
        {"all": [condition("title.days_past_due", "at_least", 1), condition("debtor.city", "filled")]}, REGISTRY
    )
    assert trees.aliases_used(rule, REGISTRY) == {"r", "due_day", "d"}
    assert [field.key for field in trees.fields_used(rule, REGISTRY)] == ["title.days_past_due", "debtor.city"]
    assert trees.aliases_used(trees.EVERYTHING, REGISTRY) == frozenset()


def test_every_refusal_is_translated() -> None:
    with FRAGMENT.open("rb") as file:
        catalogue = pofile.read_po(file, locale="pt_BR")
    for code, message in texts.MESSAGES.items():
        entry = catalogue.get(message)
        assert entry is not None, code
        assert entry.string, code
        assert _placeholders(str(entry.string)) == _placeholders(message), code


def _placeholders(message: str) -> set[str]:
    return {part.split(")")[0] for part in message.split("%(")[1:]}
