"""Coming in: the right password, the wrong one, and somebody who keeps guessing."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from quita.domain.refusals import Refusal
from quita.platform.access import commands, throttle
from quita.platform.access.models import SignInAttempts, User
from quita.platform.actors import SYSTEM, When

PASSWORD = "uma frase que ninguém adivinha"
START = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def at(**later: float) -> When:
    instant = START + dt.timedelta(**later)
    return When(at=instant, today=instant.date())


@pytest.fixture
def person(db: None) -> User:
    user, _password = commands.create_user(
        username="joana", role="operator", password=PASSWORD, company_ids=None, by=SYSTEM, when=at()
    )
    return user


def try_in(client: Client, password: str, **more: str):
    return client.post(reverse("access:sign_in"), {"username": "joana", "password": password, **more})


def test_the_first_page_asks_to_sign_in_and_goes_on_to_the_page_that_was_wanted(client: Client, person: User) -> None:
    asked = client.get(reverse("access:preferences"))
    assert asked.headers["Location"] == "/entrar/?next=/preferencias/"
    answer = try_in(client, PASSWORD, next="/preferencias/")
    assert answer.headers["Location"] == "/preferencias/"


@pytest.mark.parametrize(
    "elsewhere", ["https://mal.example/", "//mal.example/", "javascript:alert(1)", "/\\mal.example"]
)
def test_the_sign_in_never_leads_to_another_site(client: Client, person: User, elsewhere: str) -> None:
    assert try_in(client, PASSWORD, next=elsewhere).headers["Location"] == "/"


def test_a_wrong_name_a_wrong_password_and_a_deactivated_user_read_the_same(client: Client, person: User) -> None:
    sentences = []
    for username, password in (("joana", "errada"), ("ninguem", PASSWORD)):
        answer = client.post(reverse("access:sign_in"), {"username": username, "password": password})
        assert answer.status_code == 422
        sentences.append(answer.context["form"].non_field_errors())
    User.objects.filter(pk=person.pk).update(is_active=False)
    sentences.append(try_in(client, PASSWORD).context["form"].non_field_errors())
    assert sentences[0] == sentences[1] == sentences[2]


def test_after_five_failures_even_the_right_password_waits(client: Client, person: User) -> None:
    for _ in range(throttle.FREE_FAILURES):
        try_in(client, "errada")
    locked = try_in(client, PASSWORD)
    assert locked.status_code == 422
    assert "Muitas tentativas sem sucesso. Aguarde" in locked.content.decode()
    SignInAttempts.objects.update(locked_until_at=START)
    assert try_in(client, PASSWORD).status_code == 302
    # What is left is the count of the address.
    assert SignInAttempts.objects.count() == 1


def test_the_wait_doubles_and_says_how_long_it_is(db: None) -> None:
    for _ in range(throttle.FREE_FAILURES + 3):
        commands.note_failed_sign_in(username="joana", address="10.0.0.9", when=at())
    with pytest.raises(Refusal) as refused:
        commands.refuse_while_locked(username="Joana ", address="10.0.0.9", when=at())
    assert refused.value.params == {"minutes": 4}
    with pytest.raises(Refusal) as refused:
        commands.refuse_while_locked(username="joana", address="10.0.0.9", when=at(minutes=3, seconds=20))
    assert refused.value.params == {"seconds": 40}
    commands.refuse_while_locked(username="joana", address="10.0.0.9", when=at(minutes=4))
    # Somebody else at the same address, and the same person elsewhere, are not held up.
    commands.refuse_while_locked(username="pedro", address="10.0.0.9", when=at())
    commands.refuse_while_locked(username="joana", address="10.0.0.10", when=at())


def test_an_address_that_tries_many_names_is_locked_as_a_whole(db: None) -> None:
    for number in range(throttle.FREE_FAILURES_PER_ADDRESS):
        commands.note_failed_sign_in(username=f"pessoa{number}", address="10.0.0.9", when=at())
    with pytest.raises(Refusal):
        commands.refuse_while_locked(username="nunca tentado", address="10.0.0.9", when=at())


def test_failures_are_forgotten_after_a_day(db: None) -> None:
    for _ in range(throttle.FREE_FAILURES - 1):
        commands.note_failed_sign_in(username="joana", address="10.0.0.9", when=at())
    commands.note_failed_sign_in(username="joana", address="10.0.0.9", when=at(days=1))
    commands.refuse_while_locked(username="joana", address="10.0.0.9", when=at(days=1))


def test_the_table_of_failures_names_nobody(db: None) -> None:
    commands.note_failed_sign_in(username="joana", address="10.0.0.9", when=at())
    assert not [row.key for row in SignInAttempts.objects.all() if "joana" in row.key or "10.0" in row.key]


@pytest.mark.parametrize(
    ("failed", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (500, 900)]
)
def test_waits(failed: int, seconds: int) -> None:
    assert throttle.wait_after(failed, throttle.FREE_FAILURES).total_seconds() == seconds


def test_an_htmx_request_without_a_session_moves_the_whole_page(client: Client, person: User) -> None:
    answer = client.get(
        reverse("access:preferences"), follow=True,
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/usuarios/?q=a"},
    )  # fmt: skip
    assert answer.headers["HX-Redirect"] == "/entrar/?next=%2Fusuarios%2F%3Fq%3Da"


def test_signing_out_takes_a_post_and_keeps_language_and_theme(client: Client, person: User) -> None:
    commands.save_preferences(user_id=person.pk, language="en", theme="dark", by=SYSTEM, when=at())
    client.force_login(User.objects.get(pk=person.pk))
    assert client.get(reverse("access:sign_out")).status_code == 405
    client.post(reverse("access:sign_out"))
    page = client.get(reverse("access:sign_in")).content.decode()
    assert 'data-theme="dark"' in page
    assert 'lang="en"' in page
