"""The default registry: what rules can ask about titles, debtors, contracts, companies and cases.

SQL aliases a query must join for the fields it uses (`Field.aliases` tells which): `r` receivable, `d` debtor, `ct`
contract, `co` company, `cs` open case of the title, `pp` open phase period, `agg` totals of the open past-due titles
of the case, `due_day` and `today_day` rows of the receivable's calendar for its due date and for today. The named
parameter `today` is always given. All joins but `r`, `d` and `co` are outer joins.
"""

from __future__ import annotations

from quita.domain.conditions.registry import Choice, Field, Registry

_UFS: tuple[str, ...] = ("AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA")
_UFS += ("PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO")

# Zero while the title can still be paid without charges (a due date on a holiday moves to the next business day),
# negative before the due date, and from then on counted from the original due date.
_DAYS_PAST_DUE = (
    "(case when r.due_on is null then null"
    " when %(today)s::date <= due_day.next_business_on then least(%(today)s::date - r.due_on, 0)"
    " else %(today)s::date - r.due_on end)"
)
_BUSINESS_DAYS_PAST_DUE = (
    "(case when r.due_on is null then null"
    " when %(today)s::date <= due_day.next_business_on then least(today_day.business_seq - due_day.business_seq, 0)"
    " else today_day.business_seq - due_day.business_seq end)"
)

_TITLE = (
    Field(
        "title.days_past_due",
        "int",
        "days past due",
        "dias de atraso",
        "days_past_due",
        _DAYS_PAST_DUE,
        "title",
        unit="days",
    ),
    Field(
        "title.business_days_past_due",
        "int",
        "business days past due",
        "dias úteis de atraso",
        "business_days_past_due",
        _BUSINESS_DAYS_PAST_DUE,
        "title",
        unit="business_days",
    ),
    Field("title.balance", "money", "title balance", "saldo do título", "balance_cents", "r.balance_cents", "title"),
    Field(
        "title.original", "money", "original amount", "valor original", "original_cents", "r.original_cents", "title"
    ),
    Field("title.due_on", "date", "due date", "vencimento", "due_on", "r.due_on", "title"),
    Field("title.issue_on", "date", "issue date", "emissão", "issue_on", "r.issue_on", "title"),
    Field(
        "title.document_type",
        "choice",
        "document type",
        "tipo de documento",
        "document_type",
        "r.document_type",
        "title",
    ),
    Field(
        "title.billing_method",
        "choice",
        "billing method",
        "forma de cobrança",
        "billing_method",
        "r.billing_method",
        "title",
    ),
    Field("title.number", "text", "title number", "número do título", "number", "r.number", "title"),
    Field("title.origin", "choice", "origin", "origem", "origin", "r.origin", "title"),
)

_DEBTOR = (
    Field(
        "debtor.kind",
        "choice",
        "kind of debtor",
        "tipo de pessoa",
        "debtor_kind",
        "d.kind",
        "debtor",
        choices=(
            Choice("person", "person", "pessoa física"),
            Choice("organization", "organization", "pessoa jurídica"),
        ),
    ),
    Field("debtor.type", "choice", "customer type", "tipo de cliente", "debtor_type", "d.debtor_type", "debtor"),
    Field(
        "debtor.segment", "choice", "customer segment", "segmento do cliente", "debtor_segment", "d.segment", "debtor"
    ),
    Field("debtor.city", "text", "city", "cidade", "debtor_city", "d.city", "debtor"),
    Field(
        "debtor.uf",
        "choice",
        "state",
        "UF",
        "debtor_uf",
        "d.uf",
        "debtor",
        choices=tuple(Choice(uf, uf, uf) for uf in _UFS),
    ),
    Field(
        "debtor.name",
        "text",
        "debtor name",
        "nome do devedor",
        "debtor_name",
        "d.name",
        "debtor",
        key_sql="d.name_key",
    ),
    Field(
        "debtor.has_email",
        "flag",
        "debtor has an e-mail",
        "devedor tem e-mail",
        "debtor_has_email",
        "d.has_email",
        "debtor",
        missing=False,
        denied_en="debtor has no e-mail",
        denied_pt="devedor não tem e-mail",
    ),
    Field(
        "debtor.has_phone",
        "flag",
        "debtor has a phone",
        "devedor tem telefone",
        "debtor_has_phone",
        "d.has_phone",
        "debtor",
        missing=False,
        denied_en="debtor has no phone",
        denied_pt="devedor não tem telefone",
    ),
)

_CONTRACT = (
    Field(
        "contract.kind",
        "choice",
        "kind of contract",
        "tipo de contrato",
        "contract_kind",
        "ct.kind",
        "contract",
        choices=(
            Choice("sale", "sale", "venda"),
            Choice("rental", "rental", "locação"),
            Choice("subscription", "subscription", "assinatura"),
            Choice("condominium_unit", "condominium unit", "unidade condominial"),
            Choice("other", "other", "outro"),
        ),
    ),
    Field(
        "contract.number", "text", "contract number", "número do contrato", "contract_number", "ct.number", "contract"
    ),
    Field("contract.plan", "text", "plan", "plano", "contract_plan", "ct.plan", "contract"),
    Field("contract.unit", "text", "unit", "unidade", "contract_unit", "ct.unit", "contract"),
    Field("contract.city", "text", "contract city", "cidade do contrato", "contract_city", "ct.city", "contract"),
)

_COMPANY = (
    Field("company.id", "id", "company", "empresa", "company_id", "r.company_id", "company"),
    Field(
        "company.type",
        "choice",
        "company type",
        "tipo de empresa",
        "company_type",
        "co.company_type",
        "company",
        choices=(
            Choice("condominium", "condominium", "condomínio"),
            Choice("isp", "internet provider", "provedor de internet"),
            Choice("developer", "property developer", "incorporadora"),
            Choice("landlord", "landlord", "locadora"),
            Choice("retail", "retail", "varejo"),
            Choice("other", "other", "outro"),
        ),
    ),
    Field(
        "company.segment",
        "choice",
        "company segment",
        "segmento da empresa",
        "company_segment",
        "co.segment",
        "company",
    ),
    Field("branch.id", "id", "branch", "filial", "branch_id", "r.branch_id", "company"),
)

_CASE = (
    Field("case.portfolio", "id", "portfolio", "carteira de cobrança", "portfolio_id", "cs.portfolio_id", "case"),
    Field("case.phase", "id", "phase", "fase de cobrança", "phase_id", "pp.phase_id", "case"),
    Field(
        "case.balance",
        "money",
        "past-due balance of the case",
        "saldo vencido da cobrança",
        "case_balance_cents",
        "agg.balance_cents",
        "case",
        missing=0,
    ),
    Field(
        "case.titles",
        "int",
        "past-due titles of the case",
        "títulos vencidos da cobrança",
        "case_title_count",
        "agg.title_count",
        "case",
        unit="titles",
        missing=0,
    ),
    Field(
        "case.days_past_due",
        "int",
        "longest delay of the case in days",
        "maior atraso da cobrança em dias",
        "case_days_past_due",
        "agg.max_days_past_due",
        "case",
        unit="days",
    ),
    Field(
        "case.is_open",
        "flag",
        "case is open",
        "cobrança está aberta",
        "case_is_open",
        "(cs.id is not null and cs.closed_on is null)",
        "case",
        missing=False,
        denied_en="there is no open case",
        denied_pt="não há cobrança aberta",
    ),
)

DEFAULT = Registry((*_TITLE, *_DEBTOR, *_CONTRACT, *_COMPANY, *_CASE))
