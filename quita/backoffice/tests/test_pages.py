"""The pages of the staff shell: what each role sees, with and without htmx, and that other companies do not exist."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quita.backoffice.tests.browsing import HTMX, TODAY, text
from quita.cases.models import Case, Hold
from quita.cases.tests import scenes
from quita.ladders.models import Portfolio
from quita.platform import actors
from quita.receivables.models import Receivable

pytestmark = pytest.mark.django_db


class TestHome:
    def test_late_balance_due_today_and_the_chart_tell_the_same_story(self, building, ana, enter):
        scenes.titles.title(building, ana[0].debtor, 12_345, dt.date(2026, 11, 20))
        scenes.titles.title(building, ana[0].debtor, 70_000, dt.date(2026, 12, 20))
        page = enter().get("/")
        aging = page.context["numbers"].aging
        assert (aging.late.amount_cents, aging.late.title_count) == (50_000, 1)
        # Due on the holiday, payable until Monday: due today, not late.
        assert (aging.due_today.amount_cents, aging.due_today.title_count) == (12_345, 1)
        assert aging.outstanding_cents == 132_345
        assert "R$\xa0500" in text(page)
        assert "Posição de agora." in text(page)

    def test_who_is_left_out_is_counted_with_the_reason(self, building, enter):
        from quita.ladders.models import Run

        counts = {"reasons": {"sent": {"titles": 9, "debtors": 4}, "gap_too_short": {"titles": 3, "debtors": 2}}}
        moment = actors.When.on(TODAY).at
        Run.objects.create(
            day=TODAY, state="done", requested_at=moment, started_at=moment, finished_at=moment, counts=counts
        )
        page = enter().get("/")
        assert [(str(row[0]), row[1], row[2]) for row in page.context["exclusions"]] == [
            ("cedo demais após o último contato", 3, 2)
        ]

    def test_the_run_card_stops_asking_when_nothing_is_under_way(self, enter):
        from quita.ladders.models import Run

        browser = enter()
        moment = actors.When.on(TODAY).at
        run = Run.objects.create(day=TODAY, state="running", requested_at=moment, started_at=moment)
        going = browser.get(reverse("backoffice:run_card"), headers=HTMX)
        assert going.status_code == 200
        assert "every 1s" in text(going)
        Run.objects.filter(pk=run.pk).update(state="done", finished_at=moment)
        over = browser.get(reverse("backoffice:run_card"), headers=HTMX)
        assert over.status_code == 286
        assert "every 1s" not in text(over)

    def test_readiness_says_what_is_missing_and_what_to_do(self, enter, monkeypatch):
        monkeypatch.delenv("QUITA_SMTP_URL", raising=False)
        told = text(enter().get(reverse("backoffice:ready"), headers=HTMX))
        assert "Nenhum servidor de e-mail configurado" in told
        assert "quita work" in told

    def test_other_companies_do_not_count(self, building, ana, enter):
        other = scenes.people.company("Internet Boa Ltda", scenes.people.CNPJS[1])
        aging = enter("operator", [other.pk]).get("/").context["numbers"].aging
        assert aging.outstanding_cents == 0


class TestWorklists:
    def test_the_titles_with_what_each_is_worth_today(self, ana, enter):
        page = enter("operator").get(reverse("backoffice:worklist"))
        (row,) = page.context["rows"]
        # R$ 500, fine of 2 %, 44 days at 1 % a month of 30 days.
        assert row["total_cents"] == 50_000 + 1_000 + 733
        assert "517,33" in text(page)
        assert "***.982.247-**" in text(page)
        assert "52998224725" not in text(page)

    def test_htmx_gets_the_list_alone(self, ana, enter):
        fragment = text(enter().get(reverse("backoffice:worklist"), headers=HTMX))
        assert fragment.lstrip().startswith('<section id="list"')
        assert "<html" not in fragment

    def test_filters_come_from_the_address(self, ana, enter):
        browser = enter()
        base = reverse("backoffice:worklist")
        assert browser.get(base, {"q": "souza"}).context["rows"]
        assert browser.get(base, {"band": "31-60", "uf": "", "stop": "free"}).context["rows"]
        assert not browser.get(base, {"band": "91-"}).context["rows"]
        assert not browser.get(base, {"amount_from": "1.000,00"}).context["rows"]
        assert browser.get(base, {"amount_to": "1.000,00", "person": "none", "portfolio": "none"}).context["rows"]

    def test_a_filter_that_makes_no_sense_is_said_beside_the_list(self, ana, enter):
        page = enter().get(reverse("backoffice:worklist"), {"days_from": "abc"})
        assert page.status_code == 422
        assert "De (dias)" in text(page)

    def test_totals_of_a_long_list_are_counted_after_the_rows(self, building, ana, enter, monkeypatch):
        from quita.cases.queries import worklist

        for _ in range(3):
            scenes.titles.title(building, ana[0].debtor, due_on=scenes.LATE)
        monkeypatch.setattr("quita.cases.queries.worklist.titles.title_worklist.__kwdefaults__", {
            **worklist.title_worklist.__kwdefaults__, "size": 2,
        })  # fmt: skip
        browser = enter()
        page = browser.get(reverse("backoffice:worklist"), {"q": "souza"})
        assert page.context["total"] is None
        total = browser.get(page.context["count_url"], headers=HTMX)
        assert "<b>4</b> títulos" in text(total)
        second = browser.get(page.context["bar"].next_url)
        assert len(second.context["rows"]) == 2
        first = browser.get(second.context["bar"].previous_url)
        assert [row["id"] for row in first.context["rows"]] == [row["id"] for row in page.context["rows"]]

    def test_cases_and_their_total(self, ana, enter):
        page = enter().get(reverse("backoffice:cases"))
        assert [row["id"] for row in page.context["rows"]] == [ana[0].pk]
        assert "<b>1</b> cobrança" in text(page)

    def test_the_number_of_statements_is_constant(self, building, ana, enter):
        browser = enter()

        def count(url):
            browser.get(url)
            with CaptureQueriesContext(connection) as captured:
                browser.get(url)
            return len(captured)

        urls = [
            reverse("backoffice:worklist"),
            reverse("backoffice:cases"),
            reverse("backoffice:case", args=[ana[0].pk]),
        ]
        before = [count(url) for url in urls]
        for number in range(5):
            scenes.titles.title(building, ana[0].debtor, due_on=scenes.LATE, origin=f"o{number}")
            scenes.titles.title(building, ana[0].debtor, due_on=scenes.LATE)
        scenes.refresh(ana[0].debtor)
        assert [count(url) for url in urls] == before
        assert max(before) <= 22

    def test_another_companys_rows_are_not_there(self, building, ana, enter):
        other = scenes.people.company("Internet Boa Ltda", scenes.people.CNPJS[1])
        browser = enter("supervisor", [other.pk])
        assert not browser.get(reverse("backoffice:worklist")).context["rows"]
        assert not browser.get(reverse("backoffice:cases")).context["rows"]
        urls = [
            reverse("backoffice:case", args=[ana[0].pk]), reverse("backoffice:story", args=[ana[0].pk]),
            reverse("backoffice:title", args=[ana[1].pk]), reverse("backoffice:promise", args=[ana[0].pk]),
            reverse("backoffice:dispute", args=[ana[1].pk]),
        ]  # fmt: skip
        assert [browser.get(url).status_code for url in urls] == [404] * 5
        assert [browser.get(f"/titulos/{10**30}/").status_code, browser.get("/cobrancas/999999/").status_code] == [
            404,
            404,
        ]

    def test_a_number_beyond_every_id_is_not_found_either(self, enter):
        browser = enter()
        for url in (
            f"/titulos/{2**70}/",
            f"/titulos/{2**70}/contestacao/",
            f"/cobrancas/{2**70}/",
            f"/tarefas/{2**70}/concluir/",
        ):
            assert browser.get(url).status_code == 404


class TestBulk:
    def test_two_titles_move_their_cases_and_a_plain_form_does_the_same(self, building, ana, enter):
        bruno = scenes.late_case(building, scenes.people.debtor("Bruno Lima", scenes.people.CPFS[1]))
        legal = Portfolio.objects.create(name="Jurídico", condition={"all": []})
        browser = enter("supervisor")
        url = reverse("backoffice:bulk", args=["titles", "move"])
        sent = browser.post(url, {"marked": [ana[1].pk, bruno[1].pk], "portfolio_id": legal.pk}, headers=HTMX)
        assert sent.status_code == 204
        assert json.loads(sent.headers["HX-Trigger"])["changed:list"]
        assert set(Case.objects.values_list("portfolio", "portfolio_by_hand")) == {(legal.pk, True)}
        plain = browser.post(reverse("backoffice:bulk", args=["cases", "release"]), {"alone": [ana[0].pk]})
        assert plain.status_code == 302
        assert not Case.objects.get(pk=ana[0].pk).portfolio_by_hand

    def test_the_whole_result_of_the_filters_can_be_meant(self, building, ana, enter):
        bruno = scenes.late_case(building, scenes.people.debtor("Bruno Lima", scenes.people.CPFS[1]))
        browser = enter("supervisor")
        url = reverse("backoffice:bulk", args=["titles", "hold"])
        form = {"whole": "1", "query": "q=bruno", "reason": "Acerto com o síndico", "ends_on": "2026-11-30"}
        assert browser.post(url, form, headers=HTMX).status_code == 204
        assert list(Hold.objects.values_list("receivable_id", flat=True)) == [bruno[1].pk]

    def test_a_refusal_stands_in_the_form_with_422(self, ana, enter):
        browser = enter("supervisor")
        url = reverse("backoffice:bulk", args=["titles", "hold"])
        wrong = {"marked": [ana[1].pk], "reason": "x", "ends_on": "2026-11-01"}
        for headers in (HTMX, {}):
            answer = browser.post(url, wrong, headers=headers)
            assert answer.status_code == 422
            assert "terminaria em 01/11/2026" in text(answer)
        nothing = browser.post(url, {"reason": "x", "ends_on": "2026-11-30"}, headers=HTMX)
        assert "Nada está marcado" in text(nothing)

    def test_a_title_that_is_not_late_has_no_case_to_move(self, building, ana, enter):
        ahead = scenes.titles.title(
            building, scenes.people.debtor("Bruno Lima", scenes.people.CPFS[1]), due_on=dt.date(2026, 12, 20)
        )
        legal = Portfolio.objects.create(name="Jurídico", condition={"all": []})
        answer = enter().post(
            reverse("backoffice:bulk", args=["titles", "move"]), {"marked": [ahead.pk], "portfolio_id": legal.pk}
        )
        assert "Nenhum dos títulos marcados pertence a uma cobrança aberta" in text(answer)

    def test_who_may_not_move_is_told_so(self, ana, enter):
        for role in ("operator", "agency", "auditor"):
            assert enter(role).get(reverse("backoffice:bulk", args=["titles", "move"])).status_code == 403
        assert enter("administrator").get("/fila/titles/explode/").status_code == 404
        assert enter("operator", []).get(reverse("backoffice:bulk", args=["titles", "hold"])).status_code == 200


class TestSearch:
    def test_options_and_nothing_else(self, ana, enter):
        found = text(enter("operator").get(reverse("backoffice:search"), {"q": "ana sou"}))
        assert f'href="{reverse("backoffice:case", args=[ana[0].pk])}"' in found
        assert "<html" not in found
        by_number = text(enter("supervisor").get(reverse("backoffice:search"), {"q": ana[1].number}))
        assert f'href="{reverse("backoffice:title", args=[ana[1].pk])}"' in by_number

    def test_other_companies_are_not_found(self, ana, enter):
        other = scenes.people.company("Internet Boa Ltda", scenes.people.CNPJS[1])
        browser = enter("operator", [other.pk])
        for query in ("ana sou", ana[1].number, "52998224725"):
            assert "href" not in text(browser.get(reverse("backoffice:search"), {"q": query}))

    def test_one_letter_is_too_little(self, ana, enter):
        assert text(enter().get(reverse("backoffice:search"), {"q": "a"})).strip() == ""


def test_signed_out_people_are_asked_to_sign_in(client):
    for name in ("home", "worklist", "cases", "tasks", "search"):
        assert client.get(reverse(f"backoffice:{name}")).status_code == 302


def test_english_readers_read_english(ana, enter):
    browser = enter()
    type(browser.user).objects.filter(pk=browser.user.pk).update(language="en")
    assert "Late balance" in text(browser.get("/"))
    assert Receivable.objects.count() == 1
