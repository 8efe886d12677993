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


def text_frame(batch: Batch, headers: Sequence[str], spec: Spec) -> pl.DataFrame:
    """The mapped cells of a batch as columns of text, values mapped and constants filled in."""
    across: list[Sequence[str]] = list(zip(*batch.rows, strict=True)) if batch.rows else [() for _ in headers]
    place = {header: index for index, header in enumerate(headers)}
    known = fields.of(spec.target)
    columns = {"row_number": pl.Series(batch.numbers, dtype=pl.Int32)}
    for key, field in known.items():
        if key in spec.columns:
            column = pl.Series(across[place[spec.columns[key]]], dtype=pl.String)
        elif key in spec.constants:
            column = pl.Series([""], dtype=pl.String).new_from_index(0, len(batch.numbers))
        else:
            continue
        columns[key] = _prepared(column, field, spec)
    return pl.DataFrame(columns)


def _prepared(column: pl.Series, field: Field, spec: Spec) -> pl.Series:
    expression = cells.tidy(pl.col("cell"), field)
    if table := _values(spec.values.get(field.key, {})):
        expression = expression.replace(table)
    constant = spec.constants.get(field.key)
    if constant:
        expression = pl.when(expression == "").then(pl.lit(constant)).otherwise(expression)
    return pl.DataFrame({"cell": column}).select(expression.alias("cell"))["cell"]


def _values(table: Mapping[str, str]) -> dict[str, str]:
    return {found.strip(): ours for found, ours in table.items()}
