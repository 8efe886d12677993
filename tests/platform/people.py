"""People who use an embedded database: the account we run as and, when that is root, an ordinary user too."""

import os
import pwd
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from quita.platform.postgres import accounts, liveness, places

# Far above what anything here takes: reached only when something hangs.
PATIENCE_S = 60


@dataclass
class Person:
    """An account of this machine, with an interpreter and a copy of our source that it can read."""

    name: str
    python: str
    source: Path
    postgres_bin: Path
    uid: int | None
    running: list["Client"] = field(default_factory=list)

    def start(self, home: Path, **environment: str) -> "Client":
        """Start a client process for the cluster of this home."""
        who = {} if self.uid is None else {"user": self.uid, "group": pwd.getpwuid(self.uid).pw_gid, "extra_groups": []}
        client = Client(
            subprocess.Popen(
                [self.python, str(Path(self.source, "client.py")), str(self.source), str(home)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd="/",
                env={"PATH": os.defpath, "QUITA_PG_BIN": str(self.postgres_bin)} | environment,
                **who,
            ),
            home,
        )
        self.running.append(client)
        return client

    def own(self, path: Path) -> Path:
        """Make this folder the person's own."""
        path.mkdir(parents=True, exist_ok=True)
        if self.uid is not None:
            os.chown(path, self.uid, pwd.getpwuid(self.uid).pw_gid)
        return path


@dataclass
class Client:
    """A process that holds the database."""

    process: subprocess.Popen[str]
    home: Path

    def ask(self, command: str) -> str:
        self.send(command)
        return self.answer()

    def send(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def acquire(self, command: str = "acquire") -> str:
        answer = self.ask(command)
        assert answer.startswith("postgresql://"), answer
        return answer

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def leave(self) -> None:
        """End as any program ends, without releasing anything by hand."""
        self.process.communicate(timeout=PATIENCE_S)


def site(home: Path, person: Person) -> places.Site:
    """Where this person's cluster lies; looked at with root's eyes when we are root."""
    if person.uid is None:
        return places.site_for(home)
    return places.Site(home.resolve(), home.resolve() / "postgres", accounts.of_uid(person.uid))


def data_folder(home: Path, person: Person) -> Path:
    where = site(home, person)
    return where.data(where.majors()[0])


def postmaster_pid(home: Path, person: Person) -> int | None:
    where = site(home, person)
    running = [liveness.postmaster(where.data(major)) for major in where.majors()]
    return next((found[0] for found in running if found), None)


def query(dsn: str, sql: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row[0] if row else None


def run_sql(dsn: str, *statements: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def eventually(what: Callable[[], bool], limit_s: float = PATIENCE_S) -> bool:
    """Whether it comes true within the limit."""
    deadline = time.monotonic() + limit_s
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
