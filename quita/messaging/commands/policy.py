"""Changing the contact policy: rows are added and ended, never edited or deleted, so that any day can be explained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_noop as _

from quita.domain import calendars
from quita.domain.contact_policy import HOLIDAY
from quita.domain.refusals import Refusal, Refusals
from quita.messaging.models import Channel, ContactCap, ContactRule
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

MAX_WINDOW_DAYS = 365


@transaction.atomic
def add_rule(
    *,
    channel: str,
    weekdays: list[int],
    starts: dt.time | None,
    ends: dt.time | None,
    uf: str,
    legal_ref: str,
    valid_from: dt.date,
    by: Actor,
    when: When,
) -> list[ContactRule]:
    """Adds a window (or, without hours, a closed day) for some weekdays; it narrows whatever holds already.

    Refusals: channel_unknown, weekday_missing, hours_invalid, uf_unknown, legal_ref_missing, date_in_the_past.
    """
    refusals = Refusals()
    _check_channel(channel, refusals, may_be_empty=False)
    if not weekdays or any(not 0 <= weekday <= HOLIDAY for weekday in weekdays):
        refusals.add("weekday_missing", _("Choose at least one weekday."), field="weekdays")
    if (starts is None) != (ends is None) or (starts is not None and ends is not None and starts >= ends):
        refusals.add(
            "hours_invalid",
            _("Give both hours, the first before the second, or neither to close the day."),
            field="ends",
        )
    if uf and uf not in calendars.UFS:
        refusals.add("uf_unknown", _("“%(uf)s” is not a state. Choose one of the list."), {"uf": uf[:4]}, field="uf")
    _check_dated(legal_ref, valid_from, when, refusals)
    refusals.raise_if_any()
    rules = [
        ContactRule.objects.create(
            channel=channel, weekday=weekday, starts=starts, ends=ends, uf=uf, legal_ref=legal_ref.strip(),
            valid_from=valid_from,
        )
        for weekday in sorted(set(weekdays))
    ]  # fmt: skip
    audit.record(
        by=by, when=when, verb="messaging.contact_rule.added", subject="contact_rule", subject_id=rules[0].pk,
        rule_ids=[rule.pk for rule in rules], channel=channel, uf=uf,
    )  # fmt: skip
    return rules


@transaction.atomic
def end_rules(*, rule_ids: Collection[int], last_on: dt.date, by: Actor, when: When) -> int:
    """Sets the last day of rules that were made together; what was decided on past days stays. Returns how many.

    Refusals: rule_unknown, date_in_the_past.
    """
    rules = list(ContactRule.objects.select_for_update().filter(pk__in=rule_ids).order_by("id"))
    if not rules:
        raise Refusal("rule_unknown", _("These rules do not exist any more. Reload the page."))
    _check_last_day(last_on, max(rule.valid_from for rule in rules), when)
    ContactRule.objects.filter(pk__in=[rule.pk for rule in rules]).update(valid_until=last_on)
    audit.record(
        by=by, when=when, verb="messaging.contact_rule.ended", subject="contact_rule", subject_id=rules[0].pk,
        rule_ids=[rule.pk for rule in rules], last_on=last_on.isoformat(),
    )  # fmt: skip
    return len(rules)


@transaction.atomic
def add_cap(
    *,
    channel: str,
    window_days: int | None,
    at_most: int | None,
    min_gap_hours: int | None,
    legal_ref: str,
    valid_from: dt.date,
    by: Actor,
    when: When,
) -> ContactCap:
    """Adds a limit per person: so many in so many days, or so many hours between two. The strictest one holds.

    Refusals: channel_unknown, cap_incomplete, legal_ref_missing, date_in_the_past.
    """
    refusals = Refusals()
    _check_channel(channel, refusals, may_be_empty=True)
    counted = window_days is not None and at_most is not None
    gap_only = min_gap_hours is not None and window_days is None and at_most is None
    in_range = (counted and 1 <= (window_days or 0) <= MAX_WINDOW_DAYS and min_gap_hours is None) or gap_only
    if not in_range:
        refusals.add(
            "cap_incomplete",
            _("Give either days (1 to %(limit)s) and a number of contacts, or the hours between two contacts."),
            {"limit": MAX_WINDOW_DAYS},
            field="at_most",
        )
    _check_dated(legal_ref, valid_from, when, refusals)
    refusals.raise_if_any()
    cap = ContactCap.objects.create(
        channel=channel, window_days=window_days, at_most=at_most, min_gap_hours=min_gap_hours,
        legal_ref=legal_ref.strip(), valid_from=valid_from,
    )  # fmt: skip
    audit.record(
        by=by, when=when, verb="messaging.contact_cap.added", subject="contact_cap", subject_id=cap.pk, channel=channel,
        window_days=window_days, at_most=at_most, min_gap_hours=min_gap_hours,
    )  # fmt: skip
    return cap


@transaction.atomic
def end_cap(*, cap_id: int, last_on: dt.date, by: Actor, when: When) -> ContactCap:
    """Sets the last day of a limit. Refusal: date_in_the_past."""
    cap = ContactCap.objects.select_for_update().get(pk=cap_id)
    _check_last_day(last_on, cap.valid_from, when)
    cap.valid_until = last_on
    cap.save(update_fields=["valid_until"])
    audit.record(
        by=by, when=when, verb="messaging.contact_cap.ended", subject="contact_cap", subject_id=cap.pk,
        last_on=last_on.isoformat(),
    )  # fmt: skip
    return cap


def _check_channel(channel: str, refusals: Refusals, *, may_be_empty: bool) -> None:
    if channel not in Channel.values and not (may_be_empty and channel == ""):
        refusals.add(
            "channel_unknown",
            _("“%(channel)s” is not a channel. Choose one of the list."),
            {"channel": channel[:20]},
            field="channel",
        )


def _check_dated(legal_ref: str, valid_from: dt.date, when: When, refusals: Refusals) -> None:
    if not legal_ref.strip():
        refusals.add("legal_ref_missing", _("Say which law or decision this comes from."), field="legal_ref")
    if valid_from < when.today:
        refusals.add(
            "date_in_the_past",
            _("A change of the contact policy starts today or later, so that past days stay as they were decided."),
            field="valid_from",
        )


def _check_last_day(last_on: dt.date, valid_from: dt.date, when: When) -> None:
    refusals = Refusals()
    if last_on < max(when.today, valid_from):
        refusals.add(
            "date_in_the_past",
            _("A change of the contact policy starts today or later, so that past days stay as they were decided."),
            field="last_on",
        )
    refusals.raise_if_any()
