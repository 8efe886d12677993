"""Titles follow the calendar of the payer's town, or else the branch's, also when either changes."""

import datetime as dt

import pytest

from quita.parties import commands as parties
from quita.parties.tests import scenes as party_scenes
from quita.platform.outbox.models import Event
from quita.receivables import handlers
from quita.receivables.tests import scenes

pytestmark = pytest.mark.django_db
SAINT_JOHN = dt.date(2026, 6, 24)
BY = {"by": party_scenes.SYSTEM, "when": party_scenes.MORNING}


def deliver() -> None:
    """Hands the waiting news of places to the handlers, as the outbox does."""
    for event in Event.objects.filter(handled_at__isnull=True, name__startswith="parties.").order_by("id"):
        handler = {
            "parties.DebtorsMoved": handlers.debtors_moved,
            "parties.BranchCalendarChanged": handlers.branch_calendar_changed,
            "parties.MunicipalityCalendarAdded": handlers.municipality_calendar_added,
            "parties.CalendarDaysChanged": handlers.calendar_days_changed,
        }[event.name]
        handler(**event.payload, at=event.at)
        Event.objects.filter(pk=event.pk).update(handled_at=event.at)


def recife():
    return parties.create_calendar(name="Recife", uf="PE", ibge_code=party_scenes.RECIFE, **BY)


def test_a_title_moves_with_its_payer_and_with_the_branch():
    building = scenes.company()
    ana = party_scenes.debtor(city="Recife", ibge_code=party_scenes.RECIFE)
    title = scenes.title(building, ana)
    state = title.calendar_id
    city = recife()
    deliver()
    assert scenes.fresh(title).calendar_id == city.pk
    parties.save_address(debtor_id=ana.pk, fields={"city": "Olinda", "ibge_code": party_scenes.OLINDA}, **BY)
    deliver()
    assert scenes.fresh(title).calendar_id == state
    branch = title.branch
    parties.update_branch(branch_id=branch.pk, name="Matriz", code="1", calendar_id=city.pk, is_active=True, **BY)
    deliver()
    assert scenes.fresh(title).calendar_id == city.pk


def test_a_holiday_learnt_of_late_takes_the_fine_back():
    building = scenes.company()
    city = recife()
    ana = party_scenes.debtor(city="Recife", ibge_code=party_scenes.RECIFE)
    title = scenes.title(building, ana, due_on=SAINT_JOHN)
    scenes.pay(building, 50_000, dt.date(2026, 6, 25), title, today=dt.date(2026, 7, 1))
    assert scenes.fresh(title).status == "open"
    parties.add_holiday(calendar_id=city.pk, day=SAINT_JOHN, name="São João", **BY)
    deliver()
    assert (scenes.fresh(title).status, scenes.allocated(title)) == ("paid", {"principal": 50_000})
    parties.remove_holiday(calendar_id=city.pk, day=SAINT_JOHN, **BY)
    deliver()
    assert scenes.fresh(title).status == "open"
