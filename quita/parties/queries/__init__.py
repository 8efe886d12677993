"""Reads on companies, calendars and debtors. All but the scope itself take a Scope."""

from quita.parties.queries.access import scope_for
from quita.parties.queries.calendars import (
    CalendarRow,
    YearDay,
    calendar_for,
    calendar_ids,
    calendar_rows,
    calendar_year,
    receivables_calendar_sql,
)
from quita.parties.queries.companies import branch, branches, companies, company, company_ids_by_tax_id
from quita.parties.queries.days import calendars_in_use, company_regimes, is_stale, municipal_days, stale_companies
from quita.parties.queries.debtors import DebtorRecord, debtor_record, debtors, may_see_debtor

__all__ = [
    "CalendarRow",
    "DebtorRecord",
    "YearDay",
    "branch",
    "branches",
    "calendar_for",
    "calendar_ids",
    "calendar_rows",
    "calendar_year",
    "calendars_in_use",
    "companies",
    "company",
    "company_ids_by_tax_id",
    "company_regimes",
    "debtor_record",
    "debtors",
    "is_stale",
    "may_see_debtor",
    "municipal_days",
    "receivables_calendar_sql",
    "scope_for",
    "stale_companies",
]
