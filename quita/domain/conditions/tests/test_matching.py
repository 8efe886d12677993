"""Why does this title not belong to that portfolio? One row, one rule, the conditions in the way."""

from __future__ import annotations

import datetime
from typing import Any

import polars as pl
import pytest

from quita.domain.conditions import fields, matching, polars_compiler, trees
from quita.domain.conditions.trees import Group

REGISTRY = fields.DEFAULT
PORTFOLIO = {
    "all": [
        {"field": "title.days_past_due", "op": "between", "value": [1, 10]},
        {
            "any": [
                {"field": "debtor.city", "op": "equals", "value": "Recife"},
                {"field": "contract.plan", "op": "contains", "value": "Fibra"},
            ]
        },
        {"none": [{"field": "debtor.kind", "op": "in", "value": ["organization"]}]},
    ]
}
TITLE = {"days_past_due": 4, "debtor_city": "RECIFE", "contract_plan": None, "debtor_kind": "person"}


@pytest.fixture
def rule() -> Group:
    return trees.parse(PORTFOLIO, REGISTRY)


def reasons(rule: Group, today: datetime.date, language: str = "pt-BR", **changed: Any) -> list[str]:
    explained = matching.explain(rule, TITLE | changed, REGISTRY, today, language)
    assert explained.matched is matching.matches(rule, TITLE | changed, REGISTRY, today)
    return [obstacle.sentence for obstacle in explained.obstacles]


def test_a_title_that_belongs_has_nothing_in_the_way(rule: Group, today: datetime.date) -> None:
    assert matching.matches(rule, TITLE, REGISTRY, today)
    assert reasons(rule, today) == []


def test_too_late(rule: Group, today: datetime.date) -> None:
    assert reasons(rule, today, days_past_due=12) == ["dias de atraso: 12, a regra pede entre 1 e 10"]
    assert reasons(rule, today, "en", days_past_due=12) == ["days past due: 12, the rule asks for between 1 and 10"]


def test_of_alternatives_that_all_failed_each_is_told(rule: Group, today: datetime.date) -> None:
    assert reasons(rule, today, debtor_city="Olinda") == [
        "cidade é Olinda, a regra pede Recife",
        "plano está em branco, a regra pede um texto que contenha “Fibra”",
    ]


def test_an_exception_that_applies_is_told_as_one(rule: Group, today: datetime.date) -> None:
    assert reasons(rule, today, debtor_kind="organization") == [
        "tipo de pessoa é pessoa jurídica, a regra exclui: tipo de pessoa é pessoa jurídica"
    ]


def test_a_flag_asks_the_opposite(today: datetime.date) -> None:
    rule = trees.parse({"field": "debtor.has_email", "op": "is", "value": True}, REGISTRY)
    explained = matching.explain(rule, {"debtor_has_email": None}, REGISTRY, today, "pt-BR")
    assert [obstacle.sentence for obstacle in explained.obstacles] == [
        "devedor não tem e-mail, a regra pede o contrário"
    ]


def test_the_edges_of_relative_dates(today: datetime.date) -> None:
    """Both ends belong: due ten days ago, and due today, are both "in the last 10 days"."""
    last = trees.parse({"field": "title.due_on", "op": "in_last_days", "value": 10}, REGISTRY)
    following = trees.parse({"field": "title.due_on", "op": "in_next_days", "value": 10}, REGISTRY)
    inside = {distance: {"due_on": today + datetime.timedelta(days=distance)} for distance in (-11, -10, 0, 10, 11)}
    assert [day for day, row in inside.items() if matching.matches(last, row, REGISTRY, today)] == [-10, 0]
    assert [day for day, row in inside.items() if matching.matches(following, row, REGISTRY, today)] == [0, 10]


@pytest.mark.parametrize(
    ("op", "value", "held"),
    [
        ("equals", "Recife", False),
        ("not_equals", "Recife", True),
        ("in", ["Recife"], False),
        ("not_in", ["Recife"], True),
        ("contains", "Recife", False),
        ("empty", None, True),
        ("filled", None, False),
    ],
)
def test_a_missing_city(today: datetime.date, op: str, value: Any, held: bool) -> None:
    """A comparison with what is missing is false, its negation true; and blank is as missing as absent."""
    written = {"field": "debtor.city", "op": op} | ({} if value is None else {"value": value})
    rule = trees.parse(written, REGISTRY)
    for missing in (None, "", " \u00a0"):
        assert matching.matches(rule, {"debtor_city": missing}, REGISTRY, today) is held


def test_no_case_counts_as_none(today: datetime.date) -> None:
    rule = trees.parse(
        {
            "all": [
                {"field": "case.titles", "op": "at_most", "value": 2},
                {"field": "case.is_open", "op": "is", "value": False},
            ]
        },
        REGISTRY,
    )
    assert matching.matches(rule, {"case_title_count": None, "case_is_open": None}, REGISTRY, today)


def test_a_column_the_rule_needs_must_be_there(rule: Group, today: datetime.date) -> None:
    """A forgotten column is a fault of ours, not a missing value of the debtor's."""
    with pytest.raises(KeyError, match="debtor_city"):
        matching.matches(rule, {key: value for key, value in TITLE.items() if key != "debtor_city"}, REGISTRY, today)


def test_no_condition_is_true_for_each_row_of_a_frame(today: datetime.date) -> None:
    everything = polars_compiler.to_polars(trees.EVERYTHING, REGISTRY, today)
    assert pl.DataFrame({"due_on": [None, None]}).select(held=everything)["held"].to_list() == [True, True]
    assert pl.DataFrame({"due_on": []}).select(held=everything).height == 0
