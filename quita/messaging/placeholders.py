"""The registry of placeholders a template may use, with their types and their meaning in both languages.

One line here is all it takes to document a placeholder; `texts.context` fills it in, and a test asks that both agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a placeholder holds. MONEY is centavos written as R$, LIST is gone through with `{% for %}`."""

    TEXT = "text"
    MONEY = "money"
    DATE = "date"
    COUNT = "count"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True)
class Placeholder:
    """`path` is what people write between braces; inside a list it starts with `titles[]`."""

    path: str
    kind: Kind
    label_pt: str
    label_en: str
    in_subject: bool = False

    @property
    def source(self) -> str:
        """What the palette inserts into the text."""
        return "{{ " + self.path.replace("titles[].", "titulo.") + " }}"

    def label(self, language: str) -> str:
        """The meaning in Portuguese or, for any other language, English."""
        return self.label_pt if language.lower().startswith("pt") else self.label_en


def _money(path: str, label_pt: str, label_en: str) -> Placeholder:
    return Placeholder(path, Kind.MONEY, label_pt, label_en)


def _text(path: str, label_pt: str, label_en: str, *, in_subject: bool = True) -> Placeholder:
    return Placeholder(path, Kind.TEXT, label_pt, label_en, in_subject)


PLACEHOLDERS: tuple[Placeholder, ...] = (
    _text(
        "debtor.first_name",
        "Primeiro nome do devedor (razão social, se empresa)",
        "Debtor's first name (an organisation's full name)",
    ),
    _text(
        "debtor.name",
        "Nome do devedor: completo só depois de confirmado o contato; antes disso, o primeiro nome",
        "Debtor's name: in full only once the contact point is verified, the first name before that",
    ),
    _text(
        "creditor.name",
        "Nome fantasia da empresa credora, ou a razão social",
        "Creditor's trade name, or its legal name",
    ),
    _text("creditor.legal_name", "Razão social da empresa credora", "Creditor's legal name"),
    _text("creditor.tax_id", "CNPJ ou CPF da empresa credora", "Creditor's CNPJ or CPF"),
    _text("creditor.address", "Endereço completo da empresa credora", "Creditor's full address", in_subject=False),
    _text("creditor.phone", "Telefone da empresa credora", "Creditor's phone"),
    _text("creditor.email", "E-mail para respostas", "E-mail for replies"),
    Placeholder(
        "today",
        Kind.DATE,
        "Data do envio, à qual os valores estão atualizados",
        "Day of sending, on which amounts are worked out",
        True,
    ),
    Placeholder(
        "titles",
        Kind.LIST,
        "Os títulos da mensagem, do mais antigo ao mais novo: use {% for titulo in titles %}",
        "The titles of the message, oldest first: use {% for titulo in titles %}",
    ),
    _text("titles[].number", "Número do título", "Number of the title"),
    _text("titles[].contract", "Número do contrato do título", "Contract of the title"),
    _text("titles[].unit", "Unidade ou imóvel do título", "Unit or property of the title"),
    Placeholder("titles[].due_on", Kind.DATE, "Vencimento do título", "Due date of the title"),
    Placeholder("titles[].days_past_due", Kind.COUNT, "Dias de atraso do título", "Days past due of the title"),
    _money("titles[].original", "Valor original do título", "Original amount of the title"),
    _money("titles[].paid", "Valor já pago do principal do título", "Principal already paid of the title"),
    _money("titles[].balance", "Saldo do principal do título", "Open principal of the title"),
    _money("titles[].correction", "Correção monetária do título", "Monetary correction of the title"),
    _money("titles[].fine", "Multa do título", "Late fee of the title"),
    _money("titles[].interest", "Juros de mora do título", "Default interest of the title"),
    _money("titles[].discount", "Descontos e abatimentos do título", "Discounts and rebates of the title"),
    _money(
        "titles[].updated",
        "Valor atualizado do título na data do envio",
        "Amount that clears the title on the day of sending",
    ),
    Placeholder("totals.count", Kind.COUNT, "Quantidade de títulos", "Number of titles", True),
    _money("totals.original", "Soma dos valores originais", "Sum of the original amounts"),
    _money("totals.paid", "Soma do principal já pago", "Sum of the principal already paid"),
    _money("totals.balance", "Soma dos saldos de principal", "Sum of the open principal"),
    _money("totals.correction", "Soma da correção monetária", "Sum of the monetary correction"),
    _money("totals.fine", "Soma das multas", "Sum of the late fees"),
    _money("totals.interest", "Soma dos juros de mora", "Sum of the default interest"),
    _money("totals.discount", "Soma dos descontos e abatimentos", "Sum of the discounts and rebates"),
    _money(
        "totals.updated",
        "Total atualizado na data do envio",
        "Total that clears everything on the day of sending",
    ),
    Placeholder(
        "titles_table",
        Kind.TABLE,
        "Tabela pronta dos títulos, com cada acréscimo separado (sozinha na linha)",
        "Ready-made table of the titles, every addition apart (alone on its line)",
    ),
    Placeholder("oldest_due_on", Kind.DATE, "Vencimento mais antigo", "Oldest due date"),
    Placeholder(
        "oldest_days_past_due",
        Kind.COUNT,
        "Dias de atraso do título mais antigo",
        "Days past due of the oldest title",
    ),
    _text(
        "payment_instructions",
        "Como pagar, do cadastro da empresa",
        "How to pay, from the company's record",
        in_subject=False,
    ),
    _text(
        "opt_out_line",
        "Como contestar ou deixar de receber mensagens",
        "How to dispute or stop receiving messages",
        in_subject=False,
    ),
    _text(
        "case.reference",
        "Referência desta mensagem, para o atendimento",
        "Reference of this message, for people who answer the phone",
    ),
)  # fmt: skip

BY_PATH = {placeholder.path: placeholder for placeholder in PLACEHOLDERS}
ROOTS = frozenset(path.partition(".")[0].removesuffix("[]") for path in BY_PATH)


def of_titles() -> Iterator[Placeholder]:
    """The placeholders of one title inside the list."""
    return (placeholder for placeholder in PLACEHOLDERS if placeholder.path.startswith("titles[]."))
