"""The odd cases every collector knows, each with a name, so that the demonstration can be told as stories."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from quita.cases import commands as cases
from quita.cases import queries as case_queries
from quita.cases.queries import worklist
from quita.domain import calendars, documents
from quita.parties import commands as parties
from quita.parties import queries as party_queries
from quita.platform.access.scopes import EVERYTHING
from quita.platform.actors import Actor, When
from quita.receivables import commands as receivables
from quita.receivables import queries as receivable_queries

BY = Actor(user_id=None, name="demo")
RECIFE = {"line": "Rua da Aurora, 325", "city": "Recife", "uf": "PE", "ibge_code": "2611606", "postal_code": "50050000"}
MANAUS = {"line": "Rua da Paz, 12", "city": "Manaus", "uf": "AM", "ibge_code": "1302603", "postal_code": "69005010"}


@dataclass(frozen=True)
class Odd:
    """How many people, titles and payments the stories brought in."""

    debtor_count: int = 0
    title_count: int = 0
    payment_count: int = 0


@dataclass
class _Story:
    """The town on its day, and a few short ways to say what happened in it."""

    today: dt.date
    source: str
    companies: Mapping[str, int]
    debtors: int = 0
    titles: int = 0
    payments: int = 0
    _at: dict[str, Any] = field(default_factory=dict)

    def on(self, days: int) -> dict[str, Any]:
        """Who and when, `days` from today (negative: ago)."""
        return {"by": BY, "when": When.on(self.today + dt.timedelta(days=days), hour=7)}

    def person(self, name: str, *, email: bool = True, phone: bool = True, home: Mapping[str, str] = RECIFE) -> int:
        """Somebody with a CPF, an address and, unless said otherwise, an e-mail and a phone: the debtor's id."""
        self.debtors += 1
        base = f"9000{self.debtors:05d}"
        debtor, _ = parties.find_or_create_debtor(
            name=name, tax_id=base + documents.check_digits(base), **self.on(-500)
        )
        parties.save_address(debtor_id=debtor.pk, fields=home, source=self.source, **self.on(-500))
        first = documents.normalise(name.split()[0]).lower()
        plain = first.encode("ascii", "ignore").decode()
        if email:
            self.reach(debtor.pk, "email", f"{plain}.{self.debtors}@correio.example")
        if phone:
            self.reach(debtor.pk, "phone", f"+558190000{self.debtors:04d}")
        return debtor.pk

    def reach(self, debtor_id: int, kind: str, value: str, state: str = "unverified", known_from: str = "") -> None:
        """A contact point, and what was learnt about it."""
        point = parties.add_contact_point(
            debtor_id=debtor_id, kind=kind, value=value, source=self.source, **self.on(-500)
        )
        if state != point.state:
            parties.change_contact_state(contact_point_id=point.pk, state=state, source=known_from, **self.on(-20))

    def title(self, debtor_id: int, company: str, days_ago: int, cents: int, contract: str, **fields: Any) -> int:
        """A title due so many days ago; returns its id."""
        self.titles += 1
        due_on = fields.pop("due_on", self.today - dt.timedelta(days=days_ago))
        number = f"{contract}/{self.titles:02d}"
        new = receivables.NewTitle(
            external_id=number, number=number, amount_cents=cents, due_on=due_on,
            issue_on=due_on - dt.timedelta(days=12), document_type=fields.pop("document_type", "Fatura"),
            billing_method="Boleto", **fields,
        )  # fmt: skip
        return receivables.create_title(
            company_id=self.companies[company], debtor_id=debtor_id, title=new, contract_number=contract,
            source=self.source, **self.on(0),
        ).pk  # fmt: skip

    def pay(
        self, company: str, cents: int, days_ago: int, *, title_id: int | None = None, debtor_id: int | None = None
    ) -> int:
        """A payment made so many days ago; returns its id."""
        self.payments += 1
        new = receivables.NewPayment(
            external_id=f"ODD-{self.payments:03d}", amount_cents=cents,
            paid_on=self.today - dt.timedelta(days=days_ago), receivable_id=title_id,
            debtor_id=debtor_id, method="pix",
        )  # fmt: skip
        return receivables.record_payment(
            company_id=self.companies[company], payment=new, source=self.source, **self.on(0)
        ).pk


@transaction.atomic
def build(*, today: dt.date, source: str, companies: Mapping[str, int]) -> Odd:
    """Adds the odd cases once; when they are there already, nothing."""
    if party_queries.debtors(scope=EVERYTHING, search="ODD-BROKEN").exists():
        return Odd()
    story = _Story(today, source, companies)
    _reaching(story)
    _paying(story)
    _stopping(story)
    _by_the_calendar(story)
    return Odd(story.debtors, story.titles, story.payments)


def promise(*, today: dt.date) -> int | None:
    """Hugo promises to pay in five days, once a run has opened his case; returns the promise's id."""
    filters = worklist.Filters(search="ODD-PROMISE")
    found = worklist.case_worklist(filters=filters, scope=EVERYTHING, today=today).rows
    if not found or case_queries.promises_of_case(case_id=found[0].id, scope=EVERYTHING, today=today):
        return None
    made = cases.make_promise(
        case_id=found[0].id, amount_cents=24_990, pay_on=today + dt.timedelta(days=5), scope=EVERYTHING, by=BY,
        when=When.on(today, hour=10),
    )  # fmt: skip
    return made.pk


def _reaching(story: _Story) -> None:
    """People who cannot be reached, or must not be."""
    ana = story.person("Ana Bezerra Souza", email=False)
    story.reach(ana, "email", "ana.antigo@correio.example", "bounced", "delivery")
    story.title(ana, "fibra", 12, 12_990, "ODD-BROKEN", origin="subscription")
    bento = story.person("Bento Lima Farias", email=False, phone=False)
    story.reach(bento, "email", "bento@correio.example", "opted_out", "debtor")
    story.reach(bento, "phone", "+5581900007777", "wrong_person", "call")
    story.title(bento, "fibra", 25, 9_990, "ODD-OPTOUT", origin="subscription")
    levi = story.person("Levi Couto Dantas", email=False, phone=False)
    story.title(levi, "shop", 40, 31_000, "ODD-NOBODY", origin="sale", document_type="Crediário")
    celia = story.person("Célia Prado Nunes")
    story.title(celia, "aurora", 33, 71_000, "ODD-ESTATE", origin="condo_fee", document_type="Cota condominial")
    parties.change_protection(
        debtor_id=celia, protection="deceased", reason="Certidão de óbito apresentada pela filha", **story.on(-9)
    )
    olga = story.person("Olga Sena Ramos", home=MANAUS)
    story.title(olga, "shop", 8, 22_500, "ODD-FARWEST", origin="sale", document_type="Crediário")


def _paying(story: _Story) -> None:
    """People who pay in ways that need thought."""
    elisa = story.person("Elisa Rocha Pinto")
    story.pay("aurora", 70_000, 5, title_id=story.title(elisa, "aurora", 5, 65_000, "ODD-OVERPAID", origin="condo_fee"))
    fausto = story.person("Fausto Reis Galvão")
    for days_ago in (95, 65, 35):
        story.title(
            fausto, "mar", days_ago, 98_000, "ODD-PARTIAL", origin="condo_fee", document_type="Cota condominial"
        )
    story.pay("mar", 150_000, 20, debtor_id=fausto)
    marta = story.person("Marta Pires Lopes")
    bounced = story.pay("fibra", 14_990, 10, title_id=story.title(marta, "fibra", 10, 14_990, "ODD-BOUNCED"))
    receivables.reverse_payment(payment_id=bounced, reason="Pix devolvido pelo banco", **story.on(-1))
    nilo = story.person("Nilo Braga Tavares")
    wrong = story.title(nilo, "fibra", 18, 19_990, "ODD-CANCELLED", origin="subscription")
    receivables.cancel_title(receivable_id=wrong, reason="Fatura emitida em duplicidade", **story.on(-2))
    lost = story.title(nilo, "shop", 900, 8_900, "ODD-LOST", origin="sale")
    receivables.write_off_title(receivable_id=lost, reason="Sem perspectiva de recebimento", **story.on(-2))


def _stopping(story: _Story) -> None:
    """Debts that rest for a while: promised, held, contested."""
    hugo = story.person("Hugo Dias Medeiros")
    story.title(hugo, "fibra", 15, 24_990, "ODD-PROMISE", origin="subscription")
    iris = story.person("Íris Campos Leite")
    held = story.title(iris, "solar", 45, 41_000, "ODD-HOLD", origin="condo_fee", document_type="Cota condominial")
    cases.place_holds(
        receivable_ids=[held], reason="Conferência da cota com o síndico",
        ends_on=story.today + dt.timedelta(days=10), scope=EVERYTHING, **story.on(0),
    )  # fmt: skip
    joel = story.person("Joel Torres Siqueira")
    contested = story.title(joel, "fibra", 30, 17_990, "ODD-DISPUTE", origin="subscription")
    story.title(joel, "fibra", 1, 17_990, "ODD-DISPUTE", origin="subscription")
    cases.open_dispute(
        receivable_id=contested, reason="Serviço ficou fora do ar por doze dias", scope=EVERYTHING, **story.on(0)
    )
    gilda = story.person("Gilda Nunes Barros")
    story.title(gilda, "aurora", 21, 66_000, "ODD-NEIGHBOUR", origin="condo_fee", document_type="Cota condominial")
    story.title(gilda, "fibra", 16, 11_990, "ODD-NEIGHBOUR", origin="subscription")


def _by_the_calendar(story: _Story) -> None:
    """Debts whose dates matter: too old to ask for, or due on a day without banks."""
    dario = story.person("Dário Melo Vasconcelos")
    story.title(dario, "shop", 5 * 366 + 40, 54_000, "ODD-PRESCRIBED", origin="sale", document_type="Crediário")
    rent = receivable_queries.policies().filter(regime="LEASE").order_by("id")[0]
    tenant = story.person("Tadeu Inácio Freitas")
    story.title(
        tenant, "rent", 3 * 366 + 40, 180_000, "ODD-OLDLEASE", origin="rental", document_type="Aluguel",
        policy_id=rent.pk,
    )  # fmt: skip
    karla = story.person("Karla Vaz Correia")
    story.title(
        karla, "aurora", 0, 66_000, "ODD-HOLIDAY", origin="condo_fee", document_type="Cota condominial",
        due_on=_last_holiday(story.today),
    )  # fmt: skip


def _last_holiday(today: dt.date) -> dt.date:
    """The newest bank holiday on a weekday, up to today."""
    days = {**calendars.bank_days(today.year), **calendars.bank_days(today.year - 1)}
    return max(day for day in days if day <= today and day.weekday() < 5)
