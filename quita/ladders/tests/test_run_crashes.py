"""Runs whose workers are killed: another worker finishes them, and the books look as if nothing had happened."""

import os
import subprocess
import sys
import textwrap
import time

import pytest
from django.db import connection

from quita.ladders.commands import runs
from quita.ladders.models import Run, RunShard
from quita.ladders.run import replaying
from quita.ladders.tests.run_scenes import TUESDAY, Street, nov, street
from quita.platform import arrow
from quita.platform.actors import SYSTEM, When

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORKER = textwrap.dedent("""
    import datetime as dt, os, sys, time
    import django
    django.setup()
    from quita.ladders.commands import runs
    run_id, until, pause = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    name = f"worker-{os.getpid()}"
    print("ready", flush=True)
    end = time.monotonic() + until
    clock = lambda: dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
    slow = lambda number, stage: time.sleep(pause)
    while not runs.work_on_run(run_id=run_id, worker=name, clock=clock, progress=slow) and time.monotonic() < end:
        time.sleep(0.1)
""")
# Names without the numbers that two databases' sequences may give differently.
STORY = {
    "cases": "select d.name, c.opened_on::text, c.closed_on::text, c.exhausted_on::text from cases_case c "
    "join parties_debtor d on d.id = c.debtor_id",
    "executions": "select r.number, e.due_on::text, e.step_key, e.occurrence, e.decision, e.supersedes::text "
    "from ladders_execution e join receivables_receivable r on r.id = e.receivable_id",
    "messages": "select d.name, m.day::text, m.lead_step_key, m.lead_occurrence, cardinality(m.receivable_ids), "
    "m.state from messaging_message m join parties_debtor d on d.id = m.debtor_id",
    "tasks": "select kind, natural_key, title from cases_task",
    "tickets": "select ticket_type, opened_on::text, update_count from cases_ticket",
    "phases": "select r.number, p.started_on::text, p.ended_on::text from cases_phaseperiod p "
    "join receivables_receivable r on r.id = p.receivable_id",
}


def told() -> dict[str, list[tuple]]:
    """Everything that runs have written, in words that can be compared."""
    with connection.cursor() as cursor:
        found = {}
        for name, sql in STORY.items():
            columns = sql.split(" from ")[0].count(",") + 1
            cursor.execute(f"{sql} order by {', '.join(str(place + 1) for place in range(columns))}")
            found[name] = cursor.fetchall()
    return found


def forget() -> None:
    """The day as it was before any run: titles stay, effects go."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        for table in (
            "messaging_message", "cases_task", "cases_ticket", "cases_phaseperiod", "ladders_execution", "cases_case",
            "ladders_shardresult", "ladders_runshard", "ladders_run",
        ):  # fmt: skip
            cursor.execute(f"delete from {table}")
        cursor.execute("set session_replication_role = origin")


@pytest.fixture
def town() -> Street:
    """Twelve people with a title or two each."""
    place = street()
    for number in range(12):
        place.title(f"Pessoa {number:02}", nov(1 + number), f"P{number}/1")
        if number % 3 == 0:
            place.title(f"Pessoa {number:02}", nov(23), f"P{number}/2")
    return place


def undisturbed(shards: int) -> dict[str, list[tuple]]:
    """What the day writes when nobody is killed; it is forgotten again."""
    started = start(shards)
    assert runs.work_on_run(run_id=started.pk, worker="calm", clock=lambda: When.on(TUESDAY).at)
    story = told()
    forget()
    return story


def start(shards: int) -> Run:
    return runs.start_run(by=SYSTEM, when=When.on(TUESDAY), trigger="test", shard_count=shards)


def worker(run_id: int, *, crash_at: str = "", until: float = 60, pause: float = 0) -> subprocess.Popen[str]:
    """A process of its own that works on the run."""
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(run_id), str(until), str(pause)],
        env={**os.environ, "DATABASE_URL": arrow.dsn(), "QUITA_CRASH_AT": crash_at},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "place", ["run.read", "run.decide", "run.record", "run.write", "run.before_result", "run.before_commit"]
)
def test_killed_at_any_step_the_run_ends_as_if_it_had_not_been(town, place):
    wanted = undisturbed(2)
    started = start(2)
    killed = worker(started.pk, crash_at=place)
    _, trouble = killed.communicate(timeout=120)
    assert killed.returncode == -9, trouble
    assert not any(told().values()), "a killed part leaves nothing behind"
    started.refresh_from_db()
    assert started.state == "running"
    assert runs.unfinished_runs() == [started.pk]
    finisher = worker(started.pk)
    _, trouble = finisher.communicate(timeout=120)
    assert finisher.returncode == 0, trouble
    started.refresh_from_db()
    assert started.state == "done"
    assert told() == wanted
    assert replaying.replay(run_id=started.pk).is_same


def test_two_workers_share_a_run_and_when_one_is_killed_the_other_finishes_it(town):
    wanted = undisturbed(6)
    started = start(6)
    workers = [worker(started.pk, pause=0.2) for _ in range(2)]
    names = {one.pid: f"worker-{one.pid}" for one in workers}
    wait_for(lambda: len(set(holders(started.pk)) & set(names.values())) == 2, "both have a part")
    victim = workers[0]
    wait_for(lambda: names[victim.pid] in holders(started.pk, unfinished=True), "the first is at work on one")
    victim.kill()
    victim.wait()
    _, trouble = workers[1].communicate(timeout=120)
    assert workers[1].returncode == 0, trouble
    started.refresh_from_db()
    assert started.state == "done"
    assert told() == wanted
    assert RunShard.objects.filter(run=started, result__isnull=False).count() == 6
    for one in workers:
        one.stdout.close()
        one.stderr.close()


def holders(run_id: int, *, unfinished: bool = False) -> list[str]:
    """Who showed up at which part."""
    rows = RunShard.objects.filter(run_id=run_id).exclude(worker="")
    if unfinished:
        rows = rows.filter(result__isnull=True)
    return list(rows.values_list("worker", flat=True))


def wait_for(condition, what: str, seconds: float = 60) -> None:
    """Waits until it is so, or fails saying what was waited for."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)
