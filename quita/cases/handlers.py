"""Reactions to news from below: one command each, safe to repeat."""

import datetime as dt
from collections.abc import Collection

from quita.cases import commands
from quita.platform.actors import HOME_ZONE, When


def titles_moved(*, receivable_ids: Collection[int], at: dt.datetime) -> None:
    """Titles are new, changed, closed or open again: their cases close and open at once, not at the next run."""
    commands.refresh_cases(receivable_ids=receivable_ids, when=_when(at))


def message_in_doubt(
    *, message_id: int, company_id: int, debtor_id: int, receivable_ids: Collection[int], at: dt.datetime
) -> None:
    """A message may or may not have left: somebody must look, because it is never sent again by itself."""
    commands.open_doubt_task(message_id=message_id, company_id=company_id, debtor_id=debtor_id, when=_when(at))


def _when(at: dt.datetime) -> When:
    return When(at=at, today=at.astimezone(HOME_ZONE).date())
