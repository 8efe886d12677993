"""Cells of text into typed columns, a whole batch at a time; what cannot be read becomes a refusal of its row.

`parse` looks at each cell by itself and then at cells that contradict each other. What the database knows is checked
later. A row with any refusal is left out of `frame`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from quita.imports import fields
from quita.imports.fields import Field
from quita.imports.mappings import Spec
from quita.imports.parsing import cells, rules
from quita.imports.parsing.findings import Findings
from quita.imports.reading import Batch


@dataclass(frozen=True)
class Parsed:
    """`frame`: the good rows, one typed column per field of the target; `findings`: why the others are not there."""

    frame: pl.DataFrame
    findings: pl.DataFrame
    contacts_left_out: int


def parse(batch: Batch, headers: Sequence[str], spec: Spec, today: dt.date) -> Parsed:
    """The batch's rows as typed columns."""
    texts = text_frame(batch, headers, spec)
    findings = Findings()
    typed = {"row_number": texts["row_number"]}
    left_out = 0
    for field in fields.of(spec.target).values():
        column = cells.read(texts, field, spec, findings)
        typed.update(column.columns)
        left_out += column.left_out
    frame = pl.DataFrame(typed)
    rules.check(frame, spec, today, findings)
    refused = findings.frame()
    good = frame.join(refused.select("row_number").unique(), on="row_number", how="anti", maintain_order="left")
    return Parsed(good, refused, left_out)


def text_frame(batch: Batch, headers: Sequence[str], spec: Spec, only: Sequence[str] | None = None) -> pl.DataFrame:
    """The mapped cells of a batch as columns of text, values mapped and constants filled in; `only` some fields."""
    place = {header: str(index) for index, header in enumerate(headers)}
    columns: list[pl.Expr] = []
    for key, field in fields.of(spec.target).items():
        if only is not None and key not in only:
            continue
        if key in spec.columns:
            columns.append(_prepared(pl.col(place[spec.columns[key]]), field, spec).alias(key))
        elif key in spec.constants:
            columns.append(pl.lit(spec.constants[key]).alias(key))
    return batch.cells.select(pl.lit(batch.numbers).alias("row_number"), *columns)


def _prepared(cell: pl.Expr, field: Field, spec: Spec) -> pl.Expr:
    prepared = cells.tidy(cell, field)
    if table := _values(spec.values.get(field.key, {})):
        prepared = prepared.replace(table)
    constant = spec.constants.get(field.key)
    return pl.when(prepared == "").then(pl.lit(constant)).otherwise(prepared) if constant else prepared


def _values(table: Mapping[str, str]) -> dict[str, str]:
    return {found.strip(): ours for found, ours in table.items()}
