"""What a run must know before it reads: how far the open titles reach, and when each kind of debt is prescribed."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Max, Min

from quita.parties.queries import company_regimes
from quita.receivables.models import ChargePolicy, Receivable, Status
from quita.receivables.queries.prescription import DEFAULT_YEARS, prescription_years


def open_extent() -> tuple[int, int, int, dt.date | None] | None:
    """(smallest debtor id, largest, number of open titles, earliest due date); None when nothing is open."""
    found = Receivable.objects.filter(status=Status.OPEN).aggregate(
        first=Min("debtor_id"), last=Max("debtor_id"), titles=Count("id"), due_on=Min("due_on")
    )
    if not found["titles"]:
        return None
    return found["first"], found["last"], found["titles"], found["due_on"]


def prescription_by_debt(today: dt.date) -> dict[tuple[int, int], int]:
    """(company, policy) → years after which a debt is prescribed; policy 0 stands for titles without one."""
    years = prescription_years(today)
    own = {
        policy_id: years.get(regime, DEFAULT_YEARS)
        for policy_id, regime in ChargePolicy.objects.values_list("pk", "regime")
    }
    found = {}
    for company_id, regime in company_regimes().items():
        found[(company_id, 0)] = years.get(regime, DEFAULT_YEARS)
        found.update({(company_id, policy_id): term for policy_id, term in own.items()})
    return found
