"""Companies and branches within a scope."""

from django.db.models import Count, Q, QuerySet

from quita.parties.models import Branch, Company
from quita.platform.access.scopes import Scope


def companies(*, scope: Scope, search: str = "", only_active: bool = False) -> QuerySet[Company]:
    """Companies by name, with their number of branches as `branch_count`."""
    rows = scope.limit(Company.objects.all(), "id").select_related("default_policy")
    if search.strip():
        text = search.strip()
        digits = "".join(c for c in text.upper() if c.isalnum())
        match = Q(legal_name__icontains=text) | Q(trade_name__icontains=text)
        rows = rows.filter(match | Q(tax_id__startswith=digits) if digits else match)
    if only_active:
        rows = rows.filter(is_active=True)
    return rows.annotate(branch_count=Count("branches")).order_by("legal_name", "id")


def company(*, company_id: int, scope: Scope) -> Company | None:
    """One company, or None when it does not exist or lies outside the scope: the two are not told apart."""
    return scope.limit(Company.objects.select_related("default_policy"), "id").filter(pk=company_id).first()


def company_ids_by_tax_id(*, scope: Scope) -> dict[str, int]:
    """CPF or CNPJ → the company."""
    return dict(scope.limit(Company.objects.order_by("id"), "id").values_list("tax_id", "pk"))


def branches(*, scope: Scope, company_id: int | None = None) -> QuerySet[Branch]:
    """Branches by company and name, with company and calendar."""
    rows = scope.limit(Branch.objects.select_related("company", "calendar"))
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    return rows.order_by("company__legal_name", "name", "id")


def branch(*, branch_id: int, scope: Scope) -> Branch | None:
    """One branch inside the scope."""
    return branches(scope=scope).filter(pk=branch_id).first()
