"""The values placeholders stand for: amounts, dates and tables that know how a Brazilian reader expects them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip


class Money(int):
    """Integer centavos that read as "R$ 1.234,56". Debtors are written to in Portuguese, whoever wrote the template."""

    def __str__(self) -> str:
        # Written out here because a letter holds dozens of amounts; a test holds it against `money.format_cents`.
        reais, cents = divmod(abs(self), 100)
        return f"{'-' if self < 0 else ''}R$ {reais:,}".replace(",", ".") + f",{cents:02d}"


class Day(dt.date):
    """A date that reads as "20/11/2026"."""

    @classmethod
    def of(cls, day: dt.date) -> Day:
        """The same day as a placeholder value."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        return f"{self.day:02d}/{self.month:02d}/{self.year:04d}"


@dataclass(frozen=True)
class Block:
    """A value that is a paragraph of its own: ready HTML and ready text."""

    html: str
    text: str

    def __str__(self) -> str:
        return self.text


def long_date(day: dt.date) -> str:
    """Write a date in words: "20 de novembro de 2026"."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"
