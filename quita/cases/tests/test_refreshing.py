"""A case opens when something is past due, closes the moment nothing is, and opens again where it stood."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quita.cases import commands
from quita.cases.models import Case
from quita.cases.tests import scenes
from quita.ladders.models import Portfolio
from quita.platform.actors import SYSTEM, When
from quita.platform.audit.models import Entry
from quita.receivables import commands as receivables

pytestmark = pytest.mark.django_db


@pytest.fixture
def building():
    return scenes.titles.company()


@pytest.fixture
def ana():
    return scenes.people.debtor()


def test_a_title_due_on_the_holiday_opens_no_case_until_monday_is_over(building, ana):
    scenes.titles.title(building, ana, due_on=dt.date(2026, 11, 20))
    assert scenes.refresh(ana, dt.date(2026, 11, 23)).opened == ()
    assert len(scenes.refresh(ana, dt.date(2026, 11, 24)).opened) == 1


def test_a_second_refresh_changes_nothing(building, ana):
    case, _ = scenes.late_case(building, ana)
    before = Entry.objects.count()
    assert scenes.refresh(ana) == commands.Refreshed()
    assert (Case.objects.get().pk, Entry.objects.count()) == (case.pk, before)


def test_the_payment_of_the_last_late_title_closes_the_case_as_paid(building, ana):
    case, title = scenes.late_case(building, ana)
    _, other = scenes.late_case(building, ana, due_on=dt.date(2026, 11, 3))
    scenes.titles.pay(building, 60_000, dt.date(2026, 11, 24), title)
    assert scenes.refresh(ana, dt.date(2026, 11, 24)).closed == ()
    scenes.titles.pay(building, 60_000, dt.date(2026, 11, 25), other)
    assert scenes.refresh(ana, dt.date(2026, 11, 25)).closed == (case.pk,)
    case.refresh_from_db()
    assert (case.closed_on, case.close_reason) == (dt.date(2026, 11, 25), "paid")


def test_a_title_to_come_does_not_keep_a_case_open(building, ana):
    case, title = scenes.late_case(building, ana)
    scenes.titles.title(building, ana, due_on=dt.date(2026, 12, 10))
    scenes.titles.pay(building, 60_000, dt.date(2026, 11, 24), title)
    assert scenes.refresh(ana, dt.date(2026, 11, 24)).closed == (case.pk,)


def test_a_reversed_payment_reopens_the_same_case_where_it_stood(building, ana):
    case, title = scenes.late_case(building, ana)
    portfolio = Portfolio.objects.create(name="Condomínios", condition={"all": []})
    boss = scenes.operator("rui", "supervisor")
    commands.move_cases(case_ids=[case.pk], portfolio_id=portfolio.pk, **scenes.by(boss))
    payment = scenes.titles.pay(building, 60_000, dt.date(2026, 11, 24), title)
    scenes.refresh(ana, dt.date(2026, 11, 24))
    receivables.reverse_payment(
        payment_id=payment.pk, reason="Pix devolvido", by=SYSTEM, when=When.on(dt.date(2026, 11, 26))
    )
    assert scenes.refresh(ana, dt.date(2026, 11, 26)).reopened == (case.pk,)
    case.refresh_from_db()
    assert (case.closed_on, case.close_reason, case.portfolio, case.portfolio_by_hand) == (None, "", portfolio, True)
    assert Case.objects.count() == 1


def test_a_postponed_due_date_closes_the_case_because_nothing_is_due(building, ana):
    case, title = scenes.late_case(building, ana)
    receivables.change_terms(
        receivable_id=title.pk, due_on=dt.date(2026, 12, 15), amount_cents=50_000, reason="Combinado com o síndico",
        by=SYSTEM, when=When.on(scenes.TODAY),
    )  # fmt: skip
    scenes.refresh(ana)
    case.refresh_from_db()
    assert case.close_reason == "not_due"


def test_a_cancelled_title_closes_the_case_as_cancelled(building, ana):
    case, title = scenes.late_case(building, ana)
    receivables.cancel_title(
        receivable_id=title.pk, reason="Lançada em duplicidade", by=SYSTEM, when=When.on(scenes.TODAY)
    )
    scenes.refresh(ana)
    case.refresh_from_db()
    assert case.close_reason == "cancelled"


def test_many_cases_cost_as_few_statements_as_one(building, ana):
    bruno = scenes.people.debtor("Bruno Lima", scenes.people.CPFS[1])
    scenes.titles.title(building, bruno, due_on=scenes.LATE)
    with CaptureQueriesContext(connection) as for_one:
        scenes.refresh(bruno)
    for number in range(5):
        scenes.titles.title(building, ana, due_on=scenes.LATE, origin=f"o{number}")
    with CaptureQueriesContext(connection) as for_five:
        assert len(scenes.refresh(ana).opened) == 5
    assert len(for_five) == len(for_one)
