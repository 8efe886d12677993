"""An operator's morning with the keyboard alone: worklist, case, call list, palette; and how it all looks."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quita.cases.models import Case, Hold, Promise, Task
from quita.cases.tests import scenes
from quita.domain import documents
from quita.ladders.models import Portfolio
from quita.parties import commands as parties
from quita.platform import actors
from tests.browser.conftest import Check, Complaints, SignIn

TODAY = scenes.TODAY
NAMES = (
    "Ana Paula Oliveira", "Bruno Lima Santos", "Carla Conceição Araújo", "Davi Monteiro", "Élida Rocha Nunes",
    "Fábio Teixeira Gomes", "Gisele Albuquerque", "Heitor Dias Cardoso",
)  # fmt: skip
CPFS = tuple(base + documents.check_digits(base) for base in (f"3902271{number:02d}" for number in range(len(NAMES))))


@pytest.fixture(scope="module")
def street(house: None) -> dict[str, Any]:
    """A building whose eight debtors are late by a few days or by years, and one call to make."""
    building = scenes.titles.company()
    cases, titles = [], []
    for number, name in enumerate(NAMES):
        debtor = scenes.people.debtor(name, CPFS[number])
        for back in (5 + number * 40, 12 + number * 40):
            titles.append(
                scenes.titles.title(building, debtor, 45_000 + number * 3_100, TODAY - dt.timedelta(days=back))
            )
        scenes.refresh(debtor)
        cases.append(Case.objects.get(debtor=debtor))
    parties.add_contact_point(
        debtor_id=cases[0].debtor_id, kind="phone", value="81 98765-4321", by=actors.SYSTEM, when=actors.When.on(TODAY)
    )
    legal = Portfolio.objects.create(name="Jurídico", condition={"all": []})
    return {"cases": cases, "titles": titles, "legal": legal}


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Monday 23 November 2026, ten in the morning."""
    monkeypatch.setattr(actors.When, "now", classmethod(lambda cls, zone=None: cls.on(TODAY, hour=10)))


@pytest.fixture
def desk(page: Page, sign_in: SignIn, street: dict[str, Any]) -> Iterator[Page]:
    """A supervisor at the worklist."""
    sign_in("supervisor")
    page.goto("/fila/")
    yield page
    Hold.objects.all().delete()
    Promise.objects.all().delete()
    Case.objects.update(portfolio=None, portfolio_by_hand=False, assigned_to=None)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.innerText")


def test_a_promise_is_recorded_without_touching_the_mouse(desk: Page, street: dict[str, Any]) -> None:
    desk.locator("tbody tr").first.focus()
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    assert "Heitor Dias Cardoso" in focused(desk)
    expect(desk.locator("#detail h2")).to_have_text("Heitor Dias Cardoso")
    desk.keyboard.press("p")
    expect(desk.get_by_role("heading", name="Promessa de pagamento")).to_be_visible()
    desk.keyboard.type("250,00")
    desk.get_by_label("Vai pagar em").fill("2026-11-27")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toasts")).to_contain_text("Promessa registrada.")
    # The list has told itself anew: the row says why nothing is chased.
    expect(desk.locator("tbody tr").first.get_by_label("Promessa em andamento")).to_be_visible()
    assert Promise.objects.get().amount_cents == 25_000


def test_what_is_wrong_is_said_in_the_dialog(desk: Page, complaints: Complaints) -> None:
    complaints.expect("422")
    desk.locator("tbody tr").nth(2).focus()
    desk.keyboard.press("s")
    desk.get_by_label("Motivo").fill("Acerto com o síndico")
    desk.get_by_label("Até (inclusive)").fill("2026-11-01")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#dialog")).to_contain_text("A suspensão terminaria em 01/11/2026")
    desk.get_by_label("Até (inclusive)").fill("2026-12-01")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#dialog")).not_to_be_visible()
    expect(desk.locator("#toasts")).to_contain_text("1 alterado.")
    assert Hold.objects.get().reason == "Acerto com o síndico"


def test_two_rows_are_marked_and_moved(desk: Page, street: dict[str, Any]) -> None:
    desk.locator("tbody tr").first.focus()
    desk.keyboard.press("Space")
    for _ in range(2):
        desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Space")
    expect(desk.locator("[data-marked-note]")).to_contain_text("2 marcados")
    desk.keyboard.press("b")
    desk.get_by_role("link", name="Mover para uma carteira").press("Enter")
    expect(desk.locator("#dialog")).to_contain_text("Títulos marcados: 2")
    desk.locator("#dialog select").select_option(label="Jurídico")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toasts")).to_contain_text("2 alterados.")
    assert Case.objects.filter(portfolio=street["legal"], portfolio_by_hand=True).count() == 2
    expect(desk.locator("[data-marked-note]")).to_be_hidden()


def test_marks_outlive_the_page_they_were_made_on(desk: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    from quita.cases.queries import worklist

    defaults = {**worklist.title_worklist.__kwdefaults__, "size": 6}
    monkeypatch.setattr(worklist.title_worklist, "__kwdefaults__", defaults)
    desk.goto("/fila/")
    desk.locator("tbody [data-mark]").first.check()
    desk.get_by_role("link", name="Próxima").click()
    expect(desk.get_by_role("link", name="Anterior")).to_be_visible()
    desk.locator("tbody [data-mark]").first.check()
    expect(desk.locator("[data-marked-note]")).to_contain_text("2 marcados")
    desk.get_by_role("link", name="Anterior").click()
    expect(desk.locator("tbody [data-mark]").first).to_be_checked()
    desk.get_by_role("button", name="Desmarcar todos").click()
    expect(desk.locator("tbody [data-mark]").first).not_to_be_checked()


def test_filters_change_the_list_and_the_address(desk: Page) -> None:
    desk.keyboard.press("/")
    desk.keyboard.type("conceicao")
    desk.keyboard.press("Enter")
    expect(desk.locator("tbody tr")).to_have_count(2)
    expect(desk).to_have_url(re.compile("q=conceicao"))
    desk.get_by_label("Mais de 90 dias").check()
    expect(desk.locator("tbody tr")).to_have_count(1)
    desk.reload()
    expect(desk.locator("tbody tr")).to_have_count(1)
    desk.keyboard.press("/")
    desk.keyboard.type("zzz")
    desk.keyboard.press("Enter")
    expect(desk.locator("#list")).to_contain_text("Nenhum título atende a estes filtros")


def test_the_menu_of_a_row_opens_the_case_and_its_amounts_follow_the_day(desk: Page, street: dict[str, Any]) -> None:
    desk.locator("tbody tr").first.focus()
    desk.keyboard.press("Shift+F10")
    expect(desk.get_by_role("menuitem", name="Abrir a cobrança")).to_be_focused()
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(r"/cobrancas/\d+/$"))
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Heitor Dias Cardoso")
    before = desk.locator("table.worth tfoot").inner_text()
    desk.get_by_label("Valores em").fill("2027-01-15")
    expect(desk.locator("table.worth tfoot")).not_to_have_text(before)
    expect(desk).to_have_url(re.compile("as_of=2027-01-15"))
    desk.locator("table.worth tbody th a").first.click()
    expect(desk.locator("#dialog")).to_contain_text("Multa de 2%")
    desk.keyboard.press("Escape")
    expect(desk.locator("#dialog")).not_to_be_visible()


def test_the_palette_finds_a_debtor(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    desk.keyboard.type("elida ro")
    expect(desk.locator("#palette-found")).to_contain_text("Élida Rocha Nunes")
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(r"/cobrancas/\d+/$"))
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Élida Rocha Nunes")


def test_a_call_is_taken_and_done(desk: Page, street: dict[str, Any]) -> None:
    case = street["cases"][0]
    Task.objects.create(
        case=case, company_id=case.company_id, debtor_id=case.debtor_id, kind="call", title="Ligar hoje",
        natural_key="browser:1", due_on=TODAY, created_at=actors.When.on(TODAY).at,
    )  # fmt: skip
    desk.keyboard.press("g")
    desk.keyboard.press("t")
    desk.wait_for_url("**/tarefas/")
    row = desk.locator("tbody tr").first
    expect(row).to_contain_text("(81) 98765-4321")
    row.focus()
    desk.keyboard.press("u")
    expect(desk.locator("#toasts")).to_contain_text("A tarefa é sua.")
    # The list told itself anew with the name in it, and the row kept the focus.
    expect(desk.locator("tbody tr").first).to_contain_text("Camila Ribeiro")
    expect(desk.locator("tbody tr").first).to_be_focused()
    desk.keyboard.press("c")
    desk.get_by_label("Qual foi o resultado?").fill("Prometeu pagar na sexta")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#list")).to_contain_text("Nada a fazer")
    assert Task.objects.get(natural_key="browser:1").outcome == "Prometeu pagar na sexta"


def test_the_shortcuts_of_the_page_are_listed_once_each(desk: Page) -> None:
    desk.keyboard.press("?")
    keys = desk.locator("[data-help-page] kbd").all_inner_texts()
    assert {"P", "D", "S", "M", "F", "A", "V", "B"} <= set(keys)
    assert len(keys) == len(set(keys))
    assert "G" not in keys


@pytest.mark.parametrize("name", ["home", "titles", "cases", "case", "title", "tasks"])
def test_every_page_is_accessible_fits_a_phone_and_is_worth_a_look(
    desk: Page,
    street: dict[str, Any],
    name: str,
    axe: Check,
    no_sideways_scroll: Check,
    shot: Callable[[Page, str], None],
) -> None:
    addresses = {
        "home": "/", "titles": "/fila/", "cases": "/cobrancas/", "tasks": "/tarefas/?due=all",
        "case": f"/cobrancas/{street['cases'][3].pk}/", "title": f"/titulos/{street['titles'][3].pk}/",
    }  # fmt: skip
    desk.goto(addresses[name])
    if name == "home":
        expect(desk.locator("#ready")).to_be_visible()
    if name == "titles":
        desk.locator("tbody tr").first.focus()
        expect(desk.locator("#detail h2")).to_be_visible()
    axe(desk)
    no_sideways_scroll(desk)
    shot(desk, f"backoffice-{name}")


def test_without_script_the_same_work_is_done_with_plain_forms(
    browser: Any, browser_context_args: dict[str, Any], street: dict[str, Any]
) -> None:
    from django.conf import settings
    from django.test import Client

    from quita.platform.access.models import User

    client = Client()
    client.force_login(User.objects.get(username="supervisor"))
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": browser_context_args["base_url"]}]
    )
    page = context.new_page()
    page.goto(f"/cobrancas/{street['cases'][1].pk}/")
    page.get_by_role("link", name="Promessa").click()
    page.get_by_label("Valor (R$)").fill("100,00")
    page.get_by_label("Vai pagar em").fill("2026-11-30")
    page.get_by_role("button", name="Registrar a promessa").click()
    expect(page.locator("body")).to_contain_text("Promessa registrada.")
    expect(page.locator("body")).to_contain_text("em andamento")
    context.close()
    Promise.objects.all().delete()
