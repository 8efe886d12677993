"""Names for the choices of filters and forms: portfolios, phases, people."""

from typing import Any

from quita.cases.models import Phase
from quita.cases.neighbours import PORTFOLIOS, USERS


def portfolio_names() -> dict[int, str]:
    """Portfolios in use, in the order in which they are tried."""
    return dict(PORTFOLIOS.objects.filter(is_active=True).order_by("priority", "id").values_list("id", "name"))


def portfolio_condition(*, portfolio_id: int) -> dict[str, Any] | None:
    """The condition of a portfolio as JSON, for asking a worklist the same question; None when there is none."""
    found: dict[str, Any] | None = (
        PORTFOLIOS.objects.filter(pk=portfolio_id, is_active=True).values_list("condition", flat=True).first()
    )
    return found


def phase_names(*, only_active: bool = True) -> dict[int, str]:
    """Phases in their order."""
    rows = Phase.objects.order_by("position", "id")
    return dict((rows.filter(is_active=True) if only_active else rows).values_list("id", "name"))


def phases() -> list[Phase]:
    """Every phase, the inactive ones too, in order: for their configuration."""
    return list(Phase.objects.order_by("position", "id"))


def people() -> dict[int, str]:
    """Active users by name: who may be given cases and tasks."""
    rows = USERS.objects.filter(is_active=True).order_by("first_name", "last_name", "username", "id")
    return {user.pk: user.get_full_name() or user.get_username() for user in rows}
