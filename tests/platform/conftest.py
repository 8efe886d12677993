"""The people of these tests, and a copy of our source and of the server's programs that each of them can read."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quita.platform.postgres import binaries
from tests.platform.people import Person, eventually, postmaster_pid

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def stage() -> Iterator[Path]:
    """Our source and the server's programs where every account may read them, whatever the modes of the checkout."""
    folder = Path(tempfile.mkdtemp(prefix="quita-stage-"))
    folder.chmod(0o755)
    shutil.copy(Path(__file__).with_name("client.py"), folder)
    for package in ("quita/domain/refusals.py", "quita/platform/postgres"):
        target = folder / package
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / package).is_dir() else shutil.copy)(ROOT / package, target)
    for package in ("quita", "quita/domain", "quita/platform"):
        (folder / package / "__init__.py").touch()
    wheel = binaries.available()[0]
    package = wheel.folder.parents[1] if wheel.origin == "wheel" else wheel.folder.parent
    if wheel.origin == "wheel":
        binaries._copy(package, folder / "binaries" / "copy")
    os.chmod(folder, 0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_bin(stage: Path) -> Path:
    """The bin folder to use in these tests, readable by everybody."""
    copied = list(stage.glob("binaries/copy/*/pginstall/bin"))
    return copied[0] if copied else binaries.available()[0].folder


def _interpreter_for(uid: int) -> str | None:
    """A Python that this account can execute: ours may lie in a folder that is closed to others."""
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            told = subprocess.run(
                [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
                user=uid,
                group=pwd.getpwuid(uid).pw_gid,
                extra_groups=[],
                cwd="/",
                env={},
                capture_output=True,
                check=False,
            )
        except OSError:
            continue
        if told.returncode == 0:
            return python
    return None


# An ordinary user's own account is the ordinary case; root also tries it as another.
ACCOUNTS = ["this account", "ordinary user"] if os.geteuid() == 0 else ["this account"]


@pytest.fixture(params=ACCOUNTS)
def person(request: pytest.FixtureRequest, stage: Path, postgres_bin: Path) -> Person:
    """Whoever uses the database. Run as root, each test runs twice: as root, and as the account `nobody`."""
    if request.param == "this account":
        someone = Person("this account", sys.executable, stage, postgres_bin, None)
    else:
        uid = pwd.getpwnam("nobody").pw_uid
        python = _interpreter_for(uid)
        if python is None:
            pytest.skip("no Python 3.11 or later that an ordinary user can execute on this machine")
        someone = Person("nobody", python, stage, postgres_bin, uid)
    return someone


@pytest.fixture
def home(person: Person) -> Iterator[Path]:
    """An empty data home in a folder that the person owns. Whoever still uses it at the end of the test is killed."""
    folder = Path(tempfile.mkdtemp(prefix="quita-home-"))
    folder.chmod(0o755)
    person.own(folder)
    yield folder / "home"
    for client in person.running:
        if client.process.poll() is None:
            client.process.kill()
        client.process.communicate()
    for used in {client.home for client in person.running}:
        _end_server(used, person)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def used_home(person: Person, home: Path, templates: dict[str, Path]) -> Path:
    """A data home that has been used before: making a cluster takes seconds, copying one does not."""
    if person.name not in templates:
        template = Path(tempfile.mkdtemp(prefix="quita-template-"))
        template.chmod(0o755)
        person.own(template)
        maker = person.start(template / "home")
        maker.acquire()
        maker.ask("release")
        maker.leave()
        templates[person.name] = template
    subprocess.run(["cp", "-a", templates[person.name] / "home", home], check=True)
    return home


@pytest.fixture(scope="session")
def templates() -> Iterator[dict[str, Path]]:
    """One made data home per person."""
    made: dict[str, Path] = {}
    yield made
    for folder in made.values():
        shutil.rmtree(folder)


def _end_server(home: Path, person: Person) -> None:
    """Nothing a test started outlives it, however the test ended."""
    if eventually(lambda: postmaster_pid(home, person) is None, 20):
        return
    pid = postmaster_pid(home, person)
    if pid is not None:
        os.kill(pid, signal.SIGQUIT)
