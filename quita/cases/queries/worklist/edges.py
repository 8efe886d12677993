"""Where "past due" begins on a day, per calendar: lateness as a limit on the due date, which has an index."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

# No run of days without business is as long; looking back further costs time and finds nothing.
LOOK_BACK_DAYS = 40

_SQL = """
select c.id, coalesce((select max(cd.day) from parties_calendarday cd where cd.calendar_id = c.id
                       and cd.day between %(today)s::date - %(back)s and %(today)s::date - 1
                       and cd.next_business_on < %(today)s::date), %(today)s::date - 1)
from parties_calendar c order by c.id
"""


@dataclass(frozen=True)
class Edges:
    """The last due date that is past due today, by calendar id."""

    today: dt.date
    last_late: Mapping[int, dt.date]

    def late(self, alias: str = "r") -> tuple[str, dict[str, Any]]:
        """The condition "is past due" on a title's due date and calendar, with its parameters.

        One limit serves the index; calendars that differ from it (a local holiday yesterday) are named one by one.
        """
        latest = max(self.last_late.values(), default=self.today - dt.timedelta(days=1))
        params: dict[str, Any] = {"late_until": latest}
        earliest = min(self.last_late.values(), default=latest)
        if earliest == latest:
            return f"{alias}.due_on <= %(late_until)s::date", params
        params["late_everywhere"] = earliest
        branches = [f"{alias}.due_on <= %(late_everywhere)s::date"]
        for number, edge in enumerate(sorted(set(self.last_late.values()) - {earliest})):
            params[f"edge{number}"] = edge
            params[f"edge_calendars{number}"] = [key for key, value in self.last_late.items() if value == edge]
            branches.append(
                f"({alias}.due_on <= %(edge{number})s::date"
                f" and {alias}.calendar_id = any(%(edge_calendars{number})s::bigint[]))"
            )
        return f"({alias}.due_on <= %(late_until)s::date and ({' or '.join(branches)}))", params

    def days_past_due(self, due_on: dt.date | None, calendar_id: int) -> int | None:
        """Days past due: 0 while the title can still be paid without charges, negative before it is due."""
        if due_on is None:
            return None
        days = (self.today - due_on).days
        return days if due_on <= self.last_late.get(calendar_id, self.today - dt.timedelta(days=1)) else min(days, 0)


def edges(today: dt.date) -> Edges:
    """The edges of every calendar on a day, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"today": today, "back": LOOK_BACK_DAYS})
        return Edges(today, dict(cursor.fetchall()))
