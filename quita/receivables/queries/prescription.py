"""Until when a debt may be collected; after that day nobody asks for it, in court or out of it (CC arts. 189, 206)."""

import datetime as dt
from collections.abc import Collection, Mapping

from quita.domain import charges
from quita.platform.access.scopes import Scope
from quita.receivables.models import Receivable

# CC art. 206 §5 I: liquid debts in an instrument; what holds where a title says nothing of its kind.
DEFAULT_YEARS = 5


def prescription_years(today: dt.date) -> Mapping[str, int]:
    """Regime → years from the due date: five, three for leases (CC art. 206 §3 I)."""
    return {str(key): charges.regime_on(key, today).prescription_years for key in charges.RegimeKey}


def last_enforceable_days(
    *, receivable_ids: Collection[int], today: dt.date, scope: Scope
) -> dict[int, dt.date | None]:
    """The last day each title may be collected, by its policy's regime or else its company's; None without due date."""
    years = prescription_years(today)
    titles = scope.limit(Receivable.objects.filter(pk__in=receivable_ids)).order_by("id")
    found: dict[int, dt.date | None] = {}
    for pk, due_on, own, general in titles.values_list("pk", "due_on", "policy__regime", "company__regime"):
        term = years.get(own or general, DEFAULT_YEARS)
        found[pk] = None if due_on is None else charges.last_enforceable_on(due_on, term)
    return found
