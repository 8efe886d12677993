"""A street in Recife for stories about runs: people, titles, a ladder of five steps, and days that pass."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from quita.cases import commands as cases
from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft
from quita.ladders.commands import ladders, portfolios, runs
from quita.ladders.models import LadderVersion, Run
from quita.ladders.tests import scenes
from quita.messaging import commands as messaging
from quita.parties import commands as parties
from quita.parties.models import Company, Debtor
from quita.parties.tests import scenes as places
from quita.platform.actors import SYSTEM, When
from quita.receivables import commands as receivables
from quita.receivables.models import Receivable

# A Tuesday; everything was set up on the third, a Tuesday as well.
SETUP = places.MORNING
TUESDAY = dt.date(2026, 11, 24)


def nov(day: int) -> dt.date:
    """A day of November 2026."""
    return dt.date(2026, 11, day)


@dataclass
class Street:
    """Whom the stories are about, by name."""

    company: Company
    ladder: LadderVersion
    people: dict[str, Debtor] = field(default_factory=dict)
    titles: dict[str, Receivable] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def person(self, name: str, *, email: bool = True, phone: bool = False) -> Debtor:
        """Somebody, made once, living in Recife."""
        if name not in self.people:
            number = next(self.numbers)
            found = places.debtor(name, cpf(300_000_000 + number), city="Recife", ibge_code=places.RECIFE)
            kinds = [("email", f"{name.split()[0].lower()}{number}@exemplo.example")] if email else []
            kinds += [("phone", f"+558199{number:07d}")] if phone else []
            for kind, value in kinds:
                parties.add_contact_point(debtor_id=found.pk, kind=kind, value=value, by=SYSTEM, when=SETUP)
            self.people[name] = found
        return self.people[name]

    def title(
        self, name: str, due_on: dt.date | None, number: str = "", *, cents: int = 50_000, contract: str = "",
        company: Company | None = None, when: When = SETUP,
    ) -> Receivable:  # fmt: skip
        """A title of somebody; its number is the name and a count unless given."""
        debtor = self.person(name)
        called = number or f"{name.split()[0]}/{len(self.titles) + 1}"
        terms = receivables.NewTitle(external_id=called, number=called, amount_cents=cents, due_on=due_on)
        made = receivables.create_title(
            company_id=(company or self.company).pk, debtor_id=debtor.pk, title=terms, contract_number=contract,
            source="test", by=SYSTEM, when=when,
        )  # fmt: skip
        self.titles[called] = made
        return made

    def pay(self, title: Receivable, day: dt.date, cents: int | None = None) -> Any:
        """A payment of a title, in full with all that is owed unless an amount is given."""
        amount = cents if cents is not None else title.balance_cents * 2
        payment = receivables.NewPayment(
            external_id=f"p{next(self.numbers)}", amount_cents=amount, paid_on=day, receivable_id=title.pk
        )
        return receivables.record_payment(
            company_id=title.company_id, payment=payment, source="test", by=SYSTEM, when=When.on(day, 10)
        )


def cpf(base: int) -> str:
    """A valid CPF from nine digits."""
    from quita.domain import documents

    digits = f"{base:09d}"
    return digits + documents.check_digits(digits)


def street(**ladder: Any) -> Street:
    """One condominium, one ladder: D-3, D, D+1, D+5, D+10 every 7 days three times; a call on D+15, then a ticket."""
    company = places.company(email="financeiro@aurora.example", phone="(81) 3333-4455")
    text = messaging.create_template(
        name="Aviso", channel="email", subject="Aviso de {{ creditor.name }}", body=scenes.LETTER, by=SYSTEM, when=SETUP
    )
    steps = ladder.pop("steps", None) or (
        scenes.message("Lembrete", -3, text),
        scenes.message("Vence hoje", 0, text),
        scenes.message("1º aviso", 1, text),
        scenes.message("2º aviso", 5, text),
        scenes.message("3º aviso", 10, text, repeat_every_days=7, repeat_at_most=3),
        StepDraft(
            name="Ligação", action=rules.CALL_TASK, offset_days=15, params={"role": "operator"}
        ),
        StepDraft(
            name="Jurídico", action=rules.TICKET, offset_days=20, repeat_every_days=5, repeat_at_most=3,
            params={"group": "Jurídico", "ticket_type": "Análise"},
        ),
    )  # fmt: skip
    fields = {
        "ladder_id": None, "name": "Padrão", "in_force_from": SETUP.today, "late_entry": rules.LATEST,
        "minimum_cents": 0, "end_after_days": 7, "end_role": "supervisor", "steps": steps, "by": SYSTEM, "when": SETUP,
    }  # fmt: skip
    version = ladders.publish_ladder_version(**(fields | ladder))
    # Titles fell due before the ladder was published: it is to treat them as if it had always been there.
    LadderVersion.objects.filter(pk=version.pk).update(in_force_from=dt.date(2020, 1, 1))
    portfolios.save_portfolio(
        name="Todos", priority=900, condition={}, ladder_id=version.ladder_id, is_default=True, by=SYSTEM, when=SETUP
    )
    return Street(company, version)


def run(day: dt.date, hour: int = 9, *, shards: int | None = None, **options: Any) -> Run:
    """The day's run from beginning to end."""
    when = When.on(day, hour)
    started = runs.start_run(by=SYSTEM, when=when, trigger="test", shard_count=shards, **options)
    assert runs.work_on_run(run_id=started.pk, worker="test", clock=lambda: when.at)
    started.refresh_from_db()
    return started


__all__ = ["cases"]
