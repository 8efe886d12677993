"""The facts one letter is made from. They are kept with a sent message, so that it can be shown as it was, for ever."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """One title on the day of the letter; amounts in centavos. `discount_cents` includes rebates."""

    receivable_id: int
    number: str
    due_on: dt.date
    days_past_due: int
    original_cents: int
    paid_cents: int
    balance_cents: int
    correction_cents: int
    fine_cents: int
    interest_cents: int
    fees_cents: int
    discount_cents: int
    updated_cents: int
    contract: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who writes: the identification every collection document must carry (CDC art. 42-A)."""

    legal_name: str
    tax_id: str
    address: str
    name: str = ""
    phone: str = ""
    email: str = ""
    payment_instructions: str = ""

    @property
    def is_identified(self) -> bool:
        """True when name, CPF/CNPJ and address are all there."""
        return bool(self.legal_name.strip() and self.tax_id.strip() and self.address.strip())


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything a letter says. `shows_full_name` only once the contact point is known to be the debtor's own."""

    reference: str
    today: dt.date
    debtor_name: str
    debtor_is_person: bool
    shows_full_name: bool
    creditor: Creditor
    titles: tuple[TitleFacts, ...]

    def as_json(self) -> dict[str, Any]:
        """A plain dict for the database."""
        made = dataclasses.asdict(self)
        made["today"] = self.today.isoformat()
        for title in made["titles"]:
            title["due_on"] = title["due_on"].isoformat()
        return made

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> LetterFacts:
        """The facts as they were kept."""
        titles = tuple(
            TitleFacts(**{**title, "due_on": dt.date.fromisoformat(title["due_on"])}) for title in kept["titles"]
        )
        fields = {
            **kept,
            "today": dt.date.fromisoformat(kept["today"]),
            "creditor": Creditor(**kept["creditor"]),
            "titles": titles,
        }
        return cls(**fields)
