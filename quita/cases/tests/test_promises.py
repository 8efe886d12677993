"""A promise rests on payments: open until its day, kept when the money came, broken when it did not."""

import datetime as dt

import pytest

from quita.cases import commands, queries
from quita.cases.tests import scenes
from quita.domain.refusals import Refusal
from quita.parties.models import Company
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.audit.models import Entry
from quita.platform.outbox.models import Event

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY, TUESDAY = dt.date(2026, 11, 27), dt.date(2026, 11, 30), dt.date(2026, 12, 1)


@pytest.fixture
def building():
    return scenes.titles.company()


@pytest.fixture
def case(building):
    return scenes.late_case(building, scenes.people.debtor())


@pytest.fixture
def camila():
    return scenes.operator()


def promise(case, camila, amount_cents=30_000, pay_on=dt.date(2026, 11, 28)):
    return commands.make_promise(case_id=case.pk, amount_cents=amount_cents, pay_on=pay_on, **scenes.by(camila))


def state(case, today):
    (found,) = queries.promises_of_case(case_id=case.pk, scope=EVERYTHING, today=today)
    return found.state


def test_a_promise_for_a_saturday_is_open_until_monday_and_broken_on_tuesday(case, camila):
    promise(case[0], camila)
    assert [state(case[0], day) for day in (FRIDAY, MONDAY, TUESDAY)] == ["open", "open", "broken"]


def test_it_is_kept_by_money_that_came_in_time_and_not_by_less(building, case, camila):
    promise(case[0], camila)
    scenes.titles.pay(building, 20_000, FRIDAY, case[1])
    assert state(case[0], MONDAY) == "open"
    scenes.titles.pay(building, 10_000, MONDAY, case[1])
    assert state(case[0], MONDAY) == "kept"


def test_money_that_came_before_the_promise_or_after_its_day_does_not_keep_it(building, case, camila):
    scenes.titles.pay(building, 20_000, dt.date(2026, 11, 20), case[1])
    promise(case[0], camila)
    assert state(case[0], FRIDAY) == "open"
    scenes.titles.pay(building, 30_000, TUESDAY, case[1])
    assert state(case[0], TUESDAY) == "broken"


def test_a_reversed_payment_breaks_what_it_kept(building, case, camila):
    from quita.receivables import commands as receivables

    promise(case[0], camila)
    payment = scenes.titles.pay(building, 30_000, FRIDAY, case[1])
    receivables.reverse_payment(payment_id=payment.pk, reason="Cheque devolvido", **scenes.titles.on(TUESDAY))
    assert state(case[0], TUESDAY) == "broken"


def test_it_is_told_in_the_audit_and_as_news(case, camila):
    made = promise(case[0], camila)
    entry = Entry.objects.get(verb="cases.promise.made")
    assert (entry.subject_id, entry.by_id, entry.params["amount_cents"]) == (case[0].pk, camila.pk, 30_000)
    assert Event.objects.get(name="cases.PromiseMade").payload == {"promise_id": made.pk, "case_id": case[0].pk}


def test_a_second_promise_waits_until_the_first_is_withdrawn_with_a_reason(case, camila):
    first = promise(case[0], camila)
    with pytest.raises(Refusal) as refused:
        promise(case[0], camila)
    assert refused.value.code == "promise_open_already"
    with pytest.raises(Refusal) as refused:
        commands.withdraw_promise(promise_id=first.pk, reason="  ", **scenes.by(camila))
    assert refused.value.code == "reason_missing"
    commands.withdraw_promise(promise_id=first.pk, reason="Anotada na pessoa errada", **scenes.by(camila))
    assert promise(case[0], camila).pk != first.pk


@pytest.mark.parametrize(
    ("amount_cents", "pay_on", "code"),
    [
        (0, FRIDAY, "promise_amount"),
        (100, dt.date(2026, 11, 22), "promise_in_the_past"),
        (100, dt.date(2027, 1, 23), "promise_too_far"),
    ],
)
def test_a_promise_that_cannot_be_meant_is_refused(case, camila, amount_cents, pay_on, code):
    with pytest.raises(Refusal) as refused:
        promise(case[0], camila, amount_cents, pay_on)
    assert refused.value.code == code


def test_sixty_days_are_the_longest_wait(case, camila):
    assert promise(case[0], camila, pay_on=scenes.TODAY + dt.timedelta(days=60))


def test_a_closed_case_has_nothing_to_promise(building, case, camila):
    scenes.titles.pay(building, 60_000, scenes.TODAY, case[1])
    scenes.refresh(case[0].debtor)
    with pytest.raises(Refusal) as refused:
        promise(case[0], camila)
    assert refused.value.code == "case_closed"


def test_another_companys_case_does_not_exist(case, camila):
    elsewhere = Scope(frozenset({Company.objects.get().pk + 1}))
    with pytest.raises(Refusal) as refused:
        commands.make_promise(case_id=case[0].pk, amount_cents=100, pay_on=FRIDAY, **scenes.by(camila, scope=elsewhere))
    assert refused.value.code == "case_unknown"
    assert queries.promises_of_case(case_id=case[0].pk, scope=elsewhere, today=scenes.TODAY) == []
