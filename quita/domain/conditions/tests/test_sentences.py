"""A rule reads as a sentence, in both languages, with one meaning only."""

from __future__ import annotations

import itertools
import re
from typing import Any

import polars as pl
import pytest

from quita.domain.conditions import fields, polars_compiler, sentences, trees
from quita.domain.conditions.registry import Choice, describe
from quita.domain.conditions.tests.conftest import TODAY

REGISTRY = fields.DEFAULT.with_choices(
    {"case.portfolio": [Choice(3, "Light", "Leve"), Choice(4, "Old and cold", "Fria e antiga")]}
)
EMAIL = {"field": "debtor.has_email", "op": "is", "value": True}
CITY = {"field": "debtor.city", "op": "equals", "value": "Recife"}
PLAN = {"field": "contract.plan", "op": "contains", "value": "Fibra"}
LATE = {"field": "title.days_past_due", "op": "between", "value": [1, 10]}


def said(raw: object, language: str = "pt-BR") -> str:
    return sentences.sentence(trees.parse(raw, REGISTRY), REGISTRY, language)


def one(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


def test_the_rule_of_a_light_portfolio() -> None:
    rule = {"all": [LATE, {"any": [CITY, PLAN]}]}
    assert said(rule) == "dias de atraso entre 1 e 10 e (cidade é Recife ou plano contém “Fibra”)"
    assert said(rule, "en") == "days past due between 1 and 10 and (city is Recife or plan contains “Fibra”)"


def test_exceptions_come_last() -> None:
    rule = {"all": [{"none": [CITY, EMAIL]}, LATE, {"none": [PLAN]}]}
    assert said(rule) == (
        "dias de atraso entre 1 e 10, exceto quando (cidade é Recife ou devedor tem e-mail)"
        " ou quando (plano contém “Fibra”)"
    )
    assert said({"none": [CITY]}) == "todos, exceto quando (cidade é Recife)"
    assert said({"all": []}) == "sem condição: vale para todos"
    assert said({"all": []}, "en") == "no condition: everything matches"


@pytest.mark.parametrize(
    ("raw", "portuguese", "english"),
    [
        (
            one("title.balance", "at_least", 123456),
            "saldo do título a partir de R$ 1.234,56",
            "title balance at least R$ 1,234.56",
        ),
        (
            one("title.days_past_due", "more_than", 1000),
            "dias de atraso acima de 1.000",
            "days past due more than 1,000",
        ),
        (one("title.days_past_due", "not_equals", 0), "dias de atraso diferente de 0", "days past due other than 0"),
        (
            one("title.due_on", "on_or_before", "2026-11-05"),
            "vencimento até 05/11/2026",
            "due date on or before 5 Nov 2026",
        ),
        (
            one("title.due_on", "between", ["2026-11-05", "2026-12-01"]),
            "vencimento entre 05/11/2026 e 01/12/2026",
            "due date between 5 Nov 2026 and 1 Dec 2026",
        ),
        (one("title.due_on", "in_last_days", 10), "vencimento nos últimos 10 dias", "due date in the last 10 days"),
        (one("title.due_on", "in_next_days", 0), "vencimento hoje", "due date today"),
        (one("title.due_on", "in_next_days", 1), "vencimento hoje ou amanhã", "due date today or tomorrow"),
        (one("title.due_on", "empty"), "vencimento está em branco", "due date is blank"),
        (
            one("debtor.kind", "in", ["organization"]),
            "tipo de pessoa é pessoa jurídica",
            "kind of debtor is organization",
        ),
        (one("debtor.uf", "in", ["SE", "PE", "AL"]), "UF é AL, PE ou SE", "state is AL, PE or SE"),
        (one("debtor.uf", "not_in", ["SE", "PE"]), "UF não é PE nem SE", "state is none of PE or SE"),
        (one("debtor.uf", "not_in", ["PE"]), "UF não é PE", "state is not PE"),
        (one("debtor.has_email", "is", False), "devedor não tem e-mail", "debtor has no e-mail"),
        (one("debtor.has_email", "is_not", False), "devedor tem e-mail", "debtor has an e-mail"),
        (one("case.portfolio", "in", [3]), "carteira de cobrança é Leve", "portfolio is Light"),
        (one("case.portfolio", "in", [4]), "carteira de cobrança é “Fria e antiga”", "portfolio is “Old and cold”"),
        (one("company.id", "in", [12]), "empresa é nº 12", "company is no. 12"),
        (one("debtor.city", "equals", "Recife ou Olinda"), "cidade é “Recife ou Olinda”", "city is “Recife ou Olinda”"),
        (
            one("company.id", "in", list(range(1, 13))),
            "empresa é nº 1, nº 2, nº 3, nº 4, nº 5, nº 6, nº 7, nº 8, nº 9, nº 10 ou mais 2 opções",
            "company is no. 1, no. 2, no. 3, no. 4, no. 5, no. 6, no. 7, no. 8, no. 9, no. 10 or 2 more",
        ),
    ],
)
def test_one_condition(raw: dict[str, Any], portuguese: str, english: str) -> None:
    assert (said(raw), said(raw, "en")) == (portuguese, english)


def test_a_list_beside_another_choice_stands_in_brackets() -> None:
    rule = {"any": [one("debtor.uf", "in", ["PE", "SE"]), EMAIL]}
    assert said(rule) == "(UF é PE ou SE) ou devedor tem e-mail"


def test_every_operator_of_every_field_has_a_phrase() -> None:
    samples: dict[str, Any] = {"int": 3, "money": 500, "date": "2026-11-21", "text": "Sol", "flag": True, "id": 3}
    for field in REGISTRY:
        sample = samples.get(field.type) or (field.choices[0].value if field.choices else "boleto")
        for operator in field.operators:
            value = {"one": sample, "pair": [sample, sample], "many": [sample], "days": 4, "nothing": None}[
                operator.shape
            ]
            for language in ("pt-BR", "en"):
                phrase = said(one(field.key, operator.key, value), language)
                assert "{" not in phrase
                assert len(phrase) >= len(field.label(language))


# --- one reading only: the sentence, read back by an independent reader, has the rule's truth table ---

_ATOMS = {
    "pt-BR": {"devedor tem e-mail": "A", "cidade é Recife": "B", "plano contém “Fibra”": "C"},
    "en": {"debtor has an e-mail": "A", "city is Recife": "B", "plan contains “Fibra”": "C"},
}
_WORDS = {
    "pt-BR": {", exceto quando": "except", "ou quando": "orwhen", "todos": "true", " e ": " and ", " ou ": " or "},
    "en": {", except when": "except", "or when": "orwhen", "everything": "true"},
}


def _read_back(text: str, language: str) -> list[str]:
    if text in ("sem condição: vale para todos", "no condition: everything matches"):
        return ["true"]
    for phrase, token in (_ATOMS[language] | _WORDS[language]).items():
        text = text.replace(phrase, f" {token} ")
    tokens = re.findall(r"[()]|\w+", text)
    assert set(tokens) <= {"(", ")", "A", "B", "C", "and", "or", "except", "orwhen", "true"}, text
    return tokens


def _level(tokens: list[str], truth: dict[str, bool]) -> bool:
    """What stands inside one pair of brackets: parts under one joint, then exceptions."""
    held, joints, excepted = [_part(tokens, truth)], set(), False
    while tokens and tokens[0] in ("and", "or"):
        joints.add(tokens.pop(0))
        held.append(_part(tokens, truth))
    assert len(joints) <= 1, "two kinds of joint inside one pair of brackets"
    while tokens and tokens[0] in ("except", "orwhen"):
        tokens.pop(0)
        excepted = _part(tokens, truth) or excepted
    return (any(held) if joints == {"or"} else all(held)) and not excepted


def _part(tokens: list[str], truth: dict[str, bool]) -> bool:
    token = tokens.pop(0)
    if token != "(":
        return truth[token]
    held = _level(tokens, truth)
    assert tokens.pop(0) == ")"
    return held


def _small_rules() -> list[dict[str, Any]]:
    """Every rule of one or two levels with up to two members a group over three conditions."""
    atoms = [EMAIL, CITY, PLAN]
    flat = [
        {kind: list(members)}
        for kind in trees.KINDS
        for size in (1, 2)
        for members in itertools.combinations(atoms, size)
    ]
    nodes = [*atoms, {"all": []}, *flat]
    return [
        {kind: list(members)}
        for kind in trees.KINDS
        for size in (1, 2)
        for members in itertools.combinations(nodes, size)
    ]


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_a_sentence_has_the_truth_table_of_its_rule(language: str) -> None:
    worlds = list(itertools.product([True, False], repeat=3))
    frame = pl.DataFrame(
        {
            "debtor_has_email": [a for a, _, _ in worlds],
            "debtor_city": ["Recife" if b else "Olinda" for _, b, _ in worlds],
            "contract_plan": ["Fibra 500" if c else None for _, _, c in worlds],
        }
    )
    rules = [trees.parse(raw, REGISTRY) for raw in _small_rules()]
    verdicts = frame.select(
        polars_compiler.to_polars(rule, REGISTRY, TODAY).alias(str(number)) for number, rule in enumerate(rules)
    )
    for number, rule in enumerate(rules):
        text = sentences.sentence(rule, REGISTRY, language)
        read: list[bool] = []
        for a, b, c in worlds:
            tokens = _read_back(text, language)
            read.append(_level(tokens, {"A": a, "B": b, "C": c, "true": True}))
            assert tokens == [], text
        assert read == verdicts[str(number)].to_list(), text


def test_the_builder_is_told_everything_it_needs() -> None:
    described = {str(entry["field"]): entry for entry in describe(REGISTRY, "pt-BR")}
    assert list(described) == [field.key for field in REGISTRY]
    late = described["title.days_past_due"]
    assert (late["label"], late["type"], late["unit"], late["choices"]) == ("dias de atraso", "int", "days", None)
    assert {"op": "between", "label": "está entre", "shape": "pair"} in late["ops"]  # type: ignore[operator]  # a list
    assert described["case.portfolio"]["choices"] == [
        {"value": 3, "label": "Leve"},
        {"value": 4, "label": "Fria e antiga"},
    ]
