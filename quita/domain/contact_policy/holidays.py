"""Civil holidays as the contact policy needs them: is this day one, in that state, in that municipality?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from quita.domain import calendars


@dataclass(frozen=True)
class CivilHolidays:
    """National and state days by rule, plus municipal days given by IBGE code. Bank-only days are not among them."""

    municipal: Mapping[str, Collection[date]] = field(default_factory=dict)

    def on(self, day: date, uf: str = "", ibge_code: str = "") -> bool:
        """Tell whether people of that place have a civil holiday on that day."""
        if day in calendars.national_days(day.year):
            return True
        if uf in calendars.UFS and day in calendars.state_days(uf, day.year):
            return True
        return bool(ibge_code) and day in self.municipal.get(ibge_code, ())
