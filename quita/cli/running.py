"""Commands about a business day: run it, preview it, explain it, replay it, deliver it."""

from __future__ import annotations

import datetime as dt
import os
import socket
import time
from typing import Any

import click
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from quita.cli import ready


def _clock(day: dt.date | None) -> Any:
    """The clock a worker goes by: the real one, or with --date one that starts at nine that morning and runs on."""
    if day is None:
        return lambda: dt.datetime.now(tz=dt.UTC)
    from quita.platform.actors import When

    start, begun = When.on(day).at, time.monotonic()
    return lambda: start + dt.timedelta(seconds=time.monotonic() - begun)


@click.command("run")
@click.option("--date", "day", type=ready.Day(), help="Business day (default: today).")
@click.option("--shards", type=click.IntRange(1, 256), help="Into how many parts to split the debtors.")
@click.option("--json", "json_", is_flag=True, help="Print the result as JSON.")
@ready.needs_database
def run(day: dt.date | None, shards: int | None, json_: bool) -> None:
    """Run a business day. A day that was run already finds nothing left to do."""
    from quita.ladders.commands import runs

    clock = _clock(day)
    started = runs.start_run(by=ready.system_actor(), when=ready.on_day(day), trigger="cli", shard_count=shards)
    with _progress(json_) as bar:
        task = bar.add_task("", total=max(started.shard_count, 1) * len(STAGES), stage="")

        def shown(number: int, stage: str) -> None:
            bar.update(
                task,
                completed=number * len(STAGES) + STAGES.index(stage),
                stage=f"{number + 1}/{started.shard_count} {stage}",
            )

        name = f"{socket.gethostname()}:{os.getpid()}"
        while not runs.work_on_run(run_id=started.pk, worker=name, clock=clock, progress=shown):
            # Another worker holds the last shards; its result (or its death) is seen here.
            time.sleep(0.2)
        bar.update(task, completed=max(started.shard_count, 1) * len(STAGES), stage="")
    started.refresh_from_db()
    facts = {
        "run": started.pk, "day": started.day.isoformat(), "counts": started.counts, "timings": started.timings,
        "decisions_hash": started.decisions_hash,
    }  # fmt: skip
    ready.as_json(facts) if json_ else _print_counts(started.day, started.counts, started.timings)


STAGES = ("read", "decide", "record", "write")


def _progress(quiet: bool) -> Progress:
    return Progress(
        SpinnerColumn(), BarColumn(), TextColumn("{task.fields[stage]}"), TimeElapsedColumn(),
        console=ready.err, transient=True, disable=quiet,
    )  # fmt: skip


def _print_counts(day: dt.date, counts: dict[str, Any], timings: dict[str, Any]) -> None:
    """What was decided, by reason, as a table."""
    from django.utils.formats import date_format

    from quita.ladders.queries import reason_label

    table = Table(title=date_format(day, "SHORT_DATE_FORMAT"), title_justify="left")
    table.add_column("")
    table.add_column("títulos" if ready.language() == "pt-br" else "titles", justify="right")
    table.add_column("devedores" if ready.language() == "pt-br" else "debtors", justify="right")
    for reason, numbers in counts.get("reasons", {}).items():
        table.add_row(reason_label(reason), f"{numbers['titles']:,}", f"{numbers['debtors']:,}")
    ready.out.print(table)
    ready.out.print("  ".join(f"{stage} {seconds:.2f}s" for stage, seconds in timings.items()), style="dim")


@click.command("deliver")
@click.option("--date", "day", type=ready.Day(), help="Pretend it is nine o'clock of this day (default: now).")
@click.option("--json", "json_", is_flag=True)
@ready.needs_database
def deliver(day: dt.date | None, json_: bool) -> None:
    """Send every message that may leave now, and stop."""
    from quita.messaging.delivery import worker

    tally = worker.deliver(when_fn=_moments(day))
    if json_:
        ready.as_json({"counts": dict(tally.counts), "recovered": tally.recovered, "line_down": tally.line_down})
        return
    for ending, number in sorted(tally.counts.items()):
        ready.out.print(f"{ending}: {number:,}", highlight=False)
    if tally.line_down:
        ready.err.print(f"[bold red]✗[/] {tally.line_down}", highlight=False)


def _moments(day: dt.date | None) -> Any:
    """As `_clock`, with the business day each instant belongs to."""
    from quita.platform.actors import HOME_ZONE, When

    clock = _clock(day)
    return lambda: When(at=clock(), today=clock().astimezone(HOME_ZONE).date())


@click.command("preview")
@click.option("--date", "day", type=ready.Day(), help="Business day (default: today).")
@click.option("--json", "json_", is_flag=True)
@ready.needs_database
def preview(day: dt.date | None, json_: bool) -> None:
    """Say what a run would do on that day. Nothing is written and nothing leaves."""
    from quita.ladders.queries import previews

    found = previews.preview_counts(when=ready.on_day(day))
    ready.as_json(found) if json_ else _print_counts((day or ready.on_day(None).today), found["counts"], {})


@click.command("explain")
@click.argument("title")
@click.option("--date", "day", type=ready.Day(), help="Business day (default: today).")
@click.option("--json", "json_", is_flag=True)
@ready.needs_database
def explain(title: str, day: dt.date | None, json_: bool) -> None:
    """Say why TITLE (its number or id) was or was not collected on a day."""
    from quita.ladders.queries import explain as explaining

    when = ready.on_day(day)
    found = explaining.explain_by_number(number=title, day=when.today, language=ready.language(), now=when.at)
    if json_:
        ready.as_json(found.as_dict())
        return
    for sentence in found.sentences:
        ready.out.print(sentence, highlight=False)


@click.command("replay")
@click.argument("run_id", type=int)
@click.option("--json", "json_", is_flag=True)
@ready.needs_database
def replay(run_id: int, json_: bool) -> None:
    """Decide run RUN_ID again from its recorded facts; exit code 1 when the bytes differ."""
    from quita.ladders.run import replaying

    result = replaying.replay(run_id=run_id)
    if json_:
        ready.as_json(result.as_dict())
    else:
        ready.out.print("✓ " + result.sentence() if result.is_same else "✗ " + result.sentence())
    raise SystemExit(0 if result.is_same else 1)


COMMANDS = {"run": run, "deliver": deliver, "preview": preview, "explain": explain, "replay": replay}
