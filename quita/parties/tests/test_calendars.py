"""A title's due date moves with the calendar of its place, and people keep the municipal days."""

import datetime as dt

import pytest

from quita.domain.refusals import Refusal
from quita.parties import commands, queries
from quita.parties.models import CalendarDay
from quita.parties.tests import scenes
from quita.platform.actors import SYSTEM
from quita.platform.audit.models import Entry
from quita.platform.outbox.models import Event

pytestmark = pytest.mark.django_db

SAINT_JOHN = dt.date(2026, 6, 24)


def business(calendar_id: int, day: dt.date) -> CalendarDay:
    return CalendarDay.objects.get(calendar_id=calendar_id, day=day)


def recife():
    commands.ensure_reference_calendars(ufs=("PE",), by=SYSTEM, when=scenes.MORNING)
    return commands.create_calendar(name="Recife", uf="PE", ibge_code=scenes.RECIFE, by=SYSTEM, when=scenes.MORNING)


def test_a_municipal_holiday_moves_due_dates_there_and_nowhere_else():
    city = recife()
    state = queries.calendar_rows()[1]
    assert state.name == "Pernambuco"
    changed = commands.add_holiday(calendar_id=city.pk, day=SAINT_JOHN, name="São João", by=SYSTEM, when=scenes.MORNING)
    assert business(city.pk, SAINT_JOHN).next_business_on == dt.date(2026, 6, 25)
    assert business(state.calendar_id, SAINT_JOHN).next_business_on == SAINT_JOHN
    # Every later day counts one business day less, so every day from then on was written again, and none before.
    assert changed == (dt.date(2050, 12, 31) - SAINT_JOHN).days + 1
    assert CalendarDay.objects.filter(calendar=city).count() == 18628


def test_adding_the_same_day_twice_and_taking_it_out_leaves_the_calendar_as_it_was():
    city = recife()
    before = list(CalendarDay.objects.filter(calendar=city).order_by("day").values_list("day", "business_seq"))
    add = {"calendar_id": city.pk, "day": SAINT_JOHN, "by": SYSTEM, "when": scenes.MORNING}
    assert commands.add_holiday(name="São João", **add) > 0
    assert commands.add_holiday(name="São João", **add) == 0
    assert commands.remove_holiday(**add) > 0
    assert commands.remove_holiday(**add) == 0
    after = list(CalendarDay.objects.filter(calendar=city).order_by("day").values_list("day", "business_seq"))
    assert before == after
    assert Event.objects.filter(name="parties.CalendarDaysChanged").count() == 2
    assert list(
        Entry.objects.filter(subject="calendar", verb__contains="holiday").order_by("id").values_list("verb", flat=True)
    ) == [
        "parties.holiday.added",
        "parties.holiday.removed",
    ]


def test_setting_up_twice_changes_nothing():
    assert commands.ensure_reference_calendars(ufs=("PE", "SP"), by=SYSTEM, when=scenes.MORNING) == 3 * 18628
    assert commands.ensure_reference_calendars(ufs=("PE", "SP"), by=SYSTEM, when=scenes.MORNING) == 0


def test_a_title_follows_the_payers_town_where_it_has_a_calendar_and_the_branch_otherwise():
    company = scenes.company()
    branch = queries.branches(scope=queries.scope_for(admin()), company_id=company.pk).get()
    ana = scenes.debtor(city="Recife", ibge_code=scenes.RECIFE)
    bia = scenes.debtor("Bia Lima", scenes.CPFS[1], city="Olinda", ibge_code=scenes.OLINDA)
    assert queries.calendar_for(ana, branch) == branch.calendar_id
    city = recife()
    assert queries.calendar_for(ana, branch) == city.pk
    assert queries.calendar_for(bia, branch) == branch.calendar_id


def admin():
    from django.contrib.auth import get_user_model

    return get_user_model()(sees_all_companies=True)


def test_a_year_of_a_calendar_says_where_each_day_comes_from():
    city = recife()
    commands.add_holiday(calendar_id=city.pk, day=SAINT_JOHN, name="São João", by=SYSTEM, when=scenes.MORNING)
    sources = {day.day: day.source for day in queries.calendar_year(calendar_id=city.pk, year=2026)}
    assert sources[SAINT_JOHN] == "municipal"
    assert sources[dt.date(2026, 3, 6)] == "state"
    assert sources[dt.date(2026, 2, 17)] == "bank"
    assert sources[dt.date(2026, 12, 31)] == "no_public_service"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "", "uf": "PE", "ibge_code": scenes.OLINDA}, "calendar_name_missing"),
        ({"name": "Olinda", "uf": "XX", "ibge_code": ""}, "state_unknown"),
        ({"name": "Olinda", "uf": "PE", "ibge_code": "123"}, "municipality_code_invalid"),
        ({"name": "Olinda", "uf": "SP", "ibge_code": scenes.OLINDA}, "municipality_outside_state"),
        ({"name": "Recife", "uf": "PE", "ibge_code": scenes.OLINDA}, "calendar_name_taken"),
        ({"name": "Recife 2", "uf": "PE", "ibge_code": scenes.RECIFE}, "calendar_exists"),
    ],
)
def test_a_calendar_without_a_true_place_is_refused(fields, code):
    recife()
    with pytest.raises(Refusal) as refused:
        commands.create_calendar(**fields, by=SYSTEM, when=scenes.MORNING)
    assert refused.value.code == code


def test_days_of_law_are_not_edited_by_hand():
    commands.ensure_reference_calendars(ufs=("PE",), by=SYSTEM, when=scenes.MORNING)
    state = queries.calendar_rows()[1]
    with pytest.raises(Refusal) as refused:
        commands.add_holiday(
            calendar_id=state.calendar_id, day=SAINT_JOHN, name="São João", by=SYSTEM, when=scenes.MORNING
        )
    assert refused.value.code == "calendar_is_by_law"
