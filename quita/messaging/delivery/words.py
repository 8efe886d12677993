"""From what the last look found to the facts of a letter."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

from quita.messaging.texts.facts import Creditor, LetterFacts, TitleFacts

if TYPE_CHECKING:
    from quita.messaging.delivery.claims import Claimed
    from quita.messaging.delivery.looked_up import Company, Looked, Title


@lru_cache(maxsize=1024)
def creditor_of(company: Company) -> Creditor:
    """The creditor as it names itself in letters."""
    place = f"{company.city}/{company.uf}" if company.uf else company.city
    code = f"CEP {company.postal_code[:5]}-{company.postal_code[5:]}" if company.postal_code else ""
    address = ", ".join(part for part in (company.address_line.strip(), place.strip(), code) if part)
    return Creditor(
        legal_name=company.legal_name,
        tax_id=company.tax_id,
        address=address if company.address_line.strip() else "",
        name=company.trade_name,
        phone=company.phone,
        email=company.email,
        payment_instructions=company.payment_instructions.replace("\r\n", "\n").strip(),
    )


def reference_of(message_id: int) -> str:
    """How a message is called on the phone."""
    return f"M-{message_id}"


def letter_facts(
    message: Claimed, looked: Looked, titles: list[Title], *, is_verified: bool, today: dt.date
) -> LetterFacts:
    """Everything the letter will say, oldest title first."""
    debtor = looked.debtors[message.debtor_id]
    ordered = sorted(titles, key=lambda title: (title.due_on or dt.date.max, title.receivable_id))
    return LetterFacts(
        reference=reference_of(message.id),
        today=today,
        debtor_name=debtor.name,
        debtor_is_person=debtor.kind == "person",
        shows_full_name=is_verified,
        creditor=creditor_of(looked.companies[message.company_id]),
        titles=tuple(_title(title, looked) for title in ordered),
    )


def _title(title: Title, looked: Looked) -> TitleFacts:
    worth = looked.payoffs[title.receivable_id]
    assert title.due_on is not None  # a title without a due date was stopped before
    return TitleFacts(
        receivable_id=title.receivable_id,
        number=title.number,
        due_on=title.due_on,
        days_past_due=worth["days_past_due"],
        original_cents=title.original_cents,
        paid_cents=title.original_cents - title.balance_cents,
        balance_cents=title.balance_cents,
        correction_cents=worth["correction_cents"],
        fine_cents=worth["fine_cents"],
        interest_cents=worth["interest_cents"],
        fees_cents=worth["fees_cents"],
        discount_cents=worth["discount_cents"] + worth["rebate_cents"],
        updated_cents=worth["total_cents"],
        contract=title.contract,
        unit=title.unit,
    )
