"""Read, check and write condition trees.

The JSON form is nested objects with one key, `all`, `any` or `none`, holding a list, and conditions
`{"field": …, "op": …, "value": …}`. Amounts are integer centavos, dates ISO texts. `{"all": []}` is true for every
row; an empty `any` or `none` says nothing and is refused, as is every key that has no meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from quita.domain.conditions import texts, values
from quita.domain.conditions.operators import OPERATORS
from quita.domain.conditions.registry import Field, Registry
from quita.domain.conditions.values import Value
from quita.domain.refusals import Refusal, Refusals

GroupKind = Literal["all", "any", "none"]
KINDS: tuple[GroupKind, ...] = ("all", "any", "none")
MAX_DEPTH = 6  # groups inside groups; the outermost is 1
MAX_NODES = 100  # groups and conditions together


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. `value` is None where the operator takes none, a tuple for pairs and lists."""

    field: str
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups joined by one word."""

    kind: GroupKind
    children: tuple[Node, ...]


Node = Condition | Group
EVERYTHING = Group("all", ())


def parse(raw: object, registry: Registry, language: str = "pt-BR") -> Group:
    """The checked tree of a JSON value (already decoded). A lone condition is taken as a group of one.

    Raises `Refused` with every fault found; each finding's `field` is the place in the tree as child numbers from 0
    ("" the root, "1.0" the first child of the second), for the builder to mark. `language` names fields and values.
    """
    reading = _Reading(registry, language)
    node = reading.node(raw, path="", depth=1)
    reading.refusals.raise_if_any()
    assert node is not None  # a node is None only when something was refused
    return node if isinstance(node, Group) else Group("all", (node,))


def to_json(node: Node) -> dict[str, object]:
    """The tree as plain JSON values; `parse` reads back an equal tree."""
    if isinstance(node, Group):
        return {node.kind: [to_json(child) for child in node.children]}
    written: dict[str, object] = {"field": node.field, "op": node.op}
    if node.value is not None:
        written["value"] = values.to_json(node.value)
    return written


def canonical(node: Node) -> str:
    """One text for one tree, to compare and to hash: sorted keys, no spaces, lists sorted and without repeats."""
    return json.dumps(to_json(node), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def conditions(node: Node) -> Iterator[Condition]:
    """Every condition of the tree, in reading order."""
    if isinstance(node, Condition):
        yield node
    else:
        for child in node.children:
            yield from conditions(child)


def fields_used(node: Node, registry: Registry) -> list[Field]:
    """The fields the tree asks about, each once, in order of first use."""
    return [registry[key] for key in dict.fromkeys(condition.field for condition in conditions(node))]


def aliases_used(node: Node, registry: Registry) -> frozenset[str]:
    """The table aliases its SQL reads, so that a query joins only those."""
    return frozenset().union(*(field.aliases for field in fields_used(node, registry)))


class _Reading:
    """One pass over a raw tree, collecting what is wrong with it."""

    def __init__(self, registry: Registry, language: str) -> None:
        self.registry = registry
        self.language = language
        self.refusals = Refusals()
        self.count = 0

    def node(self, raw: object, path: str, depth: int) -> Node | None:
        """The node, or None when it was refused. Past the node limit nothing more is read: one refusal says so."""
        self.count += 1
        if self.count > MAX_NODES + 1:
            return None
        try:
            if self.count > MAX_NODES:
                raise texts.refusal("too_many", limit=MAX_NODES)
            return self._node(raw, path, depth)
        except Refusal as refusal:
            self.refusals.add(refusal.code, refusal.message, refusal.params, field=path)
            return None

    def _node(self, raw: object, path: str, depth: int) -> Node:
        if not isinstance(raw, dict):
            raise texts.refusal("malformed", got=texts.short(raw))
        kinds = [kind for kind in KINDS if kind in raw]
        if len(kinds) == 1 and len(raw) == 1:
            return self._group(kinds[0], raw[kinds[0]], path, depth)
        if kinds or "field" not in raw or "op" not in raw:
            raise texts.refusal("malformed", got=texts.short(raw))
        inert = [key for key in raw if key not in ("field", "op", "value")]
        if inert:
            raise texts.refusal("unknown_key", key=texts.short(inert[0]))
        return self._condition(raw["field"], raw["op"], raw.get("value"))

    def _group(self, kind: GroupKind, raw: object, path: str, depth: int) -> Group:
        if depth > MAX_DEPTH:
            raise texts.refusal("too_deep", limit=MAX_DEPTH)
        if not isinstance(raw, list):
            raise texts.refusal("malformed", got=texts.short(raw))
        if not raw and kind != "all":
            raise texts.refusal("empty_group", group=texts.group_name(kind, self.language))
        prefix = f"{path}." if path else ""
        children = [self.node(child, f"{prefix}{number}", depth + 1) for number, child in enumerate(raw)]
        return Group(kind, tuple(child for child in children if child is not None))

    def _condition(self, asked: object, op: object, value: object) -> Condition:
        field = self.registry.get(asked) if isinstance(asked, str) else None
        if field is None:
            raise self._unknown_field(asked)
        operator = OPERATORS.get(op) if isinstance(op, str) else None
        if operator is None or operator not in field.operators:
            raise self._wrong_operator(field, op)
        return Condition(field.key, operator.key, values.read(value, field, operator, self.language))

    def _unknown_field(self, asked: object) -> Refusal:
        near = self.registry.suggestion(asked) if isinstance(asked, str) else None
        said = texts.short(asked)
        if near is None:
            return texts.refusal("unknown_field", field=said)
        return texts.refusal("unknown_field_near", field=said, near=near.key, label=near.label(self.language))

    def _wrong_operator(self, field: Field, asked: object) -> Refusal:
        known = OPERATORS.get(asked) if isinstance(asked, str) else None
        name = texts.short(asked) if known is None else known.label(self.language)
        allowed = ", ".join(f"{operator.label(self.language)} ({operator.key})" for operator in field.operators)
        return texts.refusal("wrong_operator", op=name, label=field.label(self.language), allowed=allowed)
