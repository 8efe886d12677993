"""What a rule may ask about: fields with a type, a name for people, a frame column and an SQL expression."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from quita.domain.conditions import operators
from quita.domain.conditions.operators import FieldType, Operator

Scope = Literal["title", "debtor", "contract", "company", "case"]

_ALIAS = re.compile(r"\b([a-z_]+)\.[a-z_]+")
_PLAIN_COLUMN = re.compile(r"[a-z_]+\.[a-z_]+")


def is_portuguese(language: str) -> bool:
    """Whether a language tag (`pt-br`, `pt-BR`, `en`…) asks for Portuguese; anything else is answered in English."""
    return language.lower().startswith("pt")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a choice or reference can take, with its name for people."""

    value: str | int
    label_en: str
    label_pt: str

    def label(self, language: str) -> str:
        """The name in the reader's language."""
        return self.label_pt if is_portuguese(language) else self.label_en


@dataclass(frozen=True, slots=True)
class Field:
    """One fact a condition can test.

    `column` is its name in frames and rows; `sql` its expression over the aliases that `fields` documents (written by
    us, never by users). `key_sql` is set where a stored column already holds the search key of a text. `missing` is
    what an absent value counts as (no case: zero titles in it); without it an absent value is simply missing.
    `denied_*` is the label of a flag that is false ("debtor has no e-mail").
    """

    key: str
    type: FieldType
    label_en: str
    label_pt: str
    column: str
    sql: str
    scope: Scope
    choices: tuple[Choice, ...] | None = None
    unit: str | None = None
    missing: int | bool | None = None
    denied_en: str = ""
    denied_pt: str = ""
    key_sql: str | None = None

    def label(self, language: str) -> str:
        """The field's name in the reader's language."""
        return self.label_pt if is_portuguese(language) else self.label_en

    def denial(self, language: str) -> str:
        """What a flag says when it is false."""
        return self.denied_pt if is_portuguese(language) else self.denied_en

    @property
    def operators(self) -> tuple[Operator, ...]:
        """The comparisons this field takes. A field that always has a value cannot be blank."""
        keys = operators.BY_TYPE[self.type]
        if self.missing is not None:
            keys = tuple(key for key in keys if key not in ("empty", "filled"))
        return tuple(operators.OPERATORS[key] for key in keys)

    @property
    def is_plain_column(self) -> bool:
        """Whether the SQL is one column, so that a comparison written on it can use its index."""
        return _PLAIN_COLUMN.fullmatch(self.sql) is not None

    @property
    def aliases(self) -> frozenset[str]:
        """The table aliases its SQL reads: a query needs to join only those its rule uses."""
        return frozenset(_ALIAS.findall(f"{self.sql} {self.key_sql or ''}"))

    def choice(self, value: object) -> Choice | None:
        """The choice with this value, or None where the choices are not known or do not hold it."""
        return next((choice for choice in self.choices or () if choice.value == value), None)


class Registry:
    """An ordered, closed set of fields. Rules can name only what is in it."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields: dict[str, Field] = {}
        for field in fields:
            if field.key in self._fields:
                raise ValueError(f"field {field.key} is registered twice")
            self._fields[field.key] = field
        columns = [field.column for field in self]
        if len(set(columns)) != len(columns):
            raise ValueError("two fields share one column name")

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def __contains__(self, key: object) -> bool:
        return key in self._fields

    def __getitem__(self, key: str) -> Field:
        return self._fields[key]

    def get(self, key: str) -> Field | None:
        """The field with this key, or None."""
        return self._fields.get(key)

    def suggestion(self, key: str) -> Field | None:
        """The field whose key (or whose part after the dot) looks most like a mistyped one."""
        near = difflib.get_close_matches(key.lower(), self._fields, n=1, cutoff=0.6)
        if not near:
            tails: dict[str, str] = {}
            for field in self:
                tails.setdefault(field.key.partition(".")[2], field.key)
            near = [tails[tail] for tail in difflib.get_close_matches(key.lower().rpartition(".")[2], tails, n=1)]
        return self._fields[near[0]] if near else None

    def limited_to(self, *scopes: Scope) -> Registry:
        """Only the fields of these scopes, for places where the others mean nothing."""
        return Registry(field for field in self if field.scope in scopes)

    def with_choices(self, choices: Mapping[str, Sequence[Choice]]) -> Registry:
        """The same fields with the choices known now: the companies, portfolios, types of this installation."""
        for key in choices:
            if key not in self._fields:
                raise KeyError(key)
        return Registry(
            replace(field, choices=tuple(choices[field.key])) if field.key in choices else field for field in self
        )


def describe(registry: Registry, language: str) -> list[dict[str, object]]:
    """The registry as plain lists and dictionaries, for the visual builder and the API."""
    return [
        {
            "field": field.key,
            "label": field.label(language),
            "type": field.type,
            "scope": field.scope,
            "unit": field.unit,
            "ops": [{"op": op.key, "label": op.label(language), "shape": op.shape} for op in field.operators],
            "choices": None
            if field.choices is None
            else [{"value": choice.value, "label": choice.label(language)} for choice in field.choices],
        }
        for field in registry
    ]
