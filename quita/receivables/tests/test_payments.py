"""What a payment does to a title, in legal order, whenever it is learnt of."""

import datetime as dt

import pytest

from quita.domain.refusals import Refusal
from quita.parties.tests import scenes as party_scenes
from quita.platform.audit.models import Entry
from quita.platform.outbox.models import Event
from quita.receivables import commands
from quita.receivables.models import Allocation, Credit, Payment
from quita.receivables.tests import scenes

pytestmark = pytest.mark.django_db
NOV = lambda day: dt.date(2026, 11, day)  # noqa: E731  # dates read as a diary


def test_paid_on_its_day_the_title_is_closed_and_nothing_else_is_owed():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    scenes.pay(building, 50_000, NOV(10), title)
    assert (scenes.fresh(title).status, title.closed_on, title.balance_cents) == ("paid", NOV(10), 0)
    assert scenes.allocated(title) == {"principal": 50_000}
    closed = Event.objects.get(name="receivables.TitlesClosed")
    assert closed.payload == {"receivable_ids": [title.pk]}


def test_due_on_a_holiday_it_may_be_paid_on_the_next_business_day_without_charges():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana, due_on=NOV(20))
    scenes.pay(building, 50_000, NOV(23), title)
    assert (scenes.fresh(title).status, scenes.allocated(title)) == ("paid", {"principal": 50_000})


def test_two_weeks_late_the_payment_settles_interest_then_fine_then_the_principal():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    # 15 days: fine 2 % = R$ 10,00; interest 500 × 1 % × 15/30 = R$ 2,50.
    scenes.pay(building, 51_250, NOV(25), title)
    assert scenes.fresh(title).status == "paid"
    assert scenes.allocated(title) == {"interest": 250, "fine": 1_000, "principal": 50_000}


def test_a_partial_payment_leaves_the_rest_of_the_principal_accruing_from_that_day():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    scenes.pay(building, 21_250, NOV(25), title)
    title = scenes.fresh(title)
    assert (title.status, title.balance_cents, title.position_on, title.fine_assessed) == (
        "open",
        30_000,
        NOV(25),
        True,
    )
    assert scenes.allocated(title) == {"interest": 250, "fine": 1_000, "principal": 20_000}
    # Thirty days on R$ 300,00 at 1 %: R$ 3,00 more, and no second fine.
    scenes.pay(building, 30_300, dt.date(2026, 12, 25), title)
    assert scenes.fresh(title).status == "paid"
    assert scenes.allocated(title) == {"interest": 550, "fine": 1_000, "principal": 50_000}


def test_a_back_dated_payment_is_laid_in_its_place():
    building, ana = scenes.company(), party_scenes.debtor()
    late, on_time = scenes.title(building, ana), scenes.title(building, ana)
    scenes.pay(building, 30_600, NOV(25), late)
    scenes.pay(building, 20_000, NOV(10), late, today=NOV(26))
    scenes.pay(building, 20_000, NOV(10), on_time)
    scenes.pay(building, 30_600, NOV(25), on_time)
    first, second = scenes.fresh(late), scenes.fresh(on_time)
    assert scenes.allocated(first) == scenes.allocated(second)
    assert (first.balance_cents, first.status) == (second.balance_cents, second.status)


def test_a_bounced_payment_opens_the_title_again_as_if_it_had_never_come():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    payment = scenes.pay(building, 50_000, NOV(10), title)
    commands.reverse_payment(payment_id=payment.pk, reason="estorno do banco", **scenes.on(NOV(13)))
    title = scenes.fresh(title)
    assert (title.status, title.balance_cents, title.position_on, title.closed_on) == ("open", 50_000, None, None)
    assert not Allocation.objects.exists()
    assert Event.objects.get(name="receivables.TitlesReopened").payload == {"receivable_ids": [title.pk]}
    with pytest.raises(Refusal) as refused:
        commands.reverse_payment(payment_id=payment.pk, reason="de novo", **scenes.on(NOV(13)))
    assert refused.value.code == "payment_already_reversed"


def test_paying_too_much_is_the_debtors_money():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    payment = scenes.pay(building, 51_000, NOV(10), title)
    credit = Credit.objects.get()
    assert (credit.payment_id, credit.debtor_id, credit.amount_cents) == (payment.pk, ana.pk, 1_000)
    assert scenes.fresh(title).balance_cents == 0
    commands.reverse_payment(payment_id=payment.pk, reason="estorno", **scenes.on(NOV(13)))
    assert not Credit.objects.exists()


def test_a_few_cents_short_is_not_chased():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    scenes.pay(building, 49_950, NOV(10), title)
    assert scenes.fresh(title).status == "paid"
    assert scenes.allocated(title) == {"principal": 49_950, "waiver": 50}


def test_who_pays_only_the_principal_two_weeks_late_still_owes_what_is_left():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    scenes.pay(building, 50_000, NOV(25), title)
    title = scenes.fresh(title)
    assert (title.status, title.balance_cents) == ("open", 1_250)


def test_a_payment_without_a_title_goes_to_the_oldest_debt_first():
    building, ana = scenes.company(), party_scenes.debtor()
    newer = scenes.title(building, ana, due_on=NOV(15))
    older = scenes.title(building, ana, due_on=NOV(5))
    other = scenes.title(building, party_scenes.debtor("Bia", party_scenes.CPFS[1]), due_on=NOV(1))
    payment = scenes.pay(building, 60_000, NOV(5), debtor=ana)
    assert scenes.fresh(older).status == "paid"
    assert scenes.fresh(newer).balance_cents == 40_000
    assert scenes.fresh(other).balance_cents == 50_000
    # Another payment names the newer title on an earlier day: what the first one found open changes with it.
    scenes.pay(building, 45_000, NOV(4), newer, today=NOV(6))
    assert (scenes.fresh(newer).status, scenes.fresh(older).status) == ("paid", "paid")
    assert Credit.objects.get(payment=payment).amount_cents == 5_000


def test_a_payment_never_pays_a_title_that_was_not_yet_issued():
    building, ana = scenes.company(), party_scenes.debtor()
    later = scenes.title(building, ana, due_on=NOV(30), issue_on=NOV(20))
    scenes.pay(building, 10_000, NOV(5), debtor=ana)
    assert scenes.fresh(later).balance_cents == 50_000
    assert Credit.objects.get().amount_cents == 10_000


def test_the_same_payment_twice_is_one_payment_and_a_different_one_under_its_id_is_refused():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    new = commands.NewPayment(external_id="X", amount_cents=10_000, paid_on=NOV(9), receivable_id=title.pk)
    same = {"company_id": building.pk, "source": "bank", **scenes.on(NOV(9))}
    one = commands.record_payment(payment=new, **same)
    assert commands.record_payment(payment=new, **same).pk == one.pk
    assert (Payment.objects.count(), Entry.objects.filter(verb="receivables.payment.recorded").count()) == (1, 1)
    other = commands.NewPayment(external_id="X", amount_cents=10_001, paid_on=NOV(9), receivable_id=title.pk)
    with pytest.raises(Refusal) as refused:
        commands.record_payment(payment=other, **same)
    assert refused.value.code == "payment_differs"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount_cents": 0}, "payment_not_positive"),
        ({"paid_on": NOV(10)}, "payment_in_future"),
        ({"receivable_id": None}, "payment_without_payer"),
        ({"receivable_id": 10**9}, "payment_title_unknown"),
    ],
)
def test_impossible_payments_are_refused_and_leave_nothing(fields, code):
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    usual = {"external_id": "X", "amount_cents": 100, "paid_on": NOV(9), "receivable_id": title.pk}
    with pytest.raises(Refusal) as refused:
        commands.record_payment(
            company_id=building.pk, payment=commands.NewPayment(**usual | fields), source="bank", **scenes.on(NOV(9))
        )
    assert refused.value.code == code
    assert not Payment.objects.exists()
