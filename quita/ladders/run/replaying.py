"""Deciding a past run again, from its recorded facts, rules and surroundings: it must give the same bytes.

Whatever people changed since (rules, titles, calendars, policy) plays no part: everything a decision needs was kept.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quita.domain.ladder import decide
from quita.domain.refusals import Refusal
from quita.ladders.models import Run, ShardResult
from quita.ladders.run import in_force, recorder

# As many differing rows of a shard as people will read.
MOST_SHOWN = 50

_COMPARED = ("receivable_id", "action", "step_key", "occurrence", "decision")


@dataclass(frozen=True)
class ShardReplay:
    """One shard decided again. `differing` lists rows that only one of the two has, with `in` recorded or replayed."""

    number: int
    row_count: int
    are_facts_intact: bool
    is_record_intact: bool
    has_same_bytes: bool
    recorded_hash: str
    replayed_hash: str
    differing_count: int = 0
    differing: tuple[dict[str, Any], ...] = ()

    @property
    def is_same(self) -> bool:
        """True when nothing was touched and the same bytes came out."""
        return self.are_facts_intact and self.is_record_intact and self.has_same_bytes


@dataclass(frozen=True)
class ReplayResult:
    """A whole run decided again."""

    run_id: int
    day: str
    shards: tuple[ShardReplay, ...] = field(default_factory=tuple)

    @property
    def is_same(self) -> bool:
        """True when every shard gave the same bytes from untouched facts."""
        return all(shard.is_same for shard in self.shards)

    @property
    def row_count(self) -> int:
        """Decisions made again."""
        return sum(shard.row_count for shard in self.shards)

    @property
    def differing_count(self) -> int:
        """Decisions that only one of the two has."""
        return sum(shard.differing_count for shard in self.shards)

    def sentence(self) -> str:
        """The verdict for people, in the active language."""
        rows = self.row_count
        if self.is_same:
            return ngettext(
                "Run %(run)s of %(day)s was decided again from its recorded facts: %(n)s decision, the same bytes.",
                "Run %(run)s of %(day)s was decided again from its recorded facts: %(n)s decisions, the same bytes.",
                rows,
            ) % {"run": self.run_id, "day": self.day, "n": rows}
        touched = [shard.number + 1 for shard in self.shards if not shard.are_facts_intact]
        if touched:
            return _(
                "The recorded facts of run %(run)s (%(day)s) were changed after the run: part %(parts)s no longer has "
                "its fingerprint. %(n)s decisions come out differently."
            ) % {
                "run": self.run_id, "day": self.day, "parts": ", ".join(str(part) for part in touched),
                "n": self.differing_count,
            }  # fmt: skip
        edited = [shard.number + 1 for shard in self.shards if not shard.is_record_intact]
        if edited:
            return _(
                "The recorded decisions of run %(run)s (%(day)s) were changed after the run: part %(parts)s no longer "
                "has its fingerprint. %(n)s decisions differ from those made again."
            ) % {
                "run": self.run_id, "day": self.day, "parts": ", ".join(str(part) for part in edited),
                "n": self.differing_count,
            }  # fmt: skip
        if not self.differing_count:
            return _(
                "Run %(run)s of %(day)s was decided again: every decision is the same, but the file was written by "
                "another version of the library and its bytes differ."
            ) % {"run": self.run_id, "day": self.day}
        return _(
            "Run %(run)s of %(day)s was decided again and %(n)s decisions differ. The rules of the decision itself "
            "have changed since."
        ) % {"run": self.run_id, "day": self.day, "n": self.differing_count}

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "run": self.run_id, "day": self.day, "is_same": self.is_same, "decisions": self.row_count,
            "differing": self.differing_count, "sentence": self.sentence(),
            "shards": [asdict(shard) | {"is_same": shard.is_same} for shard in self.shards],
        }  # fmt: skip


def replay(*, run_id: int, progress: Callable[[int, int], None] | None = None) -> ReplayResult:
    """Decides run `run_id` again and compares shard by shard. Nothing is written. `progress(done, total)`."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise Refusal(
            "run_unknown", "There is no run %(run)s. Look up its number in the list of runs.", {"run": run_id}
        )
    results = list(ShardResult.objects.filter(shard__run=run).select_related("shard").order_by("shard__number"))
    kept = recorder.folder(run.pk, run.day)
    if not (kept / "around.json").exists():
        raise Refusal(
            "recorder_missing",
            "The flight recorder of run %(run)s is not in the data folder, so it cannot be decided again. Restore the "
            "folder “recorder” of that day from a backup.",
            {"run": run_id},
        )
    written, around = in_force.from_json(run.rules), recorder.surroundings_of(run.pk, run.day)
    found = []
    for done, result in enumerate(results, start=1):
        found.append(_shard(run, result, written, around))
        if progress:
            progress(done, len(results))
    return ReplayResult(run.pk, run.day.isoformat(), tuple(found))


def _shard(run: Run, result: ShardResult, written: Any, around: decide.Surroundings) -> ShardReplay:
    number = result.shard.number
    hashes = recorder.hashes_of(run.pk, run.day, number, [*recorder.facts_names(), "decisions"])
    outcome = decide.decide(recorder.facts_of(run.pk, run.day, number), written, around)
    again = _bytes_hash(outcome.decisions)
    is_same = again == result.decisions_hash
    shown: tuple[dict[str, Any], ...] = ()
    differing = 0
    is_record_intact = hashes["decisions"] == result.decisions_hash
    if not is_same or not is_record_intact:
        recorded = recorder.frame_of(run.pk, run.day, number, "decisions").collect()
        differing, shown = _differences(recorded, outcome.decisions)
    return ShardReplay(
        number=number,
        row_count=outcome.decisions.height,
        are_facts_intact=recorder.combined(hashes, recorder.facts_names()) == result.facts_hash,
        is_record_intact=is_record_intact,
        has_same_bytes=is_same,
        recorded_hash=result.decisions_hash,
        replayed_hash=again,
        differing_count=differing,
        differing=shown,
    )


def _bytes_hash(decisions: pl.DataFrame) -> str:
    buffer = io.BytesIO()
    recorder.write(decisions, buffer)
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def _differences(recorded: pl.DataFrame, replayed: pl.DataFrame) -> tuple[int, tuple[dict[str, Any], ...]]:
    """Rows that only one side has: how many, and the first of them as plain values."""
    columns = recorded.columns
    gone = recorded.join(replayed, on=columns, how="anti", nulls_equal=True).with_columns(
        pl.lit("recorded").alias("in")
    )
    new = replayed.join(recorded, on=columns, how="anti", nulls_equal=True).with_columns(pl.lit("replayed").alias("in"))
    both = pl.concat([gone, new]).sort("receivable_id", "action", "in", nulls_last=True)
    return both.height, tuple(both.select(*_COMPARED, "in").head(MOST_SHOWN).to_dicts())
