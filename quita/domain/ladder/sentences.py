"""When a step happens, in words: "10 dias após o vencimento, repete a cada 7 dias no máximo 3 vezes"."""

from __future__ import annotations

from quita.domain.conditions.registry import is_portuguese
from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft


def timing(step: StepDraft, language: str) -> str:
    """The day and the repeats, without a capital or a full stop."""
    if step.offset_days is None:
        return "dia a definir" if is_portuguese(language) else "no day yet"
    day = day_words(step.offset_days, step.basis, language)
    every, times = step.repeat_every_days, step.repeat_at_most
    if not every or not times:
        return day
    unit = _unit(every, step.basis, language)
    if is_portuguese(language):
        return f"{day}, repete a cada {every} {unit} no máximo {times} {'vez' if times == 1 else 'vezes'}"
    return f"{day}, repeating every {every} {unit} at most {times} {'time' if times == 1 else 'times'}"


def day_words(offset: int, basis: str, language: str) -> str:
    """One day of a ladder: "3 dias antes do vencimento", "no dia do vencimento", "5 dias úteis após o vencimento"."""
    portuguese = is_portuguese(language)
    if offset == 0:
        return "no dia do vencimento" if portuguese else "on the due date"
    days = abs(offset)
    unit = _unit(days, basis, language)
    if portuguese:
        return f"{days} {unit} {'antes do' if offset < 0 else 'após o'} vencimento"
    return f"{days} {unit} {'before' if offset < 0 else 'after'} the due date"


def day_mark(offset: int | None) -> str:
    """The short form of a day: D−3, D, D+10."""
    if offset is None:
        return "D?"
    if offset == 0:
        return "D"
    return f"D+{offset}" if offset > 0 else f"D\u2212{-offset}"


def _unit(days: int, basis: str, language: str) -> str:
    one = days == 1
    if is_portuguese(language):
        unit = "dia" if one else "dias"
        return unit if basis == rules.CALENDAR else ("dia útil" if one else "dias úteis")
    unit = "day" if one else "days"
    return unit if basis == rules.CALENDAR else f"business {unit}"
