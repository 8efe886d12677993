"""A run decided again from its recorder gives the same bytes, whatever changed since; what was tampered with shows."""

import datetime as dt

import polars as pl
import pytest

from quita.domain.refusals import Refusal
from quita.ladders.models import Portfolio
from quita.ladders.run import recorder, replaying
from quita.ladders.tests import scenes
from quita.ladders.tests.run_scenes import TUESDAY, Street, nov, run, street
from quita.parties import commands as parties
from quita.platform.actors import SYSTEM, When

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Street:
    place = street()
    for number in range(6):
        place.title(f"Pessoa {number}", nov(2 + 4 * number), f"P/{number}")
    return place


def test_after_rules_people_and_payments_changed_the_same_bytes_come_out(town):
    first, second = run(TUESDAY, shards=3), run(nov(26), shards=2)
    scenes.portfolio("Nova", 1, scenes.days_late("at_least", 1))
    Portfolio.objects.filter(name="Todos").update(is_active=False)
    town.pay(town.titles["P/0"], nov(25))
    parties.change_protection(
        debtor_id=town.people["Pessoa 1"].pk, protection="deceased", reason="certidão", by=SYSTEM, when=When.on(nov(26))
    )
    run(nov(27))
    for ran in (first, second):
        result = replaying.replay(run_id=ran.pk)
        assert result.is_same, result.sentence()
        assert result.row_count >= 6
        assert result.as_dict()["is_same"] is True
        assert not result.differing_count


def test_facts_touched_after_the_run_are_noticed_and_what_they_change_is_shown(town):
    ran = run(TUESDAY)
    path = recorder.shard_folder(ran.pk, ran.day, 0) / "facts-titles.parquet"
    titles = pl.read_parquet(path)
    titles.with_columns(pl.lit(dt.date(2026, 11, 28)).alias("due_on")).write_parquet(path)
    result = replaying.replay(run_id=ran.pk)
    assert not result.is_same
    assert [shard.are_facts_intact for shard in result.shards] == [False]
    assert result.differing_count > 0
    assert "foram alterados depois" in result.sentence()


def test_decisions_touched_after_the_run_are_noticed(town):
    ran = run(TUESDAY)
    path = recorder.shard_folder(ran.pk, ran.day, 0) / "decisions.parquet"
    pl.read_parquet(path).with_columns(pl.lit(1, dtype=pl.Int16).alias("decision")).write_parquet(path)
    result = replaying.replay(run_id=ran.pk)
    assert (result.is_same, result.shards[0].has_same_bytes, result.shards[0].is_record_intact) == (False, True, False)
    assert "decisões registradas" in result.sentence()


def test_without_its_recorder_a_run_cannot_be_decided_again_and_says_so(town):
    ran = run(TUESDAY)
    recorder.folder(ran.pk, ran.day).rename(recorder.folder(ran.pk, ran.day).with_name(f"moved-{ran.pk}"))
    with pytest.raises(Refusal) as refused:
        replaying.replay(run_id=ran.pk)
    assert refused.value.code == "recorder_missing"
