"""Finding debtors among a million, and everything kept about one."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from quita.domain import documents
from quita.parties.models import Address, ContactPoint, Contract, Debtor, DebtorReference, SearchKey
from quita.platform.access.scopes import Scope

SEARCH_LENGTH = 3


@dataclass(frozen=True)
class DebtorRecord:
    """One debtor with what belongs to it, inside the reader's scope."""

    debtor: Debtor
    addresses: tuple[Address, ...]
    contact_points: tuple[ContactPoint, ...]
    contracts: tuple[Contract, ...]
    references: tuple[DebtorReference, ...]


def debtors(*, scope: Scope, search: str = "") -> QuerySet[Debtor]:
    """Debtors of the scope's companies by name; `search` takes part of a name, a CPF/CNPJ, or a contract's number.

    Names are compared without accents and case, through the trigram index. A name needs three letters.
    """
    rows = _within(scope)
    text = search.strip()
    if text:
        rows = rows.filter(_matches(text))
    return rows.order_by("name_key", "id")


def may_see_debtor(*, debtor_id: int, scope: Scope) -> bool:
    """True when the debtor has something to do with a company of the scope."""
    return _within(scope).filter(pk=debtor_id).exists()


def debtor_record(*, debtor_id: int, scope: Scope) -> DebtorRecord | None:
    """Everything kept about a debtor, in five statements; None outside the scope. Contracts only of its companies."""
    debtor = _within(scope).filter(pk=debtor_id).first()
    if debtor is None:
        return None
    contracts = scope.limit(Contract.objects.filter(debtor=debtor).select_related("company", "branch"))
    references = scope.limit(DebtorReference.objects.filter(debtor=debtor).select_related("company"))
    return DebtorRecord(
        debtor,
        tuple(Address.objects.filter(debtor=debtor).order_by("-is_primary", "id")),
        tuple(ContactPoint.objects.filter(debtor=debtor).order_by("kind", "preference", "id")),
        tuple(contracts.order_by("company__legal_name", "number", "id")),
        tuple(references.order_by("company_id", "source", "external_id")),
    )


def _within(scope: Scope) -> QuerySet[Debtor]:
    if scope.company_ids is None:
        return Debtor.objects.all()
    known = Contract.objects.filter(debtor=OuterRef("pk"), company_id__in=scope.company_ids)
    referred = DebtorReference.objects.filter(debtor=OuterRef("pk"), company_id__in=scope.company_ids)
    return Debtor.objects.filter(Exists(known) | Exists(referred))


def _matches(text: str) -> Q:
    number = documents.normalise(text)
    by_number = Q(pk__in=Contract.objects.filter(number=text).values("debtor"))
    if number.isascii() and number.isalnum() and any(c.isdigit() for c in number):
        by_number |= Q(tax_id=number) if len(number) in (11, 14) else Q(tax_id__startswith=number)
    if len(text) < SEARCH_LENGTH:
        return by_number
    return by_number | Q(name_key__contains=SearchKey(Value(text)))
