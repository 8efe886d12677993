"""A building with debtors whose quotas are late: what most stories of collection begin with."""

import datetime as dt
from typing import Any

from quita.cases import commands
from quita.cases.models import Case
from quita.parties.models import Company, Debtor
from quita.parties.tests import scenes as people
from quita.platform.access.models import User
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.actors import Actor, When
from quita.receivables.models import Receivable
from quita.receivables.tests import scenes as titles

# A Monday; the Friday before, 20 November, is a holiday.
TODAY = dt.date(2026, 11, 23)
LATE = dt.date(2026, 10, 10)


def operator(name: str = "camila", role: str = "operator", sees_all: bool = True) -> User:
    """Somebody who works here."""
    return User.objects.create(
        username=name, role=role, first_name=name.title(), last_name="Ribeiro", sees_all_companies=sees_all
    )


def by(user: User, day: dt.date = TODAY, scope: Scope = EVERYTHING) -> dict[str, Any]:
    """Who, when and within which companies, for a command."""
    return {"by": Actor.of(user), "when": When.on(day), "scope": scope}


def refresh(debtor: Debtor, day: dt.date = TODAY) -> commands.Refreshed:
    """What the news of a payment or a title does to this debtor's cases."""
    return commands.refresh_cases(debtor_ids=[debtor.pk], when=When.on(day))


def late_case(
    company: Company, debtor: Debtor, amount_cents: int = 50_000, due_on: dt.date = LATE, day: dt.date = TODAY
) -> tuple[Case, Receivable]:
    """One late title and the case it opens."""
    title = titles.title(company, debtor, amount_cents, due_on)
    refresh(debtor, day)
    return Case.objects.get(contract_id=title.contract_id, origin=title.origin), title


__all__ = ["LATE", "TODAY", "by", "late_case", "operator", "people", "refresh", "titles"]
