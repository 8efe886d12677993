"""A condition tree as a Polars expression over a frame whose columns are named `Field.column`."""

from __future__ import annotations

import datetime
import functools
import operator as python_operator
from collections.abc import Callable
from typing import Any

import polars as pl

from quita.domain.conditions import operators
from quita.domain.conditions.registry import Field, Registry
from quita.domain.conditions.text_keys import BLANKS, search_key, search_key_expr
from quita.domain.conditions.trees import Condition, Group, Node

DTYPES: dict[str, type[pl.DataType]] = {
    "int": pl.Int64,
    "money": pl.Int64,
    "id": pl.Int64,
    "date": pl.Date,
    "flag": pl.Boolean,
    "text": pl.String,
    "choice": pl.String,
}

_COMPARISONS: dict[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "equals": python_operator.eq,
    "on": python_operator.eq,
    "is": python_operator.eq,
    "not_equals": python_operator.ne,
    "is_not": python_operator.ne,
    "less_than": python_operator.lt,
    "before": python_operator.lt,
    "at_most": python_operator.le,
    "on_or_before": python_operator.le,
    "more_than": python_operator.gt,
    "after": python_operator.gt,
    "at_least": python_operator.ge,
    "on_or_after": python_operator.ge,
    "between": lambda column, pair: column.is_between(pair[0], pair[1]),
    "in": lambda column, many: column.is_in(list(many)),
    "not_in": lambda column, many: ~column.is_in(list(many)),
    "starts_with": lambda column, text: column.str.starts_with(text),
    "contains": lambda column, text: column.str.contains(text, literal=True),
}


def to_polars(tree: Node, registry: Registry, today: datetime.date) -> pl.Expr:
    """A Boolean expression that is never null. `today` places the relative dates ("in the last N days")."""
    if isinstance(tree, Condition):
        return _condition(tree, registry[tree.field], today)
    if not tree.children:
        return _constant(True)
    return _joined(tree, [to_polars(child, registry, today) for child in tree.children])


def _joined(group: Group, parts: list[pl.Expr]) -> pl.Expr:
    if group.kind == "all":
        return functools.reduce(python_operator.and_, parts)
    either = functools.reduce(python_operator.or_, parts)
    return either if group.kind == "any" else ~either


def _condition(condition: Condition, field: Field, today: datetime.date) -> pl.Expr:
    column = pl.col(field.column).cast(DTYPES[field.type])
    if field.missing is not None:
        column = column.fill_null(field.missing)
    if condition.op in ("empty", "filled"):
        blank = _is_blank(column, field)
        return blank if condition.op == "empty" else ~blank
    value: Any = condition.value
    if condition.op == "in_last_days":
        held = column.is_between(today - datetime.timedelta(days=value), today)
    elif condition.op == "in_next_days":
        held = column.is_between(today, today + datetime.timedelta(days=value))
    else:
        if field.type == "text":
            column = search_key_expr(column)
            value = tuple(map(search_key, value)) if isinstance(value, tuple) else search_key(value)
        held = _COMPARISONS[condition.op](column, value)
    return held.fill_null(operators.OPERATORS[condition.op].holds_for_missing)


def _is_blank(column: pl.Expr, field: Field) -> pl.Expr:
    if field.type not in ("text", "choice"):
        return column.is_null()
    return (column.str.strip_chars(BLANKS) == "").fill_null(True)


def _constant(truth: bool) -> pl.Expr:
    """The same answer for every row; a bare literal would give one row where a column is wanted."""
    return pl.repeat(truth, pl.len(), dtype=pl.Boolean)
