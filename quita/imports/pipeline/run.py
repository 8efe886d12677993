"""The import of one file, from its survey to its result."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.utils import IntegrityError, OperationalError

from quita.domain.refusals import Refusal
from quita.imports import directory, mappings, parsing, reading, reasons
from quita.imports.models import FileState, ImportFile
from quita.imports.parsing.findings import Findings
from quita.imports.pipeline import refused, survey, writing
from quita.imports.reading import Batch, Table
from quita.parties import queries as parties
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

log = logging.getLogger("quita.imports")

Progress = Callable[[str, int, int], None]
# Two batches that write the same person at once: PostgreSQL picks one to fail, and that one is simply done again.
ATTEMPTS = 3
LOCK_SPACE = 7_482
PATIENCE_ATTEMPTS, PATIENCE_SECONDS = 20, 0.25


def import_rows(file_id: int, *, when: When, clock: Callable[[], dt.datetime], progress: Progress) -> None:
    """Brings in what is not in yet. Refusals: import_running. A refusal of the file ends it as failed, with
    its reason."""
    with _alone(file_id):
        file = ImportFile.objects.select_related("company").get(pk=file_id)
        if file.state == FileState.DONE:
            return
        _save(file, state=FileState.RUNNING, stage="reading", started_at=file.started_at or when.at, error="")
        try:
            spec = mappings.parse(file.spec)
            table = reading.open_table(Path(settings.MEDIA_ROOT) / file.path, spec)
            found = survey.survey(table, spec, lambda rows: progress("reading", rows, 0))
        except Refusal as refusal:
            _fail(file, refusal, clock())
            return
        _save(file, rows_total=found.row_count, stage="writing")
        work = _Work(file, spec, table, found, _scope(file), when)
        for batch in table.batches(survey.BATCH_ROWS):
            if (last := batch.last_row) > file.counts.get("position", 0):
                _with_retries(work, batch, last)
            progress("writing", file.rows_done, found.row_count)
        _finish(file, when, clock())


class _Work:
    """What stays the same from batch to batch."""

    def __init__(
        self, file: ImportFile, spec: mappings.Spec, table: Table, found: survey.Survey, scope: Scope, when: When
    ) -> None:
        self.file, self.spec, self.table, self.found, self.scope, self.when = file, spec, table, found, scope, when
        self.by = Actor(user_id=file.uploaded_by_id, name="imports")


def check_batch(
    batch: Batch,
    table: Table,
    spec: mappings.Spec,
    found: survey.Survey,
    known: directory.Directory,
    company_id: int | None,
    today: dt.date,
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Good rows with their company, branch and policy; findings; contact points left out. Writes nothing."""
    parsed = parsing.parse(batch, table.headers, spec, today)
    findings = Findings()
    repeated = survey.note_repeated(batch, table.headers, spec, found, findings)
    frame = parsed.frame.join(repeated, on="row_number", how="anti", maintain_order="left")
    resolved = directory.resolve(frame, spec, company_id, known, findings)
    noted = findings.frame()
    good = resolved.join(
        noted.select(pl.col("row_number").cast(pl.Int32)).unique(), on="row_number", how="anti", maintain_order="left"
    )
    everything = pl.concat([refused.of_batch(batch), parsed.findings, noted]).sort("row_number", maintain_order=True)
    return good, everything, parsed.contacts_left_out


def _with_retries(work: _Work, batch: Batch, last: int) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                _import_batch(work, batch, last)
            return
        except (IntegrityError, OperationalError) as fault:
            work.file.refresh_from_db()
            if attempt == ATTEMPTS or connection.in_atomic_block:
                raise
            log.warning("imports.batch.repeated file=%s fault=%s", work.file.pk, type(fault).__name__)


def _import_batch(work: _Work, batch: Batch, last: int) -> None:
    known = directory.read(work.scope)
    good, findings, left_out = check_batch(
        batch, work.table, work.spec, work.found, known, work.file.company_id, work.when.today
    )
    written = writing.write(good, work.spec, by=work.by, when=work.when)
    findings = pl.concat([findings, refused.with_values(written.refused, good)])
    refused_count = refused.store(work.file.pk, findings, batch, work.table.headers)
    counts = dict(work.file.counts)
    for key, count in {**written.counts, "refused": refused_count, "contacts_left_out": left_out}.items():
        counts[key] = counts.get(key, 0) + count
    counts["position"] = last
    counts.setdefault("headers", work.table.headers)
    _save(work.file, counts=counts, rows_done=work.file.rows_done + batch.row_count)


@contextmanager
def _alone(file_id: int) -> Iterator[None]:
    """One process per file: the lock belongs to the connection, so a killed process gives it back.

    The server may take a moment to notice that a process is gone; hence some patience before the refusal.
    """
    for attempt in range(PATIENCE_ATTEMPTS):
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, file_id])
            if cursor.fetchone()[0]:
                break
        if attempt + 1 == PATIENCE_ATTEMPTS:
            raise reasons.file_refusal("import_running")
        time.sleep(PATIENCE_SECONDS)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", [LOCK_SPACE, file_id])


def _scope(file: ImportFile) -> Scope:
    """The companies of the person who brought the file; a file of the system itself may name any."""
    if file.uploaded_by_id is None:
        return EVERYTHING
    return parties.scope_for(get_user_model().objects.get(pk=file.uploaded_by_id))


def _save(file: ImportFile, **values: object) -> None:
    for name, value in values.items():
        setattr(file, name, value)
    file.save(update_fields=list(values))


def _fail(file: ImportFile, refusal: Refusal, at: dt.datetime) -> None:
    counts = {**file.counts, "refusal": {"code": refusal.code, "message": refusal.message, "params": refusal.params}}
    _save(file, state=FileState.FAILED, stage="", error=str(refusal), counts=counts, finished_at=at)
    log.info("imports.file.refused file=%s code=%s", file.pk, refusal.code)


def _finish(file: ImportFile, when: When, at: dt.datetime) -> None:
    with transaction.atomic():
        _save(file, state=FileState.DONE, stage="", finished_at=at)
        numbers = {key: value for key, value in file.counts.items() if isinstance(value, int) and key != "position"}
        audit.record(
            by=Actor(user_id=file.uploaded_by_id, name="imports"), when=when, verb="imports.file.imported",
            subject="import_file", subject_id=file.pk, company_id=file.company_id, **numbers,
        )  # fmt: skip
    log.info("imports.file.imported file=%s rows=%s", file.pk, file.rows_total)
