"""The numbers behind a decision: which cap, closed day, gap or lead, and when there is a chance again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quita.domain import contact_policy
from quita.domain.ladder import rules
from quita.domain.ladder.reasons import Reason
from quita.ladders.queries.evidence import Evidence
from quita.platform.ui import formats

HOLIDAY, CLOSED, HOURS_OVER = "holiday", "closed", "hours_over"
# How far ahead an allowed day is looked for: longer than any closure the law or a policy knows.
_LOOK_AHEAD_DAYS = 45

# As in parties: the kinds of protection that keep machines away from a person.
PROTECTIONS: dict[str, str | Promise] = {
    "deceased": _("Deceased or estate"),
    "minor": _("Minor"),
    "lawyer": _("Represented by a lawyer"),
    "over_indebted": _("Over-indebtedness proceeding"),
    "insolvency": _("Court-supervised recovery or bankruptcy"),
    "vulnerable": _("Vulnerable: people only"),
}


def protection_label(code: str) -> str:
    """The kind of protection in the active language."""
    return str(PROTECTIONS.get(code, code or "?"))


@dataclass(frozen=True)
class Coming:
    """An occurrence of a step and the day it is meant for."""

    step: rules.Step
    occurrence: int
    planned_on: dt.date


def planned(evidence: Evidence) -> list[Coming]:
    """Every occurrence of the title's ladder with its day, in order; empty without ladder or due date."""
    ladder, seen = evidence.ladder, evidence.seen
    if ladder is None or seen is None:
        return []
    calendar = evidence.around.calendar_days.filter(
        (pl.col("calendar_id") == seen["calendar_id"]) & pl.col("is_business")
    )
    day_of_seq = dict(zip(calendar["business_seq"].to_list(), calendar["day"].to_list(), strict=True))
    found = []
    for step in ladder.steps:
        for occurrence, offset in step.offsets():
            if step.basis == rules.BUSINESS:
                day = day_of_seq.get(seen["due_seq"] + offset)
            else:
                day = seen["due_on"] + dt.timedelta(days=offset)
            if day is not None:
                found.append(Coming(step, occurrence, day))
    return sorted(found, key=lambda one: (one.planned_on, -one.step.priority, one.step.key, one.occurrence))


def next_step(evidence: Evidence) -> Coming | None:
    """The first occurrence after the day."""
    return next((one for one in planned(evidence) if one.planned_on > evidence.day), None)


def message_of(evidence: Evidence, row: dict[str, Any]) -> dict[str, Any] | None:
    """The message that the row's group became."""
    if row["group_id"] is None:
        return None
    return next((one for one in evidence.messages if one["group_id"] == row["group_id"]), None)


def lead_of(evidence: Evidence, row: dict[str, Any]) -> dict[str, Any] | None:
    """The decision that the row was merged into: it leads the group, the call or the ticket."""
    message = message_of(evidence, row)
    everything = (*evidence.rows, *evidence.others)
    if message is not None:
        return next(
            (
                one
                for one in everything
                if one["receivable_id"] == message["lead_receivable_id"] and one["step_key"] == message["lead_step_key"]
            ),
            None,
        )
    leads = (int(Reason.TASK_OPENED), int(Reason.TICKET_OPENED), int(Reason.TICKET_UPDATED))
    return next(
        (
            one
            for one in everything
            if one["decision"] in leads and one["action"] == row["action"] and one["company_id"] == row["company_id"]
        ),
        None,
    )


@dataclass(frozen=True)
class Place:
    """Where the law looks for the debtor's own clock and holidays, and by which channel."""

    channel: str
    uf: str
    ibge_code: str
    phone_uf: str


def place_of(evidence: Evidence, row: dict[str, Any]) -> Place:
    """The channel that the step would use, and the debtor's place."""
    step = evidence.step(row["step_key"])
    wanted = ("voice",) if step and step.action == rules.CALL_TASK else (step.channels if step else ())
    reach = {one["channel"]: one for one in evidence.known.reach.to_dicts()}
    channel = next((one for one in wanted if one in reach), next(iter(wanted), ""))
    debtor = next(iter(evidence.known.debtors.to_dicts()), {})
    return Place(
        channel, debtor.get("uf") or "", debtor.get("ibge_code") or "", (reach.get(channel) or {}).get("phone_uf") or ""
    )


def next_allowed(evidence: Evidence, place: Place, first: dt.date) -> dt.date | None:
    """The first day from `first` on on which the channel may be used there."""
    for ahead in range(_LOOK_AHEAD_DAYS):
        day = first + dt.timedelta(days=ahead)
        if _window(evidence, place, day) is not None:
            return day
    return None


@dataclass(frozen=True)
class ClosedDay:
    """Why nothing may leave on the day any more."""

    kind: str
    channel: str
    place: str
    until: str
    next_on: dt.date | None


def closed_day(evidence: Evidence, row: dict[str, Any]) -> ClosedDay:
    """A holiday, a closed weekday, or hours that were over when the run began."""
    place = place_of(evidence, row)
    window = _window(evidence, place, evidence.day)
    kind, until = CLOSED, ""
    if window is not None:
        kind, until = HOURS_OVER, f"{window[1]:%H:%M}"
    elif any(evidence.around.holidays.on(evidence.day, uf, place.ibge_code) for uf in (place.uf, place.phone_uf)):
        kind = HOLIDAY
    again = next_allowed(evidence, place, evidence.day + dt.timedelta(days=1))
    return ClosedDay(kind, place.channel, place.uf or place.phone_uf, until, again)


@dataclass(frozen=True)
class ReachedCap:
    """So many contacts in so many days where so many are allowed."""

    had: int
    window_days: int
    at_most: int
    next_on: dt.date | None


def reached_cap(evidence: Evidence, row: dict[str, Any]) -> ReachedCap:
    """The cap that one more contact would have broken, today's other messages to the person counted."""
    place = place_of(evidence, row)
    caps = contact_policy.caps_in_force(evidence.around.policy, evidence.day)
    found = (0, 1, 0)
    for key in ("", place.channel):
        for window_days, at_most in caps.counts.get(key, ()):
            had = _had(evidence, key, window_days)
            if had >= at_most:
                found = (had, window_days, at_most)
                days = _contact_days(evidence, key, window_days)
                # The contact that makes the cap full leaves its window so many days after it happened.
                free = sorted(days, reverse=True)[at_most - 1] if 0 < at_most <= len(days) else evidence.day
                again = max(free + dt.timedelta(days=window_days), evidence.day + dt.timedelta(days=1))
                return ReachedCap(*found, next_allowed(evidence, place, again))
    return ReachedCap(*found, None)


def _had(evidence: Evidence, channel: str, window_days: int) -> int:
    """What the run counted before today's messages, and those."""
    rows = evidence.known.contacted.to_dicts()
    before = sum(one.get(f"n_{window_days}") or 0 for one in rows if channel in ("", one["channel"]))
    return before + sum(channel in ("", one["channel"]) for one in evidence.messages)


def _contact_days(evidence: Evidence, channel: str, window_days: int) -> list[dt.date]:
    """The days of the contacts that counted. Days only: whose messages they were is nobody's business here."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select day from messaging_message
            where debtor_id = %s and state in ('queued', 'sending', 'sent') and day > %s and day <= %s
              and (%s = '' or channel = %s)
            """,
            [
                evidence.title.debtor_id, evidence.day - dt.timedelta(days=window_days), evidence.day, channel, channel,
            ],
        )  # fmt: skip
        days = [row[0] for row in cursor.fetchall()]
    return days if not evidence.is_live else days + [evidence.day] * len(evidence.messages)


@dataclass(frozen=True)
class Gap:
    """The last contact, and how many hours must pass after it."""

    last_at: str
    hours: int
    next_on: dt.date | None


def gap(evidence: Evidence, row: dict[str, Any]) -> Gap:
    """The gap that today's hours are too short for."""
    place = place_of(evidence, row)
    caps = contact_policy.caps_in_force(evidence.around.policy, evidence.day)
    instants = [
        (one["last_at"], one["channel"]) for one in evidence.known.contacted.to_dicts() if one["last_at"] is not None
    ] + [(one["not_before"], one["channel"]) for one in evidence.messages]
    ends = [
        (at + dt.timedelta(hours=caps.gap_hours[key]), at, caps.gap_hours[key])
        for at, channel in instants
        for key in ("", place.channel)
        if key in caps.gap_hours and key in ("", channel)
    ]
    if not ends:
        return Gap("?", 0, None)
    free_at, last_at, hours = max(ends)
    here = timezone.get_current_timezone()
    local = last_at.astimezone(here)
    first = max(free_at.astimezone(here).date(), evidence.day + dt.timedelta(days=1))
    language = translation.get_language() or "pt-br"
    return Gap(formats.moment(local, language), hours, next_allowed(evidence, place, first))


def _window(evidence: Evidence, place: Place, day: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
    return contact_policy.allowed_window(
        evidence.around.policy, place.channel, place.uf, place.phone_uf, day, evidence.around.holidays, place.ibge_code
    )
