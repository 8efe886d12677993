"""The fields that a file may bring, per target: what kind of cell each takes and how source systems call it.

Adding a field is one line here plus its column in quita.receivables.bulk. `synonyms` are header names without accents,
punctuation or capitals, as Brazilian and English systems write them.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CellKind = Literal["text", "id", "date", "amount", "tax_id", "emails", "phones", "uf", "ibge", "postal_code", "choice"]


@dataclass(frozen=True)
class Field:
    """One field. `length` caps texts; `choices` are the accepted values; `required` cells may not be empty."""

    key: str
    label: str | Promise
    kind: CellKind
    group: str
    required: bool = False
    length: int = 200
    choices: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


GROUPS: dict[str, str | Promise] = {
    "title": _("Title"),
    "payment": _("Payment"),
    "debtor": _("Debtor"),
    "contact": _("Contact and address"),
    "contract": _("Contract"),
    "terms": _("Discounts and charges"),
    "company": _("Company and branch"),
}

_COMPANY = (
    Field("company_tax_id", _("Company's CPF/CNPJ"), "tax_id", "company",
          synonyms=("cnpj empresa", "cnpj credor", "cnpj cedente", "cnpj beneficiario", "company tax id",
          "creditor tax id")),
    Field("branch_code", _("Branch code"), "text", "company", length=30,
          synonyms=("filial", "codigo filial", "cod filial", "unidade de negocio", "branch", "branch code", "loja")),
)  # fmt: skip

_DEBTOR = (
    Field("debtor_tax_id", _("Debtor's CPF/CNPJ"), "tax_id", "debtor",
          synonyms=("cpf", "cnpj", "cpf cnpj", "cnpj cpf", "cpfcnpj", "documento cliente", "cpf cliente",
          "cnpj cliente",
                    "cpf cnpj cliente", "cpf cnpj sacado", "cpf cnpj pagador", "tax id", "customer tax id")),
    Field("debtor_ref", _("Debtor's id in the source"), "id", "debtor", length=80,
          synonyms=("codigo cliente", "cod cliente", "id cliente", "codcliente", "cliente id", "codigo do cliente",
          "matricula",
                    "customer id", "customerid", "customer number", "debtor id")),
)  # fmt: skip

RECEIVABLES: tuple[Field, ...] = (
    Field("external_id", _("Id in the source"), "id", "title", required=True, length=80,
          synonyms=("id", "id titulo", "codigo titulo", "cod titulo", "titulo", "id fatura", "id boleto",
          "nosso numero",
                    "chave", "invoicenumber", "invoice number", "invoice id", "external id", "title id")),
    Field("number", _("Number"), "text", "title", length=60,
          synonyms=("numero", "numero titulo", "numero documento", "num documento", "nr documento", "nro documento",
          "documento",
                    "fatura", "nota fiscal", "numero fatura", "number", "document number")),
    Field("amount", _("Amount"), "amount", "title", required=True,
          synonyms=("valor", "valor titulo", "valor original", "valor nominal", "valor documento", "vlr titulo",
          "vl titulo",
                    "valor da parcela", "valor fatura", "amount", "invoiceamount", "invoice amount",
                    "original amount")),
    Field("due_on", _("Due date"), "date", "title", required=True,
          synonyms=("vencimento", "data vencimento", "data de vencimento", "dt vencimento", "dt venc", "vencto",
          "duedate",
                    "due date", "due on")),
    Field("issue_on", _("Issue date"), "date", "title",
          synonyms=("emissao", "data emissao", "data de emissao", "dt emissao", "invoicedate", "invoice date",
          "issue date")),
    Field("document_type", _("Document type"), "text", "title", length=40,
          synonyms=("especie", "tipo", "tipo documento", "tipo titulo", "especie documento", "document type")),
    Field("origin", _("Origin"), "text", "title", length=20, synonyms=("origem", "origin", "tipo de cobranca")),
    Field("billing_method", _("Billing method"), "text", "title", length=40,
          synonyms=("forma cobranca", "forma de cobranca", "meio de cobranca", "forma pagamento", "portador",
          "paperlessbill",
                    "billing method")),
    *_DEBTOR,
    Field("debtor_name", _("Debtor's name"), "text", "debtor", required=True,
          synonyms=("nome", "cliente", "nome cliente", "nome do cliente", "razao social", "sacado", "pagador",
          "devedor",
                    "nome sacado", "condomino", "inquilino", "assinante", "customer", "customer name", "name")),
    Field("debtor_kind", _("Person or organisation"), "choice", "debtor", choices=("person", "organization"),
          synonyms=("tipo pessoa", "pf pj", "fisica juridica", "person type")),
    Field("debtor_type", _("Customer type"), "text", "debtor", length=40, synonyms=("tipo cliente", "customer type")),
    Field("debtor_segment", _("Segment"), "text", "debtor", length=60, synonyms=("segmento", "segment")),
    Field("emails", _("E-mails"), "emails", "contact",
          synonyms=("email", "e mail", "emails", "email cliente", "e mail cliente", "correio eletronico")),
    Field("phones", _("Phones"), "phones", "contact",
          synonyms=("telefone", "telefones", "celular", "fone", "whatsapp", "telefone celular", "phone", "mobile")),
    Field("address_line", _("Address"), "text", "contact",
          synonyms=("endereco", "logradouro", "rua", "endereco completo", "address", "street")),
    Field("district", _("District"), "text", "contact", length=80, synonyms=("bairro", "district")),
    Field("city", _("City"), "text", "contact", length=80, synonyms=("cidade", "municipio", "city")),
    Field("uf", _("State (UF)"), "uf", "contact", synonyms=("uf", "estado", "state")),
    Field("ibge_code", _("IBGE municipality code"), "ibge", "contact",
          synonyms=("ibge", "codigo ibge", "cod ibge", "codigo municipio", "ibge code")),
    Field("postal_code", _("Postal code (CEP)"), "postal_code", "contact", synonyms=("cep", "postal code", "zip")),
    Field("contract_number", _("Contract number"), "text", "contract", length=60,
          synonyms=("contrato", "numero contrato", "nr contrato", "cod contrato", "contract", "contract number")),
    Field("contract_kind", _("Kind of contract"), "choice", "contract",
          choices=("sale", "rental", "subscription", "condominium_unit", "other"), synonyms=("tipo contrato",
          "contract kind")),
    Field("contract_plan", _("Plan"), "text", "contract", length=80, synonyms=("plano", "plan")),
    Field("contract_unit", _("Unit or property"), "text", "contract", length=120,
          synonyms=("unidade", "apartamento", "apto", "imovel", "lote", "bloco unidade", "unit")),
    Field("contract_city", _("City of the property"), "text", "contract", length=80, synonyms=("cidade imovel",
          "cidade contrato")),
    Field("contract_started_on", _("Start of the contract"), "date", "contract",
          synonyms=("inicio contrato", "data contrato", "contract start")),
    Field("rebate", _("Rebate"), "amount", "terms", synonyms=("abatimento", "valor abatimento", "rebate")),
    Field("discount1", _("Discount 1"), "amount", "terms", synonyms=("desconto", "valor desconto", "desconto 1",
          "discount")),
    Field("discount1_until_on", _("Discount 1 until"), "date", "terms",
          synonyms=("desconto ate", "data desconto", "data limite desconto", "data desconto 1", "discount until")),
    Field("discount2", _("Discount 2"), "amount", "terms", synonyms=("desconto 2",)),
    Field("discount2_until_on", _("Discount 2 until"), "date", "terms", synonyms=("data desconto 2",)),
    Field("discount3", _("Discount 3"), "amount", "terms", synonyms=("desconto 3",)),
    Field("discount3_until_on", _("Discount 3 until"), "date", "terms", synonyms=("data desconto 3",)),
    Field("policy", _("Charge policy"), "text", "terms", length=80, synonyms=("politica de encargos", "charge policy")),
    Field("paid_on", _("Paid on"), "date", "payment",
          synonyms=("pagamento", "data pagamento", "data de pagamento", "dt pagamento", "data baixa", "data liquidacao",
                    "settleddate", "settled date", "paid on", "payment date")),
    Field("paid_amount", _("Amount paid"), "amount", "payment",
          synonyms=("valor pago", "vlr pago", "valor recebido", "valor baixa", "amount paid", "paid amount")),
    *_COMPANY,
)  # fmt: skip

PAYMENTS: tuple[Field, ...] = (
    Field("external_id", _("Id of the payment in the source"), "id", "payment", required=True, length=80,
          synonyms=("id pagamento", "id baixa", "id recebimento", "nsu", "autenticacao", "end to end", "e2e", "txid",
                    "payment id", "receipt id")),
    Field("paid_on", _("Paid on"), "date", "payment", required=True,
          synonyms=("pagamento", "data pagamento", "data de pagamento", "dt pagamento", "data baixa", "data liquidacao",
                    "data recebimento", "settleddate", "settled date", "paid on", "payment date")),
    Field("amount", _("Amount paid"), "amount", "payment", required=True,
          synonyms=("valor pago", "vlr pago", "valor recebido", "valor baixa", "valor", "amount paid",
          "paid amount", "amount")),
    Field("method", _("Method"), "text", "payment", length=40,
          synonyms=("forma pagamento", "forma de pagamento", "meio pagamento", "meio de pagamento", "method")),
    Field("title_external_id", _("Title's id in the source"), "id", "title", length=80,
          synonyms=("id titulo", "codigo titulo", "cod titulo", "titulo", "id fatura", "id boleto", "nosso numero",
                    "invoicenumber", "invoice number", "title id")),
    Field("title_number", _("Title's number"), "text", "title", length=60,
          synonyms=("numero titulo", "numero documento", "nr documento", "documento", "fatura", "numero fatura",
          "document number")),
    *_DEBTOR,
    *_COMPANY,
)  # fmt: skip

BY_TARGET: dict[str, tuple[Field, ...]] = {"receivables": RECEIVABLES, "payments": PAYMENTS}


def of(target: str) -> dict[str, Field]:
    """The fields of a target by key, in the order in which people look for them."""
    return {field.key: field for field in BY_TARGET[target]}
