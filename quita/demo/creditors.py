"""Who is owed in the town: four buildings under one administrator, an internet provider, a developer and a shop."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from quita.demo import words
from quita.domain import charges
from quita.domain.charges import ChargePolicy, Discount

NO_INDEX = charges.NO_INDEX


@dataclass(frozen=True)
class Policy:
    """A charge policy of the town."""

    key: str
    name: str
    regime: str
    terms: ChargePolicy


@dataclass(frozen=True)
class Creditor:
    """A company of the town; `policy` is its usual one."""

    key: str
    city: words.City
    policy: str
    fields: Mapping[str, Any] = field(repr=False)


def _policy(key: str, name: str, regime: str, basis: str, **terms: Any) -> Policy:
    in_force = charges.regime_on(regime, charges.policies.TAXA_LEGAL_SINCE)
    made = charges.policy_for(in_force, **terms)
    made = replace(
        made,
        fine_legal_basis=f"{basis}; {made.fine_legal_basis}",
        interest_legal_basis=f"{basis}; {made.interest_legal_basis}"
        if "interest_ppm" in terms
        else made.interest_legal_basis,
    )
    return Policy(key, name, regime, made)


# What each building's convention says decides, point by point (CC art. 1.336 §1; silence: IPCA and taxa legal).
POLICIES = (
    _policy("aurora", "Aurora: convenção com multa e juros", "CONDO", "Convenção, art. 21",
            fine_ppm=20_000, interest_ppm=10_000),
    _policy("mar", "Mar Azul: convenção omissa quanto a juros", "CONDO", "Convenção, art. 9", fine_ppm=20_000),
    _policy("palmeiras", "Palmeiras: convenção com INPC", "CONDO", "Convenção, art. 34",
            fine_ppm=20_000, interest_ppm=10_000, index="INPC"),
    _policy("solar", "Solar: multa e juros, sem correção", "CONDO", "Convenção, art. 18; assembleia de 2024-03-12",
            fine_ppm=20_000, interest_ppm=10_000, index=NO_INDEX),
    _policy("fibra", "Internet: 2% e 1% ao mês", "ISP", "Contrato, cláusula 8",
            fine_ppm=20_000, interest_ppm=10_000, index=NO_INDEX),
    _policy("sale", "Venda de imóvel: IGP-M, 2% e 1% ao mês", "PROPERTY_SALE", "Contrato, cláusula 5",
            fine_ppm=20_000, interest_ppm=10_000, index="IGPM"),
    _policy("rent", "Locação: 10% e 1% ao mês", "LEASE", "Contrato, cláusula 11",
            fine_ppm=100_000, interest_ppm=10_000, index=NO_INDEX),
    _policy("shop", "Loja: 2% e 1% ao mês", "B2C_GENERIC", "Contrato de crediário, cláusula 3",
            fine_ppm=20_000, interest_ppm=10_000, index=NO_INDEX),
)  # fmt: skip


def policies() -> dict[str, Policy]:
    """The policies by key. Rent paid by its day costs 5 % less (a conditional discount, not a fine in disguise)."""
    found = {policy.key: policy for policy in POLICIES}
    rent = found["rent"]
    found["rent"] = replace(rent, terms=replace(rent.terms, discounts=(Discount(rate_ppm=50_000),)))
    return found


def _building(key: str, name: str, tax_id: str, address: str, city: words.City) -> Creditor:
    return Creditor(key, city, key, {
        "legal_name": f"Condomínio {name}", "trade_name": name, "tax_id": tax_id, "company_type": "condominium",
        "segment": "Horizonte Administradora", "regime": "CONDO", "address_line": address, "city": city.name,
        "uf": city.uf, "email": f"{key}@horizonte-adm.example", "phone": "(81) 3333-0100",
        "payment_instructions": "Boleto pelo portal do condomínio ou Pix, com a chave no verso do boleto.",
    })  # fmt: skip


CREDITORS = (
    _building("aurora", "Edifício Aurora", "11222333000181", "Rua da Aurora, 325", words.RECIFE),
    _building("mar", "Residencial Mar Azul", "12ABC34501DE35", "Avenida Boa Viagem, 4100", words.RECIFE),
    _building("palmeiras", "Parque das Palmeiras", "11444777000161", "Rua das Palmeiras, 87", words.SAO_PAULO),
    _building("solar", "Edifício Solar de Olinda", "QT1A2B3C000143", "Rua do Sol, 52", words.OLINDA),
    Creditor("fibra", words.RECIFE, "fibra", {
        "legal_name": "Fibra Norte Telecomunicações Ltda", "trade_name": "Fibra Norte", "tax_id": "99888777000100",
        "company_type": "isp", "segment": "Internet", "regime": "ISP", "address_line": "Rua do Futuro, 640",
        "city": "Recife", "uf": "PE", "email": "cobranca@fibranorte.example", "phone": "(81) 3333-0200",
        "payment_instructions": "Segunda via e Pix no aplicativo da Fibra Norte.", "feed_lease_days": 3,
    }),
    Creditor("vale", words.CAMPINAS, "sale", {
        "legal_name": "Construtora Vale Verde S.A.", "trade_name": "Vale Verde", "tax_id": "97531864000171",
        "company_type": "developer", "segment": "Incorporação", "regime": "PROPERTY_SALE",
        "address_line": "Rua Barão do Triunfo, 1200", "city": "Campinas", "uf": "SP",
        "email": "carteira@valeverde.example", "phone": "(19) 3333-0300",
        "payment_instructions": "Boleto enviado pela construtora; dúvidas com a carteira de clientes.",
    }),
    Creditor("casa", words.RIO, "shop", {
        "legal_name": "Casa Bela Móveis e Eletro Ltda", "trade_name": "Casa Bela", "tax_id": "VB7K90M1000190",
        "company_type": "retail", "segment": "Crediário", "regime": "B2C_GENERIC",
        "address_line": "Avenida Brasil, 9020", "city": "Rio de Janeiro", "uf": "RJ",
        "email": "crediario@casabela.example", "phone": "(21) 3333-0400",
        "payment_instructions": "Carnê pagável em qualquer loja ou por Pix.",
    }),
)  # fmt: skip
