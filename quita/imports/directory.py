"""Companies, branches and charge policies that rows name: looked up once per batch, not row by row."""

from dataclasses import dataclass

import polars as pl
from django.db import connection

from quita.domain import documents
from quita.imports.mappings import Spec
from quita.imports.parsing.findings import Findings
from quita.platform.access.scopes import Scope

_COMPANIES = "select id, tax_id from parties_company where is_active and (%(all)s or id = any(%(ids)s))"
_BRANCHES = "select id, company_id, code from parties_branch where is_active"
_POLICIES = "select id, lower(name) from receivables_chargepolicy where is_active"


@dataclass(frozen=True)
class Directory:
    """What rows may name, within the scope of the person who brought the file."""

    companies: pl.DataFrame
    branches: pl.DataFrame
    policies: pl.DataFrame


def read(scope: Scope) -> Directory:
    """The three small tables, in three statements."""
    ids = sorted(scope.company_ids or ())
    return Directory(
        companies=_rows(
            _COMPANIES, {"company_id": pl.Int64, "company_tax_id": pl.String}, scope.company_ids is None, ids
        ),
        branches=_rows(_BRANCHES, {"branch_id": pl.Int64, "company_id": pl.Int64, "branch_code": pl.String}),
        policies=_rows(_POLICIES, {"policy_id": pl.Int64, "policy_key": pl.String}),
    )


def _rows(
    statement: str, schema: dict[str, type[pl.DataType]], everything: bool = True, ids: list[int] | None = None
) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"all": everything, "ids": ids or []})
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def resolve(
    frame: pl.DataFrame, spec: Spec, company_id: int | None, known: Directory, findings: Findings
) -> pl.DataFrame:
    """The frame with company_id and, for titles, branch_id and policy_id; unknown names are noted.

    A row's own company wins over the file's. Without a branch code the company's only branch is meant.
    """
    placed = _companies(frame, company_id, known, findings)
    if spec.target == "payments":
        return placed
    placed = _branches(placed, known, findings)
    return _policies(placed, known, findings)


def _companies(frame: pl.DataFrame, company_id: int | None, known: Directory, findings: Findings) -> pl.DataFrame:
    chosen = company_id if company_id in known.companies["company_id"].to_list() else None
    placed = frame.join(known.companies, on="company_tax_id", how="left", maintain_order="left").with_columns(
        company_id=pl.when(pl.col("company_tax_id").is_null())
        .then(pl.lit(chosen, dtype=pl.Int64))
        .otherwise("company_id")
    )
    _note(placed, pl.col("company_id").is_null(), "company_tax_id", "company_unknown", findings)
    return placed


def _branches(frame: pl.DataFrame, known: Directory, findings: Findings) -> pl.DataFrame:
    only = known.branches.group_by("company_id").agg(
        only_branch=pl.when(pl.len() == 1).then(pl.col("branch_id").first())
    )
    code = pl.col("branch_code").fill_null("")
    placed = (
        frame.with_columns(branch_code=code)
        .join(known.branches, on=["company_id", "branch_code"], how="left", maintain_order="left")
        .join(only, on="company_id", how="left", maintain_order="left")
        .with_columns(branch_id=pl.when(pl.col("branch_code") == "").then("only_branch").otherwise("branch_id"))
        .drop("only_branch")
    )
    missing = pl.col("branch_id").is_null() & pl.col("company_id").is_not_null()
    _note(placed, missing & (pl.col("branch_code") != ""), "branch_code", "branch_unknown", findings)
    _note(placed, missing & (pl.col("branch_code") == ""), "branch_code", "branch_missing", findings)
    return placed


def _policies(frame: pl.DataFrame, known: Directory, findings: Findings) -> pl.DataFrame:
    placed = frame.with_columns(policy_key=pl.col("policy").fill_null("").str.to_lowercase()).join(
        known.policies, on="policy_key", how="left", maintain_order="left"
    )
    _note(placed, pl.col("policy_id").is_null() & (pl.col("policy_key") != ""), "policy", "policy_unknown", findings)
    return placed.drop("policy_key")


def _note(frame: pl.DataFrame, wrong: pl.Expr, field: str, code: str, findings: Findings) -> None:
    rows = frame.filter(wrong).select(
        "row_number", value=pl.col(field).fill_null("").map_elements(documents.format_document, return_dtype=pl.String)
        if field == "company_tax_id" else pl.col(field).fill_null(""), code=pl.lit(code),
    )  # fmt: skip
    findings.add(rows, field)
