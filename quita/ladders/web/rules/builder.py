"""The condition builder: a tree of typed texts that a plain form carries from request to request.

The names of the inputs are the places in the tree ("rule:0.1:field" is the field of the second child of the first), so
the whole draft travels with every button and nothing is kept on the server or in a script. Each button that changes the
shape is a submit button named "act"; htmx makes the same request in the background.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from quita.domain.conditions import trees
from quita.domain.conditions.operators import OPERATORS
from quita.domain.conditions.registry import Field, Registry
from quita.domain.refusals import Finding, Refused
from quita.ladders.web.rules import typed

Path = tuple[int, ...]
PARTS = ("kind", "field", "was", "op", "value", "to", "more")
# As many nodes as a rule may hold, and some to remove; more in a form is nobody's typing.
_MOST_NODES = 300


@dataclass
class Node:
    """A group (`kind` set) or a condition, as typed. `texts` are the value's inputs by part."""

    kind: str = ""
    children: list[Node] = dataclasses.field(default_factory=list)
    field: str = ""
    op: str = ""
    texts: dict[str, list[str]] = dataclasses.field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        """Whether it holds other nodes."""
        return bool(self.kind)


@dataclass
class Draft:
    """A rule being written. `focus` is the node that the last button was about."""

    root: Node
    focus: Path | None = None

    def at(self, path: Path) -> Node | None:
        """The node at a place, if there is one."""
        node = self.root
        for number in path:
            if not node.is_group or number >= len(node.children):
                return None
            node = node.children[number]
        return node

    def nodes(self) -> Iterator[tuple[Path, Node]]:
        """Every node with its place, in reading order."""
        yield from _walk((), self.root)


@dataclass(frozen=True)
class Read:
    """What a draft says: the tree when it is sound, else what is wrong and where ("0.1"; "" the whole)."""

    raw: dict[str, object]
    tree: trees.Group | None
    findings: tuple[Finding, ...]


def place(path: Path) -> str:
    """The place as findings write it."""
    return ".".join(map(str, path))


def of_condition(condition: Mapping[str, Any], fields: Registry, language: str) -> Draft:
    """A kept condition, ready to be edited. The empty one starts with a group that asks nothing yet."""
    if not condition:
        return Draft(Node(kind="all"))
    tree = trees.parse(condition, fields, language)
    return Draft(_node_of(tree, fields, language))


def of_form(data: QueryDict, prefix: str) -> Draft:
    """The draft in a form. Inputs that belong to no node are left out."""
    found: dict[Path, dict[str, list[str]]] = {}
    pattern = re.compile(rf"{re.escape(prefix)}:(\d+(?:\.\d+)*)?:({'|'.join(PARTS)})")
    for name, values in data.lists():
        match = pattern.fullmatch(name)
        if match and len(found) <= _MOST_NODES:
            path = tuple(int(number) for number in match[1].split(".")) if match[1] else ()
            found.setdefault(path, {})[match[2]] = [str(value) for value in values]
    root = _node_in((), found)
    return Draft(root if root.is_group else Node(kind="all", children=[root] if root.field else []))


def act(draft: Draft, command: str, fields: Registry) -> None:
    """Carries out a button: "add-condition/0", "add-group/", "remove/0.1", "copy/0.1", "up/0.1", "down/0.1"."""
    verb, _, where = command.partition("/")
    if not re.fullmatch(r"(\d+(\.\d+)*)?", where):
        return
    path: Path = tuple(int(number) for number in where.split(".")) if where else ()
    node = draft.at(path)
    if node is None:
        return
    if verb == "add-condition" and node.is_group:
        node.children.append(_first(fields))
        draft.focus = (*path, len(node.children) - 1)
    elif verb == "add-group" and node.is_group:
        node.children.append(Node(kind="any" if node.kind == "all" else "all", children=[_first(fields)]))
        draft.focus = (*path, len(node.children) - 1, 0)
    elif path:
        _change_child(draft, verb, path)


def settle(draft: Draft, data: QueryDict, prefix: str, fields: Registry) -> None:
    """Fits operators and values to fields that were changed: a new field starts with an operator and no value."""
    for path, node in draft.nodes():
        if node.is_group:
            continue
        asked = fields.get(node.field)
        if asked is None:
            continue
        before = data.get(f"{prefix}:{place(path)}:was", node.field)
        if before != node.field and fields.get(before) is not None and not _alike(asked, fields[before]):
            node.texts = {}
        if node.op not in {operator.key for operator in asked.operators}:
            node.op = _first_operator(asked)


def read(draft: Draft, fields: Registry, language: str) -> Read:
    """The tree that the draft says, or everything that is wrong with it."""
    own: list[Finding] = []
    raw = _raw(draft.root, (), fields, language, own)
    refused = {finding.field for finding in own}
    try:
        tree = trees.parse(raw, fields, language)
    except Refused as caught:
        more = [finding for finding in caught.findings if finding.field not in refused]
        return Read(raw, None, (*own, *more))
    return Read(raw, None if own else tree, tuple(own))


def _alike(one: Field, other: Field) -> bool:
    return one.type == other.type and one.choices is None and other.choices is None and one.type != "choice"


def _first_operator(asked: Field) -> str:
    preferred = {"int": "at_least", "money": "at_least", "date": "on_or_after", "text": "contains"}
    return preferred.get(asked.type, asked.operators[0].key)


def _first(fields: Registry) -> Node:
    first = next(iter(fields))
    return Node(field=first.key, op=_first_operator(first))


def _walk(path: Path, node: Node) -> Iterator[tuple[Path, Node]]:
    yield path, node
    for number, child in enumerate(node.children):
        yield from _walk((*path, number), child)


def _node_in(path: Path, found: Mapping[Path, dict[str, list[str]]]) -> Node:
    parts = found.get(path, {})
    kind = (parts.get("kind") or [""])[-1]
    if path and kind not in trees.KINDS:
        texts: dict[str, list[str]] = {name: parts[name] for name in ("value", "to", "more") if name in parts}
        return Node(field=(parts.get("field") or [""])[-1], op=(parts.get("op") or [""])[-1], texts=texts)
    below = sorted(one for one in found if len(one) == len(path) + 1 and one[: len(path)] == path)
    children = [_node_in(one, found) for one in below]
    return Node(kind=kind if kind in trees.KINDS else "all", children=children)


def _change_child(draft: Draft, verb: str, path: Path) -> None:
    parent, number = draft.at(path[:-1]), path[-1]
    assert parent is not None  # the node exists, so does its parent
    if verb == "remove":
        parent.children.pop(number)
        draft.focus = (*path[:-1], max(number - 1, 0)) if parent.children else path[:-1]
    elif verb == "copy":
        parent.children.insert(number + 1, _copy(parent.children[number]))
        draft.focus = (*path[:-1], number + 1)
    elif verb in ("up", "down"):
        draft.focus = _moved(draft, path, parent, up=verb == "up")


def _copy(node: Node) -> Node:
    return Node(node.kind, [_copy(child) for child in node.children], node.field, node.op, dict(node.texts))


def _moved(draft: Draft, path: Path, parent: Node, *, up: bool) -> Path:
    """One place on, as in an outline: into the group that stands there, or out of the own group at its end."""
    number = path[-1]
    beside = number - 1 if up else number + 1
    if not 0 <= beside < len(parent.children):
        if len(path) == 1:
            return path
        outer, own = draft.at(path[:-2]), path[-2]
        assert outer is not None  # every group but the root stands in another
        outer.children.insert(own if up else own + 1, parent.children.pop(number))
        return (*path[:-2], own if up else own + 1)
    node = parent.children.pop(number)
    target = parent.children[beside if up else number]
    if target.is_group and not node.is_group:
        index = len(target.children) if up else 0
        target.children.insert(index, node)
        return (*path[:-1], beside if up else number, index)
    parent.children.insert(beside, node)
    return (*path[:-1], beside)


def _node_of(node: trees.Node, fields: Registry, language: str) -> Node:
    if isinstance(node, trees.Group):
        return Node(kind=node.kind, children=[_node_of(child, fields, language) for child in node.children])
    return Node(field=node.field, op=node.op, texts=typed.texts_of(node, fields[node.field], language))


def _raw(node: Node, path: Path, fields: Registry, language: str, own: list[Finding]) -> dict[str, object]:
    if node.is_group:
        return {node.kind: [_raw(child, (*path, n), fields, language, own) for n, child in enumerate(node.children)]}
    said: dict[str, object] = {"field": node.field, "op": node.op}
    asked, operator = fields.get(node.field), OPERATORS.get(node.op)
    if asked is None or operator is None:
        return said
    value, refusal = typed.value_of(node.texts, asked, operator, language)
    if refusal is not None:
        own.append(Finding(refusal, place(path)))
    if value is not None:
        said["value"] = value
    return said
