"""A new installation begins with rules that stand every check, and keeps what its people have written."""

import datetime as dt

import pytest

from quita.cases.models import Phase
from quita.domain.ladder import rules
from quita.ladders import starter
from quita.ladders.models import Ladder, LadderVersion, Portfolio
from quita.ladders.queries import checking, rules_lists
from quita.ladders.run import in_force
from quita.ladders.tests import scenes
from quita.messaging.models import Template
from quita.parties.tests import scenes as town
from quita.platform.actors import SYSTEM, When

pytestmark = pytest.mark.django_db
WHEN = When.on(dt.date(2026, 11, 3))


def test_the_first_rules_are_there_once() -> None:
    assert starter.ensure_starter_rules(by=SYSTEM, when=WHEN)
    assert not starter.ensure_starter_rules(by=SYSTEM, when=WHEN)
    assert set(Ladder.objects.values_list("name", flat=True)) == set(starter.LADDERS)
    assert Template.objects.count() == len(starter.TEXTS)
    assert Portfolio.objects.get(is_default=True).ladder.name == starter.RETAIL  # type: ignore[union-attr]  # it has one
    assert list(Phase.objects.values_list("name", "from_days")) == list(starter.PHASES)


def test_a_run_of_the_same_day_uses_them() -> None:
    town.company()
    starter.ensure_starter_rules(by=SYSTEM, when=WHEN)
    written = in_force.load(today=WHEN.today, now=WHEN.at)
    assert {ladder.name for ladder in written.ladders} == set(starter.LADDERS)
    assert all(step.templates for ladder in written.ladders for step in ladder.steps if step.action == rules.MESSAGE)


def test_the_contact_policy_stops_none_of_their_steps() -> None:
    town.company()
    starter.ensure_starter_rules(by=SYSTEM, when=WHEN)
    for version in LadderVersion.objects.select_related("ladder").prefetch_related("steps__templates"):
        around = checking.surroundings(ladder_id=version.ladder_id, today=WHEN.today)
        verdict = checking.check(rules_lists.draft_of(version, version.ladder.name), around)
        assert [str(one.refusal) for one in (*verdict.refusals, *verdict.warnings)] == []


def test_what_people_have_written_is_left_alone() -> None:
    scenes.publish(scenes.message("1º aviso", 3, scenes.template()))
    assert not starter.ensure_starter_rules(by=SYSTEM, when=WHEN)
    assert Ladder.objects.count() == 1
