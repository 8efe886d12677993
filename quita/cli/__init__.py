"""The `quita` command: everything a person can do without a browser.

Groups of commands live in modules of their own; `quita --help` lists them all. Commands read the clock, call one
command or query of an app, and print for people (or JSON with --json).
"""

from quita.cli.main import main

__all__ = ["main"]
