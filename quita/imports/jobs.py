"""Imports in the background."""

import datetime as dt
import logging

import procrastinate
from procrastinate.contrib.django import app

from quita.domain.refusals import Refusal
from quita.imports.commands import files
from quita.platform.actors import When

log = logging.getLogger("quita.imports")


# While another worker has the file in hand, or the database is away, it is asked for again.
RETRY = procrastinate.RetryStrategy(max_attempts=5, wait=30)


@app.task(name="imports.run", queue="imports", lock="imports.run", retry=RETRY)
def run(file_id: int) -> None:
    """Brings one file in. Run twice it does nothing twice: the second goes on behind the first."""
    try:
        files.run_import(file_id=file_id, when=When.now(), clock=lambda: dt.datetime.now(tz=dt.UTC))
    except Refusal as refusal:
        log.info("imports.file.postponed file=%s code=%s", file_id, refusal.code)
        raise
    except Exception as fault:
        files.mark_broken(file_id=file_id, fault=type(fault).__name__, when=When.now())
        raise
