"""A supervisor brings a file in through the screens."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quita.imports import commands
from quita.imports.models import ImportFile, Mapping
from quita.imports.tests.conftest import HEADER, MARIA, SPEC, TODAY, csv
from quita.parties.models import Company, CompanyAccess
from quita.platform.access.models import User
from quita.platform.actors import SYSTEM
from quita.receivables.models import Receivable


@pytest.fixture
def supervisor(client, company):
    person = User.objects.create_user(
        "sofia", password="uma senha longa", role="supervisor", sees_all_companies=True, language="pt-br"
    )
    client.force_login(person)
    return client


def upload(client, text: str, company_id: int) -> ImportFile:
    sent = SimpleUploadedFile("títulos.csv", text.encode("cp1252"))
    answer = client.post(reverse("imports:upload"), {"file": sent, "target": "receivables", "company": company_id})
    file = ImportFile.objects.latest("id")
    assert answer.status_code == 302 and answer.url == reverse("imports:columns", args=[file.pk])
    return file


def choices(**changes: str) -> dict[str, str]:
    columns = {f"col_{key}": header for key, header in SPEC.columns.items()}
    options = {
        "source": "erp",
        "date_format": "dmy",
        "decimal": "comma",
        "encoding": "auto",
        "delimiter": "auto",
        "header_row": "1",
        "contacts": "refuse",
    }
    return {**columns, **options, **changes}


def test_from_the_upload_to_the_result(supervisor, company):
    broken = MARIA.replace("1;0001/1", "2;0001/2").replace("10/05/2025", "31/02/2025")
    file = upload(supervisor, csv(MARIA, broken), company.pk)
    page = supervisor.get(reverse("imports:columns", args=[file.pk])).content.decode()
    assert "Maria da Conceição" in page and '<option value="vencimento" selected>' in page
    answer = supervisor.post(reverse("imports:columns", args=[file.pk]), choices(save_as="ERP"))
    assert answer.status_code == 302 and Mapping.objects.get().name == "ERP"
    page = supervisor.get(reverse("imports:preview", args=[file.pk])).content.decode()
    assert "31/02/2025" in page and "dd/mm/" in page
    supervisor.post(reverse("imports:start", args=[file.pk]))
    page = supervisor.get(reverse("imports:file", args=[file.pk])).content.decode()
    assert 'hx-trigger="every 1s"' in page
    commands.run_import(file_id=file.pk, when=TODAY)
    progress = supervisor.get(reverse("imports:progress", args=[file.pk]), HTTP_HX_REQUEST="true")
    assert progress.status_code == 286 and progress.headers["HX-Redirect"] == reverse("imports:file", args=[file.pk])
    page = supervisor.get(reverse("imports:file", args=[file.pk])).content.decode()
    assert "31/02/2025" in page and Receivable.objects.count() == 1
    download = supervisor.get(reverse("imports:refused", args=[file.pk]))
    assert b"31/02/2025" in b"".join(download.streaming_content)
    assert "títulos.csv" in supervisor.get(reverse("imports:files")).content.decode()
    assert "ERP" in supervisor.get(reverse("imports:mappings")).content.decode()


def test_what_is_wrong_with_a_mapping_stands_beside_its_field(supervisor, company):
    file = upload(supervisor, csv(MARIA), company.pk)
    answer = supervisor.post(reverse("imports:columns", args=[file.pk]), choices(col_amount="", header_row="1"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["col_amount"]


def test_other_reading_options_are_tried_at_once(supervisor, company):
    file = upload(supervisor, "Relatório;;;;;;;\r\n" + csv(MARIA), company.pk)
    look = reverse("imports:columns", args=[file.pk]) + "?look=1"
    answer = supervisor.post(look, choices(header_row="2"), HTTP_HX_REQUEST="true")
    assert answer.status_code == 200 and "Maria da Concei" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_file_that_cannot_be_read_says_why(supervisor, company):
    file = upload(supervisor, "\r\n\r\n", company.pk)
    answer = supervisor.get(reverse("imports:columns", args=[file.pk]))
    assert answer.status_code == 422 and "callout danger" in answer.content.decode()


def test_files_of_other_companies_do_not_exist_for_a_person(client, company):
    other = Company.objects.create(
        legal_name="Outra", tax_id="00000000000191", address_line="x", city="Recife", uf="PE"
    )
    person = User.objects.create_user("bia", password="uma senha longa", role="supervisor")
    CompanyAccess.objects.create(user=person, company=other)
    file = commands.receive_file(
        content=io.BytesIO(csv(MARIA).encode()),
        name="a.csv",
        target="receivables",
        company_id=company.pk,
        by=SYSTEM,
        when=TODAY,
    )
    client.force_login(person)
    for name in ("file", "columns", "preview", "progress", "refused"):
        assert client.get(reverse(f"imports:{name}", args=[file.pk])).status_code == 404
    assert "a.csv" not in client.get(reverse("imports:files")).content.decode()


def test_an_operator_may_not_import(client, company):
    client.force_login(
        User.objects.create_user("oto", password="uma senha longa", role="operator", sees_all_companies=True)
    )
    assert client.get(reverse("imports:files")).status_code == 403
    assert client.get(reverse("imports:upload")).status_code == 403


def test_a_company_outside_the_person_s_scope_is_unknown_to_the_file(client, company):
    other = Company.objects.create(
        legal_name="Outra", tax_id="00000000000191", address_line="x", city="Recife", uf="PE"
    )
    person = User.objects.create_user("bia", password="uma senha longa", role="supervisor")
    CompanyAccess.objects.create(user=person, company=other)
    from quita.imports import mappings
    from quita.platform.actors import Actor

    spec = mappings.replaced(SPEC, columns={**SPEC.columns, "company_tax_id": "cnpj"})
    text = csv(MARIA + ";11.222.333/0001-81", header=HEADER + ";cnpj")
    by = Actor(user_id=person.pk)
    file = commands.receive_file(
        content=io.BytesIO(text.encode()), name="a.csv", target="receivables", company_id=None, by=by, when=TODAY
    )
    commands.choose_mapping(file_id=file.pk, spec=spec, by=by, when=TODAY)
    done = commands.run_import(file_id=file.pk, when=TODAY)
    assert [r.code for r in done.refused_rows.all()] == ["company_unknown"]
    assert not Receivable.objects.exists()


def test_payments_from_a_workbook_go_the_same_way(supervisor, company):
    book = openpyxl.Workbook()
    book.active.append(["NSU", "Nosso número", "Data pagamento", "Valor pago"])
    book.active.append(["A1", "1", dt.date(2025, 5, 9), 1234.56])
    out = io.BytesIO()
    book.save(out)
    sent = SimpleUploadedFile("baixas.xlsx", out.getvalue())
    supervisor.post(reverse("imports:upload"), {"file": sent, "target": "payments", "company": company.pk})
    columns = reverse("imports:columns", args=[ImportFile.objects.latest("id").pk])
    form = supervisor.get(columns).context["form"]
    assert "sheet" in form.fields and "delimiter" not in form.fields
    chosen = {name: form[name].value() or "" for name in form.fields}
    assert (chosen["col_external_id"], chosen["col_title_external_id"]) == ("NSU", "Nosso número")
    assert (chosen["col_paid_on"], chosen["col_amount"]) == ("Data pagamento", "Valor pago")
    answer = supervisor.post(columns, chosen)
    assert answer.status_code == 302, answer.context["form"].errors
    shown = supervisor.get(answer.url).context["preview"]
    assert (shown.good_count, shown.refused_count) == (1, 0)
