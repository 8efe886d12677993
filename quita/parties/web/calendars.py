"""Calendars: the places, and a year of one with its holidays by source."""

import calendar as months
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from quita.domain import calendars as rules
from quita.domain import refusals
from quita.parties import commands, queries
from quita.parties.models import Calendar
from quita.parties.web import forms
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers


@dataclass(frozen=True)
class Cell:
    """A day of a month's sheet; `day` None is the gap before the first."""

    day: dt.date | None
    css: str = ""
    name: str = ""


@dataclass(frozen=True)
class Sheet:
    """One month: its name and its weeks, Sunday first."""

    name: str
    weeks: list[list[Cell]]


@needs("parties.view")
def calendars(request: HttpRequest) -> HttpResponse:
    """Every place whose business days count."""
    rows = queries.calendar_rows()
    context = {
        "law": [row for row in rows if not row.ibge_code], "municipal": [row for row in rows if row.ibge_code],
        "year": When.now().today.year,
    }  # fmt: skip
    return answers.page(request, "parties/calendars.html", context)


@needs("parties.edit")
def create(request: HttpRequest) -> HttpResponse:
    """A calendar for a municipality."""
    form = forms.CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.create_calendar(**form.values(), by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            to = reverse("parties:calendar", args=[made.pk])
            return answers.done(request, _("Calendar added. Add its municipal days."), to=to)
    if request.method == "POST":
        part = "#dialog" if answers.is_fragment(request) else ""
        return answers.invalid(request, f"parties/calendar_new.html{part}", {"form": form})
    return answers.page(request, "parties/calendar_new.html", {"form": form}, part="dialog")


@needs("parties.view")
def year(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """A year of a calendar."""
    calendar = _calendar(calendar_id)
    return answers.page(request, "parties/calendar.html", _year(request, calendar, forms.HolidayForm()), part="year")


@needs("parties.edit")
@require_POST
def add_holiday(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Keeps a municipal day."""
    calendar = _calendar(calendar_id)
    form = forms.HolidayForm(request.POST)
    if form.is_valid():
        try:
            commands.add_holiday(
                calendar_id=calendar.pk, **form.cleaned_data, by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            to = reverse("parties:calendar", args=[calendar.pk]) + f"?ano={form.cleaned_data['day'].year}"
            return answers.done(request, _("Day added; due dates follow."), to=to)
    part = "#year" if answers.is_fragment(request) else ""
    return answers.invalid(request, f"parties/calendar.html{part}", _year(request, calendar, form))


@needs("parties.edit")
@require_POST
def remove_holiday(request: HttpRequest, calendar_id: int, day: str) -> HttpResponse:
    """Takes a municipal day out."""
    calendar = _calendar(calendar_id)
    try:
        which = dt.date.fromisoformat(day)
    except ValueError as fault:
        raise Http404 from fault
    commands.remove_holiday(calendar_id=calendar.pk, day=which, by=Actor.of(request.user), when=When.now())
    to = reverse("parties:calendar", args=[calendar.pk]) + f"?ano={which.year}"
    return answers.done(request, _("Day taken out; due dates follow."), to=to)


def _year(request: HttpRequest, calendar: Calendar, form: forms.HolidayForm) -> dict[str, Any]:
    asked = request.GET.get("ano", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() else When.now().today.year
    number = min(max(wanted, rules.FIRST_DAY.year), rules.LAST_DAY.year)
    days = queries.calendar_year(calendar_id=calendar.pk, year=number)
    free = {day.day: day for day in days}
    return {
        "calendar": calendar, "year": number, "days": days, "form": form, "sources": _sources(),
        "sheets": [_sheet(number, month, free) for month in range(1, 13)], "weekdays": _weekdays(),
        "before": number - 1 if number > rules.FIRST_DAY.year else None,
        "after": number + 1 if number < rules.LAST_DAY.year else None,
    }  # fmt: skip


def _sheet(year_number: int, month: int, free: dict[dt.date, queries.YearDay]) -> Sheet:
    weeks = []
    for week in months.Calendar(firstweekday=6).monthdatescalendar(year_number, month):
        weeks.append([_cell(day, free) if day.month == month else Cell(None) for day in week])
    return Sheet(str(dates.MONTHS[month]), weeks)


def _cell(day: dt.date, free: dict[dt.date, queries.YearDay]) -> Cell:
    holiday = free.get(day)
    if holiday is not None:
        return Cell(day, f"free {holiday.source}", holiday.name or str(_sources()[holiday.source]))
    return Cell(day, "weekend" if day.weekday() > 4 else "")


def _sources() -> dict[str, str]:
    return {
        "bank": _("National and bank holiday"),
        "state": _("State holiday"),
        "municipal": _("Municipal day"),
        "no_public_service": _("Banks closed to the public"),
    }


def _weekdays() -> list[tuple[str, str]]:
    """Initial and name of each weekday, Sunday first."""
    initials = pgettext("initials of the weekdays, Sunday first", "SMTWTFS")
    return [(initials[place], str(dates.WEEKDAYS[(place + 6) % 7])) for place in range(7)]


def _calendar(calendar_id: int) -> Calendar:
    found = Calendar.objects.filter(pk=calendar_id).first()
    if found is None:
        raise Http404
    return found
