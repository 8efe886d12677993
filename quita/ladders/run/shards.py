"""One shard of a run: claimed, read, decided, written and recorded by one worker in one transaction.

The claim is an advisory lock of the worker's connection: when a worker is killed the server frees it at once, and
any other worker can take the shard from the beginning. The result row is written in the same transaction as the
effects, so it is there if and only if they are.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable

import polars as pl
from django.db import transaction

from quita.domain.ladder import decide, rules
from quita.ladders.models import Run, RunShard
from quita.ladders.run import in_force, reading, recorder, writing
from quita.platform import arrow, checkpoints

# A namespace for pg_advisory locks, so that ours meet no one else's.
LOCK_CLASS = 7401

Progress = Callable[[int, str], None]


def work_on(run: Run, *, worker: str, clock: Callable[[], dt.datetime], progress: Progress | None = None) -> int:
    """Takes shards of the run until none can be taken; returns how many this worker finished."""
    written_rules = in_force.from_json(run.rules)
    around = recorder.surroundings_of(run.pk, run.day)
    finished = 0
    while _next(run, written_rules, around, worker, clock, progress):
        finished += 1
    return finished


def _next(
    run: Run,
    written_rules: rules.Rules,
    around: decide.Surroundings,
    worker: str,
    clock: Callable[[], dt.datetime],
    progress: Progress | None,
) -> bool:
    """Finishes one open shard that nobody holds; False when there is none."""
    for shard in RunShard.objects.filter(run=run, result__isnull=True).order_by("number"):
        try:
            with arrow.session(holding=(LOCK_CLASS, shard.pk)) as session:
                if session.read(f"select 1 as one from ladders_shardresult where shard_id = {int(shard.pk)}").height:
                    continue
                _carry_out(session, run, shard, written_rules, around, worker, clock, progress)
        except arrow.Busy:
            continue
        return True
    return False


def _carry_out(
    session: arrow.Session,
    run: Run,
    shard: RunShard,
    written_rules: rules.Rules,
    around: decide.Surroundings,
    worker: str,
    clock: Callable[[], dt.datetime],
    progress: Progress | None,
) -> None:
    stages = _Stages(shard, worker, clock, progress)
    stages.begin("read")
    span = reading.Range(shard.first_debtor_id, shard.last_debtor_id)
    known = reading.read(session, span, written_rules, around.policy)
    stages.begin("decide")
    outcome = decide.decide(known, written_rules, around)
    stages.begin("record")
    hashes = recorder.keep(run.pk, run.day, shard.number, {**recorder.facts_frames(known), **outcome.frames()})
    stages.begin("write")
    writing.write(session, outcome, run_id=run.pk, today=run.day, now=written_rules.now)
    stages.end()
    checkpoints.reached("run.before_result")
    session.stage("run_result", _result(shard, outcome, stages.seconds, hashes, clock()))
    # Staged as text: COPY in Arrow's binary form does not know jsonb.
    session.run("""
        insert into ladders_shardresult (shard_id, counts, timings, facts_hash, decisions_hash, finished_at)
        select shard_id, counts::jsonb, timings::jsonb, facts_hash, decisions_hash, finished_at from run_result
    """)
    checkpoints.reached("run.before_commit")


def _result(
    shard: RunShard, outcome: decide.Outcome, seconds: dict[str, float], hashes: dict[str, str], at: dt.datetime
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "shard_id": [shard.pk],
            "counts": [json.dumps(writing.counts(outcome))],
            "timings": [json.dumps(seconds)],
            "facts_hash": [recorder.combined(hashes, recorder.facts_names())],
            "decisions_hash": [hashes["decisions"]],
            "finished_at": [at],
        }
    )


class _Stages:
    """Times each stage and shows it on the shard's row, outside the shard's transaction."""

    def __init__(
        self, shard: RunShard, worker: str, clock: Callable[[], dt.datetime], progress: Progress | None
    ) -> None:
        self.seconds: dict[str, float] = {}
        self._shard, self._worker, self._clock, self._progress = shard, worker, clock, progress
        self._name, self._since = "", 0.0

    def begin(self, name: str) -> None:
        """The stage before this one is over."""
        self.end()
        self._name, self._since = name, time.perf_counter()
        # Shown, not relied on: the claim itself is the lock.
        with transaction.atomic():
            RunShard.objects.filter(pk=self._shard.pk).update(stage=name, worker=self._worker, seen_at=self._clock())
        if self._progress:
            self._progress(self._shard.number, name)
        checkpoints.reached(f"run.{name}")

    def end(self) -> None:
        """Keeps how long the last stage took."""
        if self._name:
            self.seconds[self._name] = round(time.perf_counter() - self._since, 3)
