"""From the facts of a letter to the values behind its placeholders (see `messaging.placeholders` for their meaning)."""

from __future__ import annotations

from typing import Any

from quita.messaging.texts import layout, tables
from quita.messaging.texts.facts import Creditor, LetterFacts, TitleFacts
from quita.messaging.texts.values import Day, Money

AMOUNTS = ("original", "paid", "balance", "correction", "fine", "interest", "discount", "updated")


def context_of(facts: LetterFacts) -> dict[str, Any]:
    """Return the placeholder values of one letter."""
    first = first_name(facts.debtor_name) if facts.debtor_is_person else facts.debtor_name
    titles = [_title(title) for title in facts.titles]
    totals: dict[str, Any] = {name: Money(sum(title[name] for title in titles)) for name in AMOUNTS}
    totals["count"] = len(titles)
    oldest = facts.titles[0]
    return {
        "debtor": {"first_name": first, "name": facts.debtor_name if facts.shows_full_name else first},
        "creditor": _creditor(facts.creditor),
        "today": Day.of(facts.today),
        "titles": titles,
        "totals": totals,
        "titles_table": tables.titles_table(facts.titles),
        "oldest_due_on": Day.of(oldest.due_on),
        "oldest_days_past_due": oldest.days_past_due,
        "payment_instructions": facts.creditor.payment_instructions,
        "opt_out_line": opt_out_line(facts.creditor),
        "case": {"reference": facts.reference},
    }


def first_name(name: str) -> str:
    """The first word of a person's name, in the usual case when it came all in capitals."""
    first = name.split()[0] if name.split() else name
    return first.capitalize() if first.isupper() else first


def opt_out_line(creditor: Creditor) -> str:
    """How to contest the charge and how to stop these messages: every message offers both."""
    where = f"escreva para {creditor.email}" if creditor.email else "responda a esta mensagem"
    call = f" ou ligue para {creditor.phone}" if creditor.phone else ""
    return (
        f"Já pagou ou não reconhece esta cobrança? Por favor, {where}{call}. "
        "Para não receber mais mensagens neste endereço, responda com a palavra SAIR."
    )


def _title(title: TitleFacts) -> dict[str, Any]:
    return {
        "number": title.number,
        "contract": title.contract,
        "unit": title.unit,
        "due_on": Day.of(title.due_on),
        "days_past_due": title.days_past_due,
        "original": Money(title.original_cents),
        "paid": Money(title.paid_cents),
        "balance": Money(title.balance_cents),
        "correction": Money(title.correction_cents),
        "fine": Money(title.fine_cents),
        "interest": Money(title.interest_cents),
        "discount": Money(title.discount_cents),
        "updated": Money(title.updated_cents),
    }


def _creditor(creditor: Creditor) -> dict[str, str]:
    return {
        "name": creditor.name or creditor.legal_name,
        "legal_name": creditor.legal_name,
        "tax_id": layout.formatted_tax_id(creditor.tax_id),
        "address": creditor.address,
        "phone": creditor.phone,
        "email": creditor.email,
    }
