"""The builder as its template draws it: every node with its inputs, choices, errors and buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quita.domain.conditions import trees
from quita.domain.conditions.operators import OPERATORS
from quita.domain.conditions.registry import Field, Registry
from quita.domain.refusals import Finding
from quita.ladders.web.rules import typed
from quita.ladders.web.rules.builder import Draft, Node, Path, Read, place
from quita.platform.ui import answers

KINDS: dict[str, Promise] = {
    "all": _("all of these hold"),
    "any": _("at least one of these holds"),
    "none": _("none of these holds"),
}
JOINTS: dict[str, Promise] = {"all": _("and"), "any": _("or"), "none": _("nor")}
SCOPES: dict[str, Promise] = {
    "title": _("Title"),
    "debtor": _("Debtor"),
    "contract": _("Contract"),
    "company": _("Company"),
    "case": _("Case"),
}
UNITS: dict[str, Promise] = {"days": _("days"), "business_days": _("business days"), "titles": _("titles")}

_UNFINISHED = frozenset({"condition_value_missing", "condition_empty_group", "condition_blank_text"})


@dataclass(frozen=True)
class Option:
    """One entry of a list."""

    value: str
    label: str | Promise
    chosen: bool


@dataclass(frozen=True)
class NodeView:
    """A node with all its template needs. `widget` names the input: number, money, date, text, flag, list, line."""

    path: str
    name: str
    ident: str
    depth: int
    is_group: bool
    focused: bool
    errors: tuple[str, ...] = ()
    joint: str | Promise = ""
    kinds: tuple[Option, ...] = ()
    kind: str = ""
    children: tuple[NodeView, ...] = ()
    field: str = ""
    field_groups: tuple[tuple[str | Promise, tuple[Option, ...]], ...] = ()
    operators: tuple[Option, ...] = ()
    widget: str = ""
    is_pair: bool = False
    value: str = ""
    to: str = ""
    more: str = ""
    options: tuple[Option, ...] = ()
    chosen_text: str = ""
    unit: str | Promise = ""
    takes_more: bool = False
    can_up: bool = True
    can_down: bool = True
    may_nest: bool = True


@dataclass(frozen=True)
class Builder:
    """What the page shows of a draft: the root, and the faults that no node shows."""

    prefix: str
    root: NodeView
    is_empty: bool

    @property
    def nodes(self) -> list[NodeView]:
        """Every node, for answers that change only what stands beside them."""
        return _flat(self.root)


def shown(
    draft: Draft, read: Read, *, prefix: str, fields: Registry, suggestions: Mapping[str, Sequence[str]], language: str,
    is_final: bool = True,
) -> Builder:  # fmt: skip
    """The draft as the template draws it. Until it is final, what merely is not typed yet is no fault."""
    drawing = _Drawing(draft, faults(read, is_final=is_final), prefix, fields, suggestions, language)
    root = drawing.node((), draft.root)
    return Builder(prefix, root, not draft.root.children)


def _flat(node: NodeView) -> list[NodeView]:
    return [node, *(inner for child in node.children for inner in _flat(child))]


def faults(read: Read, *, is_final: bool) -> list[Finding]:
    """What is wrong; while somebody is still writing, without what is merely missing."""
    return [one for one in read.findings if is_final or one.refusal.code not in _UNFINISHED]


class _Drawing:
    def __init__(
        self,
        draft: Draft,
        findings: list[Finding],
        prefix: str,
        fields: Registry,
        suggestions: Mapping[str, Sequence[str]],
        language: str,
    ) -> None:
        self.draft = draft
        self.prefix = prefix
        self.fields = fields
        self.suggestions = suggestions
        self.language = language
        self.errors: dict[str, list[str]] = {}
        for finding in findings:
            self.errors.setdefault(finding.field or "", []).append(answers.sentence(finding.refusal))

    def node(self, path: Path, node: Node) -> NodeView:
        return self._group(path, node) if node.is_group else self._condition(path, node)

    def _base(self, path: Path) -> dict[str, object]:
        where = place(path)
        parent = self.draft.at(path[:-1]) if path else None
        joint = JOINTS[parent.kind] if parent is not None and path[-1] > 0 else ""
        return {
            "path": where,
            "name": f"{self.prefix}:{where}",
            "ident": f"{self.prefix}-{where.replace('.', '-') or 'root'}",
            "depth": len(path),
            "focused": self.draft.focus == path,
            "errors": tuple(self.errors.get(where, ())),
            "joint": joint,
            "can_up": bool(path) and (path[-1] > 0 or len(path) > 1),
            "can_down": bool(path) and parent is not None and (path[-1] < len(parent.children) - 1 or len(path) > 1),
        }

    def _group(self, path: Path, node: Node) -> NodeView:
        return NodeView(
            **self._base(path),  # type: ignore[arg-type]  # by name
            is_group=True,
            kind=node.kind,
            kinds=tuple(Option(kind, label, kind == node.kind) for kind, label in KINDS.items()),
            children=tuple(self.node((*path, number), child) for number, child in enumerate(node.children)),
            may_nest=len(path) + 1 < trees.MAX_DEPTH,
        )

    def _condition(self, path: Path, node: Node) -> NodeView:
        asked = self.fields.get(node.field)
        operator = OPERATORS.get(node.op)
        shape = operator.shape if operator else "nothing"
        inputs = self._inputs(node, asked, shape) if asked else {}
        return NodeView(
            **self._base(path),  # type: ignore[arg-type]  # by name
            is_group=False,
            field=node.field,
            field_groups=self._fields(node.field),
            operators=tuple(
                Option(one.key, one.label(self.language), one.key == node.op)
                for one in (asked.operators if asked and asked.type != "flag" else ())
            ),
            is_pair=shape == "pair",
            **inputs,  # type: ignore[arg-type]  # by name
        )

    def _inputs(self, node: Node, asked: Field, shape: str) -> dict[str, object]:
        if shape == "nothing":
            return {"widget": "nothing"}
        values = node.texts.get("value", [])
        plain: dict[str, object] = {
            "value": values[-1] if values else "",
            "to": (node.texts.get("to") or [""])[-1],
            "unit": UNITS.get(asked.unit or "", ""),
        }
        if shape == "days":
            return plain | {"widget": "number", "unit": UNITS["days"]}
        if asked.type == "flag":
            return plain | {"widget": "flag", "options": self._flags(asked, str(plain["value"]) or "true")}
        if shape == "many":
            return self._list(node, asked)
        return plain | {"widget": {"int": "number", "money": "money", "date": "date"}.get(asked.type, "text")}

    def _flags(self, asked: Field, value: str) -> tuple[Option, ...]:
        affirmed, denied = asked.label(self.language), asked.denial(self.language)
        return (Option("true", affirmed, value != "false"), Option("false", denied, value == "false"))

    def _list(self, node: Node, asked: Field) -> dict[str, object]:
        values = typed.listed(node.texts)
        if asked.type == "text":
            return {"widget": "line", "more": "; ".join(values)}
        if asked.choices is not None:
            labels = {str(choice.value): choice.label(self.language) for choice in asked.choices}
            return self._choices(labels, values, takes_more=False)
        known = {value: value for value in self.suggestions.get(asked.key, ())}
        return self._choices(known, values, takes_more=True)

    def _choices(self, labels: dict[str, str], values: list[str], *, takes_more: bool) -> dict[str, object]:
        strange = [value for value in values if value not in labels]
        options = [Option(value, label, value in values) for value, label in labels.items()]
        if not takes_more:
            options += [Option(value, value, True) for value in strange]
        chosen = [str(option.label) for option in options if option.chosen] + (strange if takes_more else [])
        return {
            "widget": "list",
            "options": tuple(options),
            "more": "; ".join(strange) if takes_more else "",
            "takes_more": takes_more,
            "chosen_text": ", ".join(chosen),
        }

    def _fields(self, chosen: str) -> tuple[tuple[str | Promise, tuple[Option, ...]], ...]:
        return tuple(
            (label, options)
            for scope, label in SCOPES.items()
            if (
                options := tuple(
                    Option(one.key, one.label(self.language), one.key == chosen)
                    for one in self.fields
                    if one.scope == scope
                )
            )
        )
