"""The flight recorder: facts and decisions of every shard as Parquet, so that any answer can be given again.

    <home>/recorder/<day>/run-<id>/around.json calendar.parquet
                                   shard-<n>/facts-<name>.parquet <outcome frames>.parquet

A shard's folder is written under a temporary name and renamed before its transaction commits; a killed shard leaves
only a temporary folder, which the next attempt replaces.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import polars as pl
from django.conf import settings

from quita.domain.ladder import decide, facts
from quita.ladders.run import surroundings


def folder(run_id: int, day: dt.date) -> Path:
    """Where a run is kept."""
    return Path(settings.HOME) / "recorder" / day.isoformat() / f"run-{run_id}"


def shard_folder(run_id: int, day: dt.date, number: int) -> Path:
    """Where one shard of it is kept."""
    return folder(run_id, day) / f"shard-{number}"


def keep_surroundings(run_id: int, day: dt.date, around: decide.Surroundings) -> None:
    """Keeps calendars and contact policy once per run."""
    place = folder(run_id, day)
    place.mkdir(parents=True, exist_ok=True)
    _replace(place / "around.json", json.dumps(surroundings.to_json(around), ensure_ascii=False).encode())
    draft = place / f".calendar-{os.getpid()}"
    around.calendar_days.write_parquet(draft, compression="zstd")
    draft.rename(place / "calendar.parquet")


def surroundings_of(run_id: int, day: dt.date) -> decide.Surroundings:
    """The calendars and policy a run was decided with."""
    place = folder(run_id, day)
    kept: dict[str, Any] = json.loads((place / "around.json").read_text())
    return surroundings.from_json(kept, pl.read_parquet(place / "calendar.parquet"))


def keep(run_id: int, day: dt.date, number: int, frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Writes the frames of a shard; returns the SHA-256 of each file, by name."""
    final = shard_folder(run_id, day, number)
    draft = final.with_name(f".{final.name}-{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    hashes = {}
    for name, frame in frames.items():
        write(frame, draft / f"{name}.parquet")
        hashes[name] = _sha256(draft / f"{name}.parquet")
    shutil.rmtree(final, ignore_errors=True)
    draft.rename(final)
    return hashes


def write(frame: pl.DataFrame, target: Path | IO[bytes]) -> None:
    """Writes a frame as the recorder does: a replay must make the same bytes."""
    frame.write_parquet(target, compression="zstd", compression_level=1)


def hashes_of(run_id: int, day: dt.date, number: int, names: list[str]) -> dict[str, str]:
    """The SHA-256 of a shard's files as they are now."""
    place = shard_folder(run_id, day, number)
    return {name: _sha256(place / f"{name}.parquet") for name in names}


def facts_frames(known: facts.Facts) -> dict[str, pl.DataFrame]:
    """The facts under names of their own: an outcome has frames called like some of them."""
    return {facts_name(name): frame for name, frame in known.frames().items()}


def facts_name(name: str) -> str:
    """The file of a frame of facts."""
    return f"facts-{name}"


def facts_names() -> list[str]:
    """The files of all facts, in the order in which they are fingerprinted."""
    return [facts_name(name) for name in facts.SCHEMAS]


def facts_of(run_id: int, day: dt.date, number: int) -> facts.Facts:
    """The facts a shard was decided on."""
    place = shard_folder(run_id, day, number)
    return facts.Facts(**{name: pl.read_parquet(place / f"{facts_name(name)}.parquet") for name in facts.SCHEMAS})


def frame_of(run_id: int, day: dt.date, number: int, name: str) -> pl.LazyFrame:
    """One kept frame, read lazily so that a question about one title touches little."""
    return pl.scan_parquet(shard_folder(run_id, day, number) / f"{name}.parquet")


def combined(hashes: Mapping[str, str], names: list[str]) -> str:
    """One hash over the named files."""
    return hashlib.sha256("".join(hashes[name] for name in names).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_bytes(content)
    draft.rename(path)
