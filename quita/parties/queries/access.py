"""The companies a user may see."""

from typing import Any

from quita.parties.models import CompanyAccess
from quita.platform.access.scopes import EVERYTHING, Scope


def scope_for(user: Any) -> Scope:
    """The user's scope: every company, or the ones granted. One statement, none for those who see everything."""
    if user.sees_all_companies or user.is_superuser:
        return EVERYTHING
    granted = CompanyAccess.objects.filter(user_id=user.pk).values_list("company_id", flat=True)
    return Scope(frozenset(granted))
