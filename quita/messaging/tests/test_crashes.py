"""A worker is killed at every step of a delivery; each letter still arrives exactly once, by a real server's count.

The server runs in its own process and counts what it says yes to, copies included.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from quita.messaging import commands, reasons
from quita.messaging.channels.email_smtp.configuration import from_url
from quita.messaging.delivery import worker
from quita.messaging.models import Message, MessageState
from quita.messaging.tests import scenes
from quita.messaging.tests.scenes import MORNING
from quita.platform import arrow
from quita.platform.access.scopes import EVERYTHING
from quita.platform.actors import SYSTEM
from quita.platform.outbox.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# From the second of three letters on, so that one is done, one in hand and one still waits.
LETTERS = 3
APP = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Server:
    """The counting server: where it is and what it accepted."""

    url: str
    folder: Path

    def accepted(self) -> Counter[str]:
        path = self.folder / "accepted"
        return Counter(path.read_text().split() if path.exists() else [])


@pytest.fixture
def keeping_server(tmp_path: Path) -> Iterator[Server]:
    """A server that keeps its mail where the worker may look."""
    yield from _serve(tmp_path / "server", "keeps")


@pytest.fixture
def silent_server(tmp_path: Path) -> Iterator[Server]:
    """A server like most: afterwards nobody can ask it anything."""
    yield from _serve(tmp_path / "server", "forgets")


def _serve(folder: Path, kind: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "quita.messaging.tests.smtp_counter", str(port), str(folder), kind]
    with subprocess.Popen(command) as process:
        deadline = time.monotonic() + 30
        while not (folder / "ready").exists():
            assert process.poll() is None
            assert time.monotonic() < deadline, "the mail server did not start"
            time.sleep(0.02)
        yield Server(f"smtp://127.0.0.1:{port}", folder)
        process.terminate()


def run_worker(server: Server, home: Path, *, crash_at: str = "", receipts: bool = True) -> int:
    """Run one worker process to its end and return its exit status; -9 means killed."""
    environment = os.environ | {
        "DATABASE_URL": arrow.dsn(), "QUITA_HOME": str(home), "QUITA_SMTP_URL": server.url,
        "QUITA_CRASH_AT": crash_at, "DJANGO_SETTINGS_MODULE": "quita.config.settings",
        "QUITA_SMTP_RECEIPTS": str(server.folder) if receipts else "",
    }  # fmt: skip
    command = [sys.executable, "-m", "quita.messaging.tests.one_delivery", MORNING.at.isoformat()]
    return subprocess.run(command, env=environment, timeout=120, check=False).returncode


def next_worker(server: Server, home: Path, *, receipts: bool = True) -> None:
    """The worker that comes after the killed one."""
    line = from_url(server.url, receipts=server.folder if receipts else None)
    worker.deliver(when_fn=lambda: MORNING, server=line, journals=home / "delivery")


def three_letters() -> list[Message]:
    town = scenes.town()
    return [town.letter(name) for name in ("Ana Souza", "Bruno Lima", "Caio Melo")[:LETTERS]]


# Every checkpoint on the way of a letter. Those of a whole batch are passed once, the others once for each letter.
CODE = "".join(path.read_text() for folder in ("delivery", "channels") for path in (APP / folder).rglob("*.py"))
CHECKPOINTS = sorted(set(re.findall(r'checkpoints\.reached\("([\w.]+)"\)', CODE)))
OF_A_BATCH = {f"delivery.{name}" for name in ("claimed", "looked", "before_commit", "after_commit")}
PASSAGES = [f"{name}:{1 if name in OF_A_BATCH else 2}" for name in CHECKPOINTS]


def test_the_checkpoints_are_found_in_the_code():
    assert set(CHECKPOINTS) > OF_A_BATCH


@pytest.mark.parametrize("crash_at", PASSAGES)
def test_killed_at_any_step_every_letter_arrives_exactly_once(
    keeping_server: Server, tmp_path: Path, crash_at: str
) -> None:
    three_letters()
    assert run_worker(keeping_server, tmp_path / "home", crash_at=crash_at) == -signal.SIGKILL
    next_worker(keeping_server, tmp_path / "home")
    accepted = keeping_server.accepted()
    assert len(accepted) == LETTERS
    assert set(accepted.values()) == {1}
    sent = Message.objects.filter(state=MessageState.SENT)
    assert sent.count() == LETTERS
    assert all(message.sent_facts.facts["titles"] for message in sent), "what was said is known of each"


@pytest.mark.parametrize("crash_at", ["delivery.begin_noted:2", "delivery.dot_sent:2", "delivery.reply_read:2"])
def test_what_nobody_can_know_is_left_to_a_person_and_never_sent_twice(
    silent_server: Server, tmp_path: Path, crash_at: str
) -> None:
    three_letters()
    assert run_worker(silent_server, tmp_path / "home", crash_at=crash_at, receipts=False) == -signal.SIGKILL
    next_worker(silent_server, tmp_path / "home", receipts=False)
    doubtful = Message.objects.filter(state=MessageState.FAILED, reason=reasons.IN_DOUBT)
    assert doubtful.count() >= 1
    assert doubtful.count() + Message.objects.filter(state=MessageState.SENT).count() == LETTERS
    assert Event.objects.filter(name="messaging.MessageInDoubt").count() == doubtful.count()
    assert set(silent_server.accepted().values()) == {1}
    # Somebody looked, and decided to send it again.
    for message in doubtful:
        commands.resend_message(message_id=message.pk, scope=EVERYTHING, by=SYSTEM, when=MORNING)
    next_worker(silent_server, tmp_path / "home", receipts=False)
    assert Message.objects.filter(state=MessageState.SENT).count() == LETTERS


def test_two_workers_at_once_share_the_outbox(keeping_server: Server, tmp_path: Path) -> None:
    town = scenes.town()
    for number in range(40):
        town.letter(f"Pessoa {number}")
    home = tmp_path / "home"
    environment = os.environ | {
        "DATABASE_URL": arrow.dsn(), "QUITA_HOME": str(home),
        "QUITA_SMTP_URL": keeping_server.url, "DJANGO_SETTINGS_MODULE": "quita.config.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "quita.messaging.tests.one_delivery", MORNING.at.isoformat()]
    both = [subprocess.Popen(command, env=environment) for _ in range(2)]
    assert [one.wait(120) for one in both] == [0, 0]
    accepted = keeping_server.accepted()
    assert len(accepted) == 40
    assert set(accepted.values()) == {1}
