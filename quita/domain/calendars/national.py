"""National holidays and the additional days on which banks do not open, by rule.

Sources: Lei 662/1949 (as amended by Lei 10.607/2002), Lei 6.802/1980 (12 Oct), Lei 9.093/1995, Lei 14.759/2023
(20 Nov from 2024 on); for banks Resolução CMN 4.880/2020 and the yearly list of FEBRABAN.
"""

from __future__ import annotations

from datetime import date, timedelta

# (month, day, first year it is a holiday, name)
_FIXED = (
    (1, 1, 1900, "Confraternização Universal"),
    (4, 21, 1900, "Tiradentes"),
    (5, 1, 1900, "Dia do Trabalho"),
    (9, 7, 1900, "Independência do Brasil"),
    (10, 12, 1980, "Nossa Senhora Aparecida"),
    (11, 2, 1900, "Finados"),
    (11, 15, 1900, "Proclamação da República"),
    (11, 20, 2024, "Consciência Negra"),
    (12, 25, 1900, "Natal"),
)


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def national_days(year: int) -> dict[date, str]:
    """Return the national civil holidays of a year, Good Friday included."""
    days = {date(year, month, day): name for month, day, since, name in _FIXED if year >= since}
    days.setdefault(easter(year) - timedelta(days=2), "Sexta-feira da Paixão")
    return days


def bank_days(year: int) -> dict[date, str]:
    """Return the days on which banks are closed nationwide: the national ones, Carnival and Corpus Christi.

    Ash Wednesday is a business day although branches open at noon; 24 and 31 December are business days as well (the
    calendar of the stock exchange, which closes on them, is another one).
    """
    days = national_days(year)
    sunday = easter(year)
    days.setdefault(sunday - timedelta(days=48), "Carnaval (segunda-feira)")
    days.setdefault(sunday - timedelta(days=47), "Carnaval (terça-feira)")
    days.setdefault(sunday + timedelta(days=60), "Corpus Christi")
    return days
