"""A supervisor writes rules in the browser: conditions, ladders, the order of portfolios; with and without a mouse."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quita.ladders import starter
from quita.ladders.models import Ladder, LadderVersion, Portfolio
from quita.ladders.tests import scenes
from quita.parties.tests import scenes as town
from quita.platform.actors import SYSTEM, When
from tests.browser.conftest import Complaints

Check = Callable[[Page], None]
Shot = Callable[[Page, str], None]
NAMES = ("Ana Souza", "Bruno Carvalho", "Cecília Prado", "Davi Nogueira", "Elisa Farias", "Fábio Teles")
CPFS = ("52998224725", "11144477735", "12345678909", "98765432100", "39053344705", "86288366757")


@pytest.fixture(scope="module")
def rules(house: None, django_db_blocker: Any) -> Iterator[None]:
    """The starter rules, and a condominium whose owners are late."""
    with django_db_blocker.unblock():
        today = When.now().today
        starter.ensure_starter_rules(by=SYSTEM, when=When.now())
        aurora = town.company()
        for number, (name, cpf) in enumerate(zip(NAMES, CPFS, strict=True)):
            owner = town.debtor(name, cpf)
            for late in (number * 11 + 3, number * 17 + 40):
                due = today - dt.timedelta(days=late)
                scenes.title(aurora, owner, f"{due:%Y%m}-{number + 1:02d}", due, 48_050 + 1_730 * number)
        yield


@pytest.fixture
def desk(page: Page, sign_in: Callable[..., None], rules: None) -> Page:
    """A supervisor's browser."""
    sign_in("supervisor")
    return page


def settled(desk: Page) -> None:
    """Waits until htmx has put everything in its place, the focus too."""
    expect(desk.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def test_a_portfolio_is_built_and_comes_alive(desk: Page, axe: Check, shot: Shot, no_sideways_scroll: Check) -> None:
    desk.goto("/regras/carteiras/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Carteiras")
    axe(desk)
    no_sideways_scroll(desk)
    shot(desk, "portfolios")
    desk.get_by_role("link", name="Nova carteira").click()
    desk.get_by_label("Nome").fill("Atraso longo no Recife")
    desk.get_by_role("button", name="Condição", exact=True).click()
    value = desk.locator("#rule-0-value")
    value.fill("30")
    panel = desk.locator("#rule-panel")
    expect(panel).to_contain_text("dias de atraso a partir de 30")
    expect(panel).to_contain_text("títulos em aberto que combinam agora")
    expect(panel.get_by_role("row")).not_to_have_count(0)
    # A value that cannot be read is said beside its condition, while typing.
    value.fill("trinta")
    expect(desk.locator("#rule-0-errors")).to_contain_text("não é um número inteiro")
    value.fill("30")
    expect(desk.locator("#rule-0-errors")).to_be_empty()
    # A group: either of two things.
    settled(desk)
    desk.get_by_role("button", name="Grupo", exact=True).click()
    field = desk.locator('[name="rule:1.0:field"]')
    expect(field).to_be_visible()
    settled(desk)
    field.select_option("company.type")
    options = desk.locator('[name="rule:1.0:value"]')
    desk.locator("#rule-1-0-summary").click()
    options.first.check()
    desk.keyboard.press("Escape")
    expect(desk.locator("#rule-1-0-summary")).to_contain_text("condomínio")
    desk.locator(".rule-group.nested").get_by_role("button", name="Condição", exact=True).click()
    expect(desk.locator('[name="rule:1.1:field"]')).to_be_visible()
    settled(desk)
    desk.locator('[name="rule:1.1:field"]').select_option("title.balance")
    desk.locator("#rule-1-1-value").fill("1.234,56")
    expect(panel).to_contain_text("R$ 1.234,56")
    axe(desk)
    shot(desk, "portfolio")
    no_sideways_scroll(desk)
    desk.get_by_role("button", name="Salvar").click()
    expect(desk).to_have_url(re.compile("/regras/carteiras/$"))
    expect(desk.get_by_text("Atraso longo no Recife").first).to_be_visible()
    kept = Portfolio.objects.get(name="Atraso longo no Recife")
    assert kept.condition["all"][1]["any"][1] == {"field": "title.balance", "op": "at_least", "value": 123_456}


def test_a_condition_is_built_with_the_keyboard_alone(desk: Page) -> None:
    desk.goto("/regras/carteiras/nova/")
    desk.get_by_label("Nome").focus()
    desk.keyboard.type("Só teclado")
    desk.get_by_role("button", name="Condição", exact=True).focus()
    desk.keyboard.press("Enter")
    # The new condition has the focus.
    expect(desk.locator("#rule-0-field")).to_be_focused()
    settled(desk)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.type("45")
    desk.get_by_role("button", name="Condição", exact=True).focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#rule-1-field")).to_be_focused()
    settled(desk)
    desk.keyboard.press("Alt+ArrowUp")
    expect(desk.locator("#rule-1-value")).to_have_value("45")
    expect(desk.locator("#rule-0-field")).to_be_focused()
    settled(desk)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.type("3")
    # Enter in a field saves nothing by accident; Ctrl Enter saves.
    desk.keyboard.press("Control+Enter")
    expect(desk).to_have_url(re.compile("/regras/carteiras/$"))
    days = [one["value"] for one in Portfolio.objects.get(name="Só teclado").condition["all"]]
    assert days == [3, 45]


def test_the_order_of_portfolios_moves_with_the_arrows(desk: Page) -> None:
    desk.goto("/regras/carteiras/")
    names = desk.locator(".portfolio-list[data-sortable] .portfolio-what > a")
    before = names.all_inner_texts()
    desk.locator(".portfolio-list[data-sortable] > li").nth(1).locator("[data-grip]").focus()
    with desk.expect_response(lambda answer: "/ordem/" in answer.url):
        desk.keyboard.press("ArrowUp")
    expect(desk.locator("#toasts")).to_contain_text("Ordem salva")
    expect(names.first).to_have_text(before[1])


def test_a_ladder_shows_its_dates_and_warnings(
    desk: Page, axe: Check, shot: Shot, no_sideways_scroll: Check, complaints: Complaints
) -> None:
    complaints.expect("422")
    desk.goto("/regras/reguas/")
    axe(desk)
    no_sideways_scroll(desk)
    shot(desk, "ladders")
    desk.get_by_role("link", name="Condomínio", exact=True).click()
    axe(desk)
    no_sideways_scroll(desk)
    shot(desk, "ladder")
    desk.get_by_role("link", name="Editar").click()
    expect(desk.locator("#ladder-verdict")).to_contain_text("Nada impede esta régua")
    desk.locator("#sample-due").fill("2026-11-20")
    # Due on the holiday of 20 November: the first notice of day 5 falls on Wednesday the 25th.
    expect(desk.locator("#step-2-dates")).to_contain_text("25/11")
    desk.locator('[name="s:2:days"]').fill("9")
    expect(desk.locator("#step-2-sentence")).to_contain_text("9 dias após o vencimento")
    expect(desk.locator("#step-2-mark")).to_contain_text("D+9")
    # On the day of the second notice: two messages, one day.
    desk.locator('[name="s:2:days"]').fill("15")
    expect(desk.locator("#note-steps-3-offset_days")).to_contain_text("mesmo dia")
    expect(desk.locator("#ladder-verdict")).to_contain_text("precisa ser corrigido")
    axe(desk)
    no_sideways_scroll(desk)
    shot(desk, "ladder-editor")
    desk.get_by_role("button", name="Salvar como nova versão").click()
    expect(desk.locator("#note-steps-3-offset_days")).to_contain_text("mesmo dia")
    expect(desk.locator('[name="s:2:days"]')).to_have_value("15")
    desk.locator('[name="s:2:days"]').fill("6")
    desk.get_by_role("button", name="Salvar como nova versão").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Condomínio")
    expect(desk.locator(".changes")).to_contain_text("6 dias após o vencimento")
    assert LadderVersion.objects.filter(ladder__name="Condomínio").count() == 2


def test_a_new_ladder_grows_step_by_step_with_the_keyboard(desk: Page) -> None:
    desk.goto("/regras/reguas/nova/")
    desk.locator("#ladder-name").focus()
    desk.keyboard.type("Escola")
    desk.get_by_role("button", name="Enviar uma mensagem").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#s-0-name")).to_be_focused()
    settled(desk)
    desk.keyboard.type("Aviso da mensalidade")
    desk.locator('[name="s:0:template.email"]').focus()
    desk.keyboard.type("1º aviso")
    expect(desk.locator("#step-0-sentence")).to_contain_text("E-mail «1º aviso»")
    desk.get_by_role("button", name="Pedir uma ligação").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#s-1-name")).to_be_focused()
    settled(desk)
    desk.keyboard.type("Ligar para a família")
    desk.locator("#s-1-role").select_option("operator")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Escola")
    assert Ladder.objects.get(name="Escola").versions.get().steps.count() == 2


def test_phases_and_rules_of_debtors(desk: Page, axe: Check, shot: Shot, no_sideways_scroll: Check) -> None:
    desk.goto("/regras/fases/")
    axe(desk)
    no_sideways_scroll(desk)
    shot(desk, "phases")
    desk.get_by_role("link", name="Nova fase").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Nome").fill("Protesto")
    dialog.get_by_text("Só pessoas e etapas definem").click()
    axe(desk)
    dialog.get_by_role("button", name="Salvar").click()
    expect(desk.locator("#phases")).to_contain_text("Protesto")
    desk.goto("/regras/carteiras/devedores/nova/")
    desk.get_by_label("Buscar o devedor").fill("cecilia")
    desk.get_by_role("link", name="Cecília Prado").click()
    desk.get_by_label("Carteira").select_option(label="Grandes saldos")
    desk.get_by_label("Motivo").fill("Em negociação com a diretoria")
    shot(desk, "debtor-rule")
    desk.get_by_role("button", name="Salvar").click()
    expect(desk.locator("#debtor_rules")).to_contain_text("Cecília Prado")
    axe(desk)
    no_sideways_scroll(desk)
    shot(desk, "debtor-rules")
    desk.get_by_role("link", name="Liberar").click()
    desk.get_by_role("dialog").get_by_label("Motivo").fill("Pagou tudo")
    desk.get_by_role("dialog").get_by_role("button", name="Liberar").click()
    expect(desk.locator("#debtor_rules")).to_contain_text("Nenhum devedor tem regra própria")
