"""Navigation, theme, language, refusals and faults, as the server sees them."""

import json

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from quita.config import urls as product
from quita.domain.refusals import Finding, Refusal, Refused
from quita.platform.access import commands
from quita.platform.access.models import User
from quita.platform.access.web.forms import SignInForm
from quita.platform.actors import SYSTEM, When
from quita.platform.ui import answers, navigation

HTMX = {"HX-Request": "true"}
BELOW = "%(given)s is below the least allowed, %(limit)s."


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refusal(
        "sign_in_locked",
        "Too many failed attempts. Wait %(seconds)s seconds and try again, or ask an administrator to reset your "
        "password.",
        {"seconds": 7},
    )


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


handler500 = product.handler500
urlpatterns = [*product.urlpatterns, path("recusa/", refuse), path("falha/", fail)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def person() -> User:
    user, _password = commands.create_user(
        username="joana", role="operator", company_ids=None, by=SYSTEM, when=When.now()
    )
    return user


@pytest.fixture
def browser(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def test_every_place_of_the_navigation_has_an_address() -> None:
    assert [entry.url_name for entry in navigation.ENTRIES if not reverse(entry.url_name).startswith("/")] == []


def test_letters_after_g_are_used_once_and_groups_exist() -> None:
    letters = [entry.shortcut for entry in navigation.ENTRIES if entry.shortcut]
    assert len(letters) == len(set(letters))
    assert "g" not in letters
    assert {entry.group for entry in navigation.ENTRIES} <= set(navigation.GROUPS)


def test_people_see_only_what_their_role_may_open(person: User) -> None:
    seen = {place.entry.url_name for group in navigation.visible(person, "/") for place in group.places}
    assert "access:users" not in seen
    person.role = "administrator"
    groups = navigation.visible(person, "/usuarios/novo/")
    assert [place.entry.url_name for group in groups for place in group.places if place.current] == ["access:users"]


def test_the_page_speaks_the_persons_language_and_portuguese_to_strangers(browser: Client, person: User) -> None:
    address = reverse("access:preferences")
    assert browser.get(address).headers["Content-Language"] == "pt-br"
    browser.post(reverse("ui:language"), {"language": "en", "next": address})
    assert "You and your screen" in browser.get(address).content.decode()
    stranger = Client()
    page = stranger.get(reverse("access:sign_in"), headers={"Accept-Language": "en-US"})
    assert 'lang="pt-BR"' in page.content.decode()
    assert browser.post(reverse("ui:language"), {"language": "xx"}).status_code == 400


def test_the_theme_is_kept_with_the_person_and_in_the_browser(browser: Client, person: User) -> None:
    assert (
        browser.post(reverse("ui:theme"), {"theme": "dark"}, headers={"X-Requested-With": "fetch"}).status_code == 204
    )
    person.refresh_from_db()
    assert person.theme == "dark"
    assert browser.cookies["quita_theme"].value == "dark"
    assert browser.post(reverse("ui:theme"), {"theme": "pink"}).status_code == 400


@pytest.mark.parametrize("name", ["ui:theme", "ui:language"])
def test_choices_lead_back_to_our_own_pages_only(name: str) -> None:
    answer = Client().post(reverse(name), {"theme": "dark", "language": "en", "next": "https://mal.example/"})
    assert answer.headers["Location"] == "/"


def test_a_refusal_is_a_page_with_a_way_back_and_a_notice_with_htmx(browser: Client) -> None:
    page = browser.get("/recusa/", headers={"Referer": "http://testserver/usuarios/"})
    assert page.status_code == 422
    assert "Aguarde 7 segundos" in page.content.decode()
    assert 'href="http://testserver/usuarios/"' in page.content.decode()
    assert "mal.example" not in browser.get("/recusa/", headers={"Referer": "http://mal.example/"}).content.decode()
    part = browser.get("/recusa/", headers=HTMX)
    assert part.status_code == 422
    assert part.headers["HX-Reswap"] == "none"
    assert "Aguarde 7 segundos" in json.loads(part.headers["HX-Trigger"])["toast"]["text"]
    assert "<html" not in part.content.decode()


def test_a_fault_is_an_apology_with_the_reference_of_the_log(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    browser.raise_request_exception = False
    page = browser.get("/falha/")
    assert page.status_code == 500
    assert "on purpose" not in page.content.decode()
    reference = page.content.decode().split('<code class="reference">')[1][:8]
    assert f"reference={reference}" in caplog.text
    assert "on purpose" in caplog.text
    assert "Referência" in json.loads(browser.get("/falha/", headers=HTMX).headers["HX-Trigger"])["toast"]["text"]


def test_done_closes_the_dialog_or_moves_on(rf: RequestFactory) -> None:
    request = rf.post("/")
    request.htmx = type(
        "Htmx", (), {"boosted": False, "history_restore_request": False, "__bool__": lambda self: True}
    )()
    answer = answers.done(request, "Ação salva", to="/x/", changed=["case"])
    events = json.loads(answer.headers["HX-Trigger"])
    assert answer.status_code == 204
    assert events == {"dialog:close": True, "changed:case": True, "toast": {"text": "Ação salva", "tone": "success"}}


def test_refusals_stand_beside_their_fields_in_the_language_of_the_page() -> None:
    form = SignInForm({"username": "a", "password": "b"})
    form.is_valid()
    refusal = Refused(
        (
            Finding(Refusal("x", BELOW, {"given": _("Users"), "limit": 2}), field="username"),
            Finding(Refusal("y", "100%% sure")),
            Finding(Refusal("z", "No such field"), field="elsewhere"),
        )
    )
    with translation.override("pt-br"):
        answers.onto(form, refusal)
    assert form.errors["username"] == ["Usuários está abaixo do mínimo permitido, 2."]
    assert form.non_field_errors() == ["100% sure", "No such field"]


def test_every_page_carries_the_policy_and_pages_are_small(browser: Client) -> None:
    page = browser.get(reverse("access:preferences"), headers={"Accept-Encoding": "gzip"})
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.content) < 14_000
