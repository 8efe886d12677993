"""Contracts: what the debt hangs on."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from quita.domain.refusals import Refusal
from quita.parties.models import Branch, Contract, ContractKind
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

EDITABLE = ("kind", "plan", "unit", "city", "started_on", "branch_id")


@transaction.atomic
def ensure_contract(
    *,
    company_id: int,
    debtor_id: int,
    number: str = "",
    branch_id: int | None = None,
    kind: str = ContractKind.OTHER,
    plan: str = "",
    unit: str = "",
    city: str = "",
    started_on: dt.date | None = None,
    by: Actor,
    when: When,
) -> Contract:
    """The contract of that number between company and debtor, made when missing; number '' is their blank contract.

    Without a branch the company's first active one is taken. Refusals: branch_of_other_company, branch_missing.
    """
    branch = _branch(company_id, branch_id)
    contract, created = Contract.objects.get_or_create(
        company_id=company_id, debtor_id=debtor_id, number=number.strip(),
        defaults={
            "branch": branch, "kind": kind, "plan": plan.strip(), "unit": unit.strip(), "city": city.strip(),
            "started_on": started_on,
        },
    )  # fmt: skip
    if created:
        audit.record(
            by=by, when=when, verb="parties.contract.created", subject="debtor", subject_id=debtor_id,
            company_id=company_id, contract_id=contract.pk, kind=kind,
        )  # fmt: skip
    return contract


@transaction.atomic
def update_contract(*, contract_id: int, changes: Mapping[str, Any], by: Actor, when: When) -> Contract:
    """Changes what is given. Company, debtor and number stay: they are the contract's identity."""
    contract = Contract.objects.select_for_update().get(pk=contract_id)
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise Refusal("field_unknown", "A contract has no field “%(field)s” that may change.", {"field": unknown[0]})
    if "branch_id" in changes:
        _branch(contract.company_id, changes["branch_id"])
    changed = [name for name, value in changes.items() if value != getattr(contract, name)]
    if not changed:
        return contract
    for name in changed:
        setattr(contract, name, changes[name])
    contract.save(update_fields=changed)
    audit.record(
        by=by, when=when, verb="parties.contract.changed", subject="debtor", subject_id=contract.debtor_id,
        company_id=contract.company_id, contract_id=contract.pk, fields=sorted(changed),
    )  # fmt: skip
    return contract


def _branch(company_id: int, branch_id: int | None) -> Branch:
    branches = Branch.objects.filter(company_id=company_id)
    if branch_id is None:
        branch = branches.filter(is_active=True).order_by("id").first()
    else:
        branch = branches.filter(pk=branch_id).first()
        if branch is None:
            raise Refusal(
                "branch_of_other_company",
                "Branch %(branch)s does not belong to this company. Choose one of its own.",
                {"branch": branch_id},
            )
    if branch is None:
        raise Refusal("branch_missing", "This company has no active branch. Add one first.")
    return branch
