"""Calendars, contact policy and civil holidays of a day, from the tables; and as bytes for the recorder."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from quita.domain import calendars, contact_policy
from quita.domain.ladder import decide
from quita.messaging.queries import policy as contacts
from quita.parties import queries as parties


def load(today: dt.date, first_due: dt.date | None) -> decide.Surroundings:
    """What stands around the decision today. Municipal days are kept by people; the rest comes by rule.

    The calendars are cut to the years that open titles reach into: half a million days are mostly of no use.
    """
    first = dt.date(min(first_due or today, today).year, 1, 1)
    last = dt.date(today.year + 1, 12, 31)
    days = calendars.frame(parties.calendars_in_use())
    return decide.Surroundings(
        calendar_days=days.filter(pl.col("day").is_between(first, last)),
        policy=contacts.policy_in_force(),
        holidays=contacts.civil_holidays(),
    )


def to_json(around: decide.Surroundings) -> dict[str, Any]:
    """Policy and municipal holidays as JSON; the calendar frame is kept beside it as Parquet."""
    return {
        "rules": [
            [
                rule.channel, rule.weekday,
                rule.starts and rule.starts.isoformat(), rule.ends and rule.ends.isoformat(),
                rule.uf, rule.legal_ref, rule.valid_from.isoformat(), rule.valid_until and rule.valid_until.isoformat(),
            ]
            for rule in around.policy.rules
        ],
        "caps": [
            [
                cap.channel, cap.window_days, cap.at_most, cap.min_gap_hours, cap.legal_ref, cap.valid_from.isoformat(),
                cap.valid_until and cap.valid_until.isoformat(),
            ]
            for cap in around.policy.caps
        ],
        "municipal": {
            place: sorted(day.isoformat() for day in days) for place, days in around.holidays.municipal.items()
        },
    }  # fmt: skip


def from_json(kept: dict[str, Any], calendar_days: pl.DataFrame) -> decide.Surroundings:
    """The surroundings of a recorded run."""
    day, clock = dt.date.fromisoformat, dt.time.fromisoformat
    return decide.Surroundings(
        calendar_days=calendar_days,
        policy=contact_policy.Policy(
            rules=tuple(
                contact_policy.Rule(
                    channel,
                    weekday,
                    starts and clock(starts),
                    ends and clock(ends),
                    uf,
                    ref,
                    day(since),
                    until and day(until),
                )
                for channel, weekday, starts, ends, uf, ref, since, until in kept["rules"]
            ),
            caps=tuple(
                contact_policy.Cap(channel, window, at_most, gap, ref, day(since), until and day(until))
                for channel, window, at_most, gap, ref, since, until in kept["caps"]
            ),
        ),
        holidays=contact_policy.CivilHolidays(
            {place: frozenset(day(one) for one in days) for place, days in kept["municipal"].items()}
        ),
    )
