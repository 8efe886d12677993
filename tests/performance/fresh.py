"""A database of its own for each measurement: on DATABASE_URL's server, else on an embedded one that is thrown away."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


def measured(run: Callable[[int], dict[str, Any]], sizes: Iterable[int]) -> list[dict[str, Any]]:
    """What `run` measured, for each size in an empty database with Django set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quita.config.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QUITA_HOME"] = folder
        if os.environ.get("DATABASE_URL"):
            return [_in_fresh_database(run, size) for size in sizes]
        from quita.platform import postgres

        with postgres.acquire(Path(folder)) as cluster:
            os.environ["DATABASE_URL"] = cluster.dsn
            return [_in_fresh_database(run, size) for size in sizes]


def _in_fresh_database(run: Callable[[int], dict[str, Any]], size: int) -> dict[str, Any]:
    import django
    from django.db import connection

    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        return run(size)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        connection.close()


def sizes_asked(arguments: list[str], otherwise: list[int]) -> list[int]:
    """The sizes given on the command line (1_000_000 may have underscores), else the usual ones."""
    return [int(text.replace("_", "")) for text in arguments] or otherwise
