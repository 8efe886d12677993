"""The calendars and the time zone of a place in Brazil."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from quita.domain.calendars.calendar import FIRST_DAY, LAST_DAY, Calendar
from quita.domain.calendars.national import bank_days, national_days
from quita.domain.calendars.states import state_days

_YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)

# Brazil keeps no daylight saving time since 2019 (Decreto 9.772/2019). States that are not named keep Brasília time.
_BRASILIA = "America/Sao_Paulo"
_ZONES = {
    "AC": "America/Rio_Branco",
    "AM": "America/Manaus",
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
}
# IBGE code of the municipalities whose clock differs from their state's.
_MUNICIPAL_ZONES = {"2605459": "America/Noronha"}


def bank_calendar(uf: str | None = None, municipal_days: Mapping[date, str] | None = None, key: str = "") -> Calendar:
    """Return the calendar that decides until when a debt can be paid: national bank days, state and municipal days.

    A local holiday closes the branches there and moves the due date of its residents: the doubt favours the payer.
    The last business day of each year has no public service (see `Calendar`). Equal places share one calendar.
    """
    return _bank_calendar(uf, tuple(sorted((municipal_days or {}).items())), key)


# A place's fifty years cost some ten milliseconds to write out, and a process asks for the same places again and again.
@lru_cache(maxsize=512)
def _bank_calendar(uf: str | None, municipal_days: tuple[tuple[date, str], ...], key: str) -> Calendar:
    holidays = _holidays(bank_days, uf, dict(municipal_days))
    plain = Calendar("", holidays)
    closed = frozenset(_last_business_day(plain, year) for year in _YEARS)
    return Calendar(key or f"bank:{uf or 'BR'}", holidays, closed)


def civil_calendar(uf: str | None = None, municipal_days: Mapping[date, str] | None = None, key: str = "") -> Calendar:
    """Return the calendar of civil holidays, on which people are not contacted: national, state and municipal days."""
    return Calendar(key or f"civil:{uf or 'BR'}", _holidays(national_days, uf, municipal_days))


def time_zone(uf: str | None, ibge_code: str | None = None) -> str:
    """Return the IANA time zone of a municipality (by its IBGE code) or of a state; Brasília time when unknown."""
    return _MUNICIPAL_ZONES.get(ibge_code or "") or _ZONES.get(uf or "", _BRASILIA)


def _last_business_day(calendar: Calendar, year: int) -> date:
    day = date(year, 12, 31)
    return day if calendar.is_business(day) else calendar.add_business_days(day, -1)


def _holidays(
    national: Callable[[int], dict[date, str]], uf: str | None, municipal_days: Mapping[date, str] | None
) -> dict[date, str]:
    days: dict[date, str] = dict(municipal_days or {})
    for year in _YEARS:
        if uf is not None:
            days.update(state_days(uf, year))
        days.update(national(year))
    return dict(sorted(days.items()))
