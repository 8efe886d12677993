"""Setting up whose money it is: a company, its calendar, what lateness costs, and a debtor's record."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quita.parties import commands as parties
from quita.parties.models import Calendar, Company, ContactPoint, Debtor
from quita.platform.actors import SYSTEM, When
from quita.receivables import commands as receivables
from quita.receivables.models import ChargePolicyVersion

BY = {"by": SYSTEM, "when": When.on(dt.date(2026, 11, 3))}
Check = Callable[[Page], None]


@pytest.fixture(scope="module")
def records(house: None) -> dict[str, Any]:
    """A building in Recife, its policy, and Ana who lives there."""
    parties.ensure_reference_calendars(ufs=("PE",), **BY)
    receivables.ensure_reference_index_values(**BY)
    city = parties.create_calendar(name="Recife", uf="PE", ibge_code="2611606", **BY)
    parties.add_holiday(calendar_id=city.pk, day=dt.date(2026, 7, 16), name="Nossa Senhora do Carmo", **BY)
    from quita.domain import charges

    terms = charges.policy_for(charges.regime_on("CONDO", dt.date(2026, 1, 1)), fine_ppm=20_000, interest_ppm=10_000)
    policy = receivables.create_policy(name="Convenção, art. 21", regime="CONDO", terms=terms, **BY).policy
    fields = {
        "legal_name": "Condomínio Edifício Aurora", "tax_id": "12ABC34501DE35", "company_type": "condominium",
        "regime": "CONDO", "address_line": "Rua da Aurora, 325", "city": "Recife", "uf": "PE",
        "default_policy_id": policy.pk,
    }  # fmt: skip
    company = parties.create_company(fields=fields, ibge_code="2611606", **BY)
    ana, _ = parties.find_or_create_debtor(name="Ana Conceição de Araújo", tax_id="52998224725", **BY)
    address = {
        "line": "Rua da Aurora, 325, apto 302",
        "city": "Recife",
        "ibge_code": "2611606",
        "postal_code": "50050000",
    }
    parties.save_address(debtor_id=ana.pk, fields=address, source="erp", **BY)
    mail = parties.add_contact_point(debtor_id=ana.pk, kind="email", value="ana@correio.example", source="erp", **BY)
    parties.change_contact_state(contact_point_id=mail.pk, state="bounced", source="entrega", **BY)
    parties.ensure_contract(
        company_id=company.pk, debtor_id=ana.pk, number="AP-302", kind="condominium_unit", unit="Apto 302", **BY
    )
    return {"company": company, "ana": ana, "policy": policy, "city": city}


def test_a_company_and_a_branch(
    page: Page, sign_in: Callable[..., None], records: dict[str, Any], axe: Check, no_sideways_scroll: Check, shot: Any
) -> None:
    sign_in("supervisor")
    page.goto("/cadastros/empresas/")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "companies")
    page.get_by_role("link", name="Aurora").click()
    expect(page.get_by_label("CPF/CNPJ")).to_have_value("12.ABC.345/01DE-35")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "company")
    page.get_by_role("link", name="Nova filial").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("código").fill("2")
    dialog.get_by_label("nome").fill("Garagem")
    dialog.get_by_label("calendário").select_option(label="Recife")
    axe(page)
    shot(page, "branch")
    dialog.get_by_role("button", name="Salvar").click()
    expect(page.locator("#branches")).to_contain_text("Garagem")
    expect(page.get_by_role("status").filter(has_text="Filial salva")).to_be_visible()


def test_a_company_that_cannot_be_identified_is_not_saved(
    page: Page, sign_in: Callable[..., None], records: dict[str, Any], complaints: Any
) -> None:
    sign_in("supervisor")
    page.goto("/cadastros/empresas/nova/")
    page.get_by_label("razão social").fill("Sol Ltda")
    page.get_by_label("CPF/CNPJ").fill("11.222.333/0001-80")
    page.get_by_label("Endereço", exact=True).fill("Rua do Sol, 1")
    page.get_by_label("cidade").fill("Recife")
    page.get_by_label("estado").select_option("PE")
    complaints.expect("422")
    page.get_by_role("button", name="Incluir empresa").click()
    expect(page.locator("#id_tax_id-errors")).to_contain_text("dígitos")
    assert not Company.objects.filter(legal_name="Sol Ltda").exists()


def test_a_municipal_holiday_is_seen_in_its_year(
    page: Page, sign_in: Callable[..., None], records: dict[str, Any], axe: Check, no_sideways_scroll: Check, shot: Any
) -> None:
    sign_in("supervisor")
    page.goto("/cadastros/calendarios/")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "calendars")
    page.get_by_role("grid", name="Municípios").get_by_role("link", name="Recife").click()
    page.goto(page.url + "?ano=2026")
    holidays = page.get_by_role("region", name="Dias sem pagamento")
    expect(holidays.get_by_role("row", name="Nossa Senhora do Carmo")).to_contain_text("Dia municipal")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "calendar")
    page.get_by_label("Dia", exact=True).fill("2026-12-08")
    page.get_by_label("nome").fill("Nossa Senhora da Conceição")
    page.get_by_role("button", name="Incluir dia").click()
    expect(holidays.get_by_role("row", name="Nossa Senhora da Conceição")).to_be_visible()
    page.get_by_role("button", name="Retirar Nossa Senhora da Conceição").click()
    page.locator("#confirm").get_by_role("button", name="Continuar").click()
    expect(holidays.get_by_role("row", name="Nossa Senhora da Conceição")).to_have_count(0)
    assert Calendar.objects.get(ibge_code="2611606").holidays.count() == 1


def test_terms_show_what_they_cost_while_they_are_typed(
    page: Page, sign_in: Callable[..., None], records: dict[str, Any], axe: Check, no_sideways_scroll: Check, shot: Any
) -> None:
    sign_in("administrator")
    page.goto("/cadastros/encargos/")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "policies")
    page.get_by_role("link", name="Convenção, art. 21").click()
    sample = page.locator("#sample")
    expect(sample.get_by_role("row", name="90")).to_contain_text("10,00")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "policy")
    page.get_by_label("Porcentagem do valor").fill("10")
    expect(sample.get_by_role("alert")).to_contain_text("1.336")
    shot(page, "policy-refused")
    page.get_by_label("Porcentagem do valor").fill("1,5")
    expect(sample.get_by_role("row", name="90")).to_contain_text("7,50")
    page.get_by_label("para títulos com vencimento a partir de").fill("2027-02-01")
    page.get_by_role("button", name="Publicar nova versão").click()
    expect(page.get_by_text("Vencimento a partir de 01/02/2027")).to_be_visible()
    assert ChargePolicyVersion.objects.filter(policy=records["policy"]).count() == 2


def test_index_values_say_what_they_are(
    page: Page, sign_in: Callable[..., None], records: dict[str, Any], axe: Check, no_sideways_scroll: Check, shot: Any
) -> None:
    sign_in("administrator")
    page.goto("/cadastros/indices/")
    expect(page.get_by_text("inventados para a demonstração")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    shot(page, "index-values")
    page.get_by_role("link", name="Carregar arquivo").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("arquivo").set_input_files(
        {"name": "ipca.csv", "mimeType": "text/csv", "buffer": b"data;valor\n01/11/2026;0,31\n"}
    )
    dialog.get_by_label("índice").select_option("IPCA")
    dialog.get_by_role("button", name="Carregar").click()
    expect(page.get_by_role("row", name="11/2026")).to_contain_text("0,31%")


def test_a_debtors_record_is_kept_by_hand(
    page: Page, sign_in: Callable[..., None], records: dict[str, Any], axe: Check, no_sideways_scroll: Check, shot: Any
) -> None:
    sign_in("supervisor")
    page.goto("/cadastros/devedores/?q=conceicao")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "debtors")
    page.get_by_role("link", name="Ana Conceição").click()
    axe(page)
    no_sideways_scroll(page)
    shot(page, "debtor")
    page.keyboard.press("c")
    dialog = page.locator("#dialog")
    dialog.get_by_text("Telefone", exact=True).click()
    dialog.get_by_label("endereço ou número").fill("(81) 98765-4321")
    dialog.get_by_label("origem").fill("ligação")
    axe(page)
    shot(page, "contact")
    dialog.get_by_role("button", name="Salvar").click()
    expect(page.locator("#record")).to_contain_text("(81) 98765-4321")
    page.get_by_role("link", name="Proteção").click()
    dialog.get_by_label("proteção").select_option("lawyer")
    dialog.get_by_label("motivo").fill("procuração recebida")
    dialog.get_by_role("button", name="Salvar").click()
    expect(page.locator("#record .callout")).to_contain_text("Representado por advogado")
    ana = Debtor.objects.get(pk=records["ana"].pk)
    assert (ana.protection, ana.has_phone) == ("lawyer", True)
    assert ContactPoint.objects.filter(debtor=ana, value="+5581987654321").exists()
