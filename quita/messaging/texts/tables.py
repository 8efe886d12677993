"""The ready-made table of titles: every addition apart, as Lei 6.854/2014 (RJ), art. 2, asks in any form of collection.

Three columns and no more, so that it reads on a telephone: the title, what its amount is made of, the amount.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from quita.messaging.texts import styles
from quita.messaging.texts.facts import TitleFacts
from quita.messaging.texts.values import Block, Day, Money

_CELL = styles.OF_TAG["td"]
_HEAD = styles.OF_TAG["th"]
_RIGHT = "text-align:right;white-space:nowrap;"
_SMALL = f"font-size:13px;line-height:19px;color:{styles.MUTED};"


def titles_table(titles: Sequence[TitleFacts]) -> Block:
    """Return the table of the letter's titles with their total, as HTML and as text."""
    total = sum(title.updated_cents for title in titles)
    return Block(_html(titles, total), _text(titles, total))


def composition(title: TitleFacts) -> list[tuple[str, int]]:
    """What an updated amount is made of, in reading order; parts that are zero are left out, the original never."""
    parts = [
        ("Valor original", title.original_cents),
        ("Já pago", -title.paid_cents),
        ("Correção monetária", title.correction_cents),
        ("Multa", title.fine_cents),
        ("Juros de mora", title.interest_cents),
        ("Outros encargos", title.fees_cents),
        ("Descontos e abatimentos", -title.discount_cents),
    ]
    return [(label, cents) for label, cents in parts if cents or label == "Valor original"]


def lateness(days: int) -> str:
    """Write days past due for the debtor: nothing to reproach before the due date."""
    if days <= 0:
        return "a vencer" if days < 0 else "no prazo"
    return "1 dia de atraso" if days == 1 else f"{days} dias de atraso"


def _html(titles: Sequence[TitleFacts], total: int) -> str:
    rows = []
    for title in titles:
        parts = "<br>".join(f"{label}: {Money(cents)}" for label, cents in composition(title))
        rows.append(
            f'<tr><td style="{_CELL}"><strong>{html.escape(title.number)}</strong><br>'
            f'<span class="q-muted" style="{_SMALL}">vencimento {Day.of(title.due_on)}<br>'
            f"{lateness(title.days_past_due)}</span></td>"
            f'<td class="q-muted" style="{_CELL}{_SMALL}">{parts}</td>'
            f'<td style="{_CELL}{_RIGHT}"><strong>{Money(title.updated_cents)}</strong></td></tr>'
        )
    if len(titles) > 1:
        rows.append(
            f'<tr><td style="{_CELL}" colspan="2"><strong>Total atualizado</strong></td>'
            f'<td style="{_CELL}{_RIGHT}"><strong>{Money(total)}</strong></td></tr>'
        )
    return (
        f'<table style="{styles.OF_TAG["table"]}"><thead><tr><th style="{_HEAD}">Título</th>'
        f'<th style="{_HEAD}">Composição</th>'
        f'<th style="{_HEAD}{_RIGHT}">Valor atualizado</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _text(titles: Sequence[TitleFacts], total: int) -> str:
    lines = []
    for title in titles:
        lines.append(f"Título {title.number}, vencimento {Day.of(title.due_on)} ({lateness(title.days_past_due)})")
        lines += [f"  {label}: {Money(cents)}" for label, cents in composition(title)]
        lines += [f"  Valor atualizado: {Money(title.updated_cents)}", ""]
    if len(titles) > 1:
        lines += [f"Total atualizado: {Money(total)}", ""]
    return "\n".join(lines)
