"""Calendars: the places whose business days count, and the days that people keep for a municipality.

The days themselves come from the law by rule (quita.domain.calendars); the table of days is that rule written out,
so that SQL over a million titles can derive lateness. It is only ever rebuilt from the rule, never edited.
"""

import datetime as dt
import io
from collections.abc import Mapping, Sequence

import polars as pl
from django.db import connection, transaction

from quita.domain import calendars as rules
from quita.domain.refusals import Refusals
from quita.parties import events, places
from quita.parties.models import Calendar, CalendarDay, CalendarHoliday
from quita.platform import staging
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox

NATIONAL = "Brasil"
STATE_NAMES = {
    "AC": "Acre", "AL": "Alagoas", "AM": "Amazonas", "AP": "Amapá", "BA": "Bahia", "CE": "Ceará",
    "DF": "Distrito Federal", "ES": "Espírito Santo", "GO": "Goiás", "MA": "Maranhão", "MG": "Minas Gerais",
    "MS": "Mato Grosso do Sul", "MT": "Mato Grosso", "PA": "Pará", "PB": "Paraíba", "PE": "Pernambuco", "PI": "Piauí",
    "PR": "Paraná", "RJ": "Rio de Janeiro", "RN": "Rio Grande do Norte", "RO": "Rondônia", "RR": "Roraima",
    "RS": "Rio Grande do Sul", "SC": "Santa Catarina", "SE": "Sergipe", "SP": "São Paulo", "TO": "Tocantins",
}  # fmt: skip


@transaction.atomic
def create_calendar(*, name: str, uf: str, ibge_code: str = "", by: Actor, when: When) -> Calendar:
    """Adds the calendar of a municipality (or of a state that has none yet) and writes its days out.

    Refusals: calendar_name_missing, calendar_name_taken, calendar_exists, state_unknown, municipality_code_invalid,
    municipality_outside_state.
    """
    refusals = Refusals()
    name = name.strip()
    if not name:
        refusals.add("calendar_name_missing", "A calendar needs a name, like the name of its city.", field="name")
    places.check_place(uf, ibge_code, refusals)
    if Calendar.objects.filter(name=name).exclude(uf=uf, ibge_code=ibge_code).exists():
        refusals.add(
            "calendar_name_taken",
            "“%(name)s” is the calendar of another place. Tell them apart, like “São Paulo (município)”.",
            {"name": name},
            field="name",
        )
    twin = Calendar.objects.filter(uf=uf, ibge_code=ibge_code).first()
    if twin is not None:
        refusals.add(
            "calendar_exists",
            "There is already a calendar for that place: “%(name)s”. Add the days to it.",
            {"name": twin.name},
            field="name",
        )
    refusals.raise_if_any()
    calendar = Calendar.objects.create(name=name, uf=uf, ibge_code=ibge_code)
    rebuild_calendar(calendar)
    audit.record(
        by=by,
        when=when,
        verb="parties.calendar.created",
        subject="calendar",
        subject_id=calendar.pk,
        uf=uf,
        ibge_code=ibge_code,
    )
    if ibge_code:
        outbox.emit(events.MunicipalityCalendarAdded(calendar.pk, ibge_code), when.at)
    return calendar


def add_holiday(*, calendar_id: int, day: dt.date, name: str, by: Actor, when: When) -> int:
    """Keeps a day for one calendar and writes that calendar anew; returns how many days changed. Twice is once."""
    return add_holidays(calendar_id=calendar_id, days={day: name}, by=by, when=when)


@transaction.atomic
def add_holidays(*, calendar_id: int, days: Mapping[dt.date, str], by: Actor, when: When) -> int:
    """The same for several days at once. Refusals: holiday_name_missing, date_outside_calendar, calendar_is_by_law."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    for day, name in days.items():
        _check_day(calendar, day, name)
    kept = dict(CalendarHoliday.objects.filter(calendar=calendar, day__in=days).values_list("day", "name"))
    news = {day: name.strip() for day, name in sorted(days.items()) if kept.get(day) != name.strip()}
    for day, name in news.items():
        CalendarHoliday.objects.update_or_create(calendar=calendar, day=day, defaults={"name": name})
        audit.record(
            by=by, when=when, verb="parties.holiday.added", subject="calendar", subject_id=calendar.pk,
            day=day.isoformat(),
        )  # fmt: skip
    return _rebuild_and_tell(calendar, [day for day in news if day not in kept], when)


@transaction.atomic
def remove_holiday(*, calendar_id: int, day: dt.date, by: Actor, when: When) -> int:
    """Takes a day that people added out again; returns how many days changed. Days given by law stay."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    gone, _ = CalendarHoliday.objects.filter(calendar=calendar, day=day).delete()
    if not gone:
        return 0
    audit.record(
        by=by,
        when=when,
        verb="parties.holiday.removed",
        subject="calendar",
        subject_id=calendar.pk,
        day=day.isoformat(),
    )
    return _rebuild_and_tell(calendar, [day], when)


@transaction.atomic
def ensure_reference_calendars(*, when: When, ufs: tuple[str, ...] | None = None, by: Actor) -> int:
    """Makes the national calendar and one per state where they are missing; brings all of them up to the rules.

    Run by set-up and after an upgrade: when a new version knows a holiday that the old one did not, the days follow.
    Returns how many days changed; nothing changes the second time.
    """
    wanted = [("", NATIONAL)] + [(uf, STATE_NAMES[uf]) for uf in sorted(ufs if ufs is not None else STATE_NAMES)]
    known = {calendar.uf for calendar in Calendar.objects.filter(ibge_code="")}
    for uf, name in wanted:
        if uf not in known:
            calendar = Calendar.objects.create(name=name, uf=uf)
            audit.record(
                by=by,
                when=when,
                verb="parties.calendar.created",
                subject="calendar",
                subject_id=calendar.pk,
                uf=uf,
                ibge_code="",
            )
    written = _checksums()
    changed = 0
    for calendar in Calendar.objects.prefetch_related("holidays").order_by("id"):
        if written.get(calendar.pk) != _checksum(domain_calendar(calendar).days):
            changed += rebuild_calendar(calendar)
    return changed


def _checksums() -> dict[int, tuple[int, int, int]]:
    """Sums over the written days of each calendar that any holiday more or less changes: one pass, no rows read."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select calendar_id, count(*), sum((day - %(start)s)::bigint * (business_seq * 2 + is_business::int)),
                   sum((day - %(start)s)::bigint * (next_business_on - %(start)s))
            from parties_calendarday group by calendar_id order by calendar_id
            """,
            {"start": rules.FIRST_DAY},
        )
        return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in cursor.fetchall()}


def _checksum(days: pl.DataFrame) -> tuple[int, int, int]:
    """The same sums over a calendar by the rules."""
    place = (pl.col("day") - rules.FIRST_DAY).dt.total_days()
    return days.select(
        pl.len(),
        counted=(place * (pl.col("business_seq").cast(pl.Int64) * 2 + pl.col("is_business").cast(pl.Int64))).sum(),
        moved=(place * (pl.col("next_business_on") - rules.FIRST_DAY).dt.total_days()).sum(),
    ).row(0)


def domain_calendar(calendar: Calendar) -> rules.Calendar:
    """The calendar of a place by the rules of law, with the days that people added."""
    municipal = {holiday.day: holiday.name for holiday in calendar.holidays.all()}
    return rules.bank_calendar(calendar.uf or None, municipal, key=calendar.name)


def domain_calendars() -> dict[int, rules.Calendar]:
    """Every calendar by its id, in two statements."""
    return {c.pk: domain_calendar(c) for c in Calendar.objects.prefetch_related("holidays").order_by("id")}


@transaction.atomic
def rebuild_calendar(calendar: Calendar) -> int:
    """Writes the days of one calendar, 2000–2050, from the rules; returns how many rows changed (0 when none did)."""
    days = domain_calendar(calendar).days
    is_new = not CalendarDay.objects.filter(calendar=calendar).exists()
    days = days.select(pl.lit(calendar.pk, dtype=pl.Int64).alias("calendar_id"), pl.all())
    columns = "calendar_id, day, is_business, business_seq, next_business_on"
    with connection.cursor() as cursor:
        if is_new:
            buffer = io.BytesIO()
            days.write_csv(buffer, include_header=False)
            with cursor.copy(f"copy parties_calendarday ({columns}) from stdin (format csv)") as copy:
                copy.write(buffer.getbuffer())
            return days.height
    return _write_differences(days, columns)


def _write_differences(days: pl.DataFrame, columns: str) -> int:
    """Writes only the days that are not yet as the rules say, so that a rebuild without news writes nothing."""
    types = {
        "calendar_id": "bigint", "day": "date", "is_business": "boolean", "business_seq": "integer",
        "next_business_on": "date",
    }  # fmt: skip
    with staging.table("calendar", types) as rebuilt, connection.cursor() as cursor:
        staging.fill(rebuilt, days)
        cursor.execute(
            f"""
            insert into parties_calendarday as kept ({columns}) select {columns} from {rebuilt}
            on conflict (calendar_id, day) do update set is_business = excluded.is_business,
                business_seq = excluded.business_seq, next_business_on = excluded.next_business_on
            where (kept.is_business, kept.business_seq, kept.next_business_on)
                is distinct from (excluded.is_business, excluded.business_seq, excluded.next_business_on)
            """
        )
        return int(cursor.rowcount)


def _rebuild_and_tell(calendar: Calendar, days: Sequence[dt.date], when: When) -> int:
    """Writes the calendar anew when days came or went, and tells of each."""
    changed = rebuild_calendar(calendar) if days else 0
    if changed:
        for day in days:
            outbox.emit(events.CalendarDaysChanged(calendar.pk, day.isoformat()), when.at)
    return changed


def _check_day(calendar: Calendar, day: dt.date, name: str) -> None:
    refusals = Refusals()
    if not name.strip():
        refusals.add("holiday_name_missing", "A holiday needs a name, like “Padroeira da cidade”.", field="name")
    if not rules.FIRST_DAY <= day <= rules.LAST_DAY:
        refusals.add(
            "date_outside_calendar",
            "%(day)s lies outside the calendar “%(calendar)s”, which runs from %(first)s to %(last)s. Check the year.",
            {
                "day": day.isoformat(), "calendar": calendar.name,
                "first": rules.FIRST_DAY.isoformat(), "last": rules.LAST_DAY.isoformat(),
            },
            field="day",
        )  # fmt: skip
    if not calendar.ibge_code:
        refusals.add(
            "calendar_is_by_law",
            "“%(calendar)s” follows national and state law alone. Add the day to the calendar of a municipality.",
            {"calendar": calendar.name},
            field="day",
        )
    refusals.raise_if_any()
