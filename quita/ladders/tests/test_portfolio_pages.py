"""A supervisor builds a portfolio's condition on the page, with and without htmx."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from quita.cases.models import Case
from quita.ladders.models import DebtorRule, Portfolio
from quita.ladders.queries import condition_counts
from quita.ladders.tests import scenes
from quita.ladders.tests.scenes import ago, days_late, portfolio, title
from quita.ladders.web.rules import portfolios
from quita.parties.tests import scenes as town
from quita.platform.access import commands as access
from quita.platform.access.models import User
from quita.platform.actors import SYSTEM, When

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def person(role: str, company_ids: frozenset[int] | None = None) -> User:
    """Somebody of that role."""
    user, _password = access.create_user(
        username=f"{role}-{company_ids}", role=role, password="uma frase longa demais", company_ids=company_ids,
        by=SYSTEM, when=When.now(),
    )  # fmt: skip
    return user


@pytest.fixture
def supervisor(client: Client) -> Client:
    """A client signed in as a supervisor who sees every company."""
    client.force_login(person("supervisor"))
    return client


class _Inputs(HTMLParser):
    """The successful controls of a form, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.select = ""
        self.first = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        name = at.get("name") or ""
        if tag == "input" and name and (at.get("type") not in ("checkbox", "radio") or "checked" in at):
            self.data.setdefault(name, []).append(at.get("value") or "")
        elif tag == "select":
            self.select = name
            self.first = ""
        elif tag == "option" and self.select:
            self.first = self.first or (at.get("value") or "")
            if "selected" in at:
                self.data[self.select] = [at.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.data.setdefault(self.select, [self.first])
            self.select = ""


def inputs(html: str) -> dict[str, list[str]]:
    """What the browser would send back from the page's editor."""
    form = html[html.index('id="portfolio-form"') :] if 'id="portfolio-form"' in html else html
    reading = _Inputs()
    reading.feed(form.partition("</form>")[0])
    reading.data.pop("csrfmiddlewaretoken", None)
    return reading.data


def test_a_condition_is_built_with_plain_buttons_and_no_script(supervisor: Client) -> None:
    address = reverse("ladders:create_portfolio")
    page = supervisor.get(address).content.decode()
    data = inputs(page) | {"name": ["Atraso longo"], "act": ["add-condition/"]}
    page = supervisor.post(address, data).content.decode()
    data = inputs(page)
    assert data["rule:0:field"] == ["title.days_past_due"]
    data |= {"rule:0:value": ["60"], "act": ["add-group/"]}
    page = supervisor.post(address, data).content.decode()
    data = inputs(page) | {"rule:1:0:field": [""]}
    assert data["rule:0:value"] == ["60"]
    assert data["rule:1:kind"] == ["any"]
    data |= {"rule:1.0:field": ["title.balance"], "act": ["refresh"]}
    page = supervisor.post(address, data).content.decode()
    data = inputs(page)
    assert data["rule:1.0:op"] == ["at_least"]
    data |= {"rule:1.0:value": ["1.234,56"]}
    answer = supervisor.post(address, data)
    assert answer.headers["Location"] == reverse("ladders:portfolios")
    late, amount = days_late("at_least", 60)["all"][0], {"field": "title.balance", "op": "at_least", "value": 123_456}  # type: ignore[index]
    assert Portfolio.objects.get().condition == {"all": [late, {"any": [amount]}]}


def test_a_kept_portfolio_opens_and_saves_unchanged(supervisor: Client) -> None:
    company = town.company()
    rule = {
        "all": [
            {"field": "title.days_past_due", "op": "between", "value": [1, 30]},
            {"field": "title.balance", "op": "more_than", "value": 100_000_050},
            {"field": "title.due_on", "op": "in_last_days", "value": 90},
            {"field": "title.due_on", "op": "after", "value": "2025-01-31"},
            {"field": "debtor.city", "op": "in", "value": ["Olinda", "Recife"]},
            {"field": "debtor.has_email", "op": "is", "value": False},
            {"any": [
                {"field": "company.id", "op": "in", "value": [company.pk]},
                {"field": "title.document_type", "op": "in", "value": ["Boleto", "Carnê"]},
            ]},
            {"none": [{"field": "contract.plan", "op": "empty"}]},
        ]
    }  # fmt: skip
    kept = portfolio("Tudo", 10, rule)
    address = reverse("ladders:portfolio", args=[kept.pk])
    page = supervisor.get(address).content.decode()
    assert supervisor.post(address, inputs(page)).status_code == 302
    kept.refresh_from_db()
    assert kept.condition == rule


def test_the_sentence_the_count_and_the_sample_come_alive_while_typing(supervisor: Client) -> None:
    title(town.company(), town.debtor(), "A-77", ago(100))
    data = {
        "name": "Nova", "priority": "10", "rule::kind": "all", "rule:0:field": "title.days_past_due",
        "rule:0:op": "at_least", "rule:0:value": "3", "part": "panel",
    }  # fmt: skip
    answer = supervisor.post(reverse("ladders:create_portfolio"), data, headers=HTMX)
    text = re.sub(r"<[^>]+>", "", answer.content.decode())
    assert answer.status_code == 200
    assert "dias de atraso a partir de 3" in text
    assert "A-77" in text
    assert "rule-builder" not in answer.content.decode()
    assert not Portfolio.objects.exists()


def test_what_cannot_be_counted_at_once_is_asked_for_again_with_patience(
    supervisor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = title(town.company(), town.debtor(), "A-77", ago(100))
    everyone = portfolio("Todos", 900, {}, is_default=True)
    Case.objects.create(
        company=late.company, debtor=late.debtor, contract=late.contract, origin=late.origin, opened_on=late.due_on,
        portfolio=everyone,
    )  # fmt: skip
    data = {
        "name": "Nova", "priority": "10", "is_active": "on", "rule::kind": "all", "rule:0:field": "title.days_past_due",
        "rule:0:op": "at_least", "rule:0:value": "3", "part": "panel",
    }  # fmt: skip
    address = reverse("ladders:create_portfolio")
    monkeypatch.setattr(portfolios, "QUICK_MS", 1)
    monkeypatch.setattr(condition_counts, "_PAST_DUE", f"{condition_counts._PAST_DUE} and pg_sleep(0.1) is not null")
    panel = supervisor.post(address, data, headers=HTMX).content.decode()
    assert '"part": "moves"' in panel
    text = supervisor.post(address, data | {"part": "moves"}, headers=HTMX).content.decode()
    assert "Todos" in text
    assert "Nova" in text
    assert "hx-post" not in text


def test_a_fault_stands_beside_its_condition_and_what_was_typed_stays(supervisor: Client) -> None:
    data = {
        "name": "Nova", "priority": "10", "is_active": "on", "rule::kind": "all", "rule:0:field": "title.balance",
        "rule:0:op": "at_least", "rule:0:value": "doze reais", "rule:1:field": "title.days_past_due",
        "rule:1:op": "at_least", "rule:1:value": "",
    }  # fmt: skip
    answer = supervisor.post(reverse("ladders:create_portfolio"), data)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'value="doze reais"' in html
    assert "doze reais” " in re.search(r'id="rule-0-errors">(.*?)</div>', html, re.S)[1]  # type: ignore[index]
    assert "<p>" in re.search(r'id="rule-1-errors">(.*?)</div>', html, re.S)[1]  # type: ignore[index]


def test_a_portfolio_that_would_take_everything_says_so_at_the_condition(supervisor: Client) -> None:
    data = {"name": "Nova", "priority": "10", "is_active": "on", "rule::kind": "all"}
    answer = supervisor.post(reverse("ladders:create_portfolio"), data)
    assert answer.status_code == 422
    assert "<p>" in re.search(r'id="rule-root-errors">(.*?)</div>', answer.content.decode(), re.S)[1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("remove/0", "[b (c d)]"),
        ("copy/0", "[a a b (c d)]"),
        ("up/1", "[b a (c d)]"),
        ("down/0", "[b a (c d)]"),
        ("down/1", "[a (b c d)]"),
        ("up/2.0", "[a b c (d)]"),
        ("down/2.1", "[a b (c) d]"),
        ("up/2", "[a (c d) b]"),
        ("remove/2.0", "[a b (d)]"),
        ("remove/7.7", "[a b (c d)]"),
        ("explode/0", "[a b (c d)]"),
    ],
)
def test_conditions_move_as_in_an_outline(supervisor: Client, command: str, wanted: str) -> None:
    data = {"name": "N", "priority": "1", "rule::kind": "all", "rule:2:kind": "any", "act": command}
    for path, text in {"0": "a", "1": "b", "2.0": "c", "2.1": "d"}.items():
        data |= {f"rule:{path}:field": "title.number", f"rule:{path}:op": "contains", f"rule:{path}:value": text}
    page = supervisor.post(reverse("ladders:create_portfolio"), data, headers=HTMX).content.decode()
    assert outline(inputs(page)) == wanted


def outline(data: dict[str, list[str]], path: str = "") -> str:
    """The tree in a form as "[a b (c d)]"."""
    said, number = [], 0
    while True:
        place = f"{path}.{number}".removeprefix(".")
        if f"rule:{place}:kind" in data:
            said.append(outline(data, place))
        elif f"rule:{place}:field" in data:
            said.append(data[f"rule:{place}:value"][0])
        else:
            break
        number += 1
    joined = " ".join(said)
    return f"({joined})" if path else f"[{joined}]"


def test_the_order_is_kept_by_drag_and_by_buttons(supervisor: Client) -> None:
    first, second = portfolio("A", 10, days_late("at_least", 1)), portfolio("B", 20, days_late("at_least", 1))
    address = reverse("ladders:reorder_portfolios")
    assert supervisor.post(address, {"order": [second.pk, first.pk]}, headers=HTMX).status_code == 204
    assert [row.name for row in Portfolio.objects.order_by("priority")] == ["B", "A"]
    answer = supervisor.post(address, {"order": [second.pk, first.pk], "move": f"up:{first.pk}"})
    assert answer.status_code == 302
    assert [row.name for row in Portfolio.objects.order_by("priority")] == ["A", "B"]


def test_who_may_only_look_sees_the_rules_and_cannot_save(client: Client) -> None:
    kept = portfolio("VIP", 10, days_late("at_least", 1))
    client.force_login(person("auditor"))
    page = client.get(reverse("ladders:portfolio", args=[kept.pk]))
    assert page.status_code == 200
    assert "VIP" in page.content.decode()
    data = {"name": "Outra", "priority": "1", "rule::kind": "all"}
    assert client.post(reverse("ladders:portfolio", args=[kept.pk]), data).status_code == 403
    assert client.get(reverse("ladders:create_portfolio")).status_code == 403
    client.force_login(person("agency"))
    assert client.get(reverse("ladders:portfolios")).status_code == 403


def test_the_list_reads_as_sentences(supervisor: Client) -> None:
    version = scenes.publish(scenes.message("1º aviso", 3, scenes.template()))
    portfolio("Atraso longo", 10, days_late("at_least", 60), ladder_id=version.ladder_id)
    portfolio("Resto", 100, {}, is_default=True)
    text = re.sub(r"<[^>]+>", "", supervisor.get(reverse("ladders:portfolios")).content.decode())
    assert "dias de atraso a partir de 60" in text
    assert "Resto" in text


def test_a_debtor_gets_a_rule_and_loses_it_with_a_reason(supervisor: Client) -> None:
    kept, ana = portfolio("VIP", 10, days_late("at_least", 1)), town.debtor()
    found = supervisor.get(reverse("ladders:create_debtor_rule"), {"q": "souza"}, headers=HTMX).content.decode()
    address = reverse("ladders:debtor_rule", args=[ana.pk])
    assert address in found
    assert supervisor.post(address, {"portfolio_id": kept.pk, "reason": ""}).status_code == 422
    assert supervisor.post(address, {"portfolio_id": kept.pk, "reason": "Acordo"}).status_code == 302
    assert "Ana Souza" in supervisor.get(reverse("ladders:debtor_rules")).content.decode()
    release = reverse("ladders:release_debtor_rule", args=[ana.pk])
    assert supervisor.post(release, {"reason": "Encerrado"}).status_code == 302
    assert not DebtorRule.objects.exists()


def test_a_debtor_of_another_company_is_not_found(client: Client) -> None:
    ana, mine = town.debtor(), town.company()
    client.force_login(person("supervisor", frozenset({mine.pk})))
    address = reverse("ladders:debtor_rule", args=[ana.pk])
    assert client.get(address).status_code == 404
    assert address not in client.get(reverse("ladders:create_debtor_rule"), {"q": "Ana Souza"}).content.decode()


def test_phases_are_kept_in_order_and_refused_beside_their_day(supervisor: Client) -> None:
    address = reverse("ladders:create_phase")
    first = {"name": "Amigável", "how": "auto", "from_days": "1", "basis": "calendar", "is_active": "on"}
    assert supervisor.post(address, first).status_code == 302
    refused = supervisor.post(address, first | {"name": "Administrativa"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Administrativa" in refused.content.decode()
    assert supervisor.post(address, first | {"name": "Administrativa", "from_days": "16"}).status_code == 302
    by_hand = {"name": "Jurídica", "how": "hand", "basis": "calendar", "is_active": "on"}
    assert supervisor.post(address, by_hand).status_code == 302
    text = supervisor.get(reverse("ladders:phases")).content.decode()
    assert text.index("Amigável") < text.index("Administrativa") < text.index("Jurídica")
