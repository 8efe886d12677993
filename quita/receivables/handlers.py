"""What titles do when places or terms change below them."""

import datetime as dt

from quita.platform.actors import HOME_ZONE, When
from quita.receivables.commands import folding, titles


def debtors_moved(*, debtor_ids: list[int], at: dt.datetime) -> None:
    """Titles follow their payer to the calendar of the new municipality."""
    titles.reassign_calendars(debtor_ids=debtor_ids, when=_when(at))


def branch_calendar_changed(*, branch_id: int, at: dt.datetime) -> None:
    """Titles follow their branch, unless the payer's municipality has its own calendar."""
    titles.reassign_calendars(branch_id=branch_id, when=_when(at))


def municipality_calendar_added(*, calendar_id: int, ibge_code: str, at: dt.datetime) -> None:
    """Payers of that municipality follow its calendar from now on."""
    titles.reassign_calendars(ibge_code=ibge_code, when=_when(at))


def calendar_days_changed(*, calendar_id: int, day: str, at: dt.datetime) -> None:
    """Whether a payment was late may have changed for titles due around that day."""
    folding.refold_due_around(calendar_id=calendar_id, day=dt.date.fromisoformat(day), when=_when(at))


def policy_published(*, policy_id: int, version_id: int, at: dt.datetime) -> None:
    """Payments on titles that fall under the new terms are imputed again by them."""
    folding.refold_policy(version_id=version_id, when=_when(at))


def _when(at: dt.datetime) -> When:
    return When(at=at, today=at.astimezone(HOME_ZONE).date())
