"""The companies as the user screens of `quita.platform.access` ask for them."""

from collections.abc import Iterable

from quita.parties import commands
from quita.parties.models import Company, CompanyAccess
from quita.platform.access import directory
from quita.platform.actors import Actor, When


class Companies:
    """See `quita.platform.access.directory.CompanyDirectory`."""

    def choices(self) -> list[tuple[int, str]]:
        """Every active company by name."""
        return [
            (company.pk, str(company))
            for company in Company.objects.filter(is_active=True).order_by("legal_name", "pk")
        ]

    def granted(self, user_id: int) -> frozenset[int]:
        """The companies granted to a user by name."""
        return frozenset(CompanyAccess.objects.filter(user_id=user_id).values_list("company_id", flat=True))

    def grant(self, *, user_id: int, company_ids: Iterable[int] | None, by: Actor, when: When) -> None:
        """Sets what a user sees; None means every company."""
        commands.grant_company_access(user_id=user_id, company_ids=company_ids, by=by, when=when)


def register() -> None:
    """Called when Django is ready."""
    directory.register(Companies())
