"""Starting a run, carrying its shards out, ending it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from quita.domain.refusals import Refusal
from quita.ladders.commands import executions
from quita.ladders.models import Run, RunShard, RunState, ShardResult
from quita.ladders.run import in_force, plan, recorder, shards, surroundings
from quita.messaging.commands import outdated
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.receivables import queries as receivables

RemovedKey = tuple[int, str, int, int]


def start_run(
    *, by: Actor, when: When, trigger: str, shard_count: int | None = None, removed: Iterable[RemovedKey] = ()
) -> Run:
    """Plans the run of the business day `when.today` and freezes the rules it will decide by.

    Refuses a day before the last finished run (a run never goes backwards) and a second run while one is under way.
    `removed` are the messages a person took out in the preview, by the key of their leading occurrence.
    """
    taken_out = tuple(removed)
    with transaction.atomic():
        _one_at_a_time()
        _refuse_backwards(when.today)
        # What did not leave on its day is decided anew, so it must not count as done when the facts are read.
        executions.take_back(message_ids=outdated.withdraw_outdated(today=when.today, at=when.at))
        written = in_force.load(today=when.today, now=when.at, removed=taken_out)
        run = Run.objects.create(
            day=when.today,
            state=RunState.RUNNING,
            trigger=trigger,
            requested_by_id=by.user_id,
            requested_at=when.at,
            started_at=when.at,
            rules=in_force.to_json(written),
            excluded_message_keys=[list(key) for key in taken_out],
        )
        extent = receivables.open_extent()
        run.shard_count = _plan_shards(run, extent, shard_count)
        run.save(update_fields=["shard_count"])
        audit.record(
            by=by,
            when=when,
            verb="ladders.run.started",
            subject="run",
            subject_id=run.pk,
            day=str(run.day),
            trigger=trigger,
        )
        first_due = extent[3] if extent else None
        recorder.keep_surroundings(run.pk, run.day, surroundings.load(when.today, first_due))
    return run


def work_on_run(
    *,
    run_id: int,
    worker: str,
    clock: Callable[[], dt.datetime],
    progress: shards.Progress | None = None,
) -> bool:
    """Carries out whatever shards are free and ends the run when all are done; True when it is over.

    Any number of workers may call this for one run at once; a shard is finished by exactly one of them.
    """
    run = Run.objects.get(pk=run_id)
    if run.state == RunState.DONE:
        return True
    shards.work_on(run, worker=worker, clock=clock, progress=progress)
    return finish_if_complete(run_id=run_id, at=clock())


def finish_if_complete(*, run_id: int, at: dt.datetime) -> bool:
    """Adds up the shards and marks the run done, once every shard has its result."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state == RunState.DONE:
            return True
        results = list(ShardResult.objects.filter(shard__run=run).order_by("shard__number"))
        if len(results) < run.shard_count:
            return False
        run.counts = added([result.counts for result in results])
        run.timings = added([result.timings for result in results])
        run.decisions_hash = recorder.combined(
            {str(place): result.decisions_hash for place, result in enumerate(results)},
            [str(place) for place in range(len(results))],
        )
        run.state = RunState.DONE
        run.finished_at = at
        run.save(update_fields=["counts", "timings", "decisions_hash", "state", "finished_at"])
    return True


def unfinished_runs() -> list[int]:
    """Runs under way, oldest first: what a worker takes up again after a crash."""
    return list(Run.objects.filter(state=RunState.RUNNING).order_by("id").values_list("pk", flat=True))


def abandon_run(*, run_id: int, by: Actor, when: When, reason: str) -> None:
    """Gives up a run that cannot be finished; what its shards wrote stays written."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.RUNNING:
            raise Refusal("run_not_under_way", "This run is not under way; nothing was changed.")
        run.state = RunState.FAILED
        run.error = reason
        run.finished_at = when.at
        run.save(update_fields=["state", "error", "finished_at"])
        audit.record(by=by, when=when, verb="ladders.run.abandoned", subject="run", subject_id=run.pk, reason=reason)


def added(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The sums of equally shaped nested counts; debtors are never in two shards, so theirs add up too."""
    total: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            if isinstance(value, dict):
                total[key] = added([total.get(key, {}), value])
            else:
                total[key] = round(total.get(key, 0) + value, 3)
    return total


def _one_at_a_time() -> None:
    """Holds the right to start a run until the transaction ends; refuses while one is under way."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [shards.LOCK_CLASS])
    running = Run.objects.filter(state=RunState.RUNNING).order_by("id").first()
    if running is not None:
        raise Refusal(
            "run_under_way",
            "The run of %(day)s is still under way. Wait for it to end, or open it to see where it stands.",
            {"day": running.day},
        )


def _refuse_backwards(day: dt.date) -> None:
    last = Run.objects.filter(state=RunState.DONE).aggregate(last=Max("day"))["last"]
    if last is not None and day < last:
        raise Refusal(
            "run_never_goes_backwards",
            "The run of %(last)s is done, so %(day)s can no longer be run. Run %(last)s or a later day.",
            {"last": last, "day": day},
        )


def _plan_shards(run: Run, extent: plan.Extent | None, shard_count: int | None) -> int:
    """Splits the debtors into ranges, one shard each."""
    shard_rows = [
        RunShard(run=run, number=number, first_debtor_id=span.first, last_debtor_id=span.last)
        for number, span in enumerate(plan.ranges(extent, shard_count))
    ]
    RunShard.objects.bulk_create(shard_rows)
    return len(shard_rows)
