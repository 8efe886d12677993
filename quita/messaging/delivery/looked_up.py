"""What the last look reads: a fixed number of statements, however many messages are in the batch."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl
from django.db import connection

from quita.domain import contact_policy
from quita.domain.contact_policy import Caps, Contact
from quita.domain.refusals import Refusal
from quita.messaging.delivery.claims import Claimed
from quita.messaging.queries import policy as policy_query
from quita.parties import queries as parties
from quita.platform.access.scopes import EVERYTHING
from quita.platform.actors import When
from quita.receivables import queries as receivables

_KIND_OF_CHANNEL = {"email": "email", "sms": "phone", "whatsapp": "phone", "voice": "phone"}


@dataclass(frozen=True, slots=True)
class Company:
    """The creditor of a message."""

    id: int
    legal_name: str
    trade_name: str
    tax_id: str
    address_line: str
    city: str
    uf: str
    postal_code: str
    email: str
    phone: str
    payment_instructions: str
    feed_lease_days: int | None
    payments_known_until: dt.date | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class Debtor:
    """Whom it is for."""

    id: int
    kind: str
    name: str
    protection: str
    uf: str
    ibge_code: str


@dataclass(frozen=True, slots=True)
class Point:
    """Where it goes."""

    id: int
    debtor_id: int
    kind: str
    value: str
    state: str

    def is_usable_for(self, channel: str) -> bool:
        """True when the channel reaches this kind of address and nothing speaks against it."""
        return self.kind == _KIND_OF_CHANNEL.get(channel) and self.state in ("unverified", "verified")


@dataclass(frozen=True, slots=True)
class Title:
    """What it asks for."""

    receivable_id: int
    number: str
    status: str
    due_on: dt.date | None
    original_cents: int
    balance_cents: int
    contract: str
    unit: str
    enforceable_until: dt.date | None = None


@dataclass
class Looked:
    """Everything known about a batch at one instant."""

    companies: dict[int, Company]
    debtors: dict[int, Debtor]
    contact_points: dict[int, Point]
    titles: dict[int, Title]
    payoffs: dict[int, dict[str, Any]]
    stops: dict[int, str]
    caps: Caps
    contacts: dict[int, list[Contact]]
    in_flight: dict[int, list[Contact]]
    lowest_in_flight: dict[int, int]
    windows: dict[int, tuple[dt.datetime, dt.datetime]]

    def feed_is_stale(self, company_id: int, today: dt.date) -> bool:
        """True when payments of the last days may be unknown: somebody who paid could be chased."""
        company = self.companies[company_id]
        return parties.is_stale(
            known_until=company.payments_known_until, lease_days=company.feed_lease_days, today=today
        )


def look_up(messages: Sequence[Claimed], *, when: When) -> Looked:
    """Read what the batch needs."""
    debtor_ids = sorted({message.debtor_id for message in messages})
    receivable_ids = sorted({number for message in messages for number in message.receivable_ids})
    debtors = {row[0]: Debtor(*row) for row in _rows(
        "select id, kind, name, protection, uf, ibge_code from parties_debtor where id = any(%s)", debtor_ids
    )}  # fmt: skip
    policy = policy_query.policy_in_force()
    caps = contact_policy.caps_in_force(policy, when.today)
    contacts, in_flight, lowest = _contacts(debtor_ids, [message.id for message in messages], caps, when)
    return Looked(
        companies={row[0]: Company(*row) for row in _rows(_COMPANIES, sorted({m.company_id for m in messages}))},
        debtors=debtors,
        contact_points={row[0]: Point(*row) for row in _rows(_POINTS, [m.contact_point_id or 0 for m in messages])},
        titles=_titles(receivable_ids, when.today),
        payoffs=_payoffs(receivable_ids, when.today),
        stops=_stops(receivable_ids, when.today),
        caps=caps,
        contacts=contacts,
        in_flight=in_flight,
        lowest_in_flight=lowest,
        windows=_windows(messages, debtors, policy, when),
    )


_COMPANIES = """
    select id, legal_name, trade_name, tax_id, address_line, city, uf, postal_code, email, phone, payment_instructions,
           feed_lease_days, payments_known_until, is_active
    from parties_company where id = any(%s)
"""
_POINTS = "select id, debtor_id, kind, value, state from parties_contactpoint where id = any(%s)"
_TITLES = """
    select r.id, r.number, r.status, r.due_on, r.original_cents, r.balance_cents, c.number, c.unit
    from receivables_receivable r join parties_contract c on c.id = r.contract_id where r.id = any(%s)
"""
# A message in doubt may have reached the person: it counts as a contact.
_CONTACTS = """
    select m.debtor_id, m.id, m.channel, m.day, m.ended_at, m.state = 'sending'
    from messaging_message m
    where m.debtor_id = any(%s) and m.id <> all(%s)
      and ((m.state = 'sending') or ((m.state = 'sent' or m.reason = 'in_doubt') and m.day > %s))
"""


def _titles(receivable_ids: list[int], today: dt.date) -> dict[int, Title]:
    last_days = receivables.last_enforceable_days(receivable_ids=receivable_ids, today=today, scope=EVERYTHING)
    return {row[0]: Title(*(*row, last_days.get(row[0]))) for row in _rows(_TITLES, receivable_ids)}


def _payoffs(receivable_ids: list[int], today: dt.date) -> dict[int, dict[str, Any]]:
    """The worth of each open title; without it for those whose terms cannot be worked out."""
    try:
        return receivables.payoffs(receivable_ids, today)
    except Refusal:
        # One title with impossible terms must not hold up the others of the batch: they are asked one by one.
        found: dict[int, dict[str, Any]] = {}
        for receivable_id in receivable_ids:
            try:
                found |= receivables.payoffs([receivable_id], today)
            except Refusal:
                continue
        return found


def _stops(receivable_ids: list[int], today: dt.date) -> dict[int, str]:
    """Promises, disputes, holds: known to the apps above, which say so through `quita.config.last_look`."""
    stops: dict[int, str] = {}
    for source in _stop_sources():
        for receivable_id, reason in source(receivable_ids=receivable_ids, today=today):
            stops.setdefault(receivable_id, reason)
    return stops


@cache
def _stop_sources() -> list[Any]:
    names = importlib.import_module("quita.config.last_look").STOP_QUERIES
    return [getattr(importlib.import_module(name.rpartition(".")[0]), name.rpartition(".")[2]) for name in names]


def _contacts(
    debtor_ids: list[int], own_ids: list[int], caps: Caps, when: When
) -> tuple[dict[int, list[Contact]], dict[int, list[Contact]], dict[int, int]]:
    """Contacts that happened and those in other workers' hands, by person, over every company."""
    after = when.today - dt.timedelta(days=caps.longest_window_days)
    happened: dict[int, list[Contact]] = {}
    in_flight: dict[int, list[Contact]] = {}
    lowest: dict[int, int] = {}
    for debtor_id, message_id, channel, day, ended_at, is_in_flight in _rows(_CONTACTS, debtor_ids, own_ids, after):
        kept = in_flight if is_in_flight else happened
        kept.setdefault(debtor_id, []).append(Contact(channel, day, ended_at or when.at))
        if is_in_flight:
            lowest[debtor_id] = min(lowest.get(debtor_id, message_id), message_id)
    return happened, in_flight, lowest


def _windows(
    messages: Sequence[Claimed], debtors: dict[int, Debtor], policy: contact_policy.Policy, when: When
) -> dict[int, tuple[dt.datetime, dt.datetime]]:
    combos = pl.DataFrame(
        {
            "id": [message.id for message in messages],
            "channel": [message.channel for message in messages],
            "uf": [debtors[message.debtor_id].uf for message in messages],
            "ibge_code": [debtors[message.debtor_id].ibge_code for message in messages],
            # An e-mail address has no area code.
            "phone_uf": [""] * len(messages),
        },
        schema={"id": pl.Int64, "channel": pl.String, "uf": pl.String, "ibge_code": pl.String, "phone_uf": pl.String},
    )
    found = contact_policy.windows_frame(policy, combos, when.today, when.at, policy_query.civil_holidays())
    open_ones = found.filter(pl.col("not_before").is_not_null())
    return {
        message_id: (not_before, not_after)
        for message_id, not_before, not_after in open_ones.select("id", "not_before", "not_after").iter_rows()
    }


def _rows(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(params))
        return list(cursor.fetchall())
