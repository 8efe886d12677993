"""The value of a condition: read from JSON and checked against its field and operator."""

from __future__ import annotations

import datetime
import unicodedata
from typing import TypeVar

from quita.domain.conditions import texts
from quita.domain.conditions.operators import Operator
from quita.domain.conditions.registry import Field
from quita.domain.conditions.text_keys import BLANKS, search_key
from quita.domain.refusals import Refusal

Scalar = int | bool | str | datetime.date
_Key = TypeVar("_Key", str, int)
Value = Scalar | tuple[Scalar, ...] | None

MAX_VALUES = 500  # in one list
MAX_TEXT = 200  # characters of one text
MAX_RELATIVE_DAYS = 36_600  # a hundred years
_LIMITS: dict[str, tuple[int, int]] = {
    "int": (-1_000_000, 1_000_000),
    "money": (-(10**15), 10**15),
    "id": (1, 2**63 - 1),
}
FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)


def read(raw: object, field: Field, operator: Operator, language: str) -> Value:
    """The typed value of a condition. Raises `Refusal` when it does not fit the field or the operator."""
    return _Reader(field, operator, language).read(raw)


def to_json(value: Value) -> object:
    """The value as JSON writes it: dates as ISO texts, tuples as lists."""
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


class _Reader:
    def __init__(self, field: Field, operator: Operator, language: str) -> None:
        self.field = field
        self.operator = operator
        self.language = language

    def read(self, raw: object) -> Value:
        shape = self.operator.shape
        if shape == "nothing":
            if raw is not None:
                raise self._refusal("value_unexpected", op=self.operator.label(self.language), got=texts.short(raw))
            return None
        if raw is None:
            wanted = shape if shape in texts.WANTED else self.field.type
            raise self._refusal("value_missing", wanted=texts.wanted(wanted, self.language))
        if shape == "days":
            return self._whole(raw, 0, MAX_RELATIVE_DAYS, wanted="days")
        if shape == "pair":
            return self._pair(raw)
        return self._list(raw) if shape == "many" else self._one(raw)

    def _pair(self, raw: object) -> tuple[Scalar, ...]:
        if not isinstance(raw, list) or len(raw) != 2:
            raise self._wrong(raw, "pair")
        low, high = self._one(raw[0]), self._one(raw[1])
        if low > high:  # type: ignore[operator]  # a field reads both ends as the same type
            raise self._refusal("reversed_interval", low=texts.short(raw[0]), high=texts.short(raw[1]))
        return low, high

    def _list(self, raw: object) -> tuple[Scalar, ...]:
        if not isinstance(raw, list) or not raw:
            raise self._wrong(raw, "many")
        if len(raw) > MAX_VALUES:
            raise self._refusal("too_many_values", count=len(raw), limit=MAX_VALUES)
        return tuple(sorted({self._one(item) for item in raw}))

    def _one(self, raw: object) -> Scalar:
        match self.field.type:
            case "int" | "money":
                return self._whole(raw, *_LIMITS[self.field.type], wanted=self.field.type)
            case "date":
                return self._date(raw)
            case "flag":
                if not isinstance(raw, bool):
                    raise self._wrong(raw, "flag")
                return raw
            case "text":
                return self._text(raw)
            case "choice":
                return self._known(self._text(raw))
            case "id":
                return self._known(self._whole(raw, *_LIMITS["id"], wanted="id"))

    def _whole(self, raw: object, low: int, high: int, wanted: str) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise self._wrong(raw, wanted)
        if not low <= raw <= high:
            raise self._refusal("out_of_range", got=texts.short(raw), low=low, high=high)
        return raw

    def _date(self, raw: object) -> datetime.date:
        if not isinstance(raw, str) or len(raw) != 10:
            raise self._wrong(raw, "date")
        try:
            day = datetime.date.fromisoformat(raw)
        except ValueError as error:
            raise self._wrong(raw, "date") from error
        if not FIRST_DAY <= day <= LAST_DAY:
            raise self._refusal("out_of_range", got=raw, low=FIRST_DAY.isoformat(), high=LAST_DAY.isoformat())
        return day

    def _text(self, raw: object) -> str:
        if not isinstance(raw, str):
            raise self._wrong(raw, self.field.type)
        text = raw if self.operator.key in ("contains", "starts_with") else raw.strip(BLANKS)
        if len(text) > MAX_TEXT:
            raise self._refusal("text_too_long", length=len(text), limit=MAX_TEXT)
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
            raise self._refusal("unprintable_text")
        if not search_key(text).strip(BLANKS):
            raise self._refusal("blank_text")
        return text

    def _known(self, value: _Key) -> _Key:
        if self.field.choices is not None and self.field.choice(value) is None:
            shown = [choice.label(self.language) for choice in self.field.choices[:20]]
            allowed = ", ".join(shown) + ("…" if len(self.field.choices) > 20 else "")
            raise self._refusal("unknown_choice", got=texts.short(value), allowed=allowed)
        return value

    def _wrong(self, raw: object, wanted: str) -> Refusal:
        return self._refusal("wrong_value", got=texts.short(raw), wanted=texts.wanted(wanted, self.language))

    def _refusal(self, code: str, **params: object) -> Refusal:
        needs_label = "%(label)s" in texts.MESSAGES[code]
        return texts.refusal(code, **({"label": self.field.label(self.language)} if needs_label else {}), **params)
