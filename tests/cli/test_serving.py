"""Real processes: the product is set up, served, used and killed."""

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE_SECONDS = 180


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """An empty data home. Not under pytest's own folder: root's database server could not enter that."""
    folder = Path(tempfile.mkdtemp(prefix="casa nova "))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUITA_")}
    kept.pop("DATABASE_URL", None)
    return {**kept, "QUITA_HOME": str(home)}


@pytest.fixture(scope="module")
def password(home: Path) -> str:
    """The password that `quita up` printed."""
    done = subprocess.run(
        [sys.executable, "-m", "quita.cli", "up", "--size", "300", "--no-serve"],
        env=environment(home), capture_output=True, text=True, timeout=PATIENCE_SECONDS * 2, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = re.search(r"demo\s+(\S+)", done.stdout)
    assert found, done.stdout
    return found.group(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(home: Path, password: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    command = [sys.executable, "-m", "quita.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(address), "the pages never came up")
    yield server, address
    server.terminate()
    server.wait(timeout=60)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/entrar/", timeout=30) as page:
            return page.status == 200
    except OSError:
        return False


def wait_until(holds, otherwise: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.3)
    pytest.fail(otherwise)


class Visitor:
    """A browser without a screen: keeps cookies, signs in, opens pages."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._open = urllib.request.build_opener(jar).open

    def page(self, path: str) -> str:
        with self._open(self.address + path, timeout=60) as answer:
            return answer.read().decode()

    def sign_in(self, name: str, password: str) -> None:
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', self.page("/entrar/"))
        assert token
        form = {"csrfmiddlewaretoken": token.group(1), "username": name, "password": password}
        self._open(f"{self.address}/entrar/", urllib.parse.urlencode(form).encode(), timeout=60).close()


def test_a_newcomer_sees_todays_run_done_and_the_mails_delivered(home, password, served):
    server, address = served
    visitor = Visitor(address)
    visitor.sign_in("demo", password)
    assert "Execução" in visitor.page("/")
    # The worklist reckons in every worker process; a forked one would wait for ever here.
    for _ in range(4):
        assert 'role="grid"' in visitor.page("/fila/")
    assert "@" in visitor.page("/mensagens/caixa/")
    kept = list((home / "mailbox" / "mail").rglob("*"))
    assert len(kept) > 5

    server.send_signal(signal.SIGKILL)
    server.wait()
    wait_until(lambda: not answers(address), "the web workers outlived their killed server")
