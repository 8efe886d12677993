"""Journeys through messages: a supervisor looks at what leaves, writes a template, asks the contact policy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quita.messaging.tests import scenes
from quita.platform.actors import When

Check = Callable[[Page], None]
Shot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def letters(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Town]:
    """Two letters delivered to a real mail server, one that waits and one that bounced."""
    town = scenes.town()
    when = When.now()
    folder: Path = tmp_path_factory.mktemp("post")
    with scenes.post_office(folder) as post:
        town.person("Bounce Silva", email="bounce@exemplo.example")
        for name in ("Ana Souza", "Bruno Lima", "Bounce Silva"):
            town.letter(name, when=scenes.MORNING)
        post.deliver(scenes.MORNING)
        town.letter("Caio Melo", when=when)
        yield town


@pytest.fixture(autouse=True)
def administrator(sign_in: Callable[..., None], letters: scenes.Town) -> None:
    sign_in("administrator")


def test_messages_are_followed_from_the_list_to_the_letter(
    page: Page, axe: Check, no_sideways_scroll: Check, shot: Shot
) -> None:
    page.goto("/mensagens/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mensagens")
    shot(page, "messages")
    axe(page)
    no_sideways_scroll(page)
    page.goto("/mensagens/")
    page.get_by_role("link", name="Ana Souza").click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("body")).to_contain_text("Olá, Ana,")
    expect(frame.locator("body")).to_contain_text("11.222.333/0001-81")
    shot(page, "message")
    axe(page)
    no_sideways_scroll(page)


def test_a_template_is_written_with_the_palette_and_its_preview(
    page: Page, axe: Check, no_sideways_scroll: Check, shot: Shot
) -> None:
    page.goto("/mensagens/modelos/novo/")
    page.get_by_label("Nome").fill("Segundo aviso")
    body = page.locator("textarea[name=body]")
    body.fill("Bom dia, ")
    page.locator("[data-insert='{{ debtor.first_name }}']").click()
    expect(body).to_have_value("Bom dia, {{ debtor.first_name }}")
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("Bom dia, Maria")
    body.press_sequentially(" {{ debtor.fist }}")
    expect(page.locator("#preview")).to_contain_text("debtor.first_name")
    shot(page, "template-refused")
    body.fill("Bom dia, {{ debtor.first_name }}\n\n{{ titles_table }}\n")
    expect(page.frame_locator("iframe").locator("table").first).to_contain_text("Total atualizado")
    shot(page, "template")
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Criar modelo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Segundo aviso")
    page.get_by_role("link", name="Versões").click()
    expect(page.locator("summary").first).to_contain_text("Versão 1")
    axe(page)


def test_the_contact_policy_is_read_and_narrowed(page: Page, axe: Check, no_sideways_scroll: Check, shot: Shot) -> None:
    page.goto("/mensagens/politica/")
    shot(page, "policy")
    axe(page)
    no_sideways_scroll(page)
    page.goto("/mensagens/politica/")
    page.get_by_role("link", name="Novo horário").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Sábado").check()
    dialog.get_by_label("Lei ou decisão").fill("Decisão da diretoria")
    shot(page, "policy-dialog")
    dialog.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Decisão da diretoria").first).to_be_visible()


def test_the_local_mailbox_says_what_arrived(page: Page, axe: Check, no_sideways_scroll: Check, shot: Shot) -> None:
    page.goto("/mensagens/caixa/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Caixa de e-mail local")
    shot(page, "mailbox")
    axe(page)
    no_sideways_scroll(page)
