"""The same rule chooses the same rows in a frame and in the database, whatever is missing in them."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quita.domain.conditions import polars_compiler, sql_compiler, trees
from quita.domain.conditions.tests import generated
from quita.domain.conditions.tests.conftest import TODAY

_SQL_TYPES = {"int": "integer", "money": "bigint", "id": "bigint", "date": "date", "flag": "boolean"}
_COMPUTED = {
    "due_day__next_business_on": "date",
    "due_day__business_seq": "integer",
    "today_day__business_seq": "integer",
    "cs__id": "bigint",
    "cs__closed_on": "date",
}


def _columns() -> dict[str, str]:
    plain = {
        field.sql.replace(".", "__"): _SQL_TYPES.get(field.type, "varchar")
        for field in generated.REGISTRY
        if field.is_plain_column
    }
    return {"row_no": "integer", **plain, **_COMPUTED}


def _tables() -> str:
    """The aliases a rule's SQL reads, cut out of one wide record per row."""
    by_alias: dict[str, list[str]] = {"d": ["quita_search_key(w.d__name) as name_key"]}
    for name in _columns():
        alias, _, column = name.partition("__")
        if column:
            by_alias.setdefault(alias, []).append(f"w.{name} as {column}")
    return "".join(f" cross join lateral (select {', '.join(cut)}) {alias}" for alias, cut in by_alias.items())


def in_sql(database: psycopg.Connection, tree: trees.Node, rows: list[dict[str, Any]]) -> list[bool | None]:
    condition, parameters = sql_compiler.to_sql(tree, generated.REGISTRY, TODAY)
    record = ", ".join(f"{name} {kind}" for name, kind in _columns().items())
    numbered = [{"row_no": number, **row} for number, row in enumerate(rows)]
    found = database.execute(
        f"select {condition} from jsonb_to_recordset(%(rows)s::jsonb) as w({record}){_tables()} order by w.row_no",
        {**parameters, "rows": json.dumps(numbered, default=str)},
    )
    return [verdict for (verdict,) in found]


def in_polars(tree: trees.Node, rows: list[dict[str, Any]]) -> list[bool | None]:
    schema = {field.column: polars_compiler.DTYPES[field.type] for field in generated.REGISTRY}
    frame = pl.DataFrame([generated.frame_row(row) for row in rows], schema=schema)
    return frame.select(verdict=polars_compiler.to_polars(tree, generated.REGISTRY, TODAY))["verdict"].to_list()


def _all_agree(database: psycopg.Connection, raw: dict[str, Any], seed: int) -> None:
    rows = generated.facts(raw, seed)
    tree = trees.parse(raw, generated.REGISTRY)
    plainly = [generated.holds(raw, generated.frame_row(row)) for row in rows]
    assert in_polars(tree, rows) == plainly
    assert in_sql(database, tree, rows) == plainly


@pytest.mark.db
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=generated.trees(), seed=st.integers(0, 2**32))
def test_frame_database_and_plain_reading_agree(database: psycopg.Connection, raw: dict[str, Any], seed: int) -> None:
    _all_agree(database, raw, seed)


@pytest.mark.db
@pytest.mark.parametrize(
    ("field", "operator"), [(field.key, operator.key) for field in generated.REGISTRY for operator in field.operators]
)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_every_operator_of_every_field_agrees(
    database: psycopg.Connection, field: str, operator: str, data: st.DataObject
) -> None:
    """One condition at a time, so that a large group cannot hide what one of its conditions answers."""
    raw = data.draw(generated.conditions(field, operator))
    _all_agree(database, raw, data.draw(st.integers(0, 2**32)))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=generated.trees())
def test_a_rule_survives_being_written_and_read(raw: dict[str, Any]) -> None:
    tree = trees.parse(raw, generated.REGISTRY)
    written = trees.canonical(tree)
    assert trees.parse(json.loads(written), generated.REGISTRY) == tree
    assert trees.canonical(trees.parse(json.loads(written), generated.REGISTRY)) == written


@pytest.mark.db
@pytest.mark.parametrize(
    ("op", "asked", "city", "held"),
    [
        ("contains", "a_b", "casa_bela", True),
        ("contains", "a_b", "caxb", False),
        ("starts_with", "100%", "100% Fibra", True),
        ("starts_with", "100%", "1000 Fibra", False),
        ("contains", "c\\d", "abc\\de", True),
        ("contains", "c\\d", "abcde", False),
        ("contains", "％", "100%", False),  # the full-width sign is outside the promised alphabet: never a wildcard
    ],
)
def test_signs_that_like_would_interpret_are_plain(
    database: psycopg.Connection, op: str, asked: str, city: str, held: bool
) -> None:
    raw = {"field": "debtor.city", "op": op, "value": asked}
    tree = trees.parse(raw, generated.REGISTRY)
    row = generated.facts(raw, seed=1, count=1)[0] | {"d__city": city}
    assert (in_polars(tree, [row]), in_sql(database, tree, [row])) == ([held], [held])


@pytest.mark.db
def test_a_comparison_on_a_plain_column_is_served_by_its_index(database: psycopg.Connection) -> None:
    """Two-valued logic must not cost the worklist its indexes, as wrapping a column in coalesce would."""
    database.execute("create temporary table r as select n as company_id, n as id from generate_series(1, 2000) n")
    database.execute("create index on r (company_id)")
    database.execute("analyze r")
    tree = trees.parse({"field": "company.id", "op": "in", "value": [7, 9]}, generated.REGISTRY)
    condition, parameters = sql_compiler.to_sql(tree, generated.REGISTRY, TODAY)
    plan = database.execute(f"explain select id from r where {condition}", parameters).fetchall()
    assert any("Index Cond: " in line for (line,) in plan), plan
