"""Cells of one row that contradict each other, or leave open what must be known."""

import datetime as dt

import polars as pl

from quita.imports.mappings import Spec
from quita.imports.parsing.findings import Findings
from quita.parties import places


def check(frame: pl.DataFrame, spec: Spec, today: dt.date, findings: Findings) -> None:
    """Notes the contradictions; cells that were refused by themselves are empty here or already noted."""
    rules = _payment_rules(today) if spec.target == "payments" else _title_rules(today)
    marks = frame.select("row_number", *[rule.alias(str(n)) for n, (_, _, rule) in enumerate(rules)])
    for n, (field, code, _) in enumerate(rules):
        hits = marks.filter(pl.col(str(n)).fill_null(False)).select("row_number")
        if hits.is_empty():
            continue
        value = pl.col(field).cast(pl.String).fill_null("") if field else pl.lit("")
        rows = frame.join(hits, on="row_number", how="semi", maintain_order="left")
        findings.add(rows.select("row_number", value=value, code=pl.lit(code)), field)


Rule = tuple[str, str, pl.Expr]


def _payment_rules(today: dt.date) -> list[Rule]:
    nobody = pl.all_horizontal(
        [_empty(c) for c in ("title_external_id", "title_number", "debtor_tax_id", "debtor_ref")]
    )
    return [
        ("", "payer_unknown", nobody),
        ("paid_on", "paid_in_future", pl.col("paid_on") > today),
    ]


def _title_rules(today: dt.date) -> list[Rule]:
    discounts = [pl.col(f"discount{n}").fill_null(0) for n in "123"]
    reductions = pl.col("rebate").fill_null(0) + pl.max_horizontal(discounts)
    incomplete = [
        (
            f"discount{n}",
            "discount_incomplete",
            (pl.col(f"discount{n}").fill_null(0) > 0) & pl.col(f"discount{n}_until_on").is_null(),
        )
        for n in "123"
    ]
    placed = pl.any_horizontal([~_empty(c) for c in ("address_line", "ibge_code", "postal_code")])
    states = dict(places.IBGE_STATE)
    prefix = pl.col("uf").replace_strict(states, default=None, return_dtype=pl.String)
    return [
        ("debtor_ref", "debtor_identity_missing", _empty("debtor_tax_id") & _empty("debtor_ref")),
        ("due_on", "due_before_issue", pl.col("due_on") < pl.col("issue_on")),
        ("rebate", "reductions_exceed_amount", reductions > pl.col("amount")),
        ("paid_amount", "paid_incomplete", (pl.col("paid_amount").fill_null(0) > 0) & pl.col("paid_on").is_null()),
        ("paid_on", "paid_in_future", pl.col("paid_on") > today),
        ("city", "address_city_missing", placed & _empty("city")),
        (
            "ibge_code",
            "municipality_outside_state",
            ~_empty("ibge_code") & (pl.col("ibge_code").str.slice(0, 2) != prefix),
        ),
        *incomplete,
    ]


def _empty(column: str) -> pl.Expr:
    return pl.col(column).fill_null("") == ""
