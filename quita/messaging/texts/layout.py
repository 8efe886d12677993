"""The frame of every letter: the creditor's name above, its identification and the way out below.

The footer is not a template's choice: name, address and CPF/CNPJ of the creditor belong on every collection document
(CDC art. 42-A), and so do how to contest and how to stop the messages.
"""

from __future__ import annotations

import html
from functools import lru_cache

from quita.domain import documents
from quita.messaging.texts import styles
from quita.messaging.texts.facts import Creditor

_HEAD = """<!DOCTYPE html>
<html lang="pt-BR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<style>@media (prefers-color-scheme:dark){
.q-page{background:#12171e!important}.q-card{background:#1b232d!important;color:#e8edf3!important}
.q-card h1,.q-card h2,.q-card h3,.q-head{color:#e8edf3!important}.q-card a{color:#8ebcff!important}
.q-card th,.q-card td,.q-card hr,.q-foot,.q-head{border-color:#364352!important}
.q-card th,.q-muted,.q-foot,.q-card blockquote{color:#aab6c4!important}}
</style>"""


@lru_cache(maxsize=256)
def html_frame(creditor: Creditor, opt_out: str) -> tuple[str, str, str]:
    """Return what stands before the subject (as the page's title), between it and the body, and after the body.

    The last piece ends where the reference of the message goes; `html_letter` closes the page.
    """
    name = html.escape(creditor.name or creditor.legal_name)
    lines = "<br>".join(html.escape(line) for line in identification(creditor))
    body_style = f"margin:0;padding:0;background:#f3f5f8;{styles.FONT};"
    before = f"{_HEAD}<title>"
    between = (
        f'</title></head><body class="q-page" style="{body_style}">'
        '<table role="presentation" class="q-page" '
        'style="width:100%;border-collapse:collapse;background:#f3f5f8;"><tr>'
        '<td style="padding:24px 12px;" align="center">'
        '<table role="presentation" class="q-card" style="width:100%;max-width:640px;'
        f'border-collapse:collapse;background:#ffffff;color:{styles.INK};{styles.FONT};font-size:16px;line-height:24px;">'
        f'<tr><td class="q-head" style="padding:20px 24px;border-bottom:1px solid {styles.RULE};'
        f'font-size:17px;font-weight:600;">'
        f'{name}</td></tr><tr><td style="padding:24px 24px 8px;">'
    )
    after = (
        f'</td></tr><tr><td class="q-foot" style="padding:16px 24px 22px;border-top:1px solid {styles.RULE};'
        f'font-size:13px;line-height:19px;color:{styles.MUTED};">{lines}'
        f"<br><br>{html.escape(opt_out)}<br><br>Referência: "
    )
    return before, between, after


def html_letter(creditor: Creditor, subject: str, body: str, opt_out: str, reference: str) -> str:
    """Return the whole HTML page of a letter."""
    before, between, after = html_frame(creditor, opt_out)
    end = "</td></tr></table></td></tr></table></body></html>\n"
    return f"{before}{html.escape(subject)}{between}{body}{after}{html.escape(reference)}{end}"


def text_letter(creditor: Creditor, body: str, opt_out: str, reference: str) -> str:
    """Return the whole plain text of a letter."""
    return f"{body}\n-- \n" + "\n".join([*identification(creditor), "", opt_out, "", f"Referência: {reference}", ""])


@lru_cache(maxsize=256)
def identification(creditor: Creditor) -> tuple[str, ...]:
    """The creditor's legal name, CPF/CNPJ, address and ways to reach people."""
    kind = "CPF" if len(creditor.tax_id) == 11 else "CNPJ"
    reach = " · ".join(part for part in (creditor.phone, creditor.email) if part)
    lines = (creditor.legal_name, f"{kind} {formatted_tax_id(creditor.tax_id)}", creditor.address, reach)
    return tuple(line for line in lines if line)


def formatted_tax_id(tax_id: str) -> str:
    """Write a CPF or CNPJ with its usual dots; leave anything else as it is."""
    try:
        return documents.format_document(tax_id)
    except ValueError:
        return tax_id
