"""Which runs there were."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from quita.ladders.models import Run, RunState
from quita.platform.actors import HOME_ZONE


def has_run(*, day: dt.date) -> bool:
    """True when the day's run is done or under way."""
    return Run.objects.filter(day__gte=day).exclude(state=RunState.FAILED).exists()


def latest_run(*, day: dt.date | None = None) -> Run | None:
    """The newest run, of one day or at all."""
    runs = Run.objects.all() if day is None else Run.objects.filter(day=day)
    return runs.select_related("requested_by").order_by("-id").first()


def run_history() -> QuerySet[Run]:
    """Every run, newest first."""
    return Run.objects.select_related("requested_by").defer("rules").order_by("-id")


__all__ = ["HOME_ZONE", "has_run", "latest_run", "run_history"]
