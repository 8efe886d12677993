"""What identifies and reaches people, in the one form it is stored in."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from quita.domain import documents, phones
from quita.domain.refusals import Finding, Refusal, Refusals
from quita.parties.models import ContactKind, DebtorKind


def tax_id(text: str, refusals: Refusals, *, field: str) -> str | None:
    """CPF or CNPJ as it is stored, or None with the refusal noted."""
    try:
        return documents.parse(text)
    except Refusal as refusal:
        refusals.findings.append(Finding(refusal, field))
        return None


def kind_of(number: str | None) -> str:
    """A CNPJ belongs to an organisation; anybody else is taken for a person, who is better protected."""
    return DebtorKind.ORGANIZATION if number is not None and len(number) == 14 else DebtorKind.PERSON


def postal_code(text: str, refusals: Refusals, *, field: str) -> str:
    """A CEP as eight digits; empty stays empty."""
    digits = text.replace("-", "").replace(".", "").replace(" ", "")
    if digits and not (len(digits) == 8 and digits.isascii() and digits.isdigit()):
        refusals.add(
            "postal_code_invalid",
            "“%(value)s” is not a CEP. It has eight digits, like 50030-230.",
            {"value": text[:20]},
            field=field,
        )
        return ""
    return digits


def contact_value(kind: str, text: str) -> str:
    """An e-mail address with its domain in small letters, or a phone number in E.164.

    Refusals: email_missing, email_invalid, phone_*.
    """
    return email(text) if kind == ContactKind.EMAIL else phones.parse(text).e164


def email(text: str) -> str:
    """Only the domain is lowered: the part before the @ belongs to the receiving server (RFC 5321 §2.4)."""
    value = text.strip()
    if not value:
        raise Refusal("email_missing", "The e-mail address is missing.")
    try:
        validate_email(value)
    except ValidationError as fault:
        raise Refusal(
            "email_invalid",
            "“%(value)s” is not an e-mail address. It looks like name@company.com.br.",
            {"value": value[:80]},
        ) from fault
    local, _, domain = value.rpartition("@")
    return f"{local}@{domain.lower()}"
