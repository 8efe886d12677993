"""Companies (whose money it is) and their branches."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from quita.domain.refusals import Refusal, Refusals
from quita.parties import events, identity, places
from quita.parties.models import Branch, Calendar, Company, CompanyType
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.choices import DebtRegime
from quita.platform.outbox import commands as outbox

EDITABLE = (
    "legal_name", "trade_name", "tax_id", "company_type", "segment", "regime", "address_line", "city", "uf",
    "postal_code", "email", "phone", "payment_instructions", "default_policy_id", "feed_lease_days", "is_active",
)  # fmt: skip

# Every message to a debtor must carry these (CDC art. 42-A: name, address and CPF/CNPJ of the creditor).
_IDENTIFICATION = {
    "legal_name": gettext_noop("Every message must name the creditor: give the legal name (CDC art. 42-A)."),
    "address_line": gettext_noop("Every message must carry the creditor's address: give it (CDC art. 42-A)."),
    "city": gettext_noop("Every message must carry the creditor's address: give the city (CDC art. 42-A)."),
    "uf": gettext_noop("Every message must carry the creditor's address: give the state (CDC art. 42-A)."),
}


@transaction.atomic
def create_company(*, fields: Mapping[str, Any], ibge_code: str = "", by: Actor, when: When) -> Company:
    """Adds a creditor with a main branch, whose calendar is that of the municipality or else of the state.

    `fields` takes the names in EDITABLE. Refusals: company_incomplete, company_exists, tax_id_*, state_unknown,
    municipality_*, email_invalid, postal_code_invalid, field_unknown.
    """
    company = Company(**_checked(dict(fields), ibge_code, company=None))
    company.save()
    branch = Branch.objects.create(
        company=company, code="1", name=company.city, calendar=calendar_of_place(company.uf, ibge_code)
    )
    audit.record(
        by=by, when=when, verb="parties.company.created", subject="company", subject_id=company.pk,
        company_id=company.pk, regime=company.regime, branch_id=branch.pk,
    )  # fmt: skip
    return company


@transaction.atomic
def update_company(*, company_id: int, changes: Mapping[str, Any], by: Actor, when: When) -> Company:
    """Changes what is given and nothing else; the audit keeps which fields changed."""
    company = Company.objects.select_for_update().get(pk=company_id)
    merged = {name: getattr(company, name) for name in EDITABLE} | dict(changes)
    checked = _checked(merged, "", company=company)
    changed = [name for name in EDITABLE if checked[name] != getattr(company, name)]
    if not changed:
        return company
    for name in changed:
        setattr(company, name, checked[name])
    company.save(update_fields=changed)
    audit.record(
        by=by, when=when, verb="parties.company.changed", subject="company", subject_id=company.pk,
        company_id=company.pk, fields=changed,
    )  # fmt: skip
    return company


@transaction.atomic
def declare_payments_known(*, company_ids: Collection[int], until: dt.date, by: Actor, when: When) -> int:
    """Notes that every payment up to this day has come in, bank files and feeds included; returns how many moved.

    It never goes back: what is known does not become unknown.
    """
    behind = Q(payments_known_until__isnull=True) | Q(payments_known_until__lt=until)
    rows = Company.objects.select_for_update().filter(behind, pk__in=company_ids).order_by("id")
    moved = list(rows.values_list("pk", flat=True))
    Company.objects.filter(pk__in=moved).update(payments_known_until=until)
    for company_id in moved:
        audit.record(
            by=by, when=when, verb="parties.company.payments_known", subject="company", subject_id=company_id,
            company_id=company_id, until=until.isoformat(),
        )  # fmt: skip
    return len(moved)


@transaction.atomic
def create_branch(*, company_id: int, code: str, name: str, calendar_id: int, by: Actor, when: When) -> Branch:
    """Adds a site of a company. Refusals: branch_incomplete, branch_code_taken."""
    code, name = code.strip(), name.strip()
    _check_branch(company_id, code, name, branch_id=None)
    branch = Branch.objects.create(company_id=company_id, code=code, name=name, calendar_id=calendar_id)
    audit.record(
        by=by,
        when=when,
        verb="parties.branch.created",
        subject="branch",
        subject_id=branch.pk,
        company_id=company_id,
        code=code,
    )
    return branch


@transaction.atomic
def update_branch(
    *, branch_id: int, name: str, code: str, calendar_id: int, is_active: bool, by: Actor, when: When
) -> Branch:
    """Changes a branch. Another calendar re-dates its titles: they follow through an event, after the commit."""
    branch = Branch.objects.select_for_update().get(pk=branch_id)
    code, name = code.strip(), name.strip()
    _check_branch(branch.company_id, code, name, branch_id=branch.pk)
    moved = branch.calendar_id != calendar_id
    branch.name, branch.code, branch.calendar_id, branch.is_active = name, code, calendar_id, is_active
    branch.save(update_fields=["name", "code", "calendar", "is_active"])
    audit.record(
        by=by, when=when, verb="parties.branch.changed", subject="branch", subject_id=branch.pk,
        company_id=branch.company_id, calendar_id=calendar_id, is_active=is_active,
    )  # fmt: skip
    if moved:
        outbox.emit(events.BranchCalendarChanged(branch.pk), when.at)
    return branch


def calendar_of_place(uf: str, ibge_code: str = "") -> Calendar:
    """The calendar of a municipality where one is kept, else of its state, else the national one."""
    found = {(c.uf, c.ibge_code): c for c in Calendar.objects.filter(uf__in=("", uf))}
    for place in ((uf, ibge_code), (uf, ""), ("", "")):
        if place in found:
            return found[place]
    raise Refusal(
        "calendars_missing",
        "There is no calendar for %(uf)s and no national one either. Run the set-up, which writes the calendars.",
        {"uf": uf or "BR"},
    )


def _checked(values: dict[str, Any], ibge_code: str, company: Company | None) -> dict[str, Any]:
    """The values, trimmed and normalised; raises everything that is wrong with them at once."""
    refusals = Refusals()
    unknown = sorted(set(values) - set(EDITABLE))
    if unknown:
        raise Refusal("field_unknown", "A company has no field “%(field)s”.", {"field": unknown[0]})
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = value.strip()
    for name, sentence in _IDENTIFICATION.items():
        if not values.get(name):
            refusals.add("company_incomplete", sentence, field=name)
    values["tax_id"] = identity.tax_id(values.get("tax_id") or "", refusals, field="tax_id") or ""
    places.check_place(values.get("uf") or "", ibge_code, refusals)
    _check_choices(values, refusals)
    values["postal_code"] = identity.postal_code(values.get("postal_code") or "", refusals, field="postal_code")
    _check_email(values.get("email") or "", refusals)
    twin = Company.objects.filter(tax_id=values["tax_id"]).exclude(pk=company.pk if company else 0).first()
    if values["tax_id"] and twin is not None:
        refusals.add(
            "company_exists",
            "The CPF/CNPJ %(tax_id)s already belongs to “%(name)s”. Change that company or check the number.",
            {"tax_id": values["tax_id"], "name": twin.legal_name},
            field="tax_id",
        )
    refusals.raise_if_any()
    return values


def _check_choices(values: dict[str, Any], refusals: Refusals) -> None:
    for name, choices in (("company_type", CompanyType), ("regime", DebtRegime)):
        value = values.get(name)
        if value is not None and value not in choices.values:
            refusals.add(
                "choice_unknown", "“%(value)s” is not one of the choices: %(choices)s.",
                {"value": str(value)[:40], "choices": ", ".join(choices.values)}, field=name,
            )  # fmt: skip


def _check_email(value: str, refusals: Refusals) -> None:
    if not value:
        return
    try:
        validate_email(value)
    except ValidationError:
        refusals.add(
            "email_invalid", "“%(value)s” is not an e-mail address. It looks like name@company.com.br.",
            {"value": value[:80]}, field="email",
        )  # fmt: skip


def _check_branch(company_id: int, code: str, name: str, branch_id: int | None) -> None:
    refusals = Refusals()
    for field, value in (("code", code), ("name", name)):
        if not value:
            refusals.add("branch_incomplete", "A branch needs a code and a name. Give both.", field=field)
    if Branch.objects.filter(company_id=company_id, code=code).exclude(pk=branch_id or 0).exists():
        refusals.add(
            "branch_code_taken", "Another branch of this company has the code “%(code)s”. Choose one of its own.",
            {"code": code}, field="code",
        )  # fmt: skip
    refusals.raise_if_any()
