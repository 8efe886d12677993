"""An administrator keeps the users of the installation."""

import pytest
from django.test import Client
from django.urls import reverse

from quita.domain.refusals import Refusal
from quita.platform.access import commands, queries, roles
from quita.platform.access.models import User
from quita.platform.actors import SYSTEM, Actor, When
from quita.platform.audit.models import Entry

pytestmark = pytest.mark.django_db
NOW = When.now()
PASSWORD = "uma frase que ninguém adivinha"


def make(username: str, role: str = "operator", **more: object) -> User:
    user, _password = commands.create_user(
        username=username, role=role, by=SYSTEM, when=NOW, **{"password": PASSWORD, "company_ids": None, **more}
    )
    return user


def test_a_new_user_gets_a_random_password_that_works_and_is_kept_nowhere() -> None:
    user, password = commands.create_user(username="joana", role="operator", by=SYSTEM, when=NOW, company_ids=None)
    assert Client().login(username="joana", password=password)
    assert password not in user.password
    entry = Entry.objects.get(verb="access.user.created")
    assert entry.subject_id == user.pk
    assert password not in str(entry.params)


def test_two_random_passwords_differ() -> None:
    assert len({commands.new_password() for _ in range(50)}) == 50


def test_names_that_differ_in_capitals_only_are_one_name() -> None:
    make("joana")
    with pytest.raises(Refusal) as refused:
        make("JOANA")
    assert refused.value.code == "username_taken"
    assert User.objects.count() == 1


def test_a_weak_password_is_refused_with_the_reason() -> None:
    with pytest.raises(Refusal) as refused:
        make("joana", password="12345")
    assert refused.value.code == "password_weak"


def test_the_last_administrator_can_neither_be_demoted_nor_deactivated() -> None:
    only = make("chefe", "administrator")
    for attempt in (
        lambda: commands.edit_user(
            user_id=only.pk, username="chefe", role="operator", company_ids=None, by=SYSTEM, when=NOW
        ),
        lambda: commands.deactivate_user(user_id=only.pk, by=SYSTEM, when=NOW),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.code == "last_administrator"
    make("segunda", "administrator")
    commands.edit_user(user_id=only.pk, username="chefe", role="operator", company_ids=None, by=SYSTEM, when=NOW)
    only.refresh_from_db()
    assert only.role == roles.Role.OPERATOR


def test_nobody_deactivates_themselves() -> None:
    make("outra", "administrator")
    me = make("chefe", "administrator")
    with pytest.raises(Refusal) as refused:
        commands.deactivate_user(user_id=me.pk, by=Actor.of(me), when=NOW)
    assert refused.value.code == "own_account"


def test_deactivation_ends_a_running_session_and_reactivation_brings_the_person_back(client: Client) -> None:
    person = make("joana")
    client.login(username="joana", password=PASSWORD)
    assert client.get(reverse("access:preferences")).status_code == 200
    commands.deactivate_user(user_id=person.pk, by=SYSTEM, when=NOW)
    assert client.get(reverse("access:preferences")).status_code == 302
    assert not Client().login(username="joana", password=PASSWORD)
    commands.reactivate_user(user_id=person.pk, by=SYSTEM, when=NOW)
    assert Client().login(username="joana", password=PASSWORD)


def test_a_reset_password_replaces_the_old_one_and_ends_sessions(client: Client) -> None:
    person = make("joana")
    client.login(username="joana", password=PASSWORD)
    _user, fresh = commands.reset_password(user_id=person.pk, by=SYSTEM, when=NOW)
    assert client.get(reverse("access:preferences")).status_code == 302
    assert not Client().login(username="joana", password=PASSWORD)
    assert Client().login(username="joana", password=fresh)


def test_a_person_changes_their_own_password_and_stays_signed_in(client: Client) -> None:
    make("joana")
    client.login(username="joana", password=PASSWORD)
    address = reverse("access:password")
    wrong = client.post(address, {"current": "não é", "new": "outra frase comprida", "again": "outra frase comprida"})
    assert wrong.status_code == 422
    assert "Esta não é a sua senha atual" in wrong.content.decode()
    differ = client.post(address, {"current": PASSWORD, "new": "outra frase comprida", "again": "outra frase"})
    assert "são diferentes" in differ.content.decode()
    assert (
        client.post(
            address, {"current": PASSWORD, "new": "outra frase comprida", "again": "outra frase comprida"}
        ).status_code
        == 302
    )
    assert client.get(reverse("access:preferences")).status_code == 200
    assert Client().login(username="joana", password="outra frase comprida")


@pytest.mark.parametrize("role", [role for role in roles.Role if role != roles.Role.ADMINISTRATOR])
def test_only_administrators_open_the_user_pages(client: Client, role: roles.Role) -> None:
    person = make("joana", role)
    client.force_login(person)
    for address in (
        reverse("access:users"),
        reverse("access:create_user"),
        reverse("access:edit_user", args=[person.pk]),
    ):
        assert client.get(address).status_code == 403
    for name in ("deactivate_user", "reactivate_user", "reset_password"):
        assert client.post(reverse(f"access:{name}", args=[person.pk])).status_code == 403


def test_buttons_that_change_something_do_not_answer_a_get(client: Client) -> None:
    client.force_login(make("chefe", "administrator"))
    for name in ("deactivate_user", "reactivate_user", "reset_password"):
        assert client.get(reverse(f"access:{name}", args=[1])).status_code == 405


def test_a_user_that_does_not_exist_is_not_found(client: Client) -> None:
    client.force_login(make("chefe", "administrator"))
    assert client.get(reverse("access:edit_user", args=[999_999])).status_code == 404


def test_the_list_is_searched_and_costs_the_same_for_one_user_or_fifty(
    client: Client, django_assert_num_queries
) -> None:
    client.force_login(make("chefe", "administrator"))
    for number in range(49):
        User.objects.create(username=f"pessoa{number}", first_name="Ana")
    # Session, user, count, page.
    with django_assert_num_queries(4):
        page = client.get(reverse("access:users"), {"q": "ana pessoa1"})
    assert page.context["page"].paginator.count == 11
    part = client.get(reverse("access:users"), {"q": "pessoa7"}, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<section id="users"')
    assert "HX-Request" in part.headers["Vary"]


def test_an_edit_with_a_refusal_comes_back_with_422_and_its_sentence(client: Client) -> None:
    chief = make("chefe", "administrator")
    client.force_login(chief)
    answer = client.post(
        reverse("access:edit_user", args=[chief.pk]), {"username": "chefe", "role": "operator", "sees": "all"}
    )
    assert answer.status_code == 422
    assert "último administrador ativo" in answer.content.decode()


def test_every_permission_is_explained_and_every_explained_permission_exists() -> None:
    held = frozenset().union(*roles.PERMISSIONS.values())
    assert set(queries.ABILITIES) == held
    assert len({role.abilities for role in queries.role_cards()}) == len(roles.Role)
