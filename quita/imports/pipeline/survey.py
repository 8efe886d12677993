"""The first look at a whole file, before anything is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from quita.imports import mappings, parsing, reasons
from quita.imports.mappings import Spec
from quita.imports.parsing.findings import Findings
from quita.imports.reading import Batch, Table

BATCH_ROWS = 50_000


@dataclass(frozen=True)
class Survey:
    """`row_count`: rows that hold anything; `repeated`: hashes of ids that occur more than once, and how often."""

    row_count: int
    repeated: pl.DataFrame


def survey(table: Table, spec: Spec, progress: Callable[[int], None] = lambda rows: None) -> Survey:
    """Reads the file to its end. Refusals of the file: column_missing, header_repeated, quotes_unbalanced, no_rows…"""
    mappings.check_headers(spec, table.headers)
    row_count = 0
    hashes: list[pl.Series] = []
    for batch in table.batches(BATCH_ROWS):
        row_count += batch.row_count
        hashes.append(_keys(batch, table.headers, spec)["key"])
        progress(row_count)
    if not row_count:
        raise reasons.file_refusal("no_rows")
    everything = pl.concat(hashes) if hashes else pl.Series("key", [], dtype=pl.UInt64)
    counted = everything.to_frame("key").filter(pl.col("key").is_not_null()).group_by("key").len("count")
    return Survey(row_count, counted.filter(pl.col("count") > 1))


def note_repeated(batch: Batch, headers: list[str], spec: Spec, found: Survey, findings: Findings) -> pl.DataFrame:
    """Notes every row whose id occurs more than once: which of them is right is for people to say."""
    if found.repeated.is_empty():
        return pl.DataFrame(schema={"row_number": pl.Int32})
    keys = _keys(batch, headers, spec)
    rows = keys.join(found.repeated, on="key", how="inner", maintain_order="left")
    for count, group in rows.group_by("count", maintain_order=True):
        findings.add(
            group.select("row_number", "value", code=pl.lit("duplicate_in_file")), "external_id", {"count": count[0]}
        )
    return rows.select("row_number")


def _keys(batch: Batch, headers: Sequence[str], spec: Spec) -> pl.DataFrame:
    """The row's identity as a hash: its id and, where rows name it, its company."""
    texts = parsing.text_frame(batch, headers, spec, only=("external_id", "company_tax_id"))
    company = (
        pl.col("company_tax_id").str.replace_all("[^0-9A-Za-z]", "")
        if "company_tax_id" in texts.columns
        else pl.lit("")
    )
    key = pl.concat_str([company, pl.lit("\x1f"), pl.col("external_id")]).hash()
    return texts.select("row_number", value="external_id", key=pl.when(pl.col("external_id") != "").then(key))
