"""Reading the audit of one subject."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from quita.platform.audit.models import Entry

# A subject's page shows its latest entries; the whole audit has a page of its own.
MOST_SHOWN = 200


@dataclass(frozen=True)
class EntryLine:
    """One thing done: when, by whom ("" is the system), what, with which parameters."""

    at: dt.datetime
    who: str
    verb: str
    params: dict[str, Any]


def entries_of(*, subject: str, subject_id: int) -> list[EntryLine]:
    """What was done to one thing, newest first. One statement."""
    rows = Entry.objects.filter(subject=subject, subject_id=subject_id).select_related("by").order_by("-id")
    return [
        EntryLine(row.at, (row.by.get_full_name() or row.by.get_username()) if row.by else "", row.verb, row.params)
        for row in rows[:MOST_SHOWN]
    ]
