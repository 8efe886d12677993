"""What stories of delivery begin with: a creditor, people who owe it, letters waiting, and a real mail server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from quita.messaging import commands
from quita.messaging.channels.email_smtp.configuration import SmtpServer, from_url
from quita.messaging.delivery import worker
from quita.messaging.local_mail import server as local_mail
from quita.messaging.models import Message, TemplateVersion
from quita.parties import commands as parties
from quita.parties.models import ContactPoint, Debtor
from quita.parties.tests import scenes as places
from quita.platform.actors import SYSTEM, When
from quita.receivables import commands as receivables
from quita.receivables.models import Receivable

TUESDAY = dt.date(2026, 11, 24)
MORNING = When.on(TUESDAY, 10)
DUE = dt.date(2026, 11, 10)
SUBJECT = "Lembrete de pagamento"
BODY = "Olá, {{ debtor.first_name }},\n\nConsta em aberto na **{{ creditor.name }}**:\n\n{{ titles_table }}\n"


@dataclass
class Town:
    """A creditor with its template; people and letters are added by name."""

    company_id: int
    version: TemplateVersion
    people: dict[str, Debtor] = field(default_factory=dict)

    def person(self, name: str, email: str = "", number: int = 0) -> Debtor:
        """Somebody with an e-mail address, made once."""
        if name not in self.people:
            tax_id = _cpf(100_000_000 + len(self.people) + number)
            found = places.debtor(name, tax_id)
            address = email or f"{name.split()[0].lower()}{len(self.people)}@exemplo.example"
            parties.add_contact_point(debtor_id=found.pk, kind="email", value=address, by=SYSTEM, when=MORNING)
            self.people[name] = found
        return self.people[name]

    def point(self, name: str) -> ContactPoint:
        """The address of somebody."""
        return ContactPoint.objects.get(debtor=self.people[name])

    def title(self, name: str, *, due_on: dt.date = DUE, cents: int = 50_000, company_id: int = 0) -> Receivable:
        """A title of somebody."""
        debtor = self.person(name)
        number = f"{name[:3]}-{Receivable.objects.count() + 1}"
        terms = receivables.NewTitle(external_id=number, number=number, amount_cents=cents, due_on=due_on)
        return receivables.create_title(
            company_id=company_id or self.company_id, debtor_id=debtor.pk, title=terms, source="test", by=SYSTEM,
            when=places.MORNING,
        )  # fmt: skip

    def letter(self, name: str, *titles: Receivable, when: When = MORNING, **changes: Any) -> Message:
        """A letter waiting to be delivered, about these titles (one of them is made when none is given)."""
        listed = titles or (self.title(name),)
        fields: dict[str, Any] = {
            "company_id": listed[0].company_id, "debtor": self.person(name), "contact_point": self.point(name),
            "template_version": self.version, "channel": "email", "lead_receivable_id": listed[0].pk,
            "lead_due_on": listed[0].due_on, "lead_step_key": 1, "lead_occurrence": 0,
            "receivable_ids": [title.pk for title in listed], "day": when.today, "not_before": when.at,
            "not_after": when.at + dt.timedelta(hours=8), "next_attempt_at": when.at, "created_at": when.at,
        }  # fmt: skip
        return Message.objects.create(**fields | changes)


def town() -> Town:
    """A condominium in Recife with one template."""
    company = places.company(
        email="financeiro@aurora.example", phone="(81) 3333-4455", payment_instructions="Pix: chave aurora"
    )
    template = commands.create_template(
        name="Lembrete", channel="email", subject=SUBJECT, body=BODY, by=SYSTEM, when=MORNING
    )
    return Town(company.pk, template.versions.get())


@dataclass(frozen=True)
class Post:
    """A running mail server and the folder of journals beside it."""

    server: SmtpServer
    mail: local_mail.Running
    journals: Path

    def deliver(self, when: When = MORNING, **options: Any) -> worker.Tally:
        """Deliver what is due at that instant."""
        return worker.deliver(when_fn=lambda: when, server=self.server, journals=self.journals, **options)

    def newest(self) -> tuple[EmailMessage, str, str]:
        """The mail that arrived last, with its text and its HTML."""
        mailbox = local_mail.Mailbox(self.mail.folder)
        found = mailbox.read(mailbox.newest()[0][0].key)
        assert found is not None
        text, html = found[1].get_body(("plain",)), found[1].get_body(("html",))
        assert text is not None
        assert html is not None
        return found[1], text.get_content(), html.get_content()

    def keys(self) -> list[str]:
        """The keys of everything that arrived, newest first."""
        return [entry.key for entry in local_mail.Mailbox(self.mail.folder).newest(limit=10_000)[0]]

    def received(self) -> list[tuple[str, str]]:
        """(recipient, subject) of everything that arrived, oldest first."""
        entries, _ = local_mail.Mailbox(self.mail.folder).newest(limit=10_000)
        return [(entry.recipient, entry.subject) for entry in reversed(entries)]


@contextmanager
def post_office(folder: Path) -> Iterator[Post]:
    """A real SMTP server for as long as the block lasts."""
    running = local_mail.start(folder / "mailbox")
    try:
        yield Post(from_url(running.url, receipts=running.folder), running, folder / "journals")
    finally:
        running.stop()


def _cpf(base: int) -> str:
    from quita.domain import documents

    digits = f"{base:09d}"
    return digits + documents.check_digits(digits)
