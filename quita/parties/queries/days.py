"""Days that the daily run and the contact policy ask for: municipal holidays, and whose payment data is stale."""

from __future__ import annotations

import datetime as dt

from quita.domain import calendars
from quita.parties.commands.calendars import domain_calendars
from quita.parties.models import CalendarHoliday, Company

_NATIONAL = calendars.bank_calendar()


def municipal_days() -> dict[str, frozenset[dt.date]]:
    """IBGE code → the holidays that people keep for that municipality."""
    found: dict[str, set[dt.date]] = {}
    rows = CalendarHoliday.objects.exclude(calendar__ibge_code="").order_by("calendar__ibge_code", "day")
    for code, day in rows.values_list("calendar__ibge_code", "day"):
        found.setdefault(code, set()).add(day)
    return {code: frozenset(days) for code, days in found.items()}


def is_stale(*, known_until: dt.date | None, lease_days: int | None, today: dt.date) -> bool:
    """True when the last known payments are older, in business days of the national calendar, than the company allows.

    Money that came in since then may not be known yet: nobody is chased on such data. Without a lease never.
    """
    if lease_days is None:
        return False
    return known_until is None or _NATIONAL.business_days_between(known_until, today) > lease_days


def stale_companies(today: dt.date) -> set[int]:
    """The companies whose payment data is stale."""
    leased = Company.objects.filter(feed_lease_days__isnull=False).order_by("id")
    return {
        company_id
        for company_id, lease, known_until in leased.values_list("pk", "feed_lease_days", "payments_known_until")
        if is_stale(known_until=known_until, lease_days=lease, today=today)
    }


def calendars_in_use() -> dict[int, calendars.Calendar]:
    """Calendar id → its business days."""
    return dict(domain_calendars())


def company_regimes() -> dict[int, str]:
    """Company id → the regime of its debts."""
    return dict(Company.objects.order_by("id").values_list("pk", "regime"))
