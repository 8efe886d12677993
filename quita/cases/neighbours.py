"""Tables of other apps that cases point at, reached through our own foreign keys instead of imports."""

from typing import Any

from quita.cases.models import Case, PhasePeriod

TITLES: Any = PhasePeriod._meta.get_field("receivable").related_model
PORTFOLIOS: Any = Case._meta.get_field("portfolio").related_model
USERS: Any = Case._meta.get_field("assigned_to").related_model
