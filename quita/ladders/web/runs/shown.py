"""What the pages of runs share: the reader's scope, page numbers, links upwards, and states in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quita.domain.ladder.reasons import Reason
from quita.ladders.queries import reason_names
from quita.parties import queries as parties
from quita.platform.access.scopes import Scope
from quita.platform.ui import paging

STOP_POLLING = 286

# State → (words, tone, icon).
STATES = {
    "waiting": (pgettext_lazy("run", "waiting"), "neutral", "clock"),
    "running": (pgettext_lazy("run", "under way"), "info", "loader"),
    "done": (pgettext_lazy("run", "done"), "success", "check"),
    "failed": (pgettext_lazy("run", "given up"), "danger", "circle-x"),
}
TRIGGERS = {
    "schedule": _("by schedule"),
    "page": _("from this page"),
    "preview": _("from the preview"),
    "cli": _("from the command line"),
}
STAGES = {
    "": pgettext_lazy("run stage", "waiting"),
    "read": pgettext_lazy("run stage", "reading"),
    "decide": pgettext_lazy("run stage", "deciding"),
    "record": pgettext_lazy("run stage", "recording"),
    "write": pgettext_lazy("run stage", "writing"),
}
MESSAGE_STATES = {
    "queued": (pgettext_lazy("message", "waiting"), "info"),
    "sending": (pgettext_lazy("message", "being sent"), "info"),
    "sent": (pgettext_lazy("message", "sent"), "success"),
    "failed": (pgettext_lazy("message", "failed"), "danger"),
    "withdrawn": (pgettext_lazy("message", "withdrawn"), "neutral"),
}
EFFECTS = (
    ("cases_opened", _("Cases opened"), "folder-open"),
    ("cases_reopened", _("Cases reopened"), "rotate-ccw"),
    ("cases_moved", _("Cases moved to another portfolio"), "folders"),
    ("cases_closed", _("Cases closed"), "circle-check"),
    ("phases", _("Changes of phase"), "milestone"),
    ("executions", _("Steps settled"), "list-checks"),
    ("tasks", _("Tasks opened"), "phone-call"),
    ("tickets", _("Tickets opened or updated"), "ticket"),
    ("cases_exhausted", _("Cases at the end of their ladder"), "flag"),
)
VERBS = {
    "ladders.run.started": _("Run started"),
    "ladders.run.abandoned": _("Run given up"),
}


class Paged(Protocol):
    """A page of rows that knows its place."""

    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def has_next(self) -> bool: ...
    @property
    def total(self) -> int: ...
    @property
    def number(self) -> int: ...


def scope_of(request: HttpRequest) -> Scope:
    """The companies of the signed-in person."""
    return parties.scope_for(request.user)


def page_number(request: HttpRequest) -> int:
    """The page asked for; 1 when it is none."""
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 9 else 1


def number(text: str | None) -> int | None:
    """An id typed into an address, or None."""
    return int(text) if text and text.isdigit() and len(text) < 19 else None


def day(text: str | None) -> dt.date | None:
    """A day typed into an address, or None."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def reason(text: str | None) -> Reason | None:
    """An outcome named in an address, or None."""
    return Reason.__members__.get((text or "").upper())


def bar(request: HttpRequest, page: Paged) -> paging.Paging:
    """The pagination bar of a page."""
    return paging.Paging(
        previous_url=paging.address(request, page=page.number - 1) if page.number > 1 else "",
        next_url=paging.address(request, page=page.number + 1) if page.has_next else "",
        first=page.first,
        last=page.last,
        total=page.total,
        first_url=paging.address(request, page=None) if page.number > 2 else "",
    )


def case_url(case_id: int | None) -> str:
    """The address of a case; nothing in an installation without the staff shell."""
    if case_id is None:
        return ""
    try:
        return reverse("backoffice:case", args=[case_id])
    except NoReverseMatch:
        return ""


def with_links(rows: Any, on: dt.date, steps: Mapping[int, str]) -> list[dict[str, Any]]:
    """Rows of titles with the name of their step, and the addresses of their case and of the day's explanation."""
    explain = reverse("ladders:explain")
    return [
        {
            "row": row,
            "step": steps.get(row.step_key, ""),
            "case_url": case_url(row.case_id),
            "explain_url": f"{explain}?title={row.receivable_id}&day={on.isoformat()}",
        }
        for row in rows
    ]


def grouped(counts: Any) -> list[dict[str, Any]]:
    """Counts by outcome under the four headings, empty headings left out."""
    groups = []
    for key, label in reason_names.GROUPS.items():
        lines = [line for line in counts if reason_names.group_of(line.reason) == key]
        if lines:
            groups.append({"key": key, "label": label, "lines": lines, "titles": sum(line.titles for line in lines)})
    return groups
