"""Imports in the background."""

import datetime as dt
import logging

from procrastinate.contrib.django import app

from quita.domain.refusals import Refusal
from quita.imports.commands import files
from quita.platform.actors import When

log = logging.getLogger("quita.imports")


@app.task(name="imports.run", queue="imports", lock="imports.run", retry=3)
def run(file_id: int) -> None:
    """Brings one file in. Run twice it does nothing twice: the second goes on behind the first."""
    when = When.now()
    try:
        files.run_import(file_id=file_id, when=when, clock=lambda: dt.datetime.now(tz=dt.UTC))
    except Refusal as refusal:
        # Another worker has the file in hand.
        log.info("imports.file.skipped file=%s code=%s", file_id, refusal.code)
    except Exception as fault:
        files.mark_broken(file_id=file_id, fault=type(fault).__name__, when=When.now())
        raise
