"""Commands that keep the house: set up, check, back up, restore, users."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from quita.cli import ready


@click.command("setup")
@ready.needs_database
def setup() -> None:
    """Prepare or upgrade the database: tables, calendars, contact policy, reference mappings. Safe to repeat."""
    from quita.cli import first_steps

    first_steps.migrate()
    first_steps.reference_data(ready.on_day(None))
    ready.out.print("✓")


@click.command("check")
@click.option("--json", "json_", is_flag=True)
@ready.needs_database
def check(json_: bool) -> None:
    """Check services and books: what is wrong, where, and what to do. Exit code 1 when something is."""
    from quita.cli import health

    findings = health.everything(ready.on_day(None))
    if json_:
        ready.as_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            mark = "[green]✓[/]" if finding.is_well else "[red]✗[/]"
            ready.out.print(f"{mark} {finding.title}: {finding.sentence}", highlight=False)
    sys.exit(0 if all(finding.is_well for finding in findings) else 1)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@ready.needs_database
def backup(file: Path) -> None:
    """Write the whole database to FILE. A file that exists is not overwritten."""
    from quita.domain.refusals import Refusal
    from quita.platform import home, postgres

    if file.exists():
        raise Refusal(
            "backup_exists",
            "“%(file)s” exists already and is not overwritten. Choose another name, or move that file away.",
            {"file": file},
        )
    report = postgres.dump(home.database_url(home.data_home()), file, when=ready.on_day(None).at)
    rows = sum(report.rows.values())
    ready.out.print(f"✓ {file}  {report.size_bytes / 1e6:,.1f} MB  {rows:,} rows", highlight=False)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@ready.needs_database
def restore(file: Path) -> None:
    """Fill an empty database from FILE, and verify every table's count."""
    from quita.platform import home, postgres

    report = postgres.restore(file, home.database_url(home.data_home()))
    ready.out.print(f"✓ {sum(report.rows.values()):,} rows, {len(report.rows)} tables", highlight=False)


@click.command("user")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(["administrator", "supervisor", "operator", "agency", "auditor"]),
    help="For a new user.",
)
@click.option("--all-companies", is_flag=True, help="The user sees every company.")
@ready.needs_database
def user(name: str, role: str | None, all_companies: bool) -> None:
    """Create user NAME (with --role), or give an existing one a new password. The password is printed once."""
    from quita.platform.access import commands, queries

    when, by = ready.on_day(None), ready.system_actor()
    existing = next((one for one in queries.users(search=name) if one.username == name), None)
    if existing is not None:
        _, password = commands.reset_password(user_id=existing.pk, by=by, when=when)
    else:
        _, password = commands.create_user(
            username=name, role=role or "operator", company_ids=None if all_companies else (), by=by, when=when
        )
    ready.out.print(f"{name}  {password}", highlight=False)


COMMANDS = {"setup": setup, "check": check, "backup": backup, "restore": restore, "user": user}
