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

# The demo's titles reach back a year and a half; its rules are in force since before.
STORY_DAYS = 600


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
        _starter_rules(when)


def _starter_rules(when: Any) -> None:
    """Phases, portfolios, ladders and texts to begin with, in force since the story began."""
    from quita.ladders import starter
    from quita.platform.actors import When

    starter.ensure_starter_rules(by=ready.system_actor(), when=When.on(when.today - dt.timedelta(days=STORY_DAYS)))


def prepare(*, size: int, address: str) -> None:
    """Everything `quita up` does before it serves.

    Where nobody can sign in yet, the demo town is built and its last days are told; the user comes last, so that an
    interrupted set-up is completed by the next one. Where somebody can, only the tables are brought up to date.
    """
    from quita.platform.access import queries

    when = ready.on_day(None)
    migrate()
    reference_data(when)
    password = None
    if not queries.users().exists():
        build_demo(seed=42, when=when, size=size)
        _tell_the_story(when)
        password = _demo_user(when)
    _say_hello(address, password)


# How many days of the story are told before today: runs, messages and what came of them.
DAYS_BEFORE = 8
MORNING_HOUR = 10


def _tell_the_story(when: Any) -> None:
    """The last days and today, each run and delivered as of its own morning; the mail goes nowhere but this machine."""
    from quita.demo import oddities
    from quita.messaging.channels import email_smtp
    from quita.platform.actors import When
    from quita.platform.outbox import commands as outbox

    server = email_smtp.configured()
    local = server is not None and server.receipts is not None
    with _step("execuções dos últimos dias", "runs of the last days"):
        for back in range(DAYS_BEFORE, 0, -1):
            morning = When.on(when.today - dt.timedelta(days=back), hour=MORNING_HOUR)
            _one_day(morning, "schedule", deliver=local)
        oddities.promise(today=when.today)
    with _step("novidades", "news"):
        # What the town's making set off is handled before today's run, as a worker would have done.
        while outbox.dispatch_pending(now=when.at):
            pass
    with _step("execução de hoje e entrega dos e-mails", "today's run and delivery of e-mails"):
        # A real mail server is never given the letters of invented people.
        _one_day(_within_hours(when) if local else when, "setup", deliver=local)


def _within_hours(when: Any) -> Any:
    """In the evening nothing may leave any more: a demo set up then tells its day from the morning on."""
    from quita.platform.actors import HOME_ZONE, When

    return When.on(when.today, hour=MORNING_HOUR) if when.at.astimezone(HOME_ZONE).hour >= 20 else when


def _one_day(when: Any, trigger: str, *, deliver: bool) -> None:
    from quita.domain.refusals import Refusal
    from quita.ladders import queries
    from quita.ladders.commands import runs
    from quita.messaging.delivery import worker

    name = f"{socket.gethostname()}:{os.getpid()}"
    if not queries.has_run(day=when.today):
        try:
            runs.start_run(by=ready.system_actor(), when=when, trigger=trigger)
        except Refusal as refusal:
            # Another process is at it: its run is taken up below, or shown on the run's page.
            ready.tell(refusal)
    for run_id in runs.unfinished_runs():
        runs.work_on_run(run_id=run_id, worker=name, clock=lambda: when.at)
    if deliver:
        worker.deliver(when_fn=lambda: when)


def _demo_user(when: Any) -> str:
    from quita.platform.access import commands

    _, password = commands.create_user(
        username="demo", role="administrator", first_name="Helena", company_ids=None, by=ready.system_actor(), when=when
    )
    return password


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
