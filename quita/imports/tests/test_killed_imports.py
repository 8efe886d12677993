"""A killed import goes on where it stopped: nothing is lost, nothing is done twice, the counts are those of one run."""

import datetime as dt
import os
import subprocess
import sys
import textwrap

import pytest

from quita.domain.refusals import Refusal
from quita.imports import commands
from quita.imports.models import FileState, ImportFile
from quita.imports.pipeline import run, survey
from quita.imports.tests.conftest import MARIA, SPEC, TODAY, csv
from quita.platform import arrow
from quita.platform.actors import SYSTEM
from quita.receivables.models import Receivable

ROWS = 1_000
BATCH = 100
WRONG = 10

WORKER = textwrap.dedent("""
    import datetime as dt, os, signal, sys
    import django
    django.setup()
    from django.conf import settings
    settings.MEDIA_ROOT = sys.argv[2]
    from quita.imports import commands
    from quita.imports.pipeline import run, survey, writing
    from quita.platform.actors import When
    survey.BATCH_ROWS = {batch}
    place, at = sys.argv[3], int(sys.argv[4])
    calls = 0
    def die_before(module, name):
        inner = getattr(module, name)
        def wrapped(*args, **kwargs):
            global calls
            calls += 1
            if calls == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return inner(*args, **kwargs)
        setattr(module, name, wrapped)
    die_before({{"write": writing, "store": run.refused, "_save": run, "survey": survey}}[place], place)
    commands.run_import(file_id=int(sys.argv[1]), when=When.on(dt.date(2025, 6, 10)))
""").format(batch=BATCH)


RIVAL = """
import sys, django
django.setup()
from quita.imports.pipeline import run
with run._alone(int(sys.argv[1])):
    pass
"""


def many_rows() -> str:
    rows = [MARIA.replace("1;0001/1", f"{n};{n:04}/1").replace("1.234,56", f"{n},00") for n in range(1, ROWS + 1)]
    rows[5 : 5 + WRONG] = [row.replace("10/05/2025", "99/99/2025") for row in rows[5 : 5 + WRONG]]
    return csv(*rows)


@pytest.fixture
def file(transactional_db, company, settings) -> ImportFile:
    import io

    received = commands.receive_file(
        content=io.BytesIO(many_rows().encode()),
        name="t.csv",
        target="receivables",
        company_id=company.pk,
        by=SYSTEM,
        when=TODAY,
    )
    return commands.choose_mapping(file_id=received.pk, spec=SPEC, by=SYSTEM, when=TODAY)


@pytest.mark.parametrize(
    ("place", "at"), [("survey", 1), ("write", 1), ("store", 4), ("_save", 3), ("_save", 8), ("write", 10)]
)
def test_an_import_killed_anywhere_ends_as_if_it_had_not_been(file, settings, monkeypatch, place, at):
    killed = subprocess.run(
        [sys.executable, "-c", WORKER, str(file.pk), str(settings.MEDIA_ROOT), place, str(at)],
        env={**os.environ, "DATABASE_URL": arrow.dsn()}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert killed.returncode == -9, killed.stderr
    file.refresh_from_db()
    assert file.state in (FileState.RUNNING, FileState.UPLOADED)
    assert Receivable.objects.count() == file.counts.get("created", 0), "whole batches only"
    monkeypatch.setattr(survey, "BATCH_ROWS", BATCH)
    done = commands.run_import(file_id=file.pk, when=TODAY)
    assert done.state == FileState.DONE
    assert (done.counts["created"], done.counts["refused"], done.counts["unchanged"]) == (ROWS - WRONG, WRONG, 0)
    assert (done.rows_done, done.rows_total) == (ROWS, ROWS)
    assert Receivable.objects.count() == ROWS - WRONG
    assert done.refused_rows.count() == WRONG


def test_a_file_in_the_hands_of_one_worker_is_refused_to_another(file):
    from quita.platform.actors import When

    with run._alone(file.pk):
        other = subprocess.run(
            [sys.executable, "-c", RIVAL, str(file.pk)],
            env={**os.environ, "DATABASE_URL": arrow.dsn()}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert other.returncode == 1 and "import_running" in other.stderr
    commands.start_import(file_id=file.pk, by=SYSTEM, when=When.on(dt.date(2025, 6, 10)))
    with pytest.raises(Refusal, match="already being imported"):
        commands.start_import(file_id=file.pk, by=SYSTEM, when=TODAY)
