"""A supervisor writes a ladder on the page: dates beside the fields, faults beside the steps, versions to compare."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft
from quita.ladders import ladder_files
from quita.ladders.models import Ladder, LadderVersion
from quita.ladders.queries import rules_lists
from quita.ladders.tests import scenes
from quita.ladders.tests.scenes import MORNING, TODAY, message, publish
from quita.ladders.tests.test_portfolio_pages import _Inputs, person
from quita.messaging import commands as messaging
from quita.platform.actors import SYSTEM, When

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NEW = "ladders:create_ladder"


@pytest.fixture
def supervisor(client: Client) -> Client:
    """A client signed in as a supervisor."""
    client.force_login(person("supervisor"))
    return client


def inputs(html: str) -> dict[str, list[str]]:
    """What the browser would send back from the editor."""
    start = html.find('id="ladder-form"')
    reading = _Inputs()
    reading.feed(html[max(start, 0) :].partition("</form>")[0])
    reading.data.pop("csrfmiddlewaretoken", None)
    return reading.data


def words(html: str) -> str:
    """The text of a page without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def note(html: str, place: str) -> str:
    """What stands beside one field."""
    found = re.search(rf'id="note-{place}"[^>]*>(.*?)</div>', html, re.S)
    return words(found[1]).strip() if found else ""


def test_a_ladder_is_written_with_plain_buttons_and_no_script(supervisor: Client) -> None:
    text = scenes.template()
    address = reverse(NEW)
    data = inputs(supervisor.get(address).content.decode())
    data = inputs(supervisor.post(address, data | {"name": ["Padrão"], "act": ["add:message"]}).content.decode())
    assert data["s:0:days"] == ["1"]
    assert data["s:0:channel"] == ["email"]
    data |= {"s:0:name": ["1º aviso"], "s:0:days": ["3"], "s:0:template.email": [str(text.pk)]}
    data |= {"s:0:every": ["7"], "s:0:times": ["2"], "act": ["add:call_task"]}
    data = inputs(supervisor.post(address, data).content.decode())
    data |= {"s:1:name": ["Ligar"], "s:1:params.role": ["operator"], "minimum": ["12,50"]}
    answer = supervisor.post(address, data)
    assert answer.status_code == 302
    version = LadderVersion.objects.get()
    assert version.minimum_cents == 1250
    written = rules_lists.draft_of(version, "Padrão").steps
    assert [(one.name, one.offset_days, one.repeat_every_days, one.repeat_at_most) for one in written] == [
        ("1º aviso", 3, 7, 2),
        ("Ligar", 22, None, None),
    ]


def test_an_opened_ladder_saves_unchanged(supervisor: Client) -> None:
    text = scenes.template()
    version = publish(
        message("Lembrete", -3, text),
        message("No dia", 0, text),
        message("Aviso", 5, text, basis=rules.BUSINESS, repeat_every_days=7, repeat_at_most=3, priority=4),
        message("Por título", 40, text, grouping=rules.PER_TITLE),
        StepDraft(
            name="Chamado", action=rules.TICKET, offset_days=50, params={"group": "Rede", "ticket_type": "Corte"}
        ),
        minimum_cents=1_050,
        when=When.now(),
        in_force_from=When.now().today,
    )
    address = reverse("ladders:edit_ladder", args=[version.ladder_id])
    data = inputs(supervisor.get(address).content.decode())
    assert supervisor.post(address, data).status_code == 302
    assert LadderVersion.objects.count() == 1


def test_dates_sentences_and_warnings_come_alive_while_typing(supervisor: Client) -> None:
    text = scenes.template()
    data = {
        "name": "Padrão", "in_force_from": "2027-01-04", "late_entry": "latest", "end_after_days": "7",
        "end_role": "supervisor", "sample_due": "2026-11-20", "s:0:name": "1º aviso", "s:0:action": "message",
        "s:0:side": "after", "s:0:days": "1", "s:0:basis": "calendar", "s:0:channel": "email",
        "s:0:template.email": str(text.pk), "part": "live",
    }  # fmt: skip
    html = supervisor.post(reverse(NEW), data, headers=HTMX).content.decode()
    assert "1 dia após o vencimento: E-mail «1º aviso»." in words(html)
    # Due on Friday 20 November, a holiday: it can be paid until Monday, the notice goes out on Tuesday.
    assert "24/11" in html
    assert "<svg" in html
    assert 'id="ladder-form"' not in html
    assert not Ladder.objects.exists()


def test_a_refused_save_keeps_what_was_typed_and_says_what_is_wrong_beside_it(supervisor: Client) -> None:
    data = {
        "name": "", "in_force_from": "2020-01-01", "late_entry": "latest", "end_after_days": "sete",
        "end_role": "supervisor", "s:0:name": "1º aviso", "s:0:action": "message", "s:0:side": "after",
        "s:0:days": "dez", "s:0:basis": "calendar", "s:0:channel": "email", "s:1:name": "Corte", "s:1:action": "ticket",
        "s:1:side": "before", "s:1:days": "2", "s:1:basis": "calendar",
    }  # fmt: skip
    answer = supervisor.post(reverse(NEW), data)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'value="dez"' in html
    assert 'value="sete"' in html
    for place in ("name", "in_force_from", "end_after_days", "steps-0-offset_days", "steps-0-templates-email",
                  "steps-1-offset_days", "steps-1-params-group"):  # fmt: skip
        assert note(html, place), place
    assert not Ladder.objects.exists()


def test_buttons_move_copy_sort_and_remove_steps(supervisor: Client) -> None:
    data = {"name": "P", "s:0:name": "b", "s:0:action": "call_task", "s:0:side": "after", "s:0:days": "9",
            "s:1:name": "a", "s:1:action": "call_task", "s:1:side": "after", "s:1:days": "4"}  # fmt: skip

    def after(command: str) -> list[tuple[str, str]]:
        page = inputs(supervisor.post(reverse(NEW), data | {"act": command}, headers=HTMX).content.decode())
        places = sorted({int(name.split(":")[1]) for name in page if name.startswith("s:")})
        return [(page[f"s:{n}:name"][0], page.get(f"s:{n}:days", ["0"])[0]) for n in places]

    assert after("sort") == [("a", "4"), ("b", "9")]
    assert after("later/0") == [("b", "10"), ("a", "4")]
    assert after("sooner/1") == [("b", "9"), ("a", "3")]
    assert after("copy/1") == [("b", "9"), ("a", "4"), ("", "5")]
    assert after("remove/0") == [("a", "4")]
    assert after("add:ticket") == [("b", "9"), ("a", "4"), ("", "14")]
    assert after("remove/77") == [("b", "9"), ("a", "4")]


def test_versions_say_what_changed(supervisor: Client) -> None:
    text = scenes.template()
    first = publish(message("1º aviso", 3, text), message("2º aviso", 10, text))
    kept, _removed = rules_lists.draft_of(first, "").steps
    publish(
        StepDraft(**{**kept.__dict__, "offset_days": 5}), message("Final", 30, text),
        ladder_id=first.ladder_id, end_after_days=14,
    )  # fmt: skip
    said = words(supervisor.get(reverse("ladders:ladder", args=[first.ladder_id])).content.decode())
    assert "1º aviso · 3 dias após o vencimento: E-mail «1º aviso» 1º aviso · 5 dias após o vencimento" in said
    assert "Final" in said
    assert "14" in said


def test_a_ladder_travels_as_a_file(supervisor: Client) -> None:
    text = scenes.template()
    version = publish(
        message("1º aviso", 3, text, repeat_every_days=7, repeat_at_most=2),
        StepDraft(name="Ligar", action=rules.CALL_TASK, offset_days=10, params={"role": "operator"}),
    )
    kept = supervisor.get(reverse("ladders:export_ladder", args=[version.ladder_id]))
    assert "regua-padrao-v1.json" in kept.headers["Content-Disposition"]
    assert json.loads(kept.content)["steps"][0]["channels"] == [{"channel": "email", "template": "1º aviso"}]
    upload = SimpleUploadedFile("regua.json", kept.content, "application/json")
    opened = supervisor.post(reverse("ladders:import_ladder"), {"file": upload})
    data = inputs(opened.content.decode())
    assert data["s:0:template.email"] == [str(text.pk)]
    assert supervisor.post(reverse(NEW), data | {"name": ["Cópia"]}).status_code == 302
    copy = LadderVersion.objects.get(ladder__name="Cópia")
    steps = [StepDraft(**{**one.__dict__, "key": None}) for one in rules_lists.draft_of(copy, "").steps]
    before = [StepDraft(**{**one.__dict__, "key": None}) for one in rules_lists.draft_of(version, "").steps]
    assert steps == before


def test_a_file_names_what_this_installation_does_not_have(supervisor: Client) -> None:
    text = scenes.template()
    version = publish(message("1º aviso", 3, text))
    kept = ladder_files.to_json(rules_lists.draft_of(version, "Padrão"), rules_lists.known())
    messaging.rename_template(template_id=text.pk, name="Outro nome", by=SYSTEM, when=MORNING)
    draft, missing = ladder_files.of_json(kept.encode(), rules_lists.known(), TODAY)
    assert draft.steps[0].templates == {}
    assert [(one.refusal.code, one.field) for one in missing] == [
        ("ladder_file_template_missing", "steps.0.templates.email")
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b"{}",
        b'{"format": "quita-ladder", "version": 99}',
        b"[" * 100_000,
        b'{"format": "quita-ladder", "version": 1, "steps": ' + b"9" * 300_000 + b"}",
    ],
)
def test_a_file_that_is_no_ladder_is_refused_with_a_sentence(supervisor: Client, content: bytes) -> None:
    upload = SimpleUploadedFile("regua.json", content, "application/json")
    answer = supervisor.post(reverse("ladders:import_ladder"), {"file": upload})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_file_full_of_nonsense_opens_as_an_unsound_draft_and_breaks_nothing(supervisor: Client) -> None:
    nonsense = {
        "format": "quita-ladder", "version": 1, "name": 7, "end_after_days": "soon", "minimum_cents": 10**30,
        "steps": [None, 3, {"name": ["x"], "day": 1e99, "action": {}, "repeat": "often", "channels": 5, "params": []},
                  {"name": "a", "day": 10**9, "action": "message", "channels": [{"channel": "fax"}, 4]}],
    }  # fmt: skip
    upload = SimpleUploadedFile("regua.json", json.dumps(nonsense).encode(), "application/json")
    answer = supervisor.post(reverse("ladders:import_ladder"), {"file": upload})
    assert answer.status_code == 200
    assert supervisor.post(reverse(NEW), inputs(answer.content.decode())).status_code == 422


def test_who_may_only_look_cannot_edit(client: Client) -> None:
    version = publish(message("1º aviso", 3, scenes.template()))
    client.force_login(person("operator"))
    assert client.get(reverse("ladders:ladders")).status_code == 200
    assert client.get(reverse("ladders:ladder", args=[version.ladder_id])).status_code == 200
    assert client.get(reverse("ladders:edit_ladder", args=[version.ladder_id])).status_code == 403
    assert client.post(reverse(NEW), {"name": "x"}).status_code == 403
    assert client.get(reverse("ladders:ladder", args=[999])).status_code == 404
