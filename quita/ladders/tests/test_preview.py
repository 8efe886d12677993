"""What would go out: everybody counted, single messages taken out, and a run that keeps to it."""

import datetime as dt

import pytest
from django.db import connection

from quita.domain.refusals import Refusal
from quita.ladders.commands import previews, runs
from quita.ladders.models import Execution, Run
from quita.ladders.queries import decided
from quita.ladders.queries import previews as reading
from quita.ladders.run import previewed
from quita.ladders.tests.run_scenes import TUESDAY, Street, nov, run, street
from quita.messaging.models import Message
from quita.messaging.queries import drafts
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.actors import SYSTEM, When
from quita.platform.audit.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = When.on(TUESDAY)


@pytest.fixture
def town(settings, tmp_path) -> Street:
    """Ana owes two titles, Bia one of three weeks and has no phone, Caio nothing yet, Davi has no address at all."""
    settings.HOME = tmp_path
    place = street()
    place.title("Ana Souza", nov(14), "A/1")
    place.title("Ana Souza", nov(23), "A/2")
    place.title("Bia Lima", nov(1), "B/1")
    place.title("Caio Reis", nov(28), "C/1")
    place.person("Davi Nunes", email=False)
    place.title("Davi Nunes", nov(14), "D/1")
    return place


def made() -> previewed.Preview:
    return previews.build_preview(by=SYSTEM, when=MORNING)


def rows_of(*tables: str) -> list[int]:
    with connection.cursor() as cursor:
        counts = []
        for table in tables:
            cursor.execute(f"select count(*) from {table}")
            counts.append(cursor.fetchone()[0])
    return counts


def test_a_preview_shows_what_the_run_then_does_and_writes_nothing(town):
    preview = made()
    assert preview.is_ready
    tables = ("messaging_message", "ladders_execution", "cases_case", "cases_task", "ladders_run", "ladders_runshard")
    assert rows_of(*tables) == [0] * len(tables)
    shown = reading.summary(preview, scope=EVERYTHING)
    page = reading.message_page(preview, scope=EVERYTHING, chosen=reading.Chosen())
    ran = run(TUESDAY)
    assert preview.counts == ran.counts
    assert shown.messages == Message.objects.count() == page.total == 2
    assert {(one.debtor, one.numbers, one.total_cents) for one in page.rows} == {
        ("Ana Souza", ("A/1", "A/2"), 100_000), ("Bia Lima", ("B/1",), 50_000),
    }  # fmt: skip
    assert {one.step for one in page.rows} == {"3º aviso"}


def test_nobody_is_silently_missing(town):
    shown = reading.summary(made(), scope=EVERYTHING)
    assert (shown.looked_at, shown.left_out) == (4, 2)
    counted = {line.code: (line.titles, line.debtors) for line in shown.reasons}
    assert counted["no_usable_contact"] == (2, 2)
    assert counted["nothing_due"] == (1, 1)
    page = decided.title_page(made().frame("decisions"), scope=EVERYTHING, reason=None)
    assert {row.number for row in page.rows} == {"A/1", "A/2", "B/1", "C/1", "D/1"}


def test_messages_can_be_searched_and_cut_by_step_and_company(town):
    preview = made()
    find = lambda **chosen: reading.message_page(preview, scope=EVERYTHING, chosen=reading.Chosen(**chosen))  # noqa: E731
    assert [one.debtor for one in find(search="lima").rows] == ["Bia Lima"]
    assert [one.debtor for one in find(search="A/1").rows] == ["Ana Souza"]
    assert find(search="ninguém").total == 0
    assert find(channel="sms").total == 0
    assert find(company=town.company.pk).total == 2


def test_other_companies_do_not_see_it(town):
    preview = made()
    stranger = Scope(frozenset({town.company.pk + 1}))
    assert reading.summary(preview, scope=stranger).messages == 0
    page = reading.message_page(preview, scope=EVERYTHING, chosen=reading.Chosen())
    key = page.rows[0].key
    assert reading.message_of(preview, key, scope=stranger) is None
    options = {"preview_id": preview.preview_id, "keys": [key], "by": SYSTEM, "when": MORNING}
    assert previews.set_removed(**options, is_removed=True, scope=stranger) == 0
    assert reading.removed_count(preview.preview_id) == 0


def test_a_message_taken_out_stays_out_of_the_run_and_is_audited(town):
    preview = made()
    page = reading.message_page(preview, scope=EVERYTHING, chosen=reading.Chosen(search="Ana"))
    options = {"preview_id": preview.preview_id, "keys": [page.rows[0].key], "scope": EVERYTHING, "by": SYSTEM}
    assert previews.set_removed(**options, is_removed=True, when=MORNING) == 1
    assert previews.set_removed(**options, is_removed=True, when=MORNING) == 0
    shown = reading.summary(preview, scope=EVERYTHING)
    assert (shown.messages, shown.removed) == (1, 1)
    started = previews.run_preview(preview_id=preview.preview_id, by=SYSTEM, when=MORNING)
    assert runs.work_on_run(run_id=started.pk, worker="test", clock=lambda: MORNING.at)
    assert [one.debtor.name for one in Message.objects.select_related("debtor")] == ["Bia Lima"]
    taken = Execution.objects.filter(decision=24)
    assert {one.receivable_id for one in taken} == {town.titles["A/1"].pk, town.titles["A/2"].pk}
    assert Run.objects.get().trigger == "preview"
    entry = Entry.objects.get(verb="ladders.preview.message_removed")
    assert (entry.subject_id, entry.company_id) == (town.titles["A/1"].pk, town.company.pk)


def test_put_back_it_goes(town):
    preview = made()
    key = reading.message_page(preview, scope=EVERYTHING, chosen=reading.Chosen(search="Ana")).rows[0].key
    for is_removed in (True, False):
        previews.set_removed(
            preview_id=preview.preview_id, keys=[key], is_removed=is_removed, scope=EVERYTHING, by=SYSTEM, when=MORNING
        )
    assert reading.summary(preview, scope=EVERYTHING).messages == 2


def test_the_letter_is_shown_as_it_would_leave(town):
    preview = made()
    key = reading.message_page(preview, scope=EVERYTHING, chosen=reading.Chosen(search="Ana")).rows[0].key
    message = reading.message_of(preview, key, scope=EVERYTHING)
    letter = drafts.draft_letter(message=message, when=MORNING)
    assert letter is not None
    assert "Ana" in letter.text and "A/1" in letter.text and "A/2" in letter.text


def test_only_today_can_be_run_and_the_past_cannot_be_previewed(town):
    tomorrow = previews.request_preview(by=SYSTEM, when=When.on(nov(25)), today=TUESDAY)
    with pytest.raises(Refusal) as refused:
        previews.run_preview(preview_id=tomorrow.preview_id, by=SYSTEM, when=MORNING)
    assert refused.value.code == "preview_of_another_day"
    for day, code in ((nov(23), "preview_in_the_past"), (dt.date(2027, 6, 1), "preview_too_far_ahead")):
        with pytest.raises(Refusal) as refused:
            previews.request_preview(by=SYSTEM, when=When.on(day), today=TUESDAY)
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        previews.carry_out(preview_id="20261124T120000-deadbeef", clock=lambda: MORNING.at)
    assert refused.value.code == "preview_gone"


def test_old_previews_are_forgotten(town):
    old = previews.build_preview(by=SYSTEM, when=When.on(nov(16)), today=nov(16))
    new = made()
    assert previewed.all_ids() == [new.preview_id]
    assert reading.preview(old.preview_id) is None
    assert previewed.load("../../etc") is None
