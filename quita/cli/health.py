"""What `quita check` looks at: services that collection depends on, and whether the books add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quita.cli import ready


@dataclass(frozen=True)
class Finding:
    """One thing looked at: well or not, and what to do."""

    code: str
    title: str
    is_well: bool
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "well": self.is_well, "title": self.title, "sentence": self.sentence}


def everything(when: Any) -> list[Finding]:
    """Every check, in a fixed order."""
    return [*_database(), *_mail(), *_events(), *_books(when)]


def _database() -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    with connection.cursor() as cursor:
        cursor.execute("show server_version_num")
        version = f"PostgreSQL {int(cursor.fetchone()[0]) // 10_000}"
    sentence = (
        version
        if not waiting
        else _say(
            f"{len(waiting)} alterações de banco pendentes. Rode quita setup.",
            f"{len(waiting)} migrations wait. Run quita setup.",
        )
    )
    yield Finding("database", _say("Banco de dados", "Database"), not waiting, sentence)


def _mail() -> Iterator[Finding]:
    from quita.messaging.channels import email_smtp

    found = email_smtp.check()
    sentence = {
        "ok": found.server,
        "not_configured": _say(
            "nenhum servidor de e-mail: defina QUITA_SMTP_URL", "no mail server is set: define QUITA_SMTP_URL"
        ),
    }.get(found.code, f"{found.server} {found.detail}".strip())
    yield Finding("mail", "E-mail", found.ok, sentence)


def _events() -> Iterator[Finding]:
    from quita.platform.outbox import queries

    stuck = queries.stuck_events()
    sentence = (
        _say("nenhum evento parado", "no event is stuck")
        if not stuck
        else _say(
            f"{len(stuck)} eventos falharam e esperam por alguém: {', '.join(stuck[:3])}",
            f"{len(stuck)} events failed and wait for somebody: {', '.join(stuck[:3])}",
        )
    )
    yield Finding("events", _say("Eventos", "Events"), not stuck, sentence)


def _books(when: Any) -> Iterator[Finding]:
    from quita.receivables import checks

    found = checks.check(today=when.today)
    yield Finding(
        "books",
        _say("Saldos", "Balances"),
        not found,
        _say("todo saldo segue dos fatos", "every balance follows from the facts")
        if not found
        else "; ".join(f"{one.code}: {one.count} ({', '.join(map(str, one.examples))})" for one in found),
    )


def _say(portuguese: str, english: str) -> str:
    return portuguese if ready.language() == "pt-br" else english
