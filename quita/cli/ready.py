"""What a command needs before it starts: the database running, Django ready, refusals told to people."""

from __future__ import annotations

import atexit
import datetime as dt
import functools
import json
import os
import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click
from rich.console import Console

from quita.domain.refusals import Refusal

P = ParamSpec("P")
R = TypeVar("R")

out = Console()
err = Console(stderr=True)
_held: list[Any] = []


def database() -> None:
    """Starts the embedded cluster unless DATABASE_URL names another; it stops with the last process that uses it."""
    from quita.platform import home

    if os.environ.get("DATABASE_URL") or _held:
        return
    from quita.platform import postgres

    cluster = postgres.acquire(home.data_home())
    _held.append(cluster)
    atexit.register(cluster.release)


def django() -> None:
    """Settings loaded, apps ready, screens in the language of QUITA_LANG (Portuguese by default)."""
    import django as framework

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quita.config.settings")
    framework.setup()
    from django.utils import translation

    translation.activate(language())


def language() -> str:
    """pt-br unless QUITA_LANG says en."""
    return "en" if os.environ.get("QUITA_LANG", "").lower().startswith("en") else "pt-br"


def needs_database(command: Callable[P, R]) -> Callable[P, R]:
    """For commands that work on data. A refusal ends the command with its sentence and exit code 2, never a trace."""

    @functools.wraps(command)
    def ready(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            database()
            django()
            return command(*args, **kwargs)
        except Refusal as refusal:
            tell(refusal)
            sys.exit(2)

    return ready


def tell(refusal: Refusal) -> None:
    """The refusal's sentence in the reader's language, on standard error."""
    from django.apps import apps
    from django.utils.translation import gettext

    # Before Django is ready there is no translation; the sentence itself must still be shown.
    sentence = gettext(refusal.message) % refusal.params if apps.ready else str(refusal)
    err.print(f"[bold red]✗[/] {sentence} [dim]({refusal.code})[/]", highlight=False)


def system_actor() -> Any:
    """Who acts when a command is typed: the system, under the name of the operating-system account's command line."""
    from quita.platform.actors import Actor

    return Actor(user_id=None, name="command line")


def on_day(day: dt.date | None) -> Any:
    """Now, or nine in the morning of the day that was asked for."""
    from quita.platform.actors import When

    return When.now() if day is None else When.on(day)


class Day(click.ParamType):
    """A day as people write it: 2026-11-21 or 21/11/2026."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return dt.datetime.strptime(value, form).replace(tzinfo=dt.UTC).date()
            except ValueError:
                continue
        return self.fail(f"“{value}” is not a day. Write it as 2026-11-21 or 21/11/2026.", param, ctx)


def as_json(value: Any) -> None:
    """Prints plain JSON on standard output, for scripts."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str, indent=2))
