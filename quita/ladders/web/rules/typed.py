"""Between what people type into a condition and what its JSON holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from quita.domain import money
from quita.domain.conditions.operators import Operator
from quita.domain.conditions.registry import Field, is_portuguese
from quita.domain.conditions.trees import Condition
from quita.domain.refusals import Refusal

Texts = Mapping[str, list[str]]
# Between the values of a list that is typed in one line.
_SEPARATOR = ";"


def texts_of(condition: Condition, asked: Field, language: str) -> dict[str, list[str]]:
    """The inputs of a kept value: {"value": ["1.234,56"], "to": […]} for a pair, the checked values of a list."""
    value = condition.value
    if value is None:
        return {}
    if condition.op == "between" and isinstance(value, tuple):
        low, high = value
        return {"value": [_shown(low, asked, language)], "to": [_shown(high, asked, language)]}
    if isinstance(value, tuple):
        shown = [_shown(one, asked, language) for one in value]
        return {"more": [f"{_SEPARATOR} ".join(shown)]} if asked.type == "text" else {"value": shown}
    return {"value": [_shown(value, asked, language)]}


def value_of(texts: Texts, asked: Field, operator: Operator, language: str) -> tuple[object, Refusal | None]:
    """The JSON value, and what could not be read. None: nothing was typed (the tree says what is missing)."""
    if operator.shape == "nothing":
        return None, None
    try:
        if operator.shape == "many":
            return _many(texts, asked, language), None
        if operator.shape == "pair":
            ends = [_one(_text(texts, part), asked, language) for part in ("value", "to")]
            return (None if None in ends else ends), None
        if operator.shape == "days":
            return _whole(_text(texts, "value")), None
        return _one(_text(texts, "value"), asked, language), None
    except Refusal as refusal:
        return _text(texts, "value") or None, refusal


def listed(texts: Texts) -> list[str]:
    """Every value of a list: those checked and those typed in one line."""
    typed = [part.strip() for line in texts.get("more", []) for part in line.split(_SEPARATOR)]
    return list(dict.fromkeys(one for one in [*texts.get("value", []), *typed] if one))


def _shown(value: object, asked: Field, language: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if asked.type == "money" and isinstance(value, int):
        return money.format_cents(value, language, currency=False)
    return str(value)


def _text(texts: Texts, part: str) -> str:
    return (texts.get(part) or [""])[-1].strip()


def _many(texts: Texts, asked: Field, language: str) -> list[object] | None:
    values = [_one(one, asked, language) for one in listed(texts)]
    return values or None


def _one(text: str, asked: Field, language: str) -> object:
    if not text:
        return None
    match asked.type:
        case "money":
            return _cents(text, language)
        case "int":
            return _whole(text)
        case "id":
            return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text
        case "flag":
            return {"true": True, "false": False}.get(text, text)
        case _:
            return text


def _cents(text: str, language: str) -> int:
    """The amount as the reader writes it: the comma marks decimals in Portuguese, the point in English."""
    return money.parse_cents(text, decimal="," if is_portuguese(language) else ".", allow_negative=True)


def _whole(text: str) -> int | None:
    if not text:
        return None
    plain = text.replace("\u2212", "-").replace(".", "").replace(" ", "")
    digits = plain.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12):
        raise Refusal(
            "rule_number_invalid",
            "“%(text)s” is not a whole number. Write it with digits only.",
            {"text": text[:40]},
        )
    return int(plain)
