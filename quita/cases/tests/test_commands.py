"""Disputes, holds, moves, phases by hand, tasks: who did it, until when, and what is refused."""

import datetime as dt

import pytest

from quita.cases import commands
from quita.cases.models import Case, Dispute, Hold, Phase, PhasePeriod, Task, Ticket
from quita.cases.tests import scenes
from quita.domain.refusals import Refusal
from quita.ladders.models import Portfolio
from quita.parties.models import Company
from quita.platform.access.scopes import Scope
from quita.platform.audit.models import Entry

pytestmark = pytest.mark.django_db
IN_A_WEEK = scenes.TODAY + dt.timedelta(days=7)


@pytest.fixture
def building():
    return scenes.titles.company()


@pytest.fixture
def ana(building):
    return scenes.late_case(building, scenes.people.debtor())


@pytest.fixture
def bruno(building):
    return scenes.late_case(building, scenes.people.debtor("Bruno Lima", scenes.people.CPFS[1]))


@pytest.fixture
def rui():
    return scenes.operator("rui", "supervisor")


def refusal_of(command, **arguments):
    with pytest.raises(Refusal) as refused:
        command(**arguments)
    return refused.value.code


def elsewhere(user):
    return scenes.by(user, scope=Scope(frozenset({Company.objects.get().pk + 1})))


class TestDisputes:
    def test_one_open_dispute_per_title_closed_with_what_was_decided(self, ana, rui):
        by = scenes.by(rui)
        dispute = commands.open_dispute(receivable_id=ana[1].pk, reason="Já pagou  em outubro", **by)
        assert dispute.reason == "Já pagou em outubro"
        again = {"receivable_id": ana[1].pk, "reason": "De novo", **by}
        assert refusal_of(commands.open_dispute, **again) == "dispute_open_already"
        assert refusal_of(commands.close_dispute, dispute_id=dispute.pk, resolution="", **by) == "resolution_missing"
        commands.close_dispute(dispute_id=dispute.pk, resolution="Comprovante era de setembro", **by)
        assert Dispute.objects.get().closed_on == scenes.TODAY
        code = refusal_of(commands.close_dispute, dispute_id=dispute.pk, resolution="x", **by)
        assert code == "dispute_closed_already"

    def test_a_paid_title_cannot_be_contested(self, building, ana, rui):
        scenes.titles.pay(building, 60_000, scenes.TODAY, ana[1])
        code = refusal_of(commands.open_dispute, receivable_id=ana[1].pk, reason="x", **scenes.by(rui))
        assert code == "title_closed"

    def test_another_companys_title_does_not_exist(self, ana, rui):
        code = refusal_of(commands.open_dispute, receivable_id=ana[1].pk, reason="x", **elsewhere(rui))
        assert code == "title_unknown"


class TestHolds:
    def test_many_cases_rest_at_once_and_one_is_resumed_early(self, ana, bruno, rui):
        holds = commands.place_holds(
            case_ids=[ana[0].pk, bruno[0].pk], reason="Mudança de administradora", ends_on=IN_A_WEEK, **scenes.by(rui)
        )
        assert [hold.debtor_id for hold in holds] == [ana[0].debtor_id, bruno[0].debtor_id]
        commands.lift_hold(hold_id=holds[0].pk, **scenes.by(rui))
        assert Hold.objects.get(pk=holds[0].pk).lifted_on == scenes.TODAY
        assert refusal_of(commands.lift_hold, hold_id=holds[0].pk, **scenes.by(rui)) == "hold_over_already"
        assert Entry.objects.filter(verb="cases.hold.placed", subject="case").count() == 2

    @pytest.mark.parametrize(
        ("reason", "starts_on", "ends_on", "code"),
        [
            ("", None, IN_A_WEEK, "reason_missing"),
            ("x" * 201, None, IN_A_WEEK, "text_too_long"),
            ("x", None, dt.date(2026, 11, 22), "hold_backwards"),
            ("x", dt.date(2026, 11, 1), dt.date(2026, 11, 22), "hold_over"),
            ("x", None, scenes.TODAY + dt.timedelta(days=181), "hold_too_long"),
        ],
    )
    def test_a_hold_needs_a_reason_and_a_near_end(self, ana, rui, reason, starts_on, ends_on, code):
        hold = {"case_ids": [ana[0].pk], "reason": reason, "starts_on": starts_on, "ends_on": ends_on}
        assert refusal_of(commands.place_holds, **hold, **scenes.by(rui)) == code

    def test_it_may_start_in_the_past(self, ana, rui):
        hold = {"receivable_ids": [ana[1].pk], "reason": "Enchente", "starts_on": dt.date(2026, 11, 1)}
        (made,) = commands.place_holds(**hold, ends_on=IN_A_WEEK, **scenes.by(rui))
        assert (made.receivable_id, made.case_id, made.starts_on) == (ana[1].pk, None, dt.date(2026, 11, 1))

    def test_only_who_sees_every_company_stops_every_company(self, building, ana, rui):
        whole = {"debtor_id": ana[0].debtor_id, "reason": "Internado", "ends_on": IN_A_WEEK}
        own = scenes.by(rui, scope=Scope(frozenset({building.pk})))
        assert refusal_of(commands.place_debtor_hold, company_id=None, **whole, **own) == "hold_beyond_scope"
        assert commands.place_debtor_hold(company_id=building.pk, **whole, **own).company_id == building.pk
        assert commands.place_debtor_hold(company_id=None, **whole, **scenes.by(rui)).company_id is None

    def test_nothing_marked_is_said(self, rui):
        code = refusal_of(commands.place_holds, reason="x", ends_on=IN_A_WEEK, **scenes.by(rui))
        assert code == "nothing_chosen"


class TestMoves:
    def test_a_move_by_hand_sticks_until_it_is_released(self, ana, bruno, rui):
        legal = Portfolio.objects.create(name="Jurídico", condition={"all": []})
        both = [ana[0].pk, bruno[0].pk]
        assert commands.move_cases(case_ids=both, portfolio_id=legal.pk, **scenes.by(rui)) == 2
        assert commands.move_cases(case_ids=both, portfolio_id=legal.pk, **scenes.by(rui)) == 0
        assert list(Case.objects.values_list("portfolio_by_hand", flat=True)) == [True, True]
        assert commands.release_cases(case_ids=[ana[0].pk], **scenes.by(rui)) == 1
        ana[0].refresh_from_db()
        assert (ana[0].portfolio_id, ana[0].portfolio_by_hand) == (legal.pk, False)
        assert Entry.objects.filter(verb="cases.case.moved").count() == 2

    def test_a_portfolio_out_of_use_takes_nobody(self, ana, rui):
        old = Portfolio.objects.create(name="Antiga", condition={"all": []}, is_active=False)
        code = refusal_of(commands.move_cases, case_ids=[ana[0].pk], portfolio_id=old.pk, **scenes.by(rui))
        assert code == "portfolio_unknown"

    def test_one_foreign_case_among_many_moves_none(self, ana, rui):
        legal = Portfolio.objects.create(name="Jurídico", condition={"all": []})
        cases = [ana[0].pk, ana[0].pk + 999]
        assert (
            refusal_of(commands.move_cases, case_ids=cases, portfolio_id=legal.pk, **scenes.by(rui)) == "case_unknown"
        )
        assert (
            refusal_of(commands.move_cases, case_ids=cases[:1], portfolio_id=legal.pk, **elsewhere(rui))
            == "case_unknown"
        )
        ana[0].refresh_from_db()
        assert ana[0].portfolio_id is None

    def test_cases_are_given_to_people_who_still_work_here(self, ana, rui):
        gone = scenes.operator("gil")
        type(gone).objects.filter(pk=gone.pk).update(is_active=False)
        assert (
            refusal_of(commands.assign_cases, case_ids=[ana[0].pk], user_id=gone.pk, **scenes.by(rui)) == "user_unknown"
        )
        assert commands.assign_cases(case_ids=[ana[0].pk], user_id=rui.pk, **scenes.by(rui)) == 1
        assert commands.assign_cases(case_ids=[ana[0].pk], user_id=None, **scenes.by(rui)) == 1


class TestPhases:
    @pytest.fixture
    def phases(self):
        steps = (("Amigável", 1), ("Firme", 31), ("Negativação", 91))
        by = {"by": scenes.Actor(None), "when": scenes.When.on(scenes.TODAY)}
        made = [commands.save_phase(name=name, is_automatic=True, from_days=days, **by) for name, days in steps]
        return [*made, commands.save_phase(name="Jurídico", is_automatic=False, from_days=None, **by)]

    def test_the_history_keeps_where_a_title_stood(self, ana, rui, phases):
        legal, firm = phases[3], phases[1]
        assert commands.set_phase(receivable_ids=[ana[1].pk], phase_id=firm.pk, **scenes.by(rui)) == 1
        later = scenes.by(rui, IN_A_WEEK)
        assert commands.set_phase(receivable_ids=[ana[1].pk], phase_id=legal.pk, **later) == 1
        assert commands.set_phase(receivable_ids=[ana[1].pk], phase_id=legal.pk, **later) == 0
        stays = PhasePeriod.objects.order_by("id").values_list("phase__name", "started_on", "ended_on", "by_hand")
        assert list(stays) == [("Firme", scenes.TODAY, IN_A_WEEK, True), ("Jurídico", IN_A_WEEK, None, True)]
        assert commands.release_phase(receivable_ids=[ana[1].pk], **later) == 1
        assert not PhasePeriod.objects.get(ended_on=None).by_hand

    def test_a_closed_title_keeps_its_phase(self, building, ana, rui, phases):
        scenes.titles.pay(building, 60_000, scenes.TODAY, ana[1])
        code = refusal_of(commands.set_phase, receivable_ids=[ana[1].pk], phase_id=phases[0].pk, **scenes.by(rui))
        assert code == "title_closed"

    def test_lateness_grows_with_the_order_of_phases(self, rui, phases):
        by = {key: value for key, value in scenes.by(rui).items() if key != "scope"}
        with pytest.raises(Refusal) as refused:
            commands.save_phase(phase_id=phases[2].pk, name="Negativação", is_automatic=True, from_days=31, **by)
        assert refused.value.code == "phase_out_of_order"
        assert refused.value.params["before"] == "Firme"
        order = [phases[1].pk, phases[0].pk, phases[2].pk, phases[3].pk]
        assert refusal_of(commands.order_phases, phase_ids=order, **by) == "phase_out_of_order"
        assert refusal_of(commands.order_phases, phase_ids=order[:2], **by) == "phase_order_incomplete"
        assert list(Phase.objects.values_list("name", flat=True))[:2] == ["Amigável", "Firme"]
        commands.order_phases(phase_ids=[phases[3].pk, *(phase.pk for phase in phases[:3])], **by)
        assert Phase.objects.first().name == "Jurídico"

    def test_an_inactive_phase_stands_in_nobodys_way(self, rui, phases):
        by = {key: value for key, value in scenes.by(rui).items() if key != "scope"}
        commands.deactivate_phase(phase_id=phases[1].pk, **by)
        assert commands.save_phase(phase_id=phases[2].pk, name="Negativação", is_automatic=True, from_days=20, **by)

    def test_names_are_given_once(self, rui, phases):
        by = {key: value for key, value in scenes.by(rui).items() if key != "scope"}
        new = {"is_automatic": True, "from_days": 200}
        assert refusal_of(commands.save_phase, name="firme", **new, **by) == "phase_name_taken"
        assert refusal_of(commands.save_phase, name=" ", **new, **by) == "phase_name_missing"
        assert (
            refusal_of(commands.save_phase, name="X", is_automatic=True, from_days=None, **by) == "phase_days_missing"
        )


class TestTasks:
    @pytest.fixture
    def task(self, ana):
        return Task.objects.create(
            case=ana[0], company_id=ana[0].company_id, debtor_id=ana[0].debtor_id, kind="call", title="Ligar",
            natural_key="t:1", due_on=scenes.TODAY, created_at=scenes.When.on(scenes.TODAY).at,
        )  # fmt: skip

    def test_a_task_is_done_once_and_with_an_outcome(self, task, rui):
        assert refusal_of(commands.complete_task, task_id=task.pk, outcome="", **scenes.by(rui)) == "outcome_missing"
        commands.complete_task(task_id=task.pk, outcome="Prometeu pagar sexta", **scenes.by(rui))
        assert refusal_of(commands.complete_task, task_id=task.pk, outcome="x", **scenes.by(rui)) == "task_done_already"
        assert Entry.objects.get(verb="cases.task.completed").params["outcome"] == "Prometeu pagar sexta"

    def test_another_companys_task_does_not_exist(self, task, rui):
        assert refusal_of(commands.complete_task, task_id=task.pk, outcome="x", **elsewhere(rui)) == "task_unknown"
        assert refusal_of(commands.assign_tasks, task_ids=[task.pk], user_id=rui.pk, **elsewhere(rui)) == "task_unknown"

    def test_a_ticket_is_closed_once(self, ana, rui):
        ticket = Ticket.objects.create(
            case=ana[0], group="Jurídico", ticket_type="Carta", opened_on=scenes.TODAY, last_update_on=scenes.TODAY
        )
        commands.close_ticket(ticket_id=ticket.pk, **scenes.by(rui))
        assert refusal_of(commands.close_ticket, ticket_id=ticket.pk, **scenes.by(rui)) == "ticket_closed"
