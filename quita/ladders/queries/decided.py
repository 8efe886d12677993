"""Recorded or tried decisions as counts and as pages of titles, inside the reader's companies.

The frames hold ids; names are read for the one page that is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import polars as pl
from django.db import connection

from quita.domain.ladder.reasons import Reason
from quita.ladders.queries import paging, reason_names
from quita.ladders.queries.reason_names import ReasonName
from quita.parties import queries as parties
from quita.platform.access.scopes import EVERYTHING, Scope

# A search that finds more debtors than this is too vague to be of help.
_MOST_FOUND = 5_000


@dataclass(frozen=True)
class ReasonCount:
    """How many titles and debtors ended with an outcome."""

    reason: Reason
    titles: int
    debtors: int

    @property
    def name(self) -> ReasonName:
        """Label, tone and icon."""
        return reason_names.NAMES[self.reason]

    @property
    def code(self) -> str:
        """The outcome's name in addresses."""
        return self.reason.name.lower()


@dataclass(frozen=True)
class Names:
    """What the ids of one page are called."""

    numbers: dict[int, str] = field(default_factory=dict)
    debtors: dict[int, str] = field(default_factory=dict)
    companies: dict[int, str] = field(default_factory=dict)
    cases: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DecidedRow:
    """One title with what was decided about it."""

    receivable_id: int
    number: str
    debtor_id: int
    debtor: str
    company: str
    case_id: int | None
    due_on: dt.date | None
    days_past_due: int | None
    balance_cents: int
    step_key: int | None
    occurrence: int | None
    reason: Reason

    @property
    def name(self) -> ReasonName:
        """Label, tone and icon of the outcome."""
        return reason_names.NAMES[self.reason]


def limited(rows: pl.LazyFrame, scope: Scope) -> pl.LazyFrame:
    """The rows of the scope's companies."""
    return rows if scope.company_ids is None else rows.filter(pl.col("company_id").is_in(sorted(scope.company_ids)))


def reason_counts(decisions: pl.LazyFrame, scope: Scope) -> list[ReasonCount]:
    """Titles and debtors by outcome, in the order of the codes."""
    counted = (
        limited(decisions, scope)
        .group_by("decision")
        .agg(pl.col("receivable_id").n_unique().alias("titles"), pl.col("debtor_id").n_unique().alias("debtors"))
        .sort("decision")
        .collect()
    )
    return [ReasonCount(Reason(code), titles, debtors) for code, titles, debtors in counted.iter_rows()]


def excluded_debtors(decisions: pl.LazyFrame, scope: Scope) -> tuple[int, int]:
    """(all debtors looked at, those for whom nothing at all is done). Nobody is silently missing."""
    done = pl.col("decision") < int(Reason.SUPERSEDED)
    by_debtor = limited(decisions, scope).group_by("debtor_id").agg(done.any().alias("is_done"))
    counted = by_debtor.select(pl.len().alias("all"), (~pl.col("is_done")).sum().alias("none")).collect()
    return int(counted["all"][0]), int(counted["none"][0])


def title_page(
    decisions: pl.LazyFrame, *, scope: Scope, reason: Reason | None = None, search: str = "", page: int = 1
) -> paging.Page[DecidedRow]:
    """Titles by id. `search`: part of a debtor's name, a CPF/CNPJ, or a title's number. Two scans, two statements."""
    rows = limited(decisions, scope)
    if reason is not None:
        rows = rows.filter(pl.col("decision") == int(reason))
    if search.strip():
        rows = rows.filter(found_by(search, scope))
    shown, total, number = paging.shown(rows, ["receivable_id", "action"], page)
    names = names_of(shown["receivable_id"].to_list())
    return paging.Page(tuple(_row(row, names) for row in shown.iter_rows(named=True)), total, number)


def found_by(search: str, scope: Scope, title_column: str = "receivable_id") -> pl.Expr:
    """The condition "this debtor, or this title" for what a person typed."""
    text = search.strip()
    debtors = list(parties.debtors(scope=scope, search=text).values_list("pk", flat=True)[:_MOST_FOUND])
    with connection.cursor() as cursor:
        cursor.execute("select id from receivables_receivable where number = %s limit %s", [text, _MOST_FOUND])
        titles = [row[0] for row in cursor.fetchall()]
    return pl.col("debtor_id").is_in(debtors) | pl.col(title_column).is_in(titles)


def names_of(receivable_ids: Collection[int]) -> Names:
    """Numbers, debtors, companies and cases of titles, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select r.id, r.number, d.id, d.name, co.id, coalesce(nullif(co.trade_name, ''), co.legal_name), cs.id
            from receivables_receivable r
            join parties_debtor d on d.id = r.debtor_id
            join parties_company co on co.id = r.company_id
            left join cases_case cs on cs.contract_id = r.contract_id and cs.origin = r.origin
            where r.id = any(%s)
            """,
            [list(receivable_ids)],
        )
        rows: Sequence[tuple[int, str, int, str, int, str, int | None]] = cursor.fetchall()
    return Names(
        numbers={row[0]: row[1] for row in rows},
        debtors={row[2]: row[3] for row in rows},
        companies={row[4]: row[5] for row in rows},
        cases={row[0]: row[6] for row in rows if row[6] is not None},
    )


def company_names() -> dict[int, str]:
    """Every company by the name people know it by."""
    return {company.pk: str(company) for company in parties.companies(scope=EVERYTHING)}


def _row(row: dict[str, object], names: Names) -> DecidedRow:
    receivable_id, debtor_id, company_id = (int(str(row[key])) for key in ("receivable_id", "debtor_id", "company_id"))
    return DecidedRow(
        receivable_id=receivable_id,
        number=names.numbers.get(receivable_id, str(receivable_id)),
        debtor_id=debtor_id,
        debtor=names.debtors.get(debtor_id, ""),
        company=names.companies.get(company_id, ""),
        case_id=names.cases.get(receivable_id),
        due_on=row["due_on"],  # type: ignore[arg-type]  # a date column
        days_past_due=row["days_past_due"],  # type: ignore[arg-type]  # an integer column
        balance_cents=int(str(row["balance_cents"])),
        step_key=row["step_key"],  # type: ignore[arg-type]  # an integer column
        occurrence=row["occurrence"],  # type: ignore[arg-type]  # an integer column
        reason=Reason(int(str(row["decision"]))),
    )
