"""From nothing to a working product: tables, reference data, the demo town with today's run done and delivered."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.panel import Panel

from quita.cli import ready


def migrate() -> None:
    """Brings the tables to this version; nothing happens when they are."""
    from django.core.management import call_command

    with _step("banco de dados", "database"):
        call_command("migrate", verbosity=0, interactive=False)


def reference_data(when: Any) -> None:
    """What the product itself needs to know: calendars, index values, contact policy, mappings. Safe to repeat."""
    from quita.imports.commands import ensure_reference_mappings
    from quita.parties import commands as parties
    from quita.receivables import commands as receivables

    by = ready.system_actor()
    with _step("dados de referência", "reference data"):
        parties.ensure_reference_calendars(by=by, when=when)
        receivables.ensure_reference_index_values(by=by, when=when)
        ensure_reference_mappings(when=when)


def build_demo(*, seed: int, when: Any, size: int) -> None:
    """The town of the demo, through the same commands that people and files use."""
    from quita.demo import town

    with _step("cidade de demonstração", "demo town"):
        town.build(seed=seed, today=when.today, size=size)


def prepare(*, size: int, address: str) -> None:
    """Everything `quita up` does before it serves; each step that is done already is skipped."""
    from quita.ladders import queries as ladders
    from quita.parties import queries as parties
    from quita.platform.access.scopes import EVERYTHING

    when = ready.on_day(None)
    migrate()
    reference_data(when)
    password = None
    if not parties.companies(scope=EVERYTHING).exists():
        build_demo(seed=42, when=when, size=size)
        password = _demo_user(when)
    if ladders.latest_run(day=when.today) is None:
        _run_today(when)
    _deliver()
    _say_hello(address, password)


def _demo_user(when: Any) -> str:
    from quita.platform.access import commands

    _, password = commands.create_user(
        username="demo", role="administrator", first_name="Helena", company_ids=None, by=ready.system_actor(), when=when
    )
    return password


def _run_today(when: Any) -> None:
    from quita.domain.refusals import Refusal
    from quita.ladders.commands import runs

    with _step("execução do dia", "today's run"):
        try:
            run = runs.start_run(by=ready.system_actor(), when=when, trigger="setup")
        except Refusal as refusal:
            # A later day was run, or a worker is at it: both are shown on the run's page.
            ready.tell(refusal)
            return
        name = f"{socket.gethostname()}:{os.getpid()}"
        runs.work_on_run(run_id=run.pk, worker=name, clock=lambda: dt.datetime.now(tz=dt.UTC))


def _deliver() -> None:
    from quita.messaging.delivery import worker
    from quita.platform.actors import When

    with _step("entrega dos e-mails", "delivery of e-mails"):
        worker.deliver(when_fn=When.now)


def _say_hello(address: str, password: str | None) -> None:
    who = f"[bold]demo[/]  {password}" if password else ""
    again = (
        ""
        if password
        else "nova senha: quita user demo"
        if ready.language() == "pt-br"
        else "new password: quita user demo"
    )
    ready.out.print(Panel(f"[bold]{address}[/]\n{who}{again}", title="Quita", expand=False), highlight=False)


@contextmanager
def _step(portuguese: str, english: str) -> Iterator[None]:
    name = portuguese if ready.language() == "pt-br" else english
    with ready.err.status(name):
        yield
    ready.err.print(f"[green]✓[/] {name}")
