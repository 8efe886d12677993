"""Reactions to others' news: one command each, safe to repeat."""

import datetime as dt
from collections.abc import Collection

from quita.messaging import commands


def withdraw_for_closed_titles(receivable_ids: Collection[int], at: dt.datetime) -> None:
    """Titles were paid, cancelled or written off: what waits to ask for them does not go out."""
    commands.withdraw_for_closed_titles(receivable_ids=receivable_ids, at=at)
