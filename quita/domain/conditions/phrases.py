"""How one comparison reads: after the field's name in a sentence, and after "the rule asks for" in an explanation."""

from __future__ import annotations

import datetime
import re
from typing import Any

from quita.domain import money
from quita.domain.conditions.registry import Field, is_portuguese
from quita.domain.conditions.trees import Condition

MAX_LISTED = 10  # values of a list that are read out before "and N more"

_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# A text reads without quotation marks when it cannot be taken for a word of the sentence.
_SIMPLE = re.compile(r"\w[\w .'/-]*")
_JOINTS = {"e", "ou", "nem", "exceto", "todos", "and", "or", "nor", "except", "everything", "é", "is"}

# (English, Portuguese); {0} and {1} are the values as people write them.
_NUMBERS = {
    "equals": ("equal to {0}", "igual a {0}"),
    "not_equals": ("other than {0}", "diferente de {0}"),
    "less_than": ("less than {0}", "abaixo de {0}"),
    "at_most": ("at most {0}", "até {0}"),
    "more_than": ("more than {0}", "acima de {0}"),
    "at_least": ("at least {0}", "a partir de {0}"),
    "between": ("between {0} and {1}", "entre {0} e {1}"),
}
_DATES = {
    "on": ("on {0}", "em {0}"),
    "before": ("before {0}", "antes de {0}"),
    "on_or_before": ("on or before {0}", "até {0}"),
    "after": ("after {0}", "depois de {0}"),
    "on_or_after": ("on or after {0}", "a partir de {0}"),
    "between": ("between {0} and {1}", "entre {0} e {1}"),
}
_SAID = {
    "equals": ("is {0}", "é {0}"),
    "not_equals": ("is not {0}", "não é {0}"),
    "in": ("is {0}", "é {0}"),
    "not_in": ("is none of {0}", "não é {0}"),
    "starts_with": ("starts with {0}", "começa com {0}"),
    "contains": ("contains {0}", "contém {0}"),
    "empty": ("is blank", "está em branco"),
    "filled": ("is not blank", "não está em branco"),
}
_ASKED = {
    "equals": ("{0}", "{0}"),
    "not_equals": ("anything but {0}", "qualquer valor, menos {0}"),
    "in": ("{0}", "{0}"),
    "not_in": ("anything but {0}", "qualquer valor, menos {0}"),
    "starts_with": ("a text starting with {0}", "um texto que comece com {0}"),
    "contains": ("a text containing {0}", "um texto que contenha {0}"),
    "empty": ("none", "que esteja em branco"),
    "filled": ("some value", "algum valor"),
}

# Last joint of a list of values, by whether the operator is a negation: (English, Portuguese).
_LIST_JOINTS = {False: ("or", "ou"), True: ("or", "nem")}
_ASKED_JOINTS = {False: ("or", "ou"), True: ("and", "e")}


def said(condition: Condition, field: Field, language: str) -> str:
    """What follows the field's name in a sentence: "entre 1 e 10", "é Recife", "contém “Fibra”"."""
    return _phrase(condition, field, language, _SAID)


def asked(condition: Condition, field: Field, language: str) -> str:
    """What follows "a regra pede": "entre 1 e 10", "Recife", "um texto que contenha “Fibra”"."""
    return _phrase(condition, field, language, _ASKED)


def _phrase(condition: Condition, field: Field, language: str, otherwise: dict[str, tuple[str, str]]) -> str:
    side = int(is_portuguese(language))
    value: Any = condition.value
    if condition.op in ("in_last_days", "in_next_days"):
        return _relative(condition.op, value, language)
    if condition.op in ("empty", "filled"):
        return otherwise[condition.op][side]
    if field.type in ("int", "money", "date"):
        pattern = (_DATES if field.type == "date" else _NUMBERS)[condition.op][side]
        ends = value if isinstance(value, tuple) else (value,)
        return pattern.format(*(shown(end, field, language) for end in ends))
    if condition.op in ("contains", "starts_with"):
        return otherwise[condition.op][side].format(f"“{value}”")
    listed = value if isinstance(value, tuple) else (value,)
    op = "not_equals" if condition.op == "not_in" and len(listed) == 1 else condition.op
    # "não é A nem B", but "qualquer valor, menos A e B".
    joint = _LIST_JOINTS[op == "not_in"][side] if otherwise is _SAID else _ASKED_JOINTS[op == "not_in"][side]
    return otherwise[op][side].format(_listed(listed, field, language, joint))


def offers_choice(condition: Condition) -> bool:
    """Whether the phrase itself holds an "or", so that beside another "or" it needs brackets."""
    several = isinstance(condition.value, tuple) and len(condition.value) > 1
    nearby = condition.op in ("in_last_days", "in_next_days") and condition.value == 1
    return nearby or (several and condition.op in ("in", "not_in"))


def shown(value: object, field: Field, language: str) -> str:
    """One value as the reader writes it: R$ 1.234,56, 21/11/2026, a choice by its name."""
    if isinstance(value, datetime.date):
        return day(value, language)
    if field.type == "money" and isinstance(value, int):
        return money.format_cents(value, language)
    choice = field.choice(value)
    if choice is not None:
        return _quoted(choice.label(language))
    if field.type == "id":
        return f"nº {value}" if is_portuguese(language) else f"no. {value}"
    if isinstance(value, int):
        grouped = f"{value:,}"
        return grouped.replace(",", ".") if is_portuguese(language) else grouped
    return _quoted(str(value))


def day(value: datetime.date, language: str) -> str:
    """A date as the reader writes it: 21/11/2026 in Portuguese, 21 Nov 2026 in English (no doubt about the month)."""
    if is_portuguese(language):
        return f"{value:%d/%m/}{value.year:04d}"
    return f"{value.day} {_MONTHS_EN[value.month - 1]} {value.year}"


def _relative(op: str, days: int, language: str) -> str:
    portuguese = is_portuguese(language)
    if days == 0:
        return "hoje" if portuguese else "today"
    if op == "in_last_days":
        if days == 1:
            return "ontem ou hoje" if portuguese else "yesterday or today"
        return f"nos últimos {days} dias" if portuguese else f"in the last {days} days"
    if days == 1:
        return "hoje ou amanhã" if portuguese else "today or tomorrow"
    return f"nos próximos {days} dias" if portuguese else f"in the next {days} days"


def _listed(values: tuple[Any, ...], field: Field, language: str, joint: str) -> str:
    items = [shown(value, field, language) for value in values[:MAX_LISTED]]
    rest = len(values) - len(items)
    if rest:
        items.append(f"mais {rest} opções" if is_portuguese(language) else f"{rest} more")
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {joint} {items[-1]}"


def _quoted(text: str) -> str:
    simple = _SIMPLE.fullmatch(text) and not _JOINTS.intersection(text.lower().split())
    return text if simple else f"“{text}”"
