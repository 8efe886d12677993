"""The contact policy as the core takes it, and as its page shows it."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import QuerySet

from quita.domain.contact_policy import Cap, CivilHolidays, Policy, Rule
from quita.messaging.models import ContactCap, ContactRule


def policy_in_force() -> Policy:
    """Every rule and cap, past and future; each says itself on which days it holds. Two statements."""
    rules = ContactRule.objects.order_by("id").values_list(
        "channel", "weekday", "starts", "ends", "uf", "legal_ref", "valid_from", "valid_until"
    )
    caps = ContactCap.objects.order_by("id").values_list(
        "channel", "window_days", "at_most", "min_gap_hours", "legal_ref", "valid_from", "valid_until"
    )
    return Policy(tuple(Rule(*row) for row in rules), tuple(Cap(*row) for row in caps))


def civil_holidays() -> CivilHolidays:
    """National and state days by rule, and the municipal days people keep in the calendars."""
    municipal: dict[str, set[dt.date]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.ibge_code, h.day from parties_calendarholiday h join parties_calendar c on c.id = h.calendar_id "
            "where c.ibge_code <> ''"
        )
        for ibge_code, day in cursor.fetchall():
            municipal.setdefault(ibge_code, set()).add(day)
    return CivilHolidays(municipal)


def rules() -> QuerySet[ContactRule]:
    """All rules for the policy page: by state, channel and weekday."""
    return ContactRule.objects.order_by("uf", "channel", "weekday", "valid_from", "id")


def caps() -> QuerySet[ContactCap]:
    """All caps for the policy page."""
    return ContactCap.objects.order_by("channel", "window_days", "valid_from", "id")


def rules_in_force(today: dt.date) -> list[ContactRule]:
    """The rules that hold today or will hold."""
    return [rule for rule in rules() if rule.valid_until is None or rule.valid_until >= today]
