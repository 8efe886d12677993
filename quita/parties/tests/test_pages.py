"""The records' pages: what each role may see and do, with and without htmx, and nothing of other companies."""

import datetime as dt

import pytest
from django.urls import reverse

from quita.parties import commands
from quita.parties.models import Branch, Calendar, CalendarHoliday, Company, ContactPoint, Debtor
from quita.parties.tests import scenes

pytestmark = pytest.mark.django_db
BY = {"by": scenes.SYSTEM, "when": scenes.MORNING}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def sign_in(client, django_user_model):
    def enter(role: str = "administrator", **fields):
        user = django_user_model.objects.create_user(
            role, role=role, language="en", **{"sees_all_companies": True} | fields
        )
        client.force_login(user)
        return client

    return enter


def company_data(**changes: str) -> dict[str, str]:
    return {
        "legal_name": "Condomínio Sol", "tax_id": "12.ABC.345/01DE-35", "company_type": "condominium",
        "regime": "CONDO", "address_line": "Rua do Sol, 1", "city": "Recife", "uf": "PE", "is_active": "on",
    } | changes  # fmt: skip


def test_a_supervisor_adds_a_company_and_its_branch(sign_in):
    commands.ensure_reference_calendars(ufs=("PE",), **BY)
    client = sign_in("supervisor")
    answer = client.post(reverse("parties:create_company"), company_data(ibge_code=scenes.RECIFE))
    company = Company.objects.get()
    assert answer.headers["Location"] == reverse("parties:company", args=[company.pk])
    assert company.tax_id == "12ABC34501DE35"
    page = client.get(reverse("parties:company", args=[company.pk])).content.decode()
    assert "12.ABC.345/01DE-35" in page
    new = {"code": "2", "name": "Bloco B", "calendar": str(Calendar.objects.get(uf="PE").pk)}
    answer = client.post(reverse("parties:create_branch", args=[company.pk]), new, headers=HTMX)
    assert (answer.status_code, Branch.objects.count()) == (204, 2)
    assert "changed:branches" in answer.headers["HX-Trigger"]


def test_what_is_wrong_stands_beside_its_field(sign_in):
    client = sign_in()
    answer = client.post(reverse("parties:create_company"), company_data(tax_id="12.345.678/0001-00"))
    assert answer.status_code == 422
    assert "id_tax_id-errors" in answer.content.decode()
    assert not Company.objects.exists()


def test_other_companies_do_not_exist(sign_in):
    one, two = scenes.company(), scenes.company("Provedor", scenes.CNPJS[1])
    ana, bia = scenes.debtor(), scenes.debtor("Bia Lima", scenes.CPFS[1])
    commands.ensure_contract(company_id=one.pk, debtor_id=ana.pk, number="A", **BY)
    commands.ensure_contract(company_id=two.pk, debtor_id=bia.pk, number="B", **BY)
    client = sign_in("supervisor", sees_all_companies=False)
    commands.grant_company_access(user_id=client.session["_auth_user_id"], company_ids=[one.pk], **BY)
    names = client.get(reverse("parties:debtors")).content.decode()
    assert "Ana Souza" in names
    assert "Bia Lima" not in names
    for name, key in (
        ("parties:company", two.pk), ("parties:branch", two.branches.get().pk), ("parties:debtor", bia.pk),
        ("parties:edit_debtor", bia.pk), ("parties:create_contact_point", bia.pk),
    ):  # fmt: skip
        assert client.get(reverse(name, args=[key])).status_code == 404, name


@pytest.mark.parametrize(
    ("role", "name", "allowed"),
    [
        ("auditor", "parties:companies", True), ("auditor", "parties:create_company", False),
        ("operator", "parties:companies", False), ("operator", "parties:debtors", True),
        ("agency", "parties:debtors", False), ("operator", "parties:create_calendar", False),
    ],
)  # fmt: skip
def test_each_role_sees_its_pages(sign_in, role, name, allowed):
    assert sign_in(role).get(reverse(name)).status_code == (200 if allowed else 403)


def test_an_auditor_reads_a_company_and_cannot_change_it(sign_in):
    company = scenes.company()
    client = sign_in("auditor")
    assert client.get(reverse("parties:company", args=[company.pk])).status_code == 200
    answer = client.post(reverse("parties:company", args=[company.pk]), company_data(legal_name="Outro"))
    assert answer.status_code == 403
    company.refresh_from_db()
    assert company.legal_name != "Outro"


def test_a_municipal_day_is_kept_and_taken_out_again(sign_in):
    commands.ensure_reference_calendars(ufs=("PE",), **BY)
    client = sign_in("supervisor")
    client.post(reverse("parties:create_calendar"), {"name": "Recife", "uf": "PE", "ibge_code": scenes.RECIFE})
    city = Calendar.objects.get(ibge_code=scenes.RECIFE)
    url = reverse("parties:add_holiday", args=[city.pk])
    assert client.post(url, {"day": "2026-06-24", "name": "São João"}).status_code == 302
    page = client.get(reverse("parties:calendar", args=[city.pk]), {"ano": "2026"}).content.decode()
    assert "São João" in page
    assert "Revolução Pernambucana" in page
    assert client.post(url, {"day": "2099-06-24", "name": "São João"}, headers=HTMX).status_code == 422
    assert client.get(reverse("parties:calendar", args=[city.pk]), {"ano": "99999"}).status_code == 200
    client.post(reverse("parties:remove_holiday", args=[city.pk, "2026-06-24"]))
    assert not CalendarHoliday.objects.exists()
    assert client.post(reverse("parties:remove_holiday", args=[city.pk, "amanhã"])).status_code == 404


def test_an_operator_learns_about_a_phone_and_writes_it_down(sign_in):
    company = scenes.company()
    ana = scenes.debtor(city="Recife")
    commands.ensure_contract(company_id=company.pk, debtor_id=ana.pk, number="A", **BY)
    client = sign_in("operator")
    contact = {"kind": "phone", "value": "81 98765-4321", "label": "trabalho", "source": "contrato"}
    client.post(reverse("parties:create_contact_point", args=[ana.pk]), contact)
    point = ContactPoint.objects.get()
    assert (point.value, point.source) == ("+5581987654321", "contrato")
    answer = client.post(
        reverse("parties:contact_point", args=[ana.pk, point.pk]), {"state": "wrong_person", "source": "ligação"},
        headers=HTMX,
    )  # fmt: skip
    assert answer.status_code == 204
    point.refresh_from_db()
    assert (point.state, point.source) == ("wrong_person", "ligação")
    bad = client.post(reverse("parties:create_contact_point", args=[ana.pk]), contact | {"value": "12"}, headers=HTMX)
    assert (bad.status_code, "id_value-errors" in bad.content.decode()) == (422, True)


def test_the_record_is_edited_piece_by_piece(sign_in):
    company = scenes.company()
    ana = scenes.debtor(city="Recife")
    contract = commands.ensure_contract(company_id=company.pk, debtor_id=ana.pk, number="A", **BY)
    client = sign_in("operator")
    edits = (
        ("parties:edit_debtor", [],
         {"name": "Ana de Souza", "kind": "person", "tax_id": "529.982.247-25", "segment": "VIP"}),
        ("parties:debtor_protection", [], {"protection": "lawyer", "reason": "procuração recebida"}),
        ("parties:create_address", [], {"city": "Olinda", "uf": "PE", "postal_code": "53020-000", "is_primary": "on"}),
        ("parties:contract", [contract.pk],
         {"kind": "subscription", "branch": str(contract.branch_id), "plan": "500M", "started_on": "2026-01-05"}),
    )  # fmt: skip
    for name, more, data in edits:
        url = reverse(name, args=[ana.pk, *more])
        assert client.get(url).status_code == 200, name
        answer = client.post(url, data)
        assert answer.status_code == 302, answer.content.decode()
    debtor = Debtor.objects.get(pk=ana.pk)
    assert (debtor.name, debtor.segment, debtor.protection, debtor.city) == ("Ana de Souza", "VIP", "lawyer", "Olinda")
    contract.refresh_from_db()
    assert (contract.plan, contract.started_on) == ("500M", dt.date(2026, 1, 5))
    page = client.get(reverse("parties:debtor", args=[ana.pk])).content.decode()
    assert "500M" in page
    assert "53020-000" in page


def test_a_page_of_debtors_costs_the_same_however_many_there_are(sign_in, django_assert_max_num_queries):
    client = sign_in("supervisor")
    for number in range(60):
        base = f"9{number:08d}"
        from quita.domain import documents

        commands.find_or_create_debtor(name=f"Pessoa {number:02d}", tax_id=base + documents.check_digits(base), **BY)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("parties:debtors")).content.decode()
    assert page.count("data-open") == 50
    assert client.get(reverse("parties:debtors"), {"page": "2"}).content.decode().count("data-open") == 10
