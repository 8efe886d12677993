"""The frame as people use it: sign-in, palette, keyboard, menus, dialogs, theme, language, users; light and dark,
desk and phone.
"""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from quita.platform.access.models import User

GALLERY = "/galeria/"


def stop(page: Page) -> str:
    """What has the focus: an id, a row's id, or a tag name."""
    return str(
        page.evaluate(
            "document.activeElement.id || document.activeElement.dataset.id || document.activeElement.tagName"
        )
    )


@pytest.fixture
def gallery(page: Page, sign_in: Callable[..., None]) -> Page:
    sign_in()
    page.goto(GALLERY)
    page.wait_for_selector("html[data-ready]")
    return page


def test_a_person_signs_in_lands_where_they_wanted_and_signs_out(page: Page, server: str) -> None:
    page.goto("/usuarios/")
    expect(page).to_have_url(re.compile(r"/entrar/\?next=/usuarios/"))
    page.get_by_label("Usuário").fill("administrator")
    page.get_by_label("Senha").fill("errada")
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("alert")).to_contain_text("Usuário ou senha incorretos")
    page.get_by_label("Senha").fill("uma frase que ninguém adivinha")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/usuarios/$"))
    page.get_by_role("button", name="Sua conta").click()
    page.get_by_role("button", name="Sair").click()
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()


@pytest.fixture(autouse=True)
def _provoked(complaints) -> None:
    # A refused form or button answers 422 and a fault 500 by design; Chromium notes both.
    complaints.expect("422 (Unprocessable Entity)")


def test_the_sign_in_page_speaks_both_languages_and_fits_a_phone(
    page: Page, server: str, axe, no_sideways_scroll, shot
) -> None:
    page.goto("/entrar/")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "entrar")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_every_component_is_accessible_and_nothing_scrolls_sideways(
    gallery: Page, axe, no_sideways_scroll, shot
) -> None:
    axe(gallery)
    no_sideways_scroll(gallery)
    shot(gallery, "galeria")


def test_a_form_with_errors_is_accessible_and_starts_at_the_first_of_them(gallery: Page, axe) -> None:
    gallery.goto(f"{GALLERY}?errado=1")
    expect(gallery.locator("#wrong_text")).to_be_focused()
    axe(gallery)


def test_the_theme_changes_at_once_and_stays_without_a_flash(gallery: Page) -> None:
    with gallery.expect_response("**/tema/") as answer:
        gallery.get_by_role("button", name="Alternar entre claro e escuro").click()
    assert answer.value.status == 204
    expect(gallery.locator("html")).to_have_attribute("data-theme", "dark")
    gallery.reload()
    # The server wrote it: no script had to run first.
    assert 'data-theme="dark"' in gallery.request.get(GALLERY).text()
    gallery.get_by_role("button", name="Alternar entre claro e escuro").click()
    expect(gallery.locator("html")).to_have_attribute("data-theme", "light")


def test_the_language_changes_from_the_account_menu_and_keeps_the_page(gallery: Page) -> None:
    gallery.get_by_role("button", name="Sua conta").click()
    gallery.get_by_role("button", name="English").click()
    expect(gallery).to_have_url(re.compile(GALLERY))
    expect(gallery.get_by_role("button", name="Setup")).to_be_visible()


def test_the_palette_finds_places_without_accents_and_goes_there(gallery: Page, axe) -> None:
    gallery.keyboard.press("Control+k")
    box = gallery.get_by_role("combobox", name="Buscar ou executar")
    expect(box).to_be_focused()
    axe(gallery)
    box.fill("usuarios")
    options = gallery.locator("#palette [role=option]:visible")
    expect(options).to_have_count(1)
    assert box.get_attribute("aria-activedescendant") == "go-accessusers"
    gallery.keyboard.press("Enter")
    expect(gallery).to_have_url(re.compile("/usuarios/"))


def test_escape_closes_the_palette_and_gives_the_focus_back(gallery: Page) -> None:
    gallery.locator("tr[data-id='1001']").focus()
    gallery.keyboard.press("Control+k")
    gallery.keyboard.type("nada que exista aqui")
    expect(gallery.get_by_text("Nada encontrado")).to_be_visible()
    gallery.keyboard.press("Escape")
    assert stop(gallery) == "1001"


def test_a_list_is_walked_with_the_keyboard(gallery: Page) -> None:
    first = gallery.locator("tr[data-id='1000']")
    first.focus()
    for key, row in (
        ("j", "1001"),
        ("ArrowDown", "1002"),
        ("k", "1001"),
        ("End", "1007"),
        ("Home", "1000"),
        ("PageDown", "1007"),
        ("PageUp", "1000"),
    ):
        gallery.keyboard.press(key)
        assert stop(gallery) == row, key
    # One row of the list is in the tab order, whatever was walked.
    assert gallery.locator("[data-grid] tbody tr[tabindex='0']").count() == 1
    expect(gallery.locator("#detail h2")).to_have_text("Linha 1000")
    gallery.keyboard.press("Space")
    expect(first.locator("[data-mark]")).to_be_checked()
    expect(first).to_have_attribute("aria-selected", "true")
    expect(gallery.get_by_role("button", name="Ação em lote")).to_be_enabled()
    gallery.keyboard.press("Enter")
    expect(gallery).to_have_url(re.compile("linha=1000"))


def test_a_row_has_one_menu_from_key_mouse_and_kebab(gallery: Page, axe) -> None:
    row = gallery.locator("tr[data-id='1003']")
    row.focus()
    gallery.keyboard.press("Shift+F10")
    menu = gallery.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="Registrar contato")).to_be_focused()
    assert menu.get_by_role("menuitem", name="Abrir").get_attribute("href") == "/galeria/?linha=1003"
    axe(gallery)
    gallery.keyboard.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name="Abrir")).to_be_focused()
    gallery.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    assert stop(gallery) == "1003"
    row.locator("th").click(button="right")
    expect(menu).to_be_visible()
    gallery.keyboard.press("Escape")
    row.get_by_role("button", name="Ações de").click()
    expect(menu).to_be_visible()
    menu.get_by_role("menuitem", name="Registrar contato").click()
    expect(gallery.get_by_role("dialog", name="Registrar contato")).to_be_visible()


def test_a_menu_may_come_from_the_server(gallery: Page) -> None:
    gallery.locator("tr[data-id='1007']").get_by_role("button").click()
    expect(gallery.get_by_role("menuitem", name="Linha 1007")).to_be_focused()


def test_a_letter_on_a_row_acts_and_the_dialog_returns_to_it(gallery: Page, axe) -> None:
    gallery.locator("tr[data-id='1002']").focus()
    gallery.keyboard.press("r")
    dialog = gallery.get_by_role("dialog", name="Registrar contato")
    expect(dialog).to_be_visible()
    axe(gallery)
    gallery.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert stop(gallery) == "1002"


def test_a_dialog_shows_what_is_wrong_and_saves_with_control_enter(gallery: Page) -> None:
    gallery.get_by_role("link", name="Novo contato").click()
    dialog = gallery.get_by_role("dialog", name="Registrar contato")
    dialog.get_by_label("O que aconteceu").fill("Falou com o financeiro.")
    dialog.get_by_label("Valor prometido").fill("muito")
    gallery.keyboard.press("Control+Enter")
    expect(dialog.get_by_text("não é um valor")).to_be_visible()
    wrong = dialog.get_by_label("Valor prometido")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    wrong.fill("1.234,56")
    gallery.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(gallery.locator(".toast")).to_contain_text("Contato registrado.")


def test_unsaved_words_are_not_lost_by_escape(gallery: Page) -> None:
    gallery.keyboard.press("n")
    dialog = gallery.get_by_role("dialog", name="Registrar contato")
    dialog.get_by_label("O que aconteceu").fill("Metade de uma frase")
    gallery.keyboard.press("Escape")
    question = gallery.get_by_role("dialog", name="Há alterações que não foram salvas")
    expect(question).to_be_visible()
    question.get_by_role("button", name="Cancelar").click()
    expect(dialog.get_by_label("O que aconteceu")).to_have_value("Metade de uma frase")


def test_a_refusal_says_why_and_leaves_the_page_as_it_was(gallery: Page) -> None:
    gallery.get_by_role("button", name="Recusar").click()
    gallery.get_by_role("dialog", name="Dar o desconto?").get_by_role("button", name="Continuar").click()
    expect(gallery.locator(".toast.danger")).to_contain_text("A 45% discount exceeds the 30% allowed.")
    expect(gallery.get_by_role("heading", name="Formulário")).to_be_visible()


def test_a_fault_apologises_with_a_reference(gallery: Page, complaints) -> None:
    complaints.expect("500 (Internal Server Error)")
    complaints.expect("Response Status Error Code 500")
    gallery.get_by_role("button", name="Falhar").click()
    expect(gallery.locator(".toast.danger")).to_contain_text(re.compile("Referência: [0-9A-F]{8}"))
    gallery.goto("/galeria/falha/")
    expect(gallery.get_by_role("heading", name="Desculpe")).to_be_visible()
    expect(gallery.locator("code")).to_have_text(re.compile("^[0-9A-F]{8}$"))


def test_long_work_shows_its_progress_until_it_is_done(gallery: Page) -> None:
    expect(gallery.locator("#work")).to_have_text("pronto")
    asked = []
    gallery.on("request", lambda request: asked.append(request.url))
    gallery.wait_for_timeout(700)
    assert asked == [], "status 286 ends the asking"


def test_the_order_of_a_list_changes_by_mouse_and_by_keyboard(gallery: Page) -> None:
    names = gallery.locator("[data-sortable] li span")
    expect(names).to_have_text(["Lembrete", "Aviso", "Ligação"])
    gallery.get_by_role("button", name="Mover aviso").focus()
    gallery.keyboard.press("ArrowUp")
    expect(names).to_have_text(["Aviso", "Lembrete", "Ligação"])
    expect(gallery.locator("#moved")).to_have_text("Movido para a posição 1.")
    gallery.get_by_role("button", name="Mover aviso").drag_to(
        gallery.get_by_text("Ligação", exact=True), target_position={"x": 5, "y": 17}
    )
    expect(names).to_have_text(["Lembrete", "Ligação", "Aviso"])


def test_the_help_lists_the_keys_of_this_page(gallery: Page, axe) -> None:
    gallery.keyboard.press("?")
    dialog = gallery.get_by_role("dialog", name="Atalhos de teclado")
    expect(dialog).to_contain_text("Novo contato")
    expect(dialog).to_contain_text("Registrar contato")
    axe(gallery)
    dialog.get_by_role("button", name="Fechar").click()
    expect(dialog).to_be_hidden()


def test_letters_are_silent_while_typing_and_when_switched_off(page: Page, sign_in) -> None:
    sign_in(single_key_shortcuts=False)
    page.goto(GALLERY)
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("n")
    page.keyboard.press("?")
    page.locator("tr[data-id='1000']").focus()
    page.keyboard.press("j")
    assert stop(page) == "1000"
    page.keyboard.press("ArrowDown")
    assert stop(page) == "1001"
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.get_by_label("Devedor ou título").fill("")
    page.keyboard.type("n?gf")
    expect(page.get_by_label("Devedor ou título")).to_have_value("n?gf")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_slash_goes_to_the_filter_and_g_goes_to_a_place(gallery: Page) -> None:
    gallery.keyboard.press("/")
    expect(gallery.get_by_label("Devedor ou título")).to_be_focused()
    gallery.evaluate("document.activeElement.blur()")
    gallery.keyboard.press("g")
    gallery.keyboard.press("f")
    expect(gallery).not_to_have_url(re.compile(GALLERY))


def test_on_a_phone_the_navigation_and_the_filters_open_on_demand(gallery: Page, axe) -> None:
    gallery.set_viewport_size({"width": 360, "height": 740})
    expect(gallery.get_by_label("Devedor ou título")).to_be_hidden()
    gallery.get_by_role("button", name="Filtros").click()
    expect(gallery.get_by_label("Devedor ou título")).to_be_visible()
    gallery.get_by_role("button", name="Menu").click()
    navigation = gallery.get_by_role("navigation", name="Principal")
    expect(navigation.get_by_role("link", name="Usuários")).to_be_visible()
    axe(gallery)
    navigation.get_by_role("link", name="Usuários").click()
    expect(gallery.get_by_role("heading", name="Usuários", level=1)).to_be_visible()


def test_the_session_that_ended_sends_the_whole_page_to_the_sign_in(gallery: Page, context) -> None:
    context.clear_cookies()
    # Whichever request comes first finds the session gone: a click, or the polling of the progress.
    gallery.evaluate("document.querySelector('[data-dialog]').click()")
    expect(gallery).to_have_url(re.compile(r"/entrar/\?next=%2Fgaleria%2F"))


def test_an_administrator_makes_edits_and_deactivates_a_user(
    page: Page, sign_in, axe, no_sideways_scroll, shot
) -> None:
    sign_in()
    page.goto("/usuarios/")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "usuarios")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Novo usuário")).to_be_visible()
    axe(page)
    shot(page, "usuario")
    page.get_by_label("Usuário").fill("OPERATOR")
    page.get_by_text("Supervisor", exact=True).first.click()
    page.get_by_role("button", name="Criar usuário").click()
    expect(page.get_by_text("Já existe um usuário chamado OPERATOR")).to_be_visible()
    page.get_by_label("Usuário").fill("joana.prado")
    page.get_by_role("button", name="Criar usuário").click()
    password = page.locator("#new-password").inner_text()
    axe(page)
    assert Client().login(username="joana.prado", password=password)
    page.get_by_role("link", name="Voltar aos usuários").click()
    page.get_by_label("Buscar usuários").fill("joana")
    expect(page.locator("#users tbody tr")).to_have_count(1)
    page.get_by_role("link", name="joana.prado").click()
    page.get_by_role("button", name="Desativar").click()
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator(".toast")).to_contain_text("joana.prado não pode mais entrar.")
    assert not User.objects.get(username="joana.prado").is_active


def test_a_person_keeps_their_own_preferences(page: Page, sign_in, axe, no_sideways_scroll, shot) -> None:
    sign_in("operator")
    page.goto("/preferencias/")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "preferencias")
    page.get_by_text("English", exact=True).last.click()
    page.get_by_text("escuro", exact=True).click()
    page.get_by_role("button", name="Salvar").click()
    expect(page.locator(".toast")).to_contain_text("Preferences saved.")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_operator_is_told_what_they_may_not_see(page: Page, sign_in, complaints, axe) -> None:
    complaints.expect("403 (Forbidden)")
    complaints.expect("404 (Not Found)")
    sign_in("operator")
    page.goto("/usuarios/")
    expect(page.get_by_role("heading", name="Você não tem acesso a esta página")).to_be_visible()
    axe(page)
    page.goto("/nao-existe/")
    expect(page.get_by_role("heading", name="Não há nada aqui")).to_be_visible()
