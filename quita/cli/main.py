"""The list of commands. Each is imported only when it is called, so that --help answers at once."""

from __future__ import annotations

import importlib

import click

from quita import __version__

# command → (module in quita.cli, one line for the list)
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("serving", "Set everything up and open the product (demo data on an empty database)."),
    "serve": ("serving", "Serve the web pages; in the embedded profile with a worker and the local mail server."),
    "work": ("serving", "Run a worker: background jobs and the delivery of messages."),
    "mailbox": ("serving", "Run the local mail server that keeps what it receives."),
    "run": ("running", "Run a business day: find what is due and put it in the outbox."),
    "preview": ("running", "Say what a run would do, and do nothing."),
    "explain": ("running", "Say why a title was or was not collected on a day."),
    "replay": ("running", "Decide a past run again from its recorder and compare the bytes."),
    "deliver": ("running", "Send the messages that may leave now, and stop."),
    "import": ("importing", "Bring in a file of receivables or payments."),
    "mappings": ("importing", "List the saved column mappings."),
    "index-values": ("importing", "Load published index values (IPCA, taxa legal…)."),
    "demo": ("importing", "Build the demo town."),
    "setup": ("keeping", "Prepare or upgrade the database and the reference data."),
    "check": ("keeping", "Check the installation and the books; exit code 1 when something is wrong."),
    "backup": ("keeping", "Write the whole database to one file."),
    "restore": ("keeping", "Fill an empty database from a backup file."),
    "user": ("keeping", "Create a user or give one a new password."),
}


class Listed(click.Group):
    """A group that knows the names and help lines of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"quita.cli.{COMMANDS[name][0]}")
        command: click.Command = module.COMMANDS[name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Listed, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="quita")
def main() -> None:
    """Quita: accounts-receivable collections.

    \b
    Where things are kept: QUITA_HOME (default ~/.local/share/quita).
    Which database:        DATABASE_URL, else an embedded PostgreSQL inside QUITA_HOME.
    Language of answers:   QUITA_LANG=en, else Portuguese.
    """
