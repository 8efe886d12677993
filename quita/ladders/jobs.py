"""The run in the background: on schedule, shared by any number of workers, taken up again after a crash."""

import datetime as dt
import os
import socket

from django.db import transaction
from procrastinate.contrib.django import app

from quita.domain.refusals import Refusal
from quita.ladders import queries
from quita.ladders.commands import previews, runs
from quita.messaging import jobs as messaging
from quita.platform.actors import SYSTEM, When

# The hour of the local clock from which the day's run may begin, once the night's return files are in.
RUN_FROM_HOUR = int(os.environ.get("QUITA_RUN_FROM_HOUR", "7"))


def worker_name() -> str:
    """Who did it, on which host."""
    return f"{socket.gethostname()}:{os.getpid()}"


def clock() -> dt.datetime:
    """The instant, read here because a job is an interface."""
    return dt.datetime.now(tz=dt.UTC)


@app.task(name="ladders.work", queue="runs")
def work(run_id: int) -> None:
    """One worker's share of a run; each deferred copy takes whatever shards are free."""
    if runs.work_on_run(run_id=run_id, worker=worker_name(), clock=clock):
        messaging.deliver_soon()


def share(run_id: int, shard_count: int) -> None:
    """Asks as many workers as there are shards (a few at most) to take part."""
    with transaction.atomic():
        for _ in range(max(1, min(shard_count, 8))):
            work.defer(run_id=run_id)


@app.task(name="ladders.preview", queue="runs")
def preview(preview_id: str) -> None:
    """Decides a preview too large to wait for."""
    try:
        previews.carry_out(preview_id=preview_id, clock=clock)
    except Exception as fault:
        previews.mark_broken(preview_id=preview_id, fault=type(fault).__name__)
        raise


@app.periodic(cron="*/10 * * * *")
@app.task(name="ladders.daily", queue="runs", queueing_lock="ladders.daily")
def daily(timestamp: int) -> None:
    """Starts the day's run once the hour has come, if nobody has; a stopped machine catches up when it wakes."""
    when = When.now()
    if when.at.astimezone(queries.HOME_ZONE).hour < RUN_FROM_HOUR or queries.has_run(day=when.today):
        return
    try:
        run = runs.start_run(by=SYSTEM, when=when, trigger="schedule")
    except Refusal:
        # Another process was faster, or an older run is still under way: the next tick looks again.
        return
    share(run.pk, run.shard_count)


@app.periodic(cron="* * * * *")
@app.task(name="ladders.resume", queue="runs", queueing_lock="ladders.resume")
def resume(timestamp: int) -> None:
    """Takes up runs whose workers died."""
    for run_id in runs.unfinished_runs():
        if runs.work_on_run(run_id=run_id, worker=worker_name(), clock=clock):
            messaging.deliver_soon()
