"""Which companies a person may see."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import transaction

from quita.domain.refusals import Refusal
from quita.parties.models import Company, CompanyAccess
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit


@transaction.atomic
def grant_company_access(*, user_id: int, company_ids: Iterable[int] | None, by: Actor, when: When) -> None:
    """Sets the companies a user sees; None means every company, now and in future. Refusals: company_unknown."""
    user = get_user_model().objects.select_for_update().get(pk=user_id)
    wanted = frozenset(company_ids or ())
    known = set(Company.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - known:
        raise Refusal(
            "company_unknown",
            "Company %(company)s does not exist. Choose among the companies of this installation.",
            {"company": min(wanted - known)},
        )
    sees_all = company_ids is None
    if user.sees_all_companies != sees_all:
        user.sees_all_companies = sees_all
        user.save(update_fields=["sees_all_companies"])
    CompanyAccess.objects.filter(user_id=user_id).exclude(company_id__in=wanted).delete()
    CompanyAccess.objects.bulk_create(
        (CompanyAccess(user_id=user_id, company_id=company_id) for company_id in sorted(wanted)), ignore_conflicts=True
    )
    audit.record(
        by=by, when=when, verb="parties.access.granted", subject="user", subject_id=user_id,
        every_company=sees_all, company_ids=sorted(wanted),
    )  # fmt: skip
