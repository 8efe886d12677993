"""One batch into the database: titles with what was paid on them, or payments."""

from dataclasses import dataclass, field

import polars as pl
from django.db import transaction

from quita.imports.mappings import Spec
from quita.platform.actors import Actor, When
from quita.receivables import bulk

# Our field → the column of the bulk loader, where they differ.
RENAMED = {
    "amount": "original_cents",
    "rebate": "rebate_cents",
    **{f"discount{n}": f"discount{n}_cents" for n in "123"},
}
TEXTS = (
    "number", "document_type", "origin", "billing_method", "debtor_name", "debtor_kind", "debtor_type",
    "debtor_segment",
    "emails", "phones", "address_line", "district", "city", "uf", "ibge_code", "postal_code", "contract_kind",
    "contract_number", "contract_plan", "contract_unit", "contract_city",
)  # fmt: skip
DROPPED = ("company_tax_id", "branch_code", "policy", "paid_on", "paid_amount")


@dataclass(frozen=True)
class Written:
    """Counts by what happened to rows, and rows refused by what the database knows (row_number, field, code,
    params)."""

    counts: dict[str, int] = field(default_factory=dict)
    refused: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(
            schema={"row_number": pl.Int64, "field": pl.String, "code": pl.String, "params": pl.String}
        )
    )


class _PaymentRefused(Exception):
    """A title's own payment cannot be recorded, so the title must not go in either."""

    def __init__(self, rows: pl.DataFrame) -> None:
        super().__init__("payment refused")
        self.rows = rows


def write(frame: pl.DataFrame, spec: Spec, *, by: Actor, when: When) -> Written:
    """Writes the good rows of a batch in the caller's transaction."""
    if frame.is_empty():
        return Written()
    if spec.target == "payments":
        outcome = bulk.load_payments(_payments(frame, spec), by=by, when=when)
        return Written(_counts(outcome), outcome.refused)
    try:
        with transaction.atomic():
            return _titles(frame, spec, by, when)
    except _PaymentRefused as refusal:
        # All or nothing per row: once more without those rows.
        rest = frame.join(refusal.rows.select("row_number"), on="row_number", how="anti", maintain_order="left")
        written = write(rest, spec, by=by, when=when)
        return Written(written.counts, pl.concat([refusal.rows, written.refused]).sort("row_number"))


def _titles(frame: pl.DataFrame, spec: Spec, by: Actor, when: When) -> Written:
    outcome = bulk.load_titles(_title_columns(frame, spec), by=by, when=when)
    counts = _counts(outcome)
    paid = frame.filter(pl.col("paid_on").is_not_null()).join(
        outcome.refused.select("row_number"), on="row_number", how="anti", maintain_order="left"
    )
    if not paid.is_empty():
        payments = bulk.load_payments(_own_payments(paid, spec), by=by, when=when)
        if not payments.refused.is_empty():
            raise _PaymentRefused(payments.refused)
        counts["payments_created"] = payments.created
    return Written(counts, outcome.refused)


def _counts(outcome: bulk.Outcome) -> dict[str, int]:
    return {"created": outcome.created, "changed": outcome.changed, "unchanged": outcome.unchanged, **outcome.others}


def _title_columns(frame: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    blank = pl.col("number").fill_null("") == ""
    return (
        frame.with_columns(pl.when(blank).then("external_id").otherwise("number").str.slice(0, 60).alias("number"))
        .with_columns([pl.col(name).fill_null("") for name in TEXTS])
        .with_columns(
            source=pl.lit(spec.source),
            origin=pl.when(pl.col("origin") == "").then(pl.lit("other")).otherwise("origin"),
            rebate=pl.col("rebate").fill_null(0),
            debtor_ref=_null_if_blank("debtor_ref"),
            **{f"discount{n}": pl.when(pl.col(f"discount{n}") > 0).then(f"discount{n}") for n in "123"},
        )
        .drop(DROPPED)
        .rename(RENAMED)
    )


def _own_payments(frame: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """The payments that title rows bring along: one per title, of the whole amount unless the row says otherwise."""
    amount = pl.when(pl.col("paid_amount").fill_null(0) > 0).then("paid_amount").otherwise("amount")
    return frame.select(
        "row_number", "company_id", "external_id", "paid_on",
        source=pl.lit(spec.source), title_source=pl.lit(spec.source), title_external_id="external_id",
        amount_cents=amount,
    )  # fmt: skip


def _payments(frame: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    return frame.select(
        "row_number", "company_id", "external_id", "paid_on", "debtor_tax_id",
        source=pl.lit(spec.source), title_source=pl.lit(spec.titles_from),
        title_external_id=_null_if_blank("title_external_id"), title_number=_null_if_blank("title_number"),
        debtor_ref=_null_if_blank("debtor_ref"), method=pl.col("method").fill_null(""), amount_cents="amount",
    )  # fmt: skip


def _null_if_blank(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(column)
