"""Files: received, given a mapping, queued, brought in."""

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from quita.imports import mappings, reasons
from quita.imports.models import FileState, ImportFile, RefusedRow
from quita.imports.pipeline import run
from quita.imports.reading import limits
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

_BLOCK = 1 << 20


def receive_file(
    *, content: BinaryIO, name: str, target: str, company_id: int | None, by: Actor, when: When
) -> ImportFile:
    """Keeps an uploaded file under the data home, readable by this account only. Nothing is read from it yet.

    Refusals: file_empty, file_too_large.
    """
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, digest = _keep(content, folder)
    with transaction.atomic():
        file = ImportFile.objects.create(
            target=target, company_id=company_id, name=_plain_name(name), path=f"imports/{path.name}", sha256=digest,
            uploaded_at=when.at, uploaded_by_id=by.user_id,
        )  # fmt: skip
        audit.record(
            by=by, when=when, verb="imports.file.received", subject="import_file", subject_id=file.pk,
            company_id=company_id, sha256=digest,
        )  # fmt: skip
    return file


def _plain_name(name: str) -> str:
    """The last part of the name, without anything that would be a path."""
    return (name.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "") or "file")[:200]


def _keep(content: BinaryIO, folder: Path) -> tuple[Path, str]:
    """Writes under a temporary name and renames at the end: a killed upload leaves no file that looks whole."""
    digest = hashlib.sha256()
    size = 0
    handle, temporary = tempfile.mkstemp(prefix=".incoming-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            while block := content.read(_BLOCK):
                size += len(block)
                if size > limits.MAX_FILE_BYTES:
                    limit = limits.MAX_FILE_BYTES // limits.MB
                    raise reasons.file_refusal("file_too_large", size=f"> {limit}", limit=limit)
                digest.update(block)
                out.write(block)
        if not size:
            raise reasons.file_refusal("file_empty")
        final = folder / f"{digest.hexdigest()[:16]}-{Path(temporary).name.removeprefix('.incoming-')}"
        os.replace(temporary, final)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return final, digest.hexdigest()


@transaction.atomic
def choose_mapping(*, file_id: int, spec: mappings.Spec, by: Actor, when: When) -> ImportFile:
    """Says how the file's columns become our fields. A file that failed starts again from its first row.

    Refusals: import_running, import_done.
    """
    file = _startable(file_id)
    if file.spec != spec.to_json():
        RefusedRow.objects.filter(file=file).delete()
        file.spec, file.target, file.counts, file.rows_done, file.rows_total = spec.to_json(), spec.target, {}, 0, None
    file.state, file.error = FileState.UPLOADED, ""
    file.save()
    return file


@transaction.atomic
def start_import(*, file_id: int, by: Actor, when: When) -> ImportFile:
    """Queues the file; a worker brings it in. A file that stopped half-way goes on where it stopped.

    Refusals: mapping_missing, import_running, import_done.
    """
    from quita.imports import jobs

    file = _startable(file_id)
    if not file.spec:
        raise reasons.file_refusal("mapping_missing")
    file.state, file.stage, file.error, file.finished_at = FileState.WAITING, "", "", None
    file.save(update_fields=["state", "stage", "error", "finished_at"])
    audit.record(
        by=by,
        when=when,
        verb="imports.file.started",
        subject="import_file",
        subject_id=file.pk,
        company_id=file.company_id,
    )
    jobs.run.configure(queueing_lock=f"imports.{file.pk}").defer(file_id=file.pk)
    return file


def run_import(
    *,
    file_id: int,
    when: When,
    clock: Callable[[], dt.datetime] | None = None,
    progress: run.Progress = lambda stage, done, total: None,
) -> ImportFile:
    """Brings the file in, batch by batch, each in its own transaction; see quita.imports.pipeline.

    Not atomic as a whole on purpose: what is in stays in, and a second call goes on behind it. `clock` gives the
    instant at which the import ended (default: `when`). Refusals: import_running.
    """
    run.import_rows(file_id, when=when, clock=clock or (lambda: when.at), progress=progress)
    return ImportFile.objects.get(pk=file_id)


def mark_broken(*, file_id: int, fault: str, when: When) -> None:
    """Ends a file that an unexpected fault has stopped, so that a person can start it again."""
    ImportFile.objects.filter(pk=file_id, state=FileState.RUNNING).update(
        state=FileState.FAILED, stage="", error=fault, finished_at=when.at
    )


def _startable(file_id: int) -> ImportFile:
    file = ImportFile.objects.select_for_update().get(pk=file_id)
    if file.state in (FileState.WAITING, FileState.RUNNING):
        raise reasons.file_refusal("import_running")
    if file.state == FileState.DONE:
        raise reasons.file_refusal("import_done")
    return file
