"""A condition tree as a sentence that a manager reads: "dias de atraso entre 1 e 10 e (cidade é Recife ou …)".

Conditions of an `all` group are joined by "e", those of an `any` group by "ou"; what a `none` group shuts out comes
last, as ", exceto quando (…)". Inside one pair of brackets stands only one kind of joint, so a sentence has one
reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quita.domain.conditions import phrases
from quita.domain.conditions.registry import Registry, is_portuguese
from quita.domain.conditions.trees import Condition, Group, Node


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `kind` lets a page set field names, values and joints apart."""

    kind: Literal["field", "words", "joint", "bracket"]
    text: str


@dataclass(frozen=True, slots=True)
class _Words:
    and_: str
    or_: str
    everything: str
    no_condition: str
    except_when: str
    or_when: str


_PT = _Words(" e ", " ou ", "todos", "sem condição: vale para todos", ", exceto quando ", " ou quando ")
_EN = _Words(" and ", " or ", "everything", "no condition: everything matches", ", except when ", " or when ")


def sentence(tree: Node, registry: Registry, language: str) -> str:
    """The whole rule as one sentence, without a capital or a full stop."""
    return "".join(piece.text for piece in pieces(tree, registry, language))


def pieces(tree: Node, registry: Registry, language: str) -> list[Piece]:
    """The sentence cut where a page may want to set it differently; the texts joined are `sentence`."""
    saying = _Saying(registry, language)
    if isinstance(tree, Group) and tree.kind == "all" and not tree.children:
        return [Piece("words", saying.words.no_condition)]
    return saying.node(tree, inside=False)


def condition_sentence(condition: Condition, registry: Registry, language: str) -> str:
    """One condition: "cidade é Recife"."""
    return "".join(piece.text for piece in _Saying(registry, language).condition(condition))


class _Saying:
    def __init__(self, registry: Registry, language: str) -> None:
        self.registry = registry
        self.language = language
        self.words = _PT if is_portuguese(language) else _EN

    def node(self, node: Node, inside: bool) -> list[Piece]:
        """The pieces of a node; `inside` puts brackets round what would not read as one thing among others."""
        if isinstance(node, Condition):
            return self.condition(node)
        if len(node.children) == 1 and node.kind != "none":
            return self.node(node.children[0], inside)
        if not node.children:
            return [Piece("words", self.words.everything)]
        said = self._any(node) if node.kind == "any" else self._all(node)
        return self._bracketed(said) if inside else said

    def condition(self, condition: Condition) -> list[Piece]:
        field = self.registry[condition.field]
        if field.type == "flag":
            affirmed = condition.value is (condition.op == "is")
            return [Piece("field", field.label(self.language) if affirmed else field.denial(self.language))]
        phrase = phrases.said(condition, field, self.language)
        return [Piece("field", field.label(self.language)), Piece("words", f" {phrase}")]

    def _any(self, group: Group) -> list[Piece]:
        parts = [self.node(child, inside=True) for child in group.children]
        if len(parts) > 1:  # "(cidade é A ou B) ou plano é C"
            parts = [
                self._bracketed(part) if isinstance(child, Condition) and phrases.offers_choice(child) else part
                for child, part in zip(group.children, parts, strict=True)
            ]
        return self._joined(parts, self.words.or_)

    def _all(self, group: Group) -> list[Piece]:
        """Conditions first, exceptions last; a `none` group by itself is everything but its exceptions."""
        wanted = [child for child in group.children if not _is_exception(child)] if group.kind == "all" else []
        exceptions = [child for child in group.children if _is_exception(child)] if group.kind == "all" else [group]
        said = self._joined([self.node(child, inside=True) for child in wanted], self.words.and_)
        said = said or [Piece("words", self.words.everything)]
        for number, exception in enumerate(exceptions):
            assert isinstance(exception, Group)
            said.append(Piece("joint", self.words.or_when if number else self.words.except_when))
            said.extend(self._bracketed(self._any(exception)))
        return said

    def _joined(self, parts: list[list[Piece]], joint: str) -> list[Piece]:
        said: list[Piece] = []
        for part in parts:
            if said:
                said.append(Piece("joint", joint))
            said.extend(part)
        return said

    def _bracketed(self, said: list[Piece]) -> list[Piece]:
        return [Piece("bracket", "("), *said, Piece("bracket", ")")]


def _is_exception(node: Node) -> bool:
    return isinstance(node, Group) and node.kind == "none"
