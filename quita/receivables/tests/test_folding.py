"""The position of a title follows from its facts alone: not from their order, not from how often it is computed."""

import datetime as dt
import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quita.parties.tests import scenes as party_scenes
from quita.platform.actors import When
from quita.receivables import checks, commands
from quita.receivables.commands import folding
from quita.receivables.models import Allocation, Credit, Receivable
from quita.receivables.tests import scenes

pytestmark = pytest.mark.django_db
LATER = When.on(dt.date(2027, 1, 15))
DAYS = st.dates(dt.date(2026, 10, 5), dt.date(2027, 1, 10))


class Undone(Exception):
    """Takes a trial back out of the database."""


def standing(building) -> tuple:
    titles = (
        Receivable.objects.filter(company=building)
        .order_by("id")
        .values_list(
            "status",
            "closed_on",
            "balance_cents",
            "interest_open_cents",
            "fine_open_cents",
            "fine_assessed",
            "position_on",
        )
    )
    allocations = Allocation.objects.order_by("receivable_id", "payment__external_id", "component").values_list(
        "receivable_id", "payment__external_id", "component", "amount_cents", "value_on"
    )
    credits = Credit.objects.order_by("payment__external_id").values_list("payment__external_id", "amount_cents")
    return tuple(titles), tuple(allocations), tuple(credits)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payments=st.lists(
        st.tuples(DAYS, st.integers(1, 90_000), st.sampled_from([0, 1, None]), st.booleans()),
        min_size=2, max_size=4, unique_by=lambda payment: payment[0],
    ),
    data=st.data(),
)  # fmt: skip
def test_the_same_payments_in_any_order_leave_the_same_balance(payments, data, town):
    building, ana, titles = town
    order = data.draw(st.permutations(range(len(payments))))

    def standing_after(sequence):
        try:
            with transaction.atomic():
                for number in sequence:
                    day, amount, which, bounces = payments[number]
                    new = commands.NewPayment(
                        external_id=f"H{number}", amount_cents=amount, paid_on=day,
                        receivable_id=None if which is None else titles[which].pk, debtor_id=ana.pk,
                    )  # fmt: skip
                    made = commands.record_payment(
                        company_id=building.pk, payment=new, source="bank", **scenes.on(LATER.today)
                    )
                    if bounces:
                        commands.reverse_payment(payment_id=made.pk, reason="estorno", **scenes.on(LATER.today))
                raise Undone(standing(building))
        except Undone as done:
            return done.args[0]

    assert standing_after(range(len(payments))) == standing_after(order)


@pytest.fixture
def town(db):
    building, ana = scenes.company(), party_scenes.debtor()
    titles = [scenes.title(building, ana, due_on=day) for day in (dt.date(2026, 10, 13), dt.date(2026, 11, 20))]
    return building, ana, titles


def test_money_is_conserved_whatever_is_paid(town):
    building, ana, titles = town
    paid = 0
    for number, (amount, title) in enumerate(itertools.product((7, 20_000, 61_000), (*titles, None))):
        scenes.pay(building, amount, dt.date(2026, 10, 10 + number), title, debtor=ana, today=LATER.today)
        paid += amount
    extinguished = sum(
        row.amount_cents for row in Allocation.objects.exclude(component__in=("discount", "rebate", "waiver"))
    )
    assert extinguished + sum(credit.amount_cents for credit in Credit.objects.all()) == paid


def test_folding_again_writes_nothing(town):
    building, ana, titles = town
    scenes.pay(building, 60_000, dt.date(2026, 11, 25), debtor=ana)
    again = folding.refold(receivable_ids=[titles[0].pk], staging_table=None, when=LATER)
    assert (again.title_count, again.changed_count, again.allocation_count, again.credit_count) == (2, 0, 0, 0)


def test_what_does_not_follow_from_the_facts_is_found(town):
    building, _, titles = town
    scenes.pay(building, 10_000, dt.date(2026, 11, 25), titles[0])
    assert checks.check(today=LATER.today) == []
    Receivable.objects.filter(pk=titles[0].pk).update(balance_cents=1)
    Allocation.objects.filter(receivable=titles[0], component="fine").update(amount_cents=3)
    found = {problem.code: problem.examples for problem in checks.check(today=LATER.today)}
    assert found == {"position_differs": (titles[0].pk,), "allocations_differ": (titles[0].pk,)}
