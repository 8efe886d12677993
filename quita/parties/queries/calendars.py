"""Calendars: which one a title follows, and a year of one for people to look at."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from quita.domain import calendars as rules
from quita.parties.models import Branch, Calendar, CalendarHoliday, Debtor


@dataclass(frozen=True)
class CalendarRow:
    """A calendar as a line of the list."""

    calendar_id: int
    name: str
    uf: str
    ibge_code: str
    holiday_count: int
    branch_count: int


@dataclass(frozen=True)
class YearDay:
    """A day without payment over the counter: why, and whether people added it (and may remove it)."""

    day: dt.date
    name: str
    source: str  # "bank" | "state" | "municipal" | "no_public_service"
    is_weekend: bool


def calendar_rows() -> list[CalendarRow]:
    """Every calendar: the national one, the states, the municipalities. Calendars belong to no company."""
    found = Calendar.objects.annotate(
        holiday_count=Count("holidays", distinct=True), branch_count=Count("branches", distinct=True)
    ).order_by("ibge_code", "name", "id")
    return [
        CalendarRow(c.pk, c.name, c.uf, c.ibge_code, c.holiday_count, c.branch_count)
        for c in sorted(found, key=lambda c: (bool(c.uf), bool(c.ibge_code), c.name, c.pk))
    ]


def calendar_year(*, calendar_id: int, year: int) -> list[YearDay]:
    """The holidays of one year in date order, each with where it comes from."""
    calendar = Calendar.objects.get(pk=calendar_id)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    kept = CalendarHoliday.objects.filter(calendar=calendar, day__range=(first, last))
    days: dict[dt.date, tuple[str, str]] = {row.day: (row.name, "municipal") for row in kept}
    if calendar.uf:
        days |= {day: (name, "state") for day, name in rules.state_days(calendar.uf, year).items()}
    days |= {day: (name, "bank") for day, name in rules.bank_days(year).items()}
    whole = rules.bank_calendar(calendar.uf or None, dict(calendar.holidays.values_list("day", "name")))
    for day in whole.no_public_service:
        if day.year == year:
            days.setdefault(day, ("", "no_public_service"))
    return [YearDay(day, name, source, day.weekday() > 4) for day, (name, source) in sorted(days.items())]


def calendar_ids() -> dict[tuple[str, str], int]:
    """(state, IBGE code) → the calendar of that place. ("", "") is the national one."""
    rows = Calendar.objects.order_by("id").values_list("uf", "ibge_code", "pk")
    return {(uf, ibge_code): calendar_id for uf, ibge_code, calendar_id in rows}


def calendar_for(debtor: Debtor, branch: Branch) -> int:
    """The calendar a title follows: the payer's municipality's where one is kept, else the branch's.

    Payment is due where the payer is; a local holiday there moves the due date in the payer's favour.
    """
    if debtor.ibge_code:
        own = Calendar.objects.filter(~Q(ibge_code=""), ibge_code=debtor.ibge_code).values_list("pk", flat=True).first()
        if own is not None:
            return own
    return branch.calendar_id


def receivables_calendar_sql(debtor: str = "d", branch: str = "b", alias: str = "own_calendar") -> tuple[str, str]:
    """The same rule for many titles: (a join to add, the expression of the calendar's id).

    `debtor` and `branch` are the aliases of parties_debtor and parties_branch in the caller's statement.
    """
    join = f"left join parties_calendar {alias} on {alias}.ibge_code <> '' and {alias}.ibge_code = {debtor}.ibge_code"
    return join, f"coalesce({alias}.id, {branch}.calendar_id)"
