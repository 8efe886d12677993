"""The steps of a payoff as sentences, in Portuguese and English, with numbers as the reader writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from quita.domain import money
from quita.domain.charges.trace import Step

_SENTENCES: dict[str, tuple[str, str]] = {
    "no_due_date": (
        "The title has no due date: it is not due and bears no charges.",
        "O título não tem data de vencimento: não está vencido e não tem encargos.",
    ),
    "due_date_moved": (
        "Due on {due_on}, a day without bank service: it can be paid without charges until {until_on}.",
        "Vence em {due_on}, dia sem expediente bancário: pode ser pago sem encargos até {until_on}.",
    ),
    "on_time": (
        "On {as_of_on} it is on time (payable until {until_on}): no charges.",
        "Em {as_of_on} está em dia (pagável até {until_on}): sem encargos.",
    ),
    "within_grace": (
        "Payable until {until_on}; on {as_of_on} it is within the grace days: no charges.",
        "Pagável até {until_on}; em {as_of_on} está dentro da carência: sem encargos.",
    ),
    "late": (
        "Not paid by {until_on}: charges on {as_of_on} count {charge_days}.",
        "Não pago até {until_on}: os encargos em {as_of_on} contam {charge_days}.",
    ),
    "accrual_restarted": (
        "After the payment of {position_on}, charges run on the open principal from that day.",
        "Depois do pagamento de {position_on}, os encargos correm sobre o principal em aberto desde esse dia.",
    ),
    "principal": ("Open principal.", "Principal em aberto."),
    "rebate": ("Rebate granted by the creditor.", "Abatimento concedido pelo credor."),
    "correction": (
        "Correction by {index} from {from_on} to {until_on}, factor {factor_e18}, on {corrected_cents}.",
        "Correção pelo {index} de {from_on} a {until_on}, fator {factor_e18}, sobre {corrected_cents}.",
    ),
    "correction_floored": (
        "{index} from {from_on} to {until_on} is negative (factor {factor_e18}): the nominal value stands.",
        "O {index} de {from_on} a {until_on} é negativo (fator {factor_e18}): prevalece o valor nominal.",
    ),
    "correction_open": ("Correction left unpaid earlier.", "Correção que ficou em aberto."),
    "no_fine": ("The policy has no fine.", "A política não prevê multa."),
    "fine_percent": (
        "Fine of {fine_ppm} on {base_cents}, once.",
        "Multa de {fine_ppm} sobre {base_cents}, uma única vez.",
    ),
    "fine_fixed": ("Fixed fine, once.", "Multa fixa, uma única vez."),
    "fine_fixed_capped": (
        "Fixed fine limited to {cap_ppm} of {base_cents}.",
        "Multa fixa limitada a {cap_ppm} de {base_cents}.",
    ),
    "fine_open": ("Fine assessed earlier and still unpaid.", "Multa aplicada antes e ainda em aberto."),
    "interest_monthly": (
        "Interest of {rate_ppm} a month ({basis}) for {days}, from after {after_on} to {until_on}.",
        "Juros de {rate_ppm} ao mês ({basis}) por {days}, depois de {after_on} até {until_on}.",
    ),
    "interest_daily": (
        "Interest of {rate_ppm} a day for {days}, from after {after_on} to {until_on}.",
        "Juros de {rate_ppm} ao dia por {days}, depois de {after_on} até {until_on}.",
    ),
    "interest_per_day": (
        "Interest of {cents_per_day} a day for {days}, from after {after_on} to {until_on}.",
        "Juros de {cents_per_day} por dia durante {days}, depois de {after_on} até {until_on}.",
    ),
    "interest_legal_month": (
        "Legal rate of {month_on}: {rate_e8} for {days} (month of {month_days}).",
        "Taxa legal de {month_on}: {rate_e8} por {days} (mês de {month_days}).",
    ),
    "interest_open": (
        "Interest left unpaid earlier: {open_cents}.",
        "Juros que ficaram em aberto: {open_cents}.",
    ),
    "interest": (
        "Simple interest on {base_cents}, rounded once.",
        "Juros simples sobre {base_cents}, arredondados uma única vez.",
    ),
    "discount": (
        "Discount for paying everything by {as_of_on}.",
        "Desconto por pagar tudo até {as_of_on}.",
    ),
    "fees": ("Costs and fees.", "Custas e honorários."),
    "total": ("Total on {as_of_on}: {total_cents}.", "Total em {as_of_on}: {total_cents}."),
}

_BASES = {
    "D30": ("month of 30 days", "mês de 30 dias"),
    "ACT_MONTH": ("days of each month", "dias de cada mês"),
    "ACT365": ("year of 365 days", "ano de 365 dias"),
    "MONTHS_PLUS_DAYS30": ("full months and days of 1/30", "meses cheios e dias de 1/30"),
}


def render(step: Step, language: str = "pt-BR") -> str:
    """Return the sentence of a step, without its amount (`step.amount_cents`) and its legal basis."""
    portuguese = language.lower().startswith("pt")
    english_text, portuguese_text = _SENTENCES[step.code]
    written = {key: _written(key, value, language) for key, value in step.params.items()}
    if "base_cents" in step.params and "open_cents" in step.params:
        corrected = step.params["base_cents"] + step.params["open_cents"]
        written["corrected_cents"] = money.format_cents(corrected, language)
    return (portuguese_text if portuguese else english_text).format(**written)


def codes() -> frozenset[str]:
    """Return every code that can be put into words."""
    return frozenset(_SENTENCES)


def _written(key: str, value: Any, language: str) -> str:
    if isinstance(value, date):
        return _month(value, language) if key == "month_on" else _day(value, language)
    if key == "basis":
        return _BASES[value][1 if language.lower().startswith("pt") else 0]
    if key.endswith("_ppm"):
        return money.format_ppm(value, language)
    if key.endswith(("_cents", "cents_per_day")):
        return money.format_cents(value, language)
    if key.endswith("days"):
        return _days(value, language)
    if key == "rate_e8":
        return _decimal(value, 6, language) + "%"
    if key == "factor_e18":
        return _decimal((value + 5 * 10**9) // 10**10, 8, language)
    return str(value)


def _days(count: int, language: str) -> str:
    word = "dia" if language.lower().startswith("pt") else "day"
    return f"{count} {word if abs(count) == 1 else word + 's'}"


def _day(day: date, language: str) -> str:
    return f"{day:%d/%m/%Y}" if language.lower().startswith("pt") else f"{day:%Y-%m-%d}"


def _month(day: date, language: str) -> str:
    return f"{day:%m/%Y}" if language.lower().startswith("pt") else f"{day:%Y-%m}"


def _decimal(value: int, places: int, language: str) -> str:
    point = "," if language.lower().startswith("pt") else "."
    whole, fraction = divmod(abs(value), 10**places)
    return f"{'-' if value < 0 else ''}{whole}{point}{fraction:0{places}d}"


def render_all(steps: tuple[Step, ...], language: str = "pt-BR") -> list[Mapping[str, Any]]:
    """Return rows for a page or a letter: sentence, amount_cents, legal_basis."""
    return [
        {"sentence": render(s, language), "amount_cents": s.amount_cents, "legal_basis": s.legal_basis} for s in steps
    ]
