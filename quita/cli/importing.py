"""Commands that bring things in: files, index values, the demo town."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from quita.cli import ready


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", help="Name of a saved mapping (see `quita mappings`).")
@click.option("--mapping-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A mapping as JSON.")
@click.option("--company", help="CPF/CNPJ of the creditor, when the file does not say it in every row.")
@click.option("--date", "day", type=ready.Day(), help="The day on which the file became known (default: today).")
@click.option("--json", "json_", is_flag=True)
@ready.needs_database
def import_(
    file: Path, mapping: str | None, mapping_file: Path | None, company: str | None, day: dt.date | None, json_: bool
) -> None:
    """Bring in a CSV or XLSX FILE of receivables or payments.

    The same file twice changes nothing. Rows that cannot go in are refused one by one, with the reason; exit code 1
    when there were any.
    """
    if bool(mapping) == bool(mapping_file):
        raise click.UsageError("Give either --mapping NAME or --mapping-file FILE.")
    from quita.imports import cli

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=ready.err, transient=True, disable=json_,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=None)
        report = cli.import_file(
            file, mapping_name=mapping, spec_path=mapping_file, company_tax_id=company, by=ready.system_actor(),
            when=ready.on_day(day),
            progress=lambda stage, done, total: bar.update(
                task, description=stage, completed=done, total=total or None
            ),
        )  # fmt: skip
    if json_:
        ready.as_json(report.__dict__)
    else:
        _print_report(report)
    sys.exit(0 if report.ok and not report.refused else 1)


def _print_report(report: object) -> None:
    """Counts, and the first refused rows with what to do about them."""
    from quita.imports.cli import Report

    assert isinstance(report, Report)
    if report.error:
        ready.err.print(f"[bold red]✗[/] {report.error}", highlight=False)
    ready.out.print(
        f"{report.row_count:,}  " + "  ".join(f"{name}: {number:,}" for name, number in report.counts.items())
    )
    if report.refused:
        table = Table(show_header=False, box=None)
        for row, reason in report.refused:
            table.add_row(str(row), reason)
        ready.out.print(table)


@click.command("mappings")
@click.option("--json", "json_", is_flag=True)
@ready.needs_database
def mappings(json_: bool) -> None:
    """List the saved column mappings."""
    from quita.imports import queries

    found = [{"name": mapping.name, "target": mapping.target} for mapping in queries.saved_mappings()]
    if json_:
        ready.as_json(found)
        return
    for one in found:
        ready.out.print(f"{one['target']:<12} {one['name']}", highlight=False)


@click.command("index-values")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--series", default="", help="Name of the index, when the file holds only one (IPCA, TAXA_LEGAL…).")
@click.option("--source", required=True, help="Where the values are from, e.g. “BCB SGS 433”.")
@ready.needs_database
def index_values(file: Path, series: str, source: str) -> None:
    """Load published index values from FILE: CSV, or JSON as the Central Bank's SGS gives it."""
    from quita.receivables import commands

    loaded = commands.load_index_file(
        content=file.read_bytes(), series=series, source=source, by=ready.system_actor(), when=ready.on_day(None)
    )
    ready.out.print(f"✓ {loaded}", highlight=False)


@click.command("demo")
@click.option("--seed", default=42, show_default=True, help="Another seed makes another town.")
@click.option("--today", "day", type=ready.Day(), help="The day on which the story stands (default: today).")
@click.option("--size", default=9000, show_default=True, type=click.IntRange(100, 3_000_000), help="Titles.")
@ready.needs_database
def demo(seed: int, day: dt.date | None, size: int) -> None:
    """Build the demo town: a condominium administrator, an internet provider, a developer, a shop."""
    from quita.cli import first_steps

    first_steps.build_demo(seed=seed, when=ready.on_day(day), size=size)


COMMANDS = {"import": import_, "mappings": mappings, "index-values": index_values, "demo": demo}
