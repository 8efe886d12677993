"""A building, a tenant and a title of R$ 500, as most stories here begin."""

import datetime as dt
from typing import Any

from quita.domain import charges
from quita.parties.models import Company, Debtor
from quita.parties.tests import scenes as party_scenes
from quita.platform.actors import SYSTEM, When
from quita.receivables import commands
from quita.receivables.models import Payment, Receivable

NUMBERS = iter(range(1, 1_000_000))
DUE = dt.date(2026, 11, 10)


def on(day: dt.date) -> dict[str, Any]:
    """Who and when, for a command given on a day."""
    return {"by": SYSTEM, "when": When.on(day)}


def terms(**changes: Any) -> charges.ChargePolicy:
    """Fine of 2 %, interest of 1 % a month, no correction."""
    regime = charges.regime_on("CONDO", DUE)
    usual = {"fine_ppm": 20_000, "interest_ppm": 10_000, "index": charges.NO_INDEX}
    return charges.policy_for(regime, **(usual | changes))


def policy(name: str = "Convenção", **changes: Any) -> int:
    """A published policy's id."""
    made = commands.create_policy(name=name, regime="CONDO", terms=terms(**changes), **on(DUE))
    return made.policy.pk


def company(**fields: Any) -> Company:
    """The building, charging by `policy`."""
    return party_scenes.company(default_policy_id=policy(), **fields)


def title(
    owner: Company, debtor: Debtor, amount_cents: int = 50_000, due_on: dt.date | None = DUE, **fields: Any
) -> Receivable:
    """One title of that debtor."""
    number = f"T{next(NUMBERS)}"
    new = commands.NewTitle(external_id=number, number=number, amount_cents=amount_cents, due_on=due_on, **fields)
    return commands.create_title(
        company_id=owner.pk, debtor_id=debtor.pk, title=new, source="erp", **on(dt.date(2026, 10, 1))
    )


def pay(
    owner: Company,
    amount_cents: int,
    day: dt.date,
    title: Receivable | None = None,
    debtor: Debtor | None = None,
    today: dt.date | None = None,
) -> Payment:
    """A payment made on a day and recorded that day, unless `today` says later."""
    new = commands.NewPayment(
        external_id=f"P{next(NUMBERS)}", amount_cents=amount_cents, paid_on=day,
        receivable_id=title.pk if title else None, debtor_id=debtor.pk if debtor else None,
    )  # fmt: skip
    return commands.record_payment(company_id=owner.pk, payment=new, source="bank", **on(today or day))


def fresh(title: Receivable) -> Receivable:
    """The title as it is stored now."""
    title.refresh_from_db()
    return title


def allocated(title: Receivable) -> dict[str, int]:
    """What was extinguished of a title, by component."""
    totals: dict[str, int] = {}
    for row in title.allocations.order_by("id"):
        totals[row.component] = totals.get(row.component, 0) + row.amount_cents
    return totals
