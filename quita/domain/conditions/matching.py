"""Does one row satisfy a rule and, if not, which condition stands in the way?

The row is evaluated as a frame of one line by the same compiler that filters a million, so the answer is the run's.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from quita.domain.conditions import phrases, polars_compiler, sentences, trees
from quita.domain.conditions.registry import Field, Registry, is_portuguese
from quita.domain.conditions.trees import Condition, Node

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A condition that decided against the row: it failed, or it held inside a `none` group (`excluded`)."""

    condition: Condition
    excluded: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether the row matched and, if not, every condition that would have to change. Of an `any` group that failed,
    all conditions are listed: one of them would have been enough."""

    matched: bool
    obstacles: tuple[Obstacle, ...]


def matches(tree: Node, row: Row, registry: Registry, today: datetime.date) -> bool:
    """Whether the row (keyed by `Field.column`) satisfies the rule. Raises KeyError when a used column is absent."""
    return _verdicts([tree], row, registry, today)[0]


def explain(tree: Node, row: Row, registry: Registry, today: datetime.date, language: str) -> Explanation:
    """The verdict and the conditions behind a "no", each as a sentence: "cidade é Olinda, a regra pede Recife"."""
    nodes = list(_walk(tree))
    held = {id(node): verdict for node, verdict in zip(nodes, _verdicts(nodes, row, registry, today), strict=True)}
    if held[id(tree)]:
        return Explanation(True, ())
    blamed = dict.fromkeys(_blame(tree, held, wanted=True))
    obstacles = [
        Obstacle(condition, not wanted, _obstacle_sentence(condition, wanted, row, registry, language))
        for condition, wanted in blamed
    ]
    return Explanation(False, tuple(obstacles))


def observation(field: Field, row: Row, language: str) -> str:
    """What the row says about a field: "cidade é Olinda", "dias de atraso: 12", "vencimento está em branco"."""
    value = row[field.column] if row[field.column] is not None else field.missing
    label = field.label(language)
    if field.type == "flag":
        return label if value else field.denial(language)
    if value is None or value == "":
        return f"{label} está em branco" if is_portuguese(language) else f"{label} is blank"
    said = phrases.shown(value, field, language)
    if field.type in ("int", "money", "date"):
        return f"{label}: {said}"
    return f"{label} é {said}" if is_portuguese(language) else f"{label} is {said}"


def _verdicts(nodes: list[Node], row: Row, registry: Registry, today: datetime.date) -> list[bool]:
    columns = {field.column for node in nodes for field in trees.fields_used(node, registry)}
    schema = {field.column: polars_compiler.DTYPES[field.type] for field in registry if field.column in columns}
    frame = pl.DataFrame({name: [row[name]] for name in schema} | {"": [0]}, schema=schema | {"": pl.Int8})
    answers = frame.select(
        polars_compiler.to_polars(node, registry, today).alias(f"answer {number}") for number, node in enumerate(nodes)
    )
    return list(answers.row(0))


def _walk(node: Node) -> list[Node]:
    if isinstance(node, Condition):
        return [node]
    return [node, *(inner for child in node.children for inner in _walk(child))]


def _blame(node: Node, held: dict[int, bool], wanted: bool) -> list[tuple[Condition, bool]]:
    """The conditions that keep `node` from being `wanted`."""
    if isinstance(node, Condition):
        return [(node, wanted)]
    inner = wanted if node.kind != "none" else not wanted
    against = [child for child in node.children if held[id(child)] is not inner]
    return [blamed for child in against for blamed in _blame(child, held, inner)]


def _obstacle_sentence(condition: Condition, wanted: bool, row: Row, registry: Registry, language: str) -> str:
    field = registry[condition.field]
    seen = observation(field, row, language)
    if not wanted:
        rule = sentences.condition_sentence(condition, registry, language)
        return f"{seen}, a regra exclui: {rule}" if is_portuguese(language) else f"{seen}, the rule excludes: {rule}"
    if field.type == "flag":
        return f"{seen}, a regra pede o contrário" if is_portuguese(language) else f"{seen}, the rule asks the opposite"
    rule = phrases.asked(condition, field, language)
    return f"{seen}, a regra pede {rule}" if is_portuguese(language) else f"{seen}, the rule asks for {rule}"
