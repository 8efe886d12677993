"""A condition tree as an SQL condition for PostgreSQL.

Only the registry's own SQL is ever written into the statement; what people typed travels as named parameters
(`%(c0)s`, psycopg style). The condition is never null. Comparisons on plain columns are written so that an index on
the column can serve them.
"""

from __future__ import annotations

import datetime
from typing import Any

from quita.domain.conditions import operators
from quita.domain.conditions.registry import Field, Registry
from quita.domain.conditions.text_keys import BLANKS, search_key
from quita.domain.conditions.trees import Condition, Node

# lower(unaccent(text)), immutable; created by a migration.
SEARCH_KEY = "quita_search_key"

_SYMBOLS = {
    "equals": "=",
    "on": "=",
    "is": "=",
    "not_equals": "<>",
    "is_not": "<>",
    "less_than": "<",
    "before": "<",
    "at_most": "<=",
    "on_or_before": "<=",
    "more_than": ">",
    "after": ">",
    "at_least": ">=",
    "on_or_after": ">=",
}
_SQL_TYPES = {
    "int": "bigint",
    "money": "bigint",
    "id": "bigint",
    "date": "date",
    "flag": "boolean",
    "text": "text",
    "choice": "text",
}


def to_sql(tree: Node, registry: Registry, today: datetime.date, prefix: str = "c") -> tuple[str, dict[str, Any]]:
    """The condition and its parameters, `today` among them.

    `prefix` starts the parameter names: give each tree of one statement its own. The statement must join the aliases
    that `trees.aliases_used` names.
    """
    writing = _Writing(registry, today, prefix)
    return writing.node(tree), writing.parameters


def like_pattern(text: str) -> str:
    """A text with the signs that LIKE would interpret made literal."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class _Writing:
    def __init__(self, registry: Registry, today: datetime.date, prefix: str) -> None:
        self.registry = registry
        self.today = today
        self.prefix = prefix
        self.parameters: dict[str, Any] = {"today": today}

    def node(self, node: Node) -> str:
        if isinstance(node, Condition):
            return self._condition(node, self.registry[node.field])
        if not node.children:
            return "true"
        word = " and " if node.kind == "all" else " or "
        joined = f"({word.join(self.node(child) for child in node.children)})"
        return f"(not {joined})" if node.kind == "none" else joined

    def _condition(self, condition: Condition, field: Field) -> str:
        column = field.sql
        if field.missing is not None:
            column = f"coalesce({field.sql}, {str(field.missing).lower()})"
        if condition.op in ("empty", "filled"):
            return self._blank(column, field, condition.op)
        if field.type == "text":
            compared = field.key_sql or f"{SEARCH_KEY}({field.sql})"
            held = self._text(compared, condition)
        else:
            held = self._comparison(column, condition, _SQL_TYPES[field.type])
        return self._two_valued(held, field, condition)

    def _two_valued(self, held: str, field: Field, condition: Condition) -> str:
        """Decide for the missing value without hiding a plain column from its index, as coalesce would."""
        if field.missing is not None:
            return f"({held})"
        holds_for_missing = operators.OPERATORS[condition.op].holds_for_missing
        if not field.is_plain_column:
            return f"coalesce({held}, {str(holds_for_missing).lower()})"
        if holds_for_missing:
            return f"({held} or {field.sql} is null)"
        return f"({held} and {field.sql} is not null)"

    def _comparison(self, column: str, condition: Condition, sql_type: str) -> str:
        value: Any = condition.value
        match condition.op:
            case "in":
                return f"{column} = any({self._parameter(list(value), f'{sql_type}[]')})"
            case "not_in":
                return f"{column} <> all({self._parameter(list(value), f'{sql_type}[]')})"
            case "in_last_days":
                low, high = self.today - datetime.timedelta(days=value), self.today
            case "in_next_days":
                low, high = self.today, self.today + datetime.timedelta(days=value)
            case "between":
                low, high = value
            case _:
                return f"{column} {_SYMBOLS[condition.op]} {self._parameter(value, sql_type)}"
        return f"{column} between {self._parameter(low, sql_type)} and {self._parameter(high, sql_type)}"

    def _text(self, key: str, condition: Condition) -> str:
        value: Any = condition.value
        if isinstance(value, tuple):
            keys = self._parameter([search_key(text) for text in value], "text[]")
            return f"{key} = any({keys})" if condition.op == "in" else f"{key} <> all({keys})"
        if condition.op in ("starts_with", "contains"):
            pattern = f"{'%' if condition.op == 'contains' else ''}{like_pattern(search_key(value))}%"
            return f"{key} like {self._parameter(pattern, 'text')}"
        return f"{key} {_SYMBOLS[condition.op]} {self._parameter(search_key(value), 'text')}"

    def _blank(self, column: str, field: Field, op: str) -> str:
        if field.type not in ("text", "choice"):
            return f"({column} is {'not ' if op == 'filled' else ''}null)"
        trimmed = f"btrim({column}, {self._parameter(BLANKS, 'text')})"
        return f"(coalesce({trimmed}, '') {'=' if op == 'empty' else '<>'} '')"

    def _parameter(self, value: Any, sql_type: str) -> str:
        name = f"{self.prefix}{len(self.parameters) - 1}"
        self.parameters[name] = value
        return f"%({name})s::{sql_type}"
