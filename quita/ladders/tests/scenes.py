"""A small town for stories about rules: creditors, people who owe them, texts and ladders, made through commands."""

import datetime as dt
from typing import Any

from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft
from quita.ladders.commands import ladders, portfolios
from quita.ladders.models import LadderVersion, Portfolio
from quita.messaging import commands as messaging
from quita.messaging.models import Template
from quita.parties import commands as parties
from quita.parties.models import Company, Contract, Debtor
from quita.parties.tests import scenes
from quita.platform.actors import SYSTEM, When
from quita.receivables.models import Receivable

TODAY = dt.date(2026, 11, 3)
MORNING = When.on(TODAY)
LETTER = """Olá, {{ debtor.first_name }}.

{{ titles_table }}

{{ creditor.legal_name }}, {{ creditor.tax_id }}, {{ creditor.address }}
"""


def template(name: str = "1º aviso", channel: str = "email") -> Template:
    """An e-mail text that passes every check."""
    return messaging.create_template(
        name=name, channel=channel, subject="Aviso de {{ creditor.name }}", body=LETTER, by=SYSTEM, when=MORNING
    )


def message(name: str, days: int | None, text: Template, **more: Any) -> StepDraft:
    """An e-mail step."""
    return StepDraft(
        name=name, action=rules.MESSAGE, offset_days=days, channels=("email",), templates={"email": text.pk}, **more
    )


def publish(*steps: StepDraft, **more: Any) -> LadderVersion:
    """Publishes a ladder in force from today."""
    fields = {
        "ladder_id": None, "name": "Padrão", "in_force_from": TODAY, "late_entry": rules.LATEST, "minimum_cents": 0,
        "end_after_days": 7, "end_role": "supervisor", "by": SYSTEM, "when": MORNING,
    }  # fmt: skip
    return ladders.publish_ladder_version(**fields | {"steps": steps} | more)  # type: ignore[arg-type]  # a test's shorthand


def portfolio(name: str, priority: int, condition: object, **more: Any) -> Portfolio:
    """A portfolio worked by hand unless told otherwise."""
    fields: dict[str, Any] = {"ladder_id": None, "by": SYSTEM, "when": MORNING} | more
    return portfolios.save_portfolio(name=name, priority=priority, condition=condition, **fields)


def days_late(op: str, value: object) -> dict[str, object]:
    """A condition on days past due."""
    return {"all": [{"field": "title.days_past_due", "op": op, "value": value}]}


def title(
    company: Company, debtor: Debtor, number: str, due_on: dt.date, cents: int = 50_000, **more: Any
) -> Receivable:
    """An open title on the debtor's contract with the company."""
    branch = company.branches.get()
    contract, _ = Contract.objects.get_or_create(
        company=company, debtor=debtor, branch=branch, number=more.pop("contract", "")
    )
    return Receivable.objects.create(
        company=company, branch=branch, debtor=debtor, contract=contract, calendar=branch.calendar, source="test",
        external_id=number, number=number, due_on=due_on, original_cents=cents, balance_cents=cents,
        created_at=MORNING.at, changed_at=MORNING.at, **more,
    )  # fmt: skip


def ago(days: int) -> dt.date:
    """The day so many days before today."""
    return TODAY - dt.timedelta(days=days)


__all__ = ["parties", "scenes"]
