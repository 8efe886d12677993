"""The page of a case, of a title and of the call list: what people read there and what they do."""

import datetime as dt

import pytest
from django.urls import reverse

from quita.backoffice.tests.browsing import HTMX, TODAY, text
from quita.cases import commands
from quita.cases.models import Dispute, Promise, Task
from quita.cases.tests import scenes
from quita.parties import commands as parties
from quita.platform import actors

pytestmark = pytest.mark.django_db


class TestCase:
    def test_every_amount_adds_up_on_the_day_asked_for(self, building, ana, enter):
        scenes.titles.title(building, ana[0].debtor, 10_000, dt.date(2026, 12, 5))
        url = reverse("backoffice:case", args=[ana[0].pk])
        page = enter().get(url, {"as_of": "2026-12-10"})
        totals = page.context["totals"]
        parts = ("principal_cents", "correction_cents", "fine_cents", "interest_cents", "fees_cents")
        assert totals["total_cents"] == sum(totals[name] for name in parts) - totals["off_cents"]
        # Two months and one day late by then, and the second one five days.
        assert totals["fine_cents"] == 1_000 + 200
        assert enter("operator").get(url).context["totals"]["fine_cents"] == 1_000

    def test_the_debtors_document_is_shown_to_those_who_may_see_it(self, ana, enter):
        url = reverse("backoffice:case", args=[ana[0].pk])
        assert "529.982.247-25" in text(enter("operator").get(url))
        for_agency = text(enter("agency").get(url))
        assert "***.982.247-**" in for_agency
        assert "529.982.247-25" not in for_agency
        assert "/cadastros/devedores/" not in for_agency

    def test_an_auditor_reads_and_does_nothing(self, ana, enter):
        auditor = enter("auditor")
        assert auditor.get(reverse("backoffice:case", args=[ana[0].pk])).status_code == 200
        for url in (reverse("backoffice:promise", args=[ana[0].pk]), reverse("backoffice:dispute", args=[ana[1].pk])):
            assert auditor.post(url, {}).status_code == 403
        assert auditor.get(reverse("backoffice:tasks")).status_code == 403

    def test_a_promise_from_the_dialog_and_its_withdrawal(self, ana, enter):
        browser = enter("operator")
        url = reverse("backoffice:promise", args=[ana[0].pk])
        assert "<html" not in text(browser.get(url, headers=HTMX))
        sent = browser.post(url, {"amount_cents": "300,00", "pay_on": "2026-11-27"}, headers=HTMX)
        assert sent.status_code == 204
        promise = Promise.objects.get()
        assert (promise.amount_cents, promise.pay_on, promise.by) == (30_000, dt.date(2026, 11, 27), browser.user)
        page = browser.get(reverse("backoffice:case", args=[ana[0].pk]))
        assert page.context["promise"].state == "open"
        again = browser.post(url, {"amount_cents": "300,00", "pay_on": "2026-11-27"}, headers=HTMX)
        assert (again.status_code, "Há uma promessa em andamento para 27/11/2026" in text(again)) == (422, True)
        back = reverse("backoffice:withdraw_promise", args=[ana[0].pk, promise.pk])
        assert browser.post(back, {"reason": "Engano"}).status_code == 302
        promise.refresh_from_db()
        assert promise.withdrawal_reason == "Engano"

    def test_a_dispute_opened_and_closed(self, ana, enter):
        browser = enter("operator")
        browser.post(reverse("backoffice:dispute", args=[ana[1].pk]), {"reason": "Já pagou"})
        dispute = Dispute.objects.get()
        assert "contestado" in text(browser.get(reverse("backoffice:case", args=[ana[0].pk])))
        url = reverse("backoffice:close_dispute", args=[ana[1].pk, dispute.pk])
        assert browser.post(url, {"resolution": "Não achou o comprovante"}).status_code == 302
        assert Dispute.objects.get().closed_on == TODAY

    def test_the_story_tells_who_did_what_newest_first(self, building, ana, enter):
        browser = enter("operator")
        scenes.titles.pay(building, 10_000, dt.date(2026, 11, 20), ana[1], today=TODAY)
        commands.open_dispute(receivable_id=ana[1].pk, reason="Cobrou em dobro", **scenes.by(browser.user, TODAY))
        told = text(browser.get(reverse("backoffice:case", args=[ana[0].pk])))
        assert "Contestação aberta" in told
        assert "Cobrou em dobro" in told
        assert "Pagamento de R$\xa0100,00" in told
        facts = browser.get(reverse("backoffice:case", args=[ana[0].pk])).context["facts"]
        assert [fact.at for fact in facts] == sorted((fact.at for fact in facts), reverse=True)
        assert "Operator-None Ribeiro" in {fact.who for fact in facts}

    def test_a_long_story_is_told_in_parts_that_repeat_nothing(self, ana, enter):
        browser = enter("supervisor")
        for number in range(34):
            commands.assign_cases(
                case_ids=[ana[0].pk],
                user_id=browser.user.pk if number % 2 == 0 else None,
                **scenes.by(browser.user, TODAY),
            )
        page = browser.get(reverse("backoffice:case", args=[ana[0].pk]))
        rest = browser.get(page.context["older"], headers=HTMX)
        assert len(page.context["facts"]) == 30
        assert sum(fact.title == "Atribuída" for fact in (*page.context["facts"], *rest.context["facts"])) == 34


class TestTitle:
    def test_the_memory_of_calculation_step_by_step(self, ana, enter):
        page = enter().get(reverse("backoffice:title", args=[ana[1].pk]))
        sentences = [sentence for _, sentence in page.context["steps"]]
        assert any("Multa de 2%" in sentence for sentence in sentences)
        assert sum(step.amount_cents or 0 for step, _ in page.context["steps"]) == page.context["payoff"].total_cents

    def test_beside_a_list_only_the_detail_with_the_last_doings(self, ana, enter):
        fragment = text(
            enter().get(reverse("backoffice:title", args=[ana[1].pk]), headers=HTMX | {"HX-Target": "detail"})
        )
        assert "<html" not in fragment
        assert "Cobrança aberta" in fragment

    def test_a_paid_title_owes_nothing(self, building, ana, enter):
        scenes.titles.pay(building, 60_000, TODAY, ana[1])
        page = text(enter().get(reverse("backoffice:title", args=[ana[1].pk])))
        assert "Nada se deve neste título" in page


class TestTasks:
    @pytest.fixture
    def call(self, ana):
        parties.add_contact_point(
            debtor_id=ana[0].debtor_id,
            kind="phone",
            value="81 98765-4321",
            by=actors.SYSTEM,
            when=actors.When.on(TODAY),
        )
        return Task.objects.create(
            case=ana[0], company_id=ana[0].company_id, debtor_id=ana[0].debtor_id, kind="call", title="Ligar",
            natural_key="t:1", due_on=TODAY, created_at=actors.When.on(TODAY).at,
        )  # fmt: skip

    def test_the_call_list_says_whom_where_and_how_much(self, call, enter):
        page = enter("agency").get(reverse("backoffice:tasks"))
        (row,) = page.context["rows"]
        assert (row["phone"], row["late_cents"], row["days_past_due"]) == ("+5581987654321", 50_000, 44)
        assert "(81) 98765-4321" in text(page)

    def test_it_is_taken_and_done_with_an_outcome(self, call, enter):
        browser = enter("operator")
        assert browser.get(reverse("backoffice:take_task", args=[call.pk])).status_code == 405
        assert browser.post(reverse("backoffice:take_task", args=[call.pk]), headers=HTMX).status_code == 204
        call.refresh_from_db()
        assert call.assigned_to == browser.user
        assert browser.get(reverse("backoffice:tasks"), {"mine": "1"}).context["rows"]
        url = reverse("backoffice:complete_task", args=[call.pk])
        assert browser.post(url, {"outcome": ""}, headers=HTMX).status_code == 422
        assert browser.post(url, {"outcome": "Prometeu sexta"}, headers=HTMX).status_code == 204
        assert not browser.get(reverse("backoffice:tasks")).context["rows"]

    def test_a_link_back_leads_nowhere_else(self, call, enter):
        browser = enter("operator")
        url = reverse("backoffice:complete_task", args=[call.pk])
        answer = browser.post(f"{url}?back=//evil.example/", {"outcome": "Feito"})
        assert answer.url == reverse("backoffice:tasks")
