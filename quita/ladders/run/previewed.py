"""Where a preview is kept: decisions and messages as Parquet, a stamp, and what a person has taken out of it.

    <home>/previews/<id>/state.json rules.json decisions-<n>.parquet messages-<n>.parquet tasks-<n>.parquet
                         removed/<title>_<due date>_<step>_<occurrence>     one empty file per message taken out

A file per removed message: two people may take messages out at once, and doing it twice is doing it once.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import secrets
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from quita.domain.ladder import effects, rules
from quita.ladders.run import in_force

KEEP_DAYS = 7
KEEP_AT_MOST = 20

WAITING, WORKING, READY, FAILED = "waiting", "working", "ready", "failed"
RemovedKey = tuple[int, str, int, int]

_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}")
_KEY = re.compile(r"(\d+)_(\d{4}-\d{2}-\d{2})_(\d+)_(\d+)")


@dataclass(frozen=True)
class Preview:
    """The stamp of a preview. `now` is the instant it decided by, `built_at` when it was ready."""

    preview_id: str
    day: dt.date
    now: dt.datetime
    user_id: int | None
    user_name: str
    state: str = WAITING
    done: int = 0
    total: int = 0
    built_at: dt.datetime | None = None
    counts: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def is_ready(self) -> bool:
        """True when it can be looked at."""
        return self.state == READY

    def frame(self, name: str) -> pl.LazyFrame:
        """Its decisions, messages or tasks, all ranges together."""
        files = sorted(folder(self.preview_id).glob(f"{name}-*.parquet"))
        return pl.scan_parquet(files) if files else pl.LazyFrame(schema=_EMPTY[name])


_EMPTY: dict[str, dict[str, Any]] = {
    "messages": {**effects.MESSAGES, "total_cents": pl.Int64, "days_past_due": pl.Int32, "portfolio_id": pl.Int64},
    "tasks": dict(effects.TASKS),
    "decisions": {
        "receivable_id": pl.Int64, "company_id": pl.Int64, "debtor_id": pl.Int64, "due_on": pl.Date,
        "action": pl.String, "step_key": pl.Int32, "occurrence": pl.Int16, "day": pl.Date, "decision": pl.Int16,
        "days_past_due": pl.Int32, "balance_cents": pl.Int64, "portfolio_id": pl.Int64, "ladder_version_id": pl.Int64,
    },
}  # fmt: skip


def root() -> Path:
    """The folder of all previews."""
    return Path(settings.HOME) / "previews"


def folder(preview_id: str) -> Path:
    """Where one is kept. Ids come from addresses, so only ids of our own making name a folder."""
    if not _ID.fullmatch(preview_id):
        raise ValueError(preview_id)
    return root() / preview_id


def create(*, day: dt.date, now: dt.datetime, user_id: int | None, user_name: str, total: int) -> Preview:
    """An empty preview, waiting to be decided."""
    preview_id = f"{now.astimezone(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    made = Preview(preview_id, day, now, user_id, user_name, total=total)
    (folder(preview_id) / "removed").mkdir(parents=True)
    save(made)
    return made


def save(preview: Preview) -> Preview:
    """Writes the stamp, whole or not at all."""
    content = {
        "day": preview.day.isoformat(), "now": preview.now.isoformat(), "user_id": preview.user_id,
        "user_name": preview.user_name, "state": preview.state, "done": preview.done, "total": preview.total,
        "built_at": preview.built_at and preview.built_at.isoformat(), "counts": preview.counts,
        "error": preview.error,
    }  # fmt: skip
    _replace(folder(preview.preview_id) / "state.json", content)
    return preview


def load(preview_id: str) -> Preview | None:
    """The preview with this id, or None when there is none (any more)."""
    if not _ID.fullmatch(preview_id):
        return None
    try:
        kept = json.loads((folder(preview_id) / "state.json").read_text())
    except FileNotFoundError:
        return None
    at = dt.datetime.fromisoformat
    kept |= {
        "day": dt.date.fromisoformat(kept["day"]),
        "now": at(kept["now"]),
        "built_at": at(kept["built_at"]) if kept["built_at"] else None,
    }
    return Preview(preview_id=preview_id, **kept)


def all_ids() -> list[str]:
    """Every preview, newest first: an id begins with its instant."""
    if not root().exists():
        return []
    return sorted((place.name for place in root().iterdir() if _ID.fullmatch(place.name)), reverse=True)


def keep_rules(preview_id: str, written: rules.Rules) -> None:
    """Keeps the rules it decides by."""
    _replace(folder(preview_id) / "rules.json", in_force.to_json(written))


def rules_of(preview_id: str) -> rules.Rules:
    """The rules it was decided by."""
    return in_force.from_json(json.loads((folder(preview_id) / "rules.json").read_text()))


def keep(preview_id: str, name: str, number: int, rows: pl.DataFrame) -> None:
    """Keeps one range's rows."""
    rows.write_parquet(folder(preview_id) / f"{name}-{number:04d}.parquet", compression="zstd", compression_level=1)


def forget(preview_id: str) -> None:
    """Removes what is left of an attempt, so that it can be decided again."""
    for place in folder(preview_id).glob("*.parquet"):
        place.unlink(missing_ok=True)


def forget_old(now: dt.datetime) -> None:
    """Removes previews older than a week, and all but the newest."""
    limit = f"{(now - dt.timedelta(days=KEEP_DAYS)).astimezone(dt.UTC):%Y%m%dT%H%M%S}"
    for place, preview_id in enumerate(all_ids()):
        if place >= KEEP_AT_MOST or preview_id < limit:
            shutil.rmtree(folder(preview_id), ignore_errors=True)


def removed(preview_id: str) -> frozenset[RemovedKey]:
    """The messages taken out, by the key of their leading occurrence."""
    place = folder(preview_id) / "removed"
    names = (_KEY.fullmatch(one.name) for one in place.iterdir()) if place.exists() else ()
    return frozenset((int(m[1]), m[2], int(m[3]), int(m[4])) for m in names if m)


def set_removed(preview_id: str, key: RemovedKey, *, is_removed: bool) -> None:
    """Takes a message out, or puts it back."""
    place = folder(preview_id) / "removed" / key_text(key)
    place.touch() if is_removed else place.unlink(missing_ok=True)


def key_text(key: RemovedKey) -> str:
    """A key as one word, for addresses and forms."""
    return "_".join(str(part) for part in key)


def key_of(text: str) -> RemovedKey | None:
    """The key behind the word, or None when it is none."""
    found = _KEY.fullmatch(text)
    return (int(found[1]), found[2], int(found[3]), int(found[4])) if found else None


def advanced(preview: Preview, **changes: Any) -> Preview:
    """The preview with some of its stamp changed, saved."""
    return save(replace(preview, **changes))


def _replace(path: Path, content: dict[str, Any]) -> None:
    draft = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    draft.write_text(json.dumps(content, ensure_ascii=False))
    draft.rename(path)
