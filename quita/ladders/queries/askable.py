"""What a portfolio's condition may ask, with the companies, branches and phases of this installation as choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from quita.cases import queries as cases
from quita.domain.conditions import registry, trees
from quita.domain.conditions.registry import Choice, Registry
from quita.domain.ladder.portfolios import ASKABLE
from quita.parties import queries as parties
from quita.platform.access.scopes import Scope

# Rows looked at, from either end of a table, to suggest values: enough to meet what is in use, and quick at any size.
_LOOKED_AT = 20_000
_MOST_SUGGESTED = 60

# Field → where its values stand. Any other value may be typed as well: the next import may bring it.
_SUGGESTED = {
    "title.document_type": ("receivables_receivable", "document_type"),
    "title.billing_method": ("receivables_receivable", "billing_method"),
    "title.origin": ("receivables_receivable", "origin"),
    "debtor.type": ("parties_debtor", "debtor_type"),
    "debtor.segment": ("parties_debtor", "segment"),
    "company.segment": ("parties_company", "segment"),
}


def askable(*, scope: Scope, condition: Mapping[str, Any] | None = None) -> Registry:
    """The fields, with their choices inside the scope. Three statements.

    What `condition` names already stays a choice, even outside the reader's scope, so that saving a rule again does
    not change it.
    """
    companies = parties.companies(scope=scope)
    branches = parties.branches(scope=scope)
    several = len(companies) > 1
    offered = {
        "company.id": [_named(company.pk, str(company)) for company in companies],
        "branch.id": [
            _named(branch.pk, f"{branch.company} · {branch.name}" if several else branch.name) for branch in branches
        ],
        "case.phase": [_named(phase.pk, phase.name) for phase in cases.phases()],
    }
    for field, value in _named_in(condition or {}):
        if field in offered and isinstance(value, int) and all(choice.value != value for choice in offered[field]):
            hidden = Choice(value, f"no. {value} (outside your access)", f"nº {value} (fora do seu acesso)")
            offered[field].append(hidden)
    return ASKABLE.with_choices(offered)


def suggestions() -> dict[str, list[str]]:
    """Field → values in use, for fields whose values are not a closed list. One statement, quick at any size."""
    parts = [
        f"""select '{field}' as field, value from (
            select {column} as value from (select {column} from {table} order by id limit {_LOOKED_AT}) oldest
            union select {column} from (select {column} from {table} order by id desc limit {_LOOKED_AT}) newest
        ) both_ends where value <> ''"""
        for field, (table, column) in _SUGGESTED.items()
    ]
    found: dict[str, list[str]] = {field: [] for field in _SUGGESTED}
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts) + " order by field, value")
        for field, value in cursor.fetchall():
            if len(found[field]) < _MOST_SUGGESTED:
                found[field].append(value)
    return found


def tree_of(condition: Mapping[str, Any], fields: registry.Registry, language: str = "pt-BR") -> trees.Group:
    """The tree of a kept condition; the empty one of a default portfolio means everything."""
    return trees.parse(condition, fields, language) if condition else trees.EVERYTHING


def _named(value: int, name: str) -> Choice:
    return Choice(value, name, name)


def _named_in(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(field, value) of every condition of a raw tree, lists taken apart."""
    for children in (raw.get(kind) for kind in trees.KINDS):
        for child in children or ():
            if isinstance(child, Mapping):
                yield from _named_in(child)
    if "field" in raw:
        value = raw.get("value")
        values: Sequence[Any] = value if isinstance(value, list) else [value]
        for one in values:
            yield str(raw["field"]), one
