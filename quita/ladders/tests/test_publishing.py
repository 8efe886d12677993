"""A supervisor publishes ladders: each edit is a version, steps keep their identity, and unsound ones are refused."""

import dataclasses
import datetime as dt

import pytest

from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft
from quita.domain.refusals import Refusal, Refused
from quita.ladders.commands import ladders
from quita.ladders.models import Ladder, Step, StepKey
from quita.ladders.queries import rules_lists
from quita.ladders.run import in_force
from quita.ladders.tests import scenes
from quita.ladders.tests.scenes import MORNING, TODAY, message, publish
from quita.messaging import commands as messaging
from quita.platform.actors import SYSTEM, When
from quita.platform.audit.models import Entry

pytestmark = pytest.mark.django_db


def steps_of(version_id: int) -> list[StepDraft]:
    """The steps of a version as they would be edited."""
    version = Step.objects.filter(version_id=version_id).first().version  # type: ignore[union-attr]  # a version has steps
    return list(rules_lists.draft_of(version, "").steps)


def codes(caught: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str | None]]:
    """(code, place) of every finding."""
    return {(one.refusal.code, one.field) for one in caught.value.findings}


def test_the_first_version_of_a_new_ladder_is_what_a_run_uses_today() -> None:
    text = scenes.template()
    version = publish(
        message("Lembrete", -3, text),
        message("1º aviso", 3, text, repeat_every_days=7, repeat_at_most=2),
        StepDraft(name="Ligar", action=rules.CALL_TASK, offset_days=10, params={"role": "operator", "junk": 1}),
    )
    assert (version.number, version.in_force_from, version.ladder.name) == (1, TODAY, "Padrão")
    written = next(one for one in in_force.load(today=TODAY, now=MORNING.at).ladders if one.version_id == version.pk)
    assert [(one.name, one.offset_days) for one in written.steps] == [("Lembrete", -3), ("1º aviso", 3), ("Ligar", 10)]
    assert written.steps[0].templates.keys() == {"email"}
    assert written.steps[2].params == {"role": "operator"}
    assert Entry.objects.filter(verb="ladders.ladder.published", subject_id=version.ladder_id).count() == 1


def test_an_edit_is_the_next_version_and_steps_keep_their_key() -> None:
    text = scenes.template()
    first = publish(message("1º aviso", 3, text), message("2º aviso", 10, text))
    kept, removed = steps_of(first.pk)
    later = dataclasses.replace(kept, offset_days=5)
    second = publish(later, message("Último aviso", 20, text), ladder_id=first.ladder_id, name="Padrão")
    assert second.number == 2
    keys = {step.name: step.key for step in steps_of(second.pk)}
    assert keys["1º aviso"] == kept.key
    assert keys["Último aviso"] not in (kept.key, removed.key)
    # The first version stays as it was, for every decision made with it.
    assert [step.offset_days for step in steps_of(first.pk)] == [3, 10]


def test_saving_without_a_change_makes_no_version() -> None:
    text = scenes.template()
    first = publish(message("2º aviso", 10, text), message("1º aviso", 3, text))
    later = TODAY + dt.timedelta(days=5)
    unchanged = reversed(steps_of(first.pk))
    again = publish(*unchanged, ladder_id=first.ladder_id, when=When.on(later), in_force_from=later)
    assert again.pk == first.pk
    assert Entry.objects.filter(verb="ladders.ladder.published").count() == 1


def test_a_version_can_wait_for_its_day() -> None:
    text = scenes.template()
    first = publish(message("1º aviso", 3, text))
    monday = TODAY + dt.timedelta(days=6)
    second = publish(
        *(dataclasses.replace(step, offset_days=4) for step in steps_of(first.pk)),
        ladder_id=first.ladder_id, in_force_from=monday,
    )  # fmt: skip
    row = next(row for row in rules_lists.ladder_rows(today=TODAY) if row.ladder_id == first.ladder_id)
    assert (row.current, row.coming) == (first, second)
    row = next(row for row in rules_lists.ladder_rows(today=monday) if row.ladder_id == first.ladder_id)
    assert (row.current, row.coming) == (second, None)


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept() -> None:
    text = scenes.template()
    with pytest.raises(Refused) as caught:
        publish(
            message("", 3, text),
            StepDraft(name="Chamado", action=rules.TICKET, offset_days=20),
            name="  ",
            in_force_from=TODAY - dt.timedelta(days=1),
            end_role="nobody",
        )
    assert codes(caught) >= {
        ("ladder_name_missing", "name"),
        ("ladder_start_past", "in_force_from"),
        ("ladder_end_role_missing", "end_role"),
        ("step_name_missing", "steps.0.name"),
        ("step_ticket_group_missing", "steps.1.params.group"),
    }
    assert not Ladder.objects.exists()
    assert not StepKey.objects.exists()


def test_a_template_out_of_use_is_refused_beside_its_field() -> None:
    text = scenes.template()
    messaging.deactivate_template(template_id=text.pk, by=SYSTEM, when=MORNING)
    with pytest.raises(Refused) as caught:
        publish(message("1º aviso", 3, text))
    assert codes(caught) == {("step_template_inactive", "steps.0.templates.email")}


def test_a_step_in_use_keeps_its_kind_of_action_and_its_ladder() -> None:
    text = scenes.template()
    first = publish(message("1º aviso", 3, text))
    other = publish(message("1º aviso", 3, text), name="Outra")
    changed = dataclasses.replace(steps_of(first.pk)[0], action=rules.CALL_TASK, params={"role": "operator"})
    with pytest.raises(Refused) as caught:
        publish(changed, ladder_id=first.ladder_id)
    assert codes(caught) == {("step_action_changed", "steps.0.action")}
    with pytest.raises(Refused) as caught:
        publish(*steps_of(other.pk), ladder_id=first.ladder_id)
    assert codes(caught) == {("step_unknown", "steps.0.name")}


def test_two_ladders_do_not_share_a_name() -> None:
    text = scenes.template()
    publish(message("1º aviso", 3, text))
    with pytest.raises(Refused) as caught:
        publish(message("1º aviso", 3, text), name="PADRÃO")
    assert codes(caught) == {("ladder_name_taken", "name")}


def test_a_ladder_in_use_by_a_portfolio_stays_in_use() -> None:
    version = publish(message("1º aviso", 3, scenes.template()))
    scenes.portfolio("Todos", 100, {}, is_default=True, ladder_id=version.ladder_id)
    with pytest.raises(Refusal, match="1 portfolios and 0 debtors"):
        ladders.deactivate_ladder(ladder_id=version.ladder_id, by=SYSTEM, when=MORNING)


def test_a_ladder_nobody_uses_can_rest_and_come_back() -> None:
    version = publish(message("1º aviso", 3, scenes.template()))
    ladders.deactivate_ladder(ladder_id=version.ladder_id, by=SYSTEM, when=MORNING)
    assert in_force.load(today=TODAY, now=MORNING.at).ladders == ()
    ladders.activate_ladder(ladder_id=version.ladder_id, by=SYSTEM, when=MORNING)
    assert len(in_force.load(today=TODAY, now=MORNING.at).ladders) == 1


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_costs_the_same_however_many_ladders_there_are(count: int, django_assert_num_queries: object) -> None:
    text = scenes.template()
    for number in range(count):
        publish(message("1º aviso", 3, text), message("2º aviso", 9, text), name=f"Régua {number}")
    with django_assert_num_queries(4):  # type: ignore[operator]  # pytest-django's fixture
        assert len(rules_lists.ladder_rows(today=TODAY)) == count
