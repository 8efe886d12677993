"""The last look before sending: is everything that let this message out still true?

A fixed number of statements for a whole batch, then one decision per message, in the order of the reasons that people
are told (the first that holds is the reason). Nothing here sends or writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from quita.domain import contact_policy
from quita.messaging import reasons
from quita.messaging.channels import CHANNELS
from quita.messaging.delivery import looked_up
from quita.messaging.delivery.claims import Claimed
from quita.messaging.delivery.looked_up import Looked, Title
from quita.messaging.delivery.words import creditor_of, letter_facts
from quita.messaging.texts.facts import LetterFacts
from quita.platform.actors import When

# While another worker has a message for the same person in hand, nobody knows whether the cap is reached.
WAIT_FOR_OTHER = dt.timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Send:
    """It may leave, saying this, to this address."""

    message: Claimed
    address: str
    facts: LetterFacts


@dataclass(frozen=True, slots=True)
class Withdraw:
    """It must not leave."""

    message: Claimed
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Postpone:
    """Not yet."""

    message: Claimed
    until: dt.datetime


Verdict = Send | Withdraw | Postpone


def look(messages: Sequence[Claimed], *, when: When) -> list[Verdict]:
    """Return one verdict per message, in the order given."""
    looked = looked_up.look_up(messages, when=when)
    decided: list[Verdict] = []
    for message in messages:
        verdict = _decide(message, looked, when)
        if isinstance(verdict, Send):
            # The next message to the same person counts this one as a contact.
            looked.contacts.setdefault(message.debtor_id, []).append(
                contact_policy.Contact(message.channel, when.today, when.at)
            )
        decided.append(verdict)
    return decided


def _decide(message: Claimed, looked: Looked, when: When) -> Verdict:
    if message.day < when.today or when.at >= message.not_after:
        return Withdraw(message, reasons.OUTDATED)
    if when.at < message.not_before:
        return Postpone(message, message.not_before)
    if message.channel not in CHANNELS:
        return Withdraw(message, reasons.CHANNEL_UNAVAILABLE)
    company = looked.companies[message.company_id]
    if not company.is_active:
        return Withdraw(message, reasons.COMPANY_INACTIVE)
    if not creditor_of(company).is_identified:
        return Withdraw(message, reasons.COMPANY_INCOMPLETE)
    titles, withdrawal = _titles_left(message, looked, when.today)
    if withdrawal is not None:
        return withdrawal
    return _person(message, looked, when) or _send(message, looked, titles, when)


def _titles_left(message: Claimed, looked: Looked, today: dt.date) -> tuple[list[Title], Withdraw | None]:
    """The titles the letter may still list; without the one whose step chose the text it must not leave."""
    stopped: dict[int, str] = {}
    left: list[Title] = []
    for receivable_id in message.receivable_ids:
        title = looked.titles.get(receivable_id)
        reason = reasons.CANCELLED if title is None else _stop_of(title, message, looked, today)
        if reason or title is None:
            stopped[receivable_id] = reason
        else:
            left.append(title)
    lead = stopped.get(message.lead_receivable_id)
    if lead is None:
        return left, None
    if left:
        return [], Withdraw(message, reasons.LEAD_CHANGED, lead)
    return [], Withdraw(message, lead)


def _stop_of(title: Title, message: Claimed, looked: Looked, today: dt.date) -> str:
    """Why a title may not be asked for any more, or ''."""
    if title.status != "open" or title.balance_cents <= 0:
        return title.status if title.status in reasons.LABELS else reasons.PAID
    is_lead = title.receivable_id == message.lead_receivable_id
    if title.due_on is None or (is_lead and title.due_on != message.lead_due_on):
        return reasons.DUE_DATE_CHANGED
    if message.lead_due_on <= today < title.due_on:
        return reasons.DUE_DATE_CHANGED
    if title.enforceable_until is not None and today > title.enforceable_until:
        return reasons.PRESCRIBED
    if title.receivable_id not in looked.payoffs:
        return reasons.AMOUNT_UNKNOWN
    return looked.stops.get(title.receivable_id, "")


def _person(message: Claimed, looked: Looked, when: When) -> Verdict | None:
    """What stops a message for the sake of the person, or delays it."""
    if looked.debtors[message.debtor_id].protection:
        return Withdraw(message, reasons.PROTECTED_PERSON)
    if looked.feed_is_stale(message.company_id, when.today):
        return Withdraw(message, reasons.STALE_FEED)
    point = looked.contact_points.get(message.contact_point_id or 0)
    if point is None or point.debtor_id != message.debtor_id or not point.is_usable_for(message.channel):
        return Withdraw(message, reasons.CONTACT_UNUSABLE, point.state if point else "")
    window = looked.windows.get(message.id)
    if window is None:
        return Withdraw(message, reasons.DAY_NOT_ALLOWED)
    if window[0] > when.at:
        return Postpone(message, window[0])
    return _how_often(message, looked, when, window[1])


def _how_often(message: Claimed, looked: Looked, when: When, not_after: dt.datetime) -> Verdict | None:
    known = looked.contacts.get(message.debtor_id, [])
    in_flight = looked.in_flight.get(message.debtor_id, [])
    reached = contact_policy.reached_cap(looked.caps, message.channel, when.today, known)
    if reached:
        return Withdraw(message, reasons.CAP_REACHED, f"{reached[1]}/{reached[0]}")
    free_from = contact_policy.gap_ends_at(looked.caps, message.channel, known)
    if free_from is not None and free_from > when.at:
        if free_from >= min(not_after, message.not_after):
            return Withdraw(message, reasons.GAP_TOO_SHORT)
        return Postpone(message, free_from)
    if in_flight:
        maybe = [*known, *in_flight]
        gap = contact_policy.gap_ends_at(looked.caps, message.channel, maybe)
        if contact_policy.reached_cap(looked.caps, message.channel, when.today, maybe) or (gap and gap > when.at):
            # The higher id waits longer, so that two workers that see each other do not dance for ever.
            turn = 1 if message.id < looked.lowest_in_flight[message.debtor_id] else 12
            return Postpone(message, when.at + WAIT_FOR_OTHER * turn)
    return None


def _send(message: Claimed, looked: Looked, titles: list[Title], when: When) -> Send:
    point = looked.contact_points[message.contact_point_id or 0]
    facts = letter_facts(message, looked, titles, is_verified=point.state == "verified", today=when.today)
    return Send(message, point.value, facts)
