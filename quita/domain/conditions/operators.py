"""The comparisons a condition can make, and which types of field take which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["int", "money", "date", "text", "choice", "flag", "id"]
# What stands in "value": nothing at all, one value, a pair low-high (both included), a list, or a number of days.
Shape = Literal["nothing", "one", "pair", "many", "days"]


@dataclass(frozen=True, slots=True)
class Operator:
    """One comparison. `holds_for_missing` is its answer when the row has no value for the field."""

    key: str
    shape: Shape
    holds_for_missing: bool
    label_en: str
    label_pt: str

    def label(self, language: str) -> str:
        """The operator as the builder's list shows it."""
        return self.label_pt if language.lower().startswith("pt") else self.label_en


def _index(*operators: Operator) -> dict[str, Operator]:
    return {operator.key: operator for operator in operators}


OPERATORS = _index(
    Operator("equals", "one", False, "equals", "é igual a"),
    Operator("not_equals", "one", True, "does not equal", "é diferente de"),
    Operator("less_than", "one", False, "is less than", "é menor que"),
    Operator("at_most", "one", False, "is at most", "é no máximo"),
    Operator("more_than", "one", False, "is more than", "é maior que"),
    Operator("at_least", "one", False, "is at least", "é no mínimo"),
    Operator("between", "pair", False, "is between", "está entre"),
    Operator("on", "one", False, "is on", "é em"),
    Operator("before", "one", False, "is before", "é antes de"),
    Operator("on_or_before", "one", False, "is on or before", "é até"),
    Operator("after", "one", False, "is after", "é depois de"),
    Operator("on_or_after", "one", False, "is on or after", "é a partir de"),
    Operator("in_last_days", "days", False, "is in the last … days", "é nos últimos … dias"),
    Operator("in_next_days", "days", False, "is in the next … days", "é nos próximos … dias"),
    Operator("starts_with", "one", False, "starts with", "começa com"),
    Operator("contains", "one", False, "contains", "contém"),
    Operator("in", "many", False, "is one of", "é um destes"),
    Operator("not_in", "many", True, "is none of", "não é nenhum destes"),
    Operator("is", "one", False, "is", "é"),
    Operator("is_not", "one", True, "is not", "não é"),
    Operator("empty", "nothing", True, "is blank", "está em branco"),
    Operator("filled", "nothing", False, "is not blank", "não está em branco"),
)

_NUMBER = ("equals", "not_equals", "less_than", "at_most", "more_than", "at_least", "between", "empty", "filled")
_DATE = ("on", "before", "on_or_before", "after", "on_or_after", "between", "in_last_days", "in_next_days")
_TEXT = ("equals", "not_equals", "starts_with", "contains", "in", "not_in", "empty", "filled")

BY_TYPE: dict[FieldType, tuple[str, ...]] = {
    "int": _NUMBER,
    "money": _NUMBER,
    "date": (*_DATE, "empty", "filled"),
    "text": _TEXT,
    "choice": ("in", "not_in", "empty", "filled"),
    "id": ("in", "not_in", "empty", "filled"),
    "flag": ("is", "is_not"),
}
