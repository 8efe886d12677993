"""Debtors: one person or organisation is one debtor, whatever companies it owes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from quita.domain.refusals import Refusal, Refusals
from quita.parties import identity
from quita.parties.models import Debtor, DebtorKind, DebtorReference, Protection
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

EDITABLE = ("kind", "name", "tax_id", "debtor_type", "segment")


@dataclass(frozen=True)
class Reference:
    """How a source system names a debtor of one company."""

    company_id: int
    source: str
    external_id: str


@transaction.atomic
def find_or_create_debtor(
    *,
    name: str,
    tax_id: str = "",
    reference: Reference | None = None,
    kind: str = "",
    debtor_type: str = "",
    segment: str = "",
    by: Actor,
    when: When,
) -> tuple[Debtor, bool]:
    """The debtor with that CPF/CNPJ, else the one with that reference, else a new one. Says whether it was made.

    A debtor known by reference alone learns its CPF/CNPJ here. Refusals: debtor_name_missing, tax_id_*,
    debtor_identity_missing, debtor_identity_conflict.
    """
    refusals = Refusals()
    number = identity.tax_id(tax_id, refusals, field="tax_id") if tax_id.strip() else None
    if not name.strip():
        refusals.add(
            "debtor_name_missing", "A debtor needs a name. Give the person's or the organisation's.", field="name"
        )
    refusals.raise_if_any()
    if number is None and reference is None:
        raise Refusal(
            "debtor_identity_missing",
            "Without CPF/CNPJ and without an id in the source system “%(name)s” cannot be told from others of that "
            "name. Give one of the two.",
            {"name": name[:60]},
        )
    debtor = _by_identity(number, reference)
    created = debtor is None
    if debtor is None:
        debtor = Debtor.objects.create(
            name=name.strip(), tax_id=number, kind=kind or identity.kind_of(number), debtor_type=debtor_type.strip(),
            segment=segment.strip(), created_at=when.at,
        )  # fmt: skip
        audit.record(by=by, when=when, verb="parties.debtor.created", subject="debtor", subject_id=debtor.pk)
    elif number is not None and debtor.tax_id is None:
        debtor.tax_id = number
        debtor.save(update_fields=["tax_id"])
        audit.record(by=by, when=when, verb="parties.debtor.identified", subject="debtor", subject_id=debtor.pk)
    if reference is not None:
        _refer(debtor, reference)
    return debtor, created


@transaction.atomic
def update_debtor(*, debtor_id: int, changes: Mapping[str, Any], by: Actor, when: When) -> Debtor:
    """Changes what is given. Refusals: debtor_name_missing, tax_id_*, tax_id_taken, field_unknown, choice_unknown."""
    debtor = Debtor.objects.select_for_update().get(pk=debtor_id)
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise Refusal("field_unknown", "A debtor has no field “%(field)s”.", {"field": unknown[0]})
    values = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    _check_changes(debtor, values)
    changed = [name for name, value in values.items() if value != getattr(debtor, name)]
    if not changed:
        return debtor
    for name in changed:
        setattr(debtor, name, values[name])
    debtor.save(update_fields=changed)
    audit.record(
        by=by, when=when, verb="parties.debtor.changed", subject="debtor", subject_id=debtor.pk, fields=sorted(changed)
    )
    return debtor


@transaction.atomic
def change_protection(*, debtor_id: int, protection: str, reason: str, by: Actor, when: When) -> Debtor:
    """Says that (or that no longer) a person must not be chased by machine, and why.

    Refusals: choice_unknown, protection_reason_missing.
    """
    debtor = Debtor.objects.select_for_update().get(pk=debtor_id)
    if protection and protection not in Protection.values:
        raise Refusal(
            "choice_unknown", "“%(value)s” is not one of the choices: %(choices)s.",
            {"value": protection[:40], "choices": ", ".join(Protection.values)},
        )  # fmt: skip
    if not reason.strip():
        raise Refusal(
            "protection_reason_missing", "Say why: who told us, when, and with which document. It stays on the record."
        )
    if debtor.protection == protection:
        return debtor
    before, debtor.protection = debtor.protection, protection
    debtor.save(update_fields=["protection"])
    audit.record(
        by=by, when=when, verb="parties.debtor.protection_changed", subject="debtor", subject_id=debtor.pk,
        before=before, after=protection, reason=reason.strip()[:200],
    )  # fmt: skip
    return debtor


def _by_identity(number: str | None, reference: Reference | None) -> Debtor | None:
    by_number = Debtor.objects.select_for_update().filter(tax_id=number).first() if number else None
    by_reference = _referred(reference)
    if by_number is not None and by_reference is not None and by_number.pk != by_reference.pk:
        raise _conflict(by_reference)
    if number and by_number is None and by_reference is not None and by_reference.tax_id not in (None, number):
        raise _conflict(by_reference)
    return by_number or by_reference


def _referred(reference: Reference | None) -> Debtor | None:
    if reference is None:
        return None
    known = DebtorReference.objects.filter(
        company_id=reference.company_id, source=reference.source, external_id=reference.external_id
    ).first()
    return None if known is None else Debtor.objects.select_for_update().get(pk=known.debtor_id)


def _conflict(debtor: Debtor) -> Refusal:
    return Refusal(
        "debtor_identity_conflict",
        "The source's id already stands for debtor %(debtor)s, who has another CPF/CNPJ. "
        "Correct the CPF/CNPJ in the source or on the debtor's record.",
        {"debtor": debtor.pk},
    )


def _refer(debtor: Debtor, reference: Reference) -> None:
    DebtorReference.objects.get_or_create(
        company_id=reference.company_id, source=reference.source, external_id=reference.external_id,
        defaults={"debtor": debtor},
    )  # fmt: skip


def _check_changes(debtor: Debtor, values: dict[str, Any]) -> None:
    refusals = Refusals()
    if "name" in values and not values["name"]:
        refusals.add(
            "debtor_name_missing", "A debtor needs a name. Give the person's or the organisation's.", field="name"
        )
    if "kind" in values and values["kind"] not in DebtorKind.values:
        refusals.add(
            "choice_unknown", "“%(value)s” is not one of the choices: %(choices)s.",
            {"value": str(values["kind"])[:40], "choices": ", ".join(DebtorKind.values)}, field="kind",
        )  # fmt: skip
    if "tax_id" in values:
        values["tax_id"] = identity.tax_id(values["tax_id"], refusals, field="tax_id") if values["tax_id"] else None
        twin = (
            Debtor.objects.filter(tax_id=values["tax_id"]).exclude(pk=debtor.pk).first() if values["tax_id"] else None
        )
        if twin is not None:
            refusals.add(
                "tax_id_taken",
                "That CPF/CNPJ already belongs to debtor %(debtor)s. One person is one debtor: use that record.",
                {"debtor": twin.pk}, field="tax_id",
            )  # fmt: skip
    refusals.raise_if_any()
