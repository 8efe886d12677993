"""Collecting what is wrong with the rows of a batch."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

SCHEMA = {"row_number": pl.Int64, "field": pl.String, "value": pl.String, "code": pl.String, "params": pl.String}
MAX_VALUE = 200


class Findings:
    """Refusals of cells: every field's first fault, so that a person sees all that is wrong with a row at once."""

    def __init__(self) -> None:
        self._frames: list[pl.DataFrame] = []

    def add(self, rows: pl.DataFrame, field: str, params: Mapping[str, Any] | None = None) -> None:
        """`rows`: row_number, value and code. The cell is the parameter `text` of the sentence; `params` are
        the others."""
        if rows.is_empty():
            return
        fixed = dict(params or {})
        values = [(value or "")[:MAX_VALUE] for value in rows["value"]]
        self._frames.append(
            pl.DataFrame(
                {
                    "row_number": rows["row_number"].cast(pl.Int64),
                    "field": pl.Series([field] * rows.height, dtype=pl.String),
                    "value": pl.Series(values, dtype=pl.String),
                    "code": rows["code"],
                    "params": pl.Series(
                        [json.dumps({"text": value[:60], **fixed}, ensure_ascii=False) for value in values],
                        dtype=pl.String,
                    ),
                }
            )
        )

    def frame(self) -> pl.DataFrame:
        """Everything found, in the order of the file."""
        if not self._frames:
            return pl.DataFrame(schema=SCHEMA)
        return pl.concat(self._frames).sort("row_number", maintain_order=True)
