"""How values are written for people: money, days, instants, documents, phones.

Pure functions of a value and a language code (`pt-br` or `en`); the template tags pass the active language. Amounts are
integer centavos and stay integers all the way: no float is ever formed.
"""

import datetime as dt

SEPARATORS = {"en": (",", ".")}
PORTUGUESE = (".", ",")
SHORT_UNITS = {"en": ((10**11, "bn"), (10**8, "m"), (10**5, "k"))}
PORTUGUESE_UNITS = ((10**11, "bi"), (10**8, "mi"), (10**5, "mil"))
NBSP = "\u00a0"
MINUS = "\u2212"
MONTHS_EN = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def _separators(language: str) -> tuple[str, str]:
    return SEPARATORS.get(language, PORTUGUESE)


def count(value: int, language: str) -> str:
    """An integer with thousand separators."""
    text = f"{abs(value):,}".replace(",", _separators(language)[0])
    return MINUS + text if value < 0 else text


def money(cents: int, language: str, *, symbol: bool = False) -> str:
    """Centavos as `10.232,50`; with the symbol `R$ 10.232,50`, kept on one line."""
    units, rest = divmod(abs(cents), 100)
    text = f"{count(units, language)}{_separators(language)[1]}{rest:02d}"
    text = f"R${NBSP}{text}" if symbol else text
    return MINUS + text if cents < 0 else text


def money_short(cents: int, language: str) -> str:
    """Centavos to three figures: `R$ 2,44 mi`. For tiles and axes only; the full amount stands in a title or table."""
    for size, unit in SHORT_UNITS.get(language, PORTUGUESE_UNITS):
        if abs(cents) >= size:
            hundredths = (abs(cents) * 100 + size // 2) // size
            whole, rest = divmod(hundredths, 100)
            decimals = f"{rest:02d}" if whole < 10 else f"{rest:02d}"[:1] if whole < 100 else ""
            tail = f"{_separators(language)[1]}{decimals}" if decimals.strip("0") else ""
            sign = MINUS if cents < 0 else ""
            return f"{sign}R${NBSP}{count(whole, language)}{tail}{NBSP}{unit}"
    return money(cents, language, symbol=True).removesuffix(f"{_separators(language)[1]}00")


def percent(ppm: int, language: str) -> str:
    """Parts per million as a percentage without idle zeros: 20000 → `2%`, 33300 → `3,33%`."""
    whole, rest = divmod(abs(ppm), 10_000)
    decimals = f"{rest:04d}".rstrip("0")
    text = count(whole, language) + (_separators(language)[1] + decimals if decimals else "")
    return f"{MINUS if ppm < 0 else ''}{text}%"


def day(value: dt.date, language: str) -> str:
    """21/11/2026; in English 21 Nov 2026, which nobody reads the wrong way round."""
    if language == "en":
        return f"{value.day}{NBSP}{MONTHS_EN[value.month - 1]}{NBSP}{value.year}"
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


def day_short(value: dt.date, language: str) -> str:
    """21/11; in English 21 Nov."""
    if language == "en":
        return f"{value.day}{NBSP}{MONTHS_EN[value.month - 1]}"
    return f"{value.day:02d}/{value.month:02d}"


def moment(local: dt.datetime, language: str) -> str:
    """An instant that is already in local time, to the minute."""
    return f"{day(local.date(), language)}{NBSP}{local.hour:02d}:{local.minute:02d}"


def tax_id(value: str) -> str:
    """CPF `123.456.789-09` or CNPJ `12.ABC.345/01DE-35`; anything else as it came."""
    if len(value) == 11:
        return f"{value[:3]}.{value[3:6]}.{value[6:9]}-{value[9:]}"
    if len(value) == 14:
        return f"{value[:2]}.{value[2:5]}.{value[5:8]}/{value[8:12]}-{value[12:]}"
    return value


def masked_tax_id(value: str) -> str:
    """Enough to tell two people apart, not enough to be them: `***.456.789-**`, `**.345.678/0001-**`."""
    if len(value) == 11:
        return f"***.{value[3:6]}.{value[6:9]}-**"
    if len(value) == 14:
        return f"**.{value[2:5]}.{value[5:8]}/{value[8:12]}-**"
    return "*" * len(value)


def phone(value: str) -> str:
    """+5511987654321 or 11987654321 as `(11) 98765-4321`; foreign numbers as they came."""
    digits = value.removeprefix("+55") if value.startswith("+") else value
    if not digits.isdigit() or len(digits) not in (10, 11):
        return value
    return f"({digits[:2]}) {digits[2:-4]}-{digits[-4:]}"


def masked_phone(value: str) -> str:
    """`(11) *****-4321`."""
    text = phone(value)
    if text == value:
        return "*" * max(len(value) - 4, 0) + value[-4:]
    head, tail = text[5:].split("-")
    return f"{text[:5]}{'*' * len(head)}-{tail}"


def masked_email(value: str) -> str:
    """`a***@example.com`."""
    name, at, host = value.partition("@")
    return f"{name[:1]}***{at}{host}" if at else "***"
