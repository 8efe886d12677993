"""What every test stands on: a home of its own, settings that point there, and PostgreSQL as soon as a test needs it.

With no DATABASE_URL the tests use an embedded cluster in QUITA_TEST_HOME (default: .quita-test beside this file). It
is started by the first test that needs a database, so the tests of the pure core never start one, and it is shared
by the workers of pytest-xdist, each of which makes its own database in it. The home can be deleted at any time.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from quita.platform import postgres

TEST_HOME = Path(os.environ.get("QUITA_TEST_HOME") or Path(__file__).resolve().parent / ".quita-test").absolute()
os.environ["QUITA_HOME"] = str(TEST_HOME)
os.environ.setdefault("DATABASE_URL", postgres.conninfo_for(TEST_HOME).dsn)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quita.config.settings")

# Settings are read from the environment, which had to be set first.
import django  # noqa: E402
from django.conf import settings  # noqa: E402

if TEST_HOME != settings.HOME:
    raise pytest.UsageError(
        f"The settings were loaded for the data home {settings.HOME} before the tests could choose theirs. "
        "Unset DJANGO_SETTINGS_MODULE: conftest.py sets it."
    )
django.setup()

CLUSTER = pytest.StashKey[postgres.Cluster]()
SCENARIOS = Path(__file__).resolve().parent / "tests" / "scenarios"
NEEDS_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server", "dsn"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Workers begin with what takes longest, so that none is left alone with it at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: (SCENARIOS not in item.path.parents, item.get_closest_marker("slow") is None))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Start the database before the first test that needs it, by its marks or its fixtures."""
    marked = any(item.get_closest_marker(name) for name in ("db", "django_db"))
    if marked or NEEDS_DATABASE & set(getattr(item, "fixturenames", ())):
        _hold_cluster(item.config)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Django's own TestCase classes come here without a mark: the last moment before a test database is made."""
    _hold_cluster(request.config)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """`golden("name.txt", produced)`: the bytes must equal the file golden/name.txt beside the test.

    A missing file fails; `make golden` writes the files anew, which CI refuses. Mark such tests `golden`.
    """
    folder = Path(request.path).parent / "golden"

    def compare(name: str, produced: bytes) -> None:
        path = folder / name
        if os.environ.get("QUITA_REWRITE_GOLDEN") == "1" and not os.environ.get("CI"):
            folder.mkdir(exist_ok=True)
            path.write_bytes(produced)
        assert path.exists(), f"{path} is missing: look at what was produced, then `make golden`"
        assert produced == path.read_bytes(), (
            f"differs from {path}; if the change is meant: `make golden`, read the diff"
        )

    return compare


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the cluster; the last worker to leave stops it."""
    if CLUSTER in config.stash:
        config.stash[CLUSTER].release()
        del config.stash[CLUSTER]


def _hold_cluster(config: pytest.Config) -> None:
    # Compared and not merely looked for: workers inherit the DATABASE_URL that their controller has set.
    embedded = os.environ["DATABASE_URL"] == postgres.conninfo_for(TEST_HOME).dsn
    if embedded and CLUSTER not in config.stash:
        config.stash[CLUSTER] = postgres.acquire(TEST_HOME, durable=False)
