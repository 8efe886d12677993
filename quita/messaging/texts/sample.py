"""A believable letter for previews and for the check on save: a debtor with three titles, one partly paid."""

from __future__ import annotations

import datetime as dt

from quita.messaging.texts.facts import Creditor, LetterFacts, TitleFacts

CREDITOR = Creditor(
    legal_name="Condomínio Edifício das Acácias",
    tax_id="12ABC34501DE35",
    address="Rua das Flores, 120, Centro, Recife/PE, CEP 50010-000",
    name="Edifício das Acácias",
    phone="(81) 3333-4455",
    email="financeiro@acacias.example",
    payment_instructions="Pix pela chave financeiro@acacias.example\nou peça a segunda via do boleto à administração.",
)


def sample_facts(today: dt.date, *, title_count: int = 3, creditor: Creditor = CREDITOR) -> LetterFacts:
    """Return the sample as of a day, with one to three titles."""
    ages = ((62, 48_790, 20_000), (31, 52_340, 0), (1, 52_340, 0))[3 - title_count :]
    titles = tuple(
        _title(number, today - dt.timedelta(days=age), age, original, paid)
        for number, (age, original, paid) in enumerate(ages, start=1)
    )
    return LetterFacts("M-1042", today, "Maria das Graças Araújo", True, False, creditor, titles)


def _title(number: int, due_on: dt.date, age: int, original_cents: int, paid_cents: int) -> TitleFacts:
    balance = original_cents - paid_cents
    fine, interest = balance * 2 // 100, balance * age // 3_000
    return TitleFacts(
        receivable_id=number, number=f"2026/{number:03d}", due_on=due_on, days_past_due=age,
        original_cents=original_cents, paid_cents=paid_cents, balance_cents=balance,
        correction_cents=0, fine_cents=fine, interest_cents=interest, fees_cents=0, discount_cents=0,
        updated_cents=balance + fine + interest, contract="AP-302", unit="Apto 302",
    )  # fmt: skip
