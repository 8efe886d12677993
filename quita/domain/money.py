"""Money as integer centavos: exact division, reading and writing amounts.

Amounts are `int` centavos, rates `int` parts per million. Nothing here is ever a float: a float cannot hold 0.10.
"""

from __future__ import annotations

import re

from quita.domain import refusals

PPM = 1_000_000
# One quadrillion centavos (R$ 10 trillion): larger than any single debt, small enough for exact 128-bit products.
MAX_CENTS = 10**15

_DIGITS = "0123456789"
_AMOUNT = re.compile(
    r"""^(?P<sign1>[-+\u2212]?)\s*(?P<currency>R\$|BRL|\$)?\s*(?P<sign2>[-+\u2212]?)\s*
    (?P<number>[0-9][0-9.,]*|[.,][0-9]+)\s*(?P<sign3>-?)$""",
    re.VERBOSE | re.IGNORECASE,
)
# Thousands either all grouped by threes or not grouped at all.
_GROUPED = {
    ",": re.compile(r"^[0-9]{1,3}(,[0-9]{3})+$"),
    ".": re.compile(r"^[0-9]{1,3}(\.[0-9]{3})+$"),
}


def round_half_up_div(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded to the nearest integer, ties away from zero.

    Commercial rounding ("meio centavo sobe"); for negative amounts it mirrors, so that a charge and its reversal match.
    """
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def share_ppm(cents: int, rate_ppm: int) -> int:
    """Return `rate_ppm` of `cents`, rounded half up once: 2% of R$ 500.00 is share_ppm(50000, 20000) = 1000."""
    return round_half_up_div(cents * rate_ppm, PPM)


def split_evenly(total_cents: int, parts: int) -> list[int]:
    """Split an amount into `parts` shares that differ by nothing but the first, which takes the residual centavos.

    The shares always add up to the total: floor them all, put what is left in the first.
    """
    if parts < 1 or total_cents < 0:
        raise ValueError("split_evenly needs a non-negative total and at least one part")
    share, residual = divmod(total_cents, parts)
    return [share + residual, *[share] * (parts - 1)]


def parse_cents(
    text: str, *, decimal: str | None = None, allow_negative: bool = False, max_cents: int = MAX_CENTS
) -> int:
    """Read an amount written the Brazilian or the US way into centavos.

    `decimal` says which separator marks the decimals ("," or "."). Without it the last separator decides, and an amount
    like "1.234" or "1,234", which reads as a thousand here and as one and a bit there, is refused and not guessed.
    More than two decimals are refused unless the rest are zeros. Refusals: amount_missing, amount_invalid,
    amount_ambiguous, amount_negative, amount_too_large.
    """
    stripped = text.replace("\u00a0", " ").strip()
    if not stripped:
        raise refusals.Refusal("amount_missing", "The amount is missing. Write it like 1.234,56.")
    match = _AMOUNT.match(stripped)
    if match is None:
        raise _invalid(text)
    signs = [match[name] for name in ("sign1", "sign2", "sign3") if match[name]]
    if len(signs) > 1:
        raise _invalid(text)
    whole, fraction = _split_number(match["number"], decimal, text)
    cents = int(whole or "0") * 100 + int((fraction + "00")[:2])
    if fraction[2:].strip("0"):
        raise refusals.Refusal(
            "amount_too_precise",
            "The amount “%(text)s” has fractions of a centavo. Round it to two decimals.",
            {"text": text[:40]},
        )
    if cents > max_cents:
        raise refusals.Refusal(
            "amount_too_large",
            "The amount “%(text)s” exceeds the largest accepted, %(limit)s. Check the decimal separator.",
            {"text": text[:40], "limit": format_cents(max_cents)},
        )
    if signs and signs[0] != "+" and cents:
        if not allow_negative:
            raise refusals.Refusal(
                "amount_negative",
                "The amount “%(text)s” is negative and this field takes only positive amounts. "
                "Enter reductions as a rebate or a payment.",
                {"text": text[:40]},
            )
        return -cents
    return cents


def _split_number(number: str, decimal: str | None, text: str) -> tuple[str, str]:
    """Return the digits before and after the decimal separator, thousands separators checked and removed."""
    mark = decimal if decimal is not None else _decimal_mark(number, text)
    if mark not in (",", ".", ""):
        raise ValueError("decimal must be ',' or '.'")
    whole, _, fraction = number.rpartition(mark) if mark and mark in number else (number, "", "")
    if any(c not in _DIGITS for c in fraction):
        raise _invalid(text)
    thousands = {",": ".", ".": ","}.get(mark) or ("." if "." in whole else ",")
    if thousands in whole:
        if not _GROUPED[thousands].match(whole):
            raise _invalid(text)
        whole = whole.replace(thousands, "")
    if any(c not in _DIGITS for c in whole):
        raise _invalid(text)
    return whole, fraction


def _decimal_mark(number: str, text: str) -> str:
    """Find which separator marks the decimals; "" when there are none."""
    commas, dots = number.count(","), number.count(".")
    if commas and dots:
        return "," if number.rindex(",") > number.rindex(".") else "."
    if commas + dots == 0 or commas > 1 or dots > 1:
        return ""
    mark = "," if commas else "."
    whole, _, fraction = number.partition(mark)
    if len(fraction) == 3 and whole.strip("0"):
        raise refusals.Refusal(
            "amount_ambiguous",
            "The amount “%(text)s” can be read two ways. Say which character separates the decimals.",
            {"text": text[:40]},
        )
    return mark


def _invalid(text: str) -> refusals.Refusal:
    return refusals.Refusal(
        "amount_invalid",
        "“%(text)s” is not an amount. Write it like 1.234,56.",
        {"text": text[:40]},
    )


def format_cents(cents: int, language: str = "pt-BR", *, currency: bool = True) -> str:
    """Write centavos for people: "R$ 1.234,56" in pt-BR, "R$ 1,234.56" in English. Negative amounts lead with "-"."""
    whole, fraction = divmod(abs(cents), 100)
    text = f"{whole:,}.{fraction:02d}"
    if language.lower().startswith("pt"):
        text = text.translate(str.maketrans(",.", ".,"))
    sign = "-" if cents < 0 else ""
    return f"{sign}R$ {text}" if currency else f"{sign}{text}"


def format_ppm(rate_ppm: int, language: str = "pt-BR") -> str:
    """Write a rate as a percentage without needless zeros: 20000 → "2%", 333 → "0,0333%"."""
    whole, fraction = divmod(abs(rate_ppm), 10_000)
    digits = f"{fraction:04d}".rstrip("0")
    point = "," if language.lower().startswith("pt") else "."
    sign = "-" if rate_ppm < 0 else ""
    return f"{sign}{whole}{point + digits if digits else ''}%"
