"""The pages of runs, previews and explanations, as each role sees them."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from quita.ladders.commands import runs
from quita.ladders.models import Run
from quita.ladders.run import previewed
from quita.ladders.tests.run_scenes import TUESDAY, Street, run, street
from quita.messaging.models import Message
from quita.parties.models import CompanyAccess
from quita.platform.access.models import User
from quita.platform.actors import SYSTEM, When

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def today(monkeypatch) -> dt.date:
    """The pages read the clock; on a Tuesday at ten messages may leave, whatever day the tests are run on."""
    monkeypatch.setattr(When, "now", classmethod(lambda cls: cls.on(TUESDAY, 10)))
    return TUESDAY


@pytest.fixture
def town(settings, tmp_path, today) -> Street:
    settings.HOME = tmp_path
    place = street()
    place.title("Ana Souza", today - dt.timedelta(days=12), "A/1")
    place.title("Bia Lima", today + dt.timedelta(days=20), "B/1")
    return place


def enter(client, role: str, *, all_companies: bool = True) -> User:
    person = User.objects.create_user(
        f"{role}.test", password="uma senha longa", role=role, sees_all_companies=all_companies, language="pt-br"
    )
    client.force_login(person)
    return person


def page(client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(f"ladders:{name}", args=args), query)
    assert answer.status_code == 200, answer.content[:500]
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_supervisor_starts_the_run_and_sees_how_far_it_is(client, town, today):
    enter(client, "supervisor")
    assert "ainda não foi executado" in page(client, "runs")
    answer = client.post(reverse("ladders:start_run"))
    started = Run.objects.get()
    assert answer.url == reverse("ladders:run", args=[started.pk])
    assert "0 de 1 parte concluída" in page(client, "run", started.pk)
    polled = client.get(reverse("ladders:run_progress", args=[started.pk]), headers={"HX-Request": "true"})
    assert polled.status_code == 200 and b'hx-trigger="every 1s"' in polled.content
    refused = client.post(reverse("ladders:start_run"))
    assert refused.status_code == 422 and "ainda está em andamento" in refused.content.decode()
    runs.work_on_run(run_id=started.pk, worker="test", clock=lambda: When.now().at)
    ended = client.get(reverse("ladders:run_progress", args=[started.pk]), headers={"HX-Request": "true"})
    assert (ended.status_code, ended.headers["HX-Redirect"]) == (286, reverse("ladders:run", args=[started.pk]))
    shown = page(client, "run", started.pk)
    assert "concluída" in shown and "Execução iniciada" in shown and "versão 1" in shown
    assert f"#{started.pk}" in page(client, "runs")


def test_counts_lead_to_titles_and_titles_to_the_reason(client, town, today):
    enter(client, "auditor")
    ran = run(today)
    listed = page(client, "run_titles", ran.pk)
    assert "A/1" in listed and "Ana Souza" in listed
    assert "A/1" not in page(client, "run_titles", ran.pk, q="ninguém")
    title = town.titles["A/1"].pk
    told = page(client, "explain", title=title, day=today.isoformat())
    assert "Título A/1, 12 dias de atraso" in told and "A régua deste título" in told
    assert "Título A/1" in page(client, "explain", number="A/1", day=today.isoformat())
    unknown = client.get(reverse("ladders:explain"), {"number": "X/9"})
    assert unknown.status_code == 422 and "Não existe o título" in unknown.content.decode()
    assert client.get(reverse("ladders:explain"), {"title": 999_999}).status_code == 404
    assert "Pergunte sobre um título" in page(client, "explain")


def test_a_person_of_another_company_sees_the_run_without_its_titles(client, town, today):
    stranger = enter(client, "auditor", all_companies=False)
    ran = run(today)
    assert "A/1" not in page(client, "run_titles", ran.pk)
    assert client.get(reverse("ladders:explain"), {"title": town.titles["A/1"].pk}).status_code == 404
    CompanyAccess.objects.create(user=stranger, company=town.company)
    assert "A/1" in page(client, "run_titles", ran.pk)


def test_a_preview_is_made_looked_at_changed_and_run(client, town, today):
    enter(client, "supervisor")
    answer = client.post(reverse("ladders:previews"), {"day": today.isoformat()})
    preview_id = previewed.all_ids()[0]
    assert answer.url == reverse("ladders:preview", args=[preview_id])
    shown = page(client, "preview", preview_id)
    assert "O que sairia hoje" in shown
    assert "B/1" not in page(client, "preview_titles", preview_id, reason="sent")
    keys = re.findall(r'name="remove" value="([^"]+)"', shown)
    letter = client.get(reverse("ladders:preview_message_letter", args=[preview_id, keys[0]]))
    assert letter.status_code == 200 and b"Ana" in letter.content
    assert "Aviso de" in page(client, "preview_message", preview_id, keys[0])
    taken = client.post(
        reverse("ladders:preview_take_out", args=[preview_id]), {"remove": keys[0]}, headers={"HX-Request": "true"}
    )
    assert taken.status_code == 204 and "changed:preview" in taken.headers["HX-Trigger"]
    assert "1 retirada" in page(client, "preview", preview_id)
    client.post(reverse("ladders:preview_run", args=[preview_id]))
    started = Run.objects.get()
    runs.work_on_run(run_id=started.pk, worker="test", clock=lambda: When.now().at)
    assert not Message.objects.exists()
    assert "retirou a mensagem" in page(client, "explain", title=town.titles["A/1"].pk, day=today.isoformat())


def test_a_run_is_decided_again_and_compared_from_its_page(client, town, today):
    enter(client, "auditor")
    ran = run(today)
    answer = client.post(reverse("ladders:replay_run", args=[ran.pk]), headers={"HX-Request": "true"})
    assert "os mesmos bytes" in answer.content.decode()


def test_a_stuck_run_is_given_up_with_a_reason_by_those_who_may(client, town, today):
    enter(client, "supervisor")
    started = runs.start_run(by=SYSTEM, when=When.now(), trigger="page")
    url = reverse("ladders:abandon_run", args=[started.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "servidor trocado"})
    started.refresh_from_db()
    assert (started.state, started.error) == ("failed", "servidor trocado")
    assert "servidor trocado" in page(client, "run", started.pk)


@pytest.mark.parametrize(
    ("role", "may_see", "may_preview", "may_start"),
    [("agency", True, False, False), ("operator", True, True, False), ("auditor", True, True, False),
     ("supervisor", True, True, True)],
)  # fmt: skip
def test_each_role_does_what_it_may(client, town, role, may_see, may_preview, may_start):
    enter(client, role)
    assert (client.get(reverse("ladders:runs")).status_code == 200) is may_see
    assert (client.post(reverse("ladders:previews")).status_code == 302) is may_preview
    assert (client.post(reverse("ladders:start_run")).status_code == 302) is may_start


def test_a_run_without_its_recorder_still_shows_its_counts(client, town, today, settings, tmp_path):
    enter(client, "auditor")
    ran = run(today)
    settings.HOME = tmp_path / "elsewhere"
    assert "registro de voo" in page(client, "run", ran.pk)
    missing = client.get(reverse("ladders:run_titles", args=[ran.pk]))
    assert missing.status_code == 422
