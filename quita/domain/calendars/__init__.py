"""Calendars: which days are holidays where, and counting business days.

Two kinds, never to be mixed: the *bank* calendar of a place says until when a debt can still be paid without charges;
the *civil* calendar says on which days people must be left in peace.
"""

from quita.domain.calendars.calendar import EPOCH, FIRST_DAY, LAST_DAY, Calendar, frame
from quita.domain.calendars.lookup import BusinessDays
from quita.domain.calendars.national import bank_days, easter, national_days
from quita.domain.calendars.places import bank_calendar, civil_calendar, time_zone
from quita.domain.calendars.states import UFS, state_days

__all__ = [
    "EPOCH",
    "FIRST_DAY",
    "LAST_DAY",
    "UFS",
    "BusinessDays",
    "Calendar",
    "bank_calendar",
    "bank_days",
    "civil_calendar",
    "easter",
    "frame",
    "national_days",
    "state_days",
    "time_zone",
]
