"""Pages of messages, templates, policy and mailbox: who may see them, and what they answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from quita.messaging import reasons
from quita.messaging.models import ContactCap, ContactRule, Message, Template
from quita.messaging.tests.scenes import MORNING, Post, Town
from quita.platform.access.models import User

pytestmark = pytest.mark.django_db


def sign_in(client: Client, role: str = "administrator", *, everything: bool = True) -> User:
    user = User.objects.create_user(username=f"{role}-{everything}", role=role, sees_all_companies=everything)
    client.force_login(user)
    return user


def address(name: str, *args: object) -> str:
    return reverse(f"messaging:{name}", args=args)


def test_the_list_shows_what_became_of_each_message(client: Client, town: Town, post: Post) -> None:
    sign_in(client)
    town.letter("Ana Souza")
    post.deliver()
    town.letter("Bruno Lima")
    page = client.get(address("messages")).content.decode()
    assert "Ana Souza" in page
    assert "enviada" in page
    assert "1 mensagem aguarda envio" in page
    waiting = client.get(address("messages"), {"state": "queued"}).content.decode()
    assert "Bruno Lima" in waiting
    assert "Ana Souza" not in waiting


def test_a_message_is_shown_as_the_debtor_read_it(client: Client, town: Town, post: Post) -> None:
    sign_in(client)
    message = town.letter("Ana Souza")
    post.deliver()
    page = client.get(address("message", message.pk))
    assert page.status_code == 200
    frame = client.get(address("letter", message.pk))
    assert "Olá, Ana," in frame.content.decode()
    assert "frame-ancestors 'self'" in frame.headers["Content-Security-Policy"]
    assert "script" not in frame.headers["Content-Security-Policy"]
    assert frame.content.decode().replace("\r\n", "\n") == post.newest()[2].replace("\r\n", "\n")


def test_other_companies_messages_do_not_exist(client: Client, town: Town) -> None:
    message = town.letter("Ana Souza")
    sign_in(client, "operator", everything=False)
    for name in ("message", "letter"):
        assert client.get(address(name, message.pk)).status_code == 404
    assert "Ana Souza" not in client.get(address("messages")).content.decode()


def test_a_supervisor_withdraws_marked_messages_with_a_reason(client: Client, town: Town) -> None:
    sign_in(client, "supervisor")
    messages = [town.letter("Ana Souza"), town.letter("Bruno Lima")]
    marked = {"marked": [message.pk for message in messages], "why": "erro na importação"}
    assert client.post(address("withdraw"), marked, follow=True).status_code == 200
    assert set(Message.objects.values_list("state", "reason", "detail")) == {
        ("withdrawn", reasons.BY_HAND, "erro na importação")
    }
    sign_in(client, "operator")
    assert client.post(address("withdraw"), marked).status_code == 403


def test_a_message_in_doubt_is_sent_again_by_a_person_only(client: Client, town: Town, post: Post) -> None:
    message = town.letter("Ana Souza", state="failed", reason=reasons.IN_DOUBT, ended_at=MORNING.at)
    sign_in(client, "supervisor")
    assert "Enviar de novo" in client.get(address("message", message.pk)).content.decode()
    client.post(address("resend", message.pk))
    message.refresh_from_db()
    assert message.state == "queued"


def test_a_template_is_written_refused_and_written_better(client: Client, db: None) -> None:
    sign_in(client)
    text = {"name": "Primeiro aviso", "channel": "email", "subject": "Lembrete", "body": "Olá {{ debtor.fist_name }}"}
    refused = client.post(address("create_template"), text)
    assert refused.status_code == 422
    assert "debtor.first_name" in refused.content.decode(), "the refusal suggests what was meant"
    made = client.post(address("create_template"), text | {"body": "Olá {{ debtor.first_name }}"})
    template = Template.objects.get()
    assert made.headers["Location"] == address("template", template.pk)
    edited = {"subject": "Lembrete", "body": "Bom dia, {{ debtor.first_name }}"}
    client.post(address("template", template.pk), edited)
    client.post(address("template", template.pk), edited)
    assert template.versions.count() == 2, "saving the same text again makes no version"
    assert "Bom dia" in client.get(address("versions", template.pk)).content.decode()
    assert "Bom dia, Maria" in client.get(address("version_letter", template.pk, 2)).content.decode()


def test_the_preview_follows_the_text_as_it_is_typed(client: Client, db: None) -> None:
    sign_in(client)
    headers = {"HX-Request": "true"}
    text = {"subject": "Lembrete", "body": "Olá {{ debtor.first_name }}, última chance"}
    part = client.post(address("preview"), text, headers=headers)
    assert part.status_code == 200
    assert "última chance" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "Olá Maria" in client.get(address("preview_letter")).content.decode()


def test_only_administrators_change_the_contact_policy(client: Client, contact_policy: None, db: None) -> None:
    sign_in(client, "supervisor")
    assert client.get(address("policy")).status_code == 200
    assert client.post(address("add_rule"), {}).status_code == 403
    sign_in(client)
    rule = {"channel": "email", "uf": "PE", "weekdays": ["5"], "legal_ref": "Lei municipal", "valid_from": "2099-01-01"}
    assert client.post(address("add_rule"), rule).status_code == 302
    added = ContactRule.objects.get(uf="PE")
    assert (added.starts, added.ends) == (None, None)
    refused = client.post(address("add_rule"), rule | {"starts": "10:00"})
    assert refused.status_code == 422
    assert "duas horas" in refused.content.decode()
    cap = {"channel": "", "window_days": "7", "at_most": "2", "legal_ref": "Diretoria", "valid_from": "2099-01-01"}
    assert client.post(address("add_cap"), cap).status_code == 302
    made = ContactCap.objects.get(legal_ref="Diretoria")
    client.post(address("end_cap", made.pk), {"last_on": "2099-06-30"})
    made.refresh_from_db()
    assert str(made.valid_until) == "2099-06-30"


def test_the_policy_page_answers_whether_we_may(client: Client, contact_policy: None, db: None) -> None:
    sign_in(client, "auditor")
    sunday = {"channel": "email", "uf": "SP", "phone_uf": "", "day": "2026-11-22"}
    assert "não pode ser usado" in client.get(address("policy"), sunday).content.decode()
    monday = sunday | {"channel": "voice", "phone_uf": "AC", "day": "2026-11-23"}
    # São Paulo's 9–18 and Acre's 9–18, two hours later, meet from 11 to 18.
    assert "das 11:00 às 18:00" in client.get(address("policy"), monday).content.decode()


def test_the_mailbox_shows_what_the_local_server_received(
    client: Client, town: Town, post: Post, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QUITA_HOME", str(tmp_path))
    sign_in(client)
    town.letter("Ana Souza")
    town.letter("Bruno Lima")
    post.deliver()
    page = client.get(address("mailbox"))
    assert "bruno1@exemplo.example" in page.content.decode()
    found = client.get(address("mailbox"), {"to": "ana0"}).content.decode()
    assert "ana0@exemplo.example" in found
    assert "bruno1@" not in found
    key = post.keys()[0]
    assert client.get(address("mail", key)).status_code == 200
    assert "Olá," in client.get(address("mail_letter", key)).content.decode()
    assert client.get(address("mail", "0" * 32)).status_code == 404
    assert "responde" in client.get(address("mail_server"), headers={"HX-Request": "true"}).content.decode()


def test_pages_ask_few_questions_however_many_messages(
    client: Client, town: Town, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]  # pytest-django's fixture
    sign_in(client)
    for number in range(12):
        town.letter(f"Pessoa {number}")
    with django_assert_max_num_queries(8):
        client.get(address("messages"))
