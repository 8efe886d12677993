"""Cancelling, writing off and undoing it leave traces, never holes."""

import datetime as dt

import pytest

from quita.domain.refusals import Refusal
from quita.parties.tests import scenes as party_scenes
from quita.platform.audit.models import Entry
from quita.receivables import commands
from quita.receivables.models import Closure, Credit, Receivable
from quita.receivables.tests import scenes

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 12)


def test_a_cancelled_title_can_come_back_with_what_was_paid_on_it():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    scenes.pay(building, 20_000, scenes.DUE, title)
    commands.cancel_title(receivable_id=title.pk, reason="cobrança indevida", **scenes.on(DAY))
    assert (scenes.fresh(title).status, title.balance_cents, title.closed_on) == ("cancelled", 0, DAY)
    assert Closure.objects.get().amount_cents == 30_000
    commands.reinstate_title(receivable_id=title.pk, reason="cancelada por engano", **scenes.on(DAY))
    assert (scenes.fresh(title).status, title.balance_cents) == ("open", 30_000)
    assert Closure.objects.get().reversed_at is not None
    verbs = Entry.objects.filter(subject="receivable").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["receivables.title.created", "receivables.title.cancelled", "receivables.title.reinstated"]


def test_what_arrives_for_a_cancelled_title_is_the_debtors_money():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    commands.cancel_title(receivable_id=title.pk, reason="cobrança indevida", **scenes.on(DAY))
    scenes.pay(building, 50_000, dt.date(2026, 11, 13), title)
    assert scenes.fresh(title).status == "cancelled"
    assert Credit.objects.get().amount_cents == 50_000


def test_a_written_off_debt_is_still_owed_and_may_be_paid():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    commands.write_off_title(receivable_id=title.pk, reason="sem perspectiva", **scenes.on(DAY))
    assert scenes.fresh(title).status == "written_off"
    scenes.pay(building, 60_000, dt.date(2026, 11, 25), title)
    assert (scenes.fresh(title).status, title.closed_on) == ("paid", dt.date(2026, 11, 25))
    assert Credit.objects.get().amount_cents == 60_000 - 51_250


def test_nothing_is_closed_twice_or_without_a_reason():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    with pytest.raises(Refusal) as refused:
        commands.cancel_title(receivable_id=title.pk, reason="  ", **scenes.on(DAY))
    assert refused.value.code == "reason_missing"
    commands.cancel_title(receivable_id=title.pk, reason="indevida", **scenes.on(DAY))
    with pytest.raises(Refusal) as refused:
        commands.write_off_title(receivable_id=title.pk, reason="outra", **scenes.on(DAY))
    assert refused.value.code == "title_not_open"
    commands.reinstate_title(receivable_id=title.pk, reason="volta", **scenes.on(DAY))
    with pytest.raises(Refusal) as refused:
        commands.reinstate_title(receivable_id=title.pk, reason="volta", **scenes.on(DAY))
    assert refused.value.code == "title_not_closed_by_hand"
    assert Receivable.objects.count() == 1


def test_postponing_a_title_lays_its_payments_anew():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    scenes.pay(building, 50_000, dt.date(2026, 11, 25), title)
    assert scenes.fresh(title).balance_cents == 1_250
    changed = commands.change_terms(
        receivable_id=title.pk, due_on=dt.date(2026, 11, 25), amount_cents=50_000, reason="prorrogado", **scenes.on(DAY)
    )
    assert (changed.status, changed.balance_cents) == ("paid", 0)
    entry = Entry.objects.get(verb="receivables.title.changed")
    assert entry.params["due_on"] == ["2026-11-10", "2026-11-25"]
