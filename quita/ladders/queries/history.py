"""Runs as people look at them: the list, one with its parts and its log, and what became of its messages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import QuerySet

from quita.domain.refusals import Refusal
from quita.ladders.models import Run, RunShard, RunState
from quita.ladders.run import recorder
from quita.platform.access.scopes import Scope
from quita.platform.audit import queries as audit

STAGES = ("read", "decide", "record", "write")
# A worker that has shown no sign for this long has very likely died.
SILENT_SECONDS = 120


@dataclass(frozen=True)
class ShardLine:
    """One part of a run: where it stands, who has it, and how long each stage took."""

    number: int
    debtors: str
    stage: str
    worker: str
    seen_at: dt.datetime | None
    finished_at: dt.datetime | None
    timings: dict[str, float]
    titles: int

    @property
    def is_done(self) -> bool:
        """True when its effects are written."""
        return self.finished_at is not None

    @property
    def steps_done(self) -> int:
        """Stages behind it, of four."""
        if self.is_done:
            return len(STAGES)
        return STAGES.index(self.stage) if self.stage in STAGES else 0


@dataclass(frozen=True)
class RunDetail:
    """A run with its parts, the versions it used, and its log."""

    run: Run
    shards: tuple[ShardLine, ...]
    log: tuple[audit.EntryLine, ...]
    ladders: tuple[dict[str, Any], ...]
    policy: dict[str, int] = field(default_factory=dict)

    @property
    def is_under_way(self) -> bool:
        """True while workers have it."""
        return self.run.state in (RunState.RUNNING, RunState.WAITING)

    @property
    def steps_done(self) -> int:
        """Stages finished over all parts."""
        return sum(shard.steps_done for shard in self.shards)

    @property
    def steps_total(self) -> int:
        """Stages there are over all parts."""
        return len(self.shards) * len(STAGES)

    @property
    def stage(self) -> str:
        """The stage that the busiest part is in."""
        return next((shard.stage for shard in self.shards if not shard.is_done and shard.stage), "")

    @property
    def done_count(self) -> int:
        """Parts that are written."""
        return sum(shard.is_done for shard in self.shards)

    @property
    def seconds(self) -> float | None:
        """From the start to the end."""
        if self.run.started_at is None or self.run.finished_at is None:
            return None
        return (self.run.finished_at - self.run.started_at).total_seconds()

    def is_silent(self, now: dt.datetime) -> bool:
        """True when it is under way and no worker has shown a sign for a while."""
        if not self.is_under_way:
            return False
        last = max([shard.seen_at for shard in self.shards if shard.seen_at] + [self.run.requested_at])
        return (now - last).total_seconds() > SILENT_SECONDS


def runs_by_day() -> QuerySet[Run]:
    """Every run, newest first, without the rules it froze."""
    return Run.objects.select_related("requested_by").defer("rules", "excluded_message_keys").order_by("-id")


def run_detail(*, run_id: int) -> RunDetail | None:
    """One run, in three statements. A run is over all companies; what it decided is shown by scope."""
    run = Run.objects.select_related("requested_by").filter(pk=run_id).first()
    if run is None:
        return None
    shards = RunShard.objects.filter(run=run).select_related("result").order_by("number")
    return RunDetail(
        run=run,
        shards=tuple(_line(shard) for shard in shards),
        log=tuple(audit.entries_of(subject="run", subject_id=run.pk)),
        ladders=tuple(run.rules.get("ladders", ())),
        policy={"portfolios": len(run.rules.get("portfolios", ())), "phases": len(run.rules.get("phases", ()))},
    )


def _line(shard: RunShard) -> ShardLine:
    result = getattr(shard, "result", None)
    return ShardLine(
        number=shard.number,
        debtors=f"{shard.first_debtor_id}–{shard.last_debtor_id}",
        stage=shard.stage,
        worker=shard.worker,
        seen_at=shard.seen_at,
        finished_at=result.finished_at if result else None,
        timings=result.timings if result else {},
        titles=result.counts.get("titles", 0) if result else 0,
    )


def run_decisions(run: Run) -> pl.LazyFrame:
    """The recorded decisions of all finished parts. Refuses when the recorder is not there."""
    place = recorder.folder(run.pk, run.day)
    files = sorted(place.glob("shard-*/decisions.parquet"))
    if not files:
        raise Refusal(
            "recorder_missing",
            "The flight recorder of run %(run)s is not in the data folder, so its titles cannot be listed. The counts "
            "are still right. Restore the folder “recorder” of that day from a backup.",
            {"run": run.pk},
        )
    return pl.scan_parquet(files)


@dataclass(frozen=True)
class StateCount:
    """How many messages of a run stand where, and why."""

    state: str
    reason: str
    count: int


def message_states(*, run_id: int, scope: Scope) -> list[StateCount]:
    """What became of the run's messages, as of now. One statement."""
    companies = None if scope.company_ids is None else sorted(scope.company_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select state, reason, count(*) from messaging_message
            where run_id = %(run)s and (%(companies)s::bigint[] is null or company_id = any(%(companies)s))
            group by state, reason order by state, reason
            """,
            {"run": run_id, "companies": companies},
        )
        return [StateCount(*row) for row in cursor.fetchall()]


def step_names(rules_json: dict[str, Any]) -> dict[int, str]:
    """Step key → name, as the run knew it."""
    return {step["key"]: step["name"] for ladder in rules_json.get("ladders", ()) for step in ladder["steps"]}
