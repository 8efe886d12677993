"""What the daily run leaves in the database, day after day: nothing twice, nothing lost, cases that open and close."""

import datetime as dt

import pytest
from django.db import connection

from quita.cases.models import Case, PhasePeriod, Task, Ticket
from quita.domain.refusals import Refusal
from quita.ladders.commands import runs
from quita.ladders.models import Execution
from quita.ladders.tests.run_scenes import TUESDAY, Street, nov, run, street
from quita.messaging.models import Message
from quita.platform.actors import SYSTEM, When
from quita.receivables import commands as receivables

pytestmark = pytest.mark.django_db(transaction=True)

EFFECTS = ("cases_case", "cases_phaseperiod", "cases_task", "cases_ticket", "ladders_execution", "messaging_message")


def contents() -> dict[str, list[tuple]]:
    """Every row of every table that a run writes effects to."""
    with connection.cursor() as cursor:
        found = {}
        for table in EFFECTS:
            cursor.execute(f"select to_jsonb(t)::text from {table} t order by 1")
            found[table] = cursor.fetchall()
    return found


@pytest.fixture
def town() -> Street:
    """Ana is ten days late and a day late, Bia three weeks, Caio not yet."""
    place = street()
    place.title("Ana Souza", nov(14), "A/1")
    place.title("Ana Souza", nov(23), "A/2")
    place.title("Bia Lima", nov(1), "B/1")
    place.title("Caio Reis", nov(28), "C/1")
    return place


def sent() -> list[tuple[str, dt.date, int]]:
    """(debtor, day, titles listed) of every message."""
    rows = Message.objects.select_related("debtor").order_by("day", "debtor__name")
    return [(row.debtor.name, row.day, len(row.receivable_ids)) for row in rows]


def test_the_same_day_run_again_writes_nothing(town):
    first = run(TUESDAY)
    before = contents()
    assert first.counts["executions"] == 5
    assert sent() == [("Ana Souza", TUESDAY, 2), ("Bia Lima", TUESDAY, 1)]
    for hour in (9, 15):
        again = run(TUESDAY, hour)
        assert contents() == before
        assert again.counts["executions"] == again.counts["tasks"] == again.counts["tickets"] == 0


def test_a_missed_week_is_caught_up_with_one_message_and_the_latest_step(town):
    run(TUESDAY)
    later = nov(24) + dt.timedelta(days=7)
    run(later)
    ana = [row for row in sent() if row[0] == "Ana Souza"]
    assert ana == [("Ana Souza", TUESDAY, 2), ("Ana Souza", later, 2)]
    lead = Message.objects.get(debtor__name="Ana Souza", day=later)
    assert (lead.lead_receivable_id, lead.lead_occurrence) == (town.titles["A/1"].pk, 1)
    passed = Execution.objects.get(receivable=town.titles["A/2"], decided_on=later)
    assert passed.decision == 2 and passed.day == nov(28)


def test_a_case_closes_when_paid_and_reopens_where_it_stood_when_the_payment_is_reversed(town):
    run(TUESDAY)
    case = Case.objects.get(debtor__name="Bia Lima")
    payment = town.pay(town.titles["B/1"], nov(24))
    run(nov(25))
    case.refresh_from_db()
    assert (case.closed_on, case.close_reason) == (nov(25), "paid")
    before = Execution.objects.filter(receivable=town.titles["B/1"]).count()
    receivables.reverse_payment(payment_id=payment.pk, reason="estornado", by=SYSTEM, when=When.on(nov(25), 17))
    run(nov(26))
    reopened = Case.objects.get(debtor__name="Bia Lima")
    assert (reopened.pk, reopened.closed_on, reopened.opened_on) == (case.pk, None, case.opened_on)
    # The ladder goes on with what came due meanwhile; what was done before is not done again.
    assert Execution.objects.filter(receivable=town.titles["B/1"]).count() > before
    assert Message.objects.filter(debtor__name="Bia Lima", day=nov(26)).count() == 1


def test_an_open_ticket_is_updated_never_doubled(town):
    run(TUESDAY)
    for day in (nov(26), dt.date(2026, 12, 1)):
        run(day)
    ticket = Ticket.objects.get(case__debtor__name="Bia Lima")
    assert (ticket.opened_on, ticket.last_update_on, ticket.update_count) == (TUESDAY, dt.date(2026, 12, 1), 2)


def test_at_the_end_of_the_ladder_the_case_goes_with_one_task_to_the_supervisor(town):
    run(TUESDAY)
    end = dt.date(2026, 12, 14)
    run(end)
    run(end + dt.timedelta(days=1))
    case = Case.objects.get(debtor__name="Bia Lima")
    assert case.exhausted_on == end
    assert Task.objects.filter(case=case, kind="exhausted", role="supervisor").count() == 1


def test_phases_follow_lateness_and_their_history_is_kept(town):
    from quita.cases.models import Phase

    # However the installation begins, this town has two phases of its own.
    Phase.objects.update(is_active=False)
    for position, (name, days) in enumerate((("Recente", 1), ("Antiga", 12)), start=90):
        Phase.objects.create(name=name, position=position, is_automatic=True, from_days=days)
    run(TUESDAY)
    run(nov(26))
    title = town.titles["A/1"]
    history = PhasePeriod.objects.filter(receivable=title).order_by("id")
    assert [(one.phase.name, one.started_on, one.ended_on) for one in history.select_related("phase")] == [
        ("Recente", TUESDAY, nov(26)), ("Antiga", nov(26), None),
    ]  # fmt: skip


def test_a_run_never_goes_backwards_and_never_two_at_once(town):
    run(TUESDAY)
    with pytest.raises(Refusal) as backwards:
        runs.start_run(by=SYSTEM, when=When.on(nov(23)), trigger="test")
    assert backwards.value.code == "run_never_goes_backwards"
    started = runs.start_run(by=SYSTEM, when=When.on(nov(25)), trigger="test")
    with pytest.raises(Refusal) as second:
        runs.start_run(by=SYSTEM, when=When.on(nov(25)), trigger="test")
    assert second.value.code == "run_under_way"
    runs.abandon_run(run_id=started.pk, by=SYSTEM, when=When.on(nov(25)), reason="teste")
    assert run(nov(25)).state == "done"


def test_a_message_taken_out_in_the_preview_is_settled_as_taken_out(town):
    title = town.titles["A/1"]
    key = (title.pk, "2026-11-14", _step_key(town, "3º aviso"), 0)
    run(TUESDAY, removed=[key])
    assert sent() == [("Bia Lima", TUESDAY, 1)]
    assert Execution.objects.get(receivable=title).get_decision_display() is not None
    assert Execution.objects.get(receivable=title).decision == 24
    run(TUESDAY, 15)
    assert sent() == [("Bia Lima", TUESDAY, 1)]


def _step_key(town: Street, name: str) -> int:
    return town.ladder.steps.get(name=name).key_id
