"""A supervisor brings the open titles in: upload, columns, check, progress, result."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quita.imports import commands
from quita.imports.models import ImportFile
from quita.parties.models import Branch, Calendar, Company
from quita.platform.actors import When
from quita.receivables.models import Receivable

ROWS = [
    "id;numero;nome;cpf;vencimento;valor;email",
    "1;0001/1;Maria da Conceição;529.982.247-25;10/05/2025;1.234,56;maria@exemplo.example",
    "2;0002/1;João Gonçalves;012.345.678-90;31/02/2025;99,90;joao@exemplo.example",
]


@pytest.fixture
def company(house: None) -> Company:
    calendar, _made = Calendar.objects.get_or_create(name="Importação")
    made = Company.objects.create(
        legal_name="Águas do Sul", tax_id="11222333000181", address_line="Rua 1", city="Recife", uf="PE"
    )
    Branch.objects.create(company=made, code="01", name="Matriz", calendar=calendar)
    return made


def test_a_file_comes_in_through_the_browser(
    page: Page, company: Company, sign_in: Callable[..., None], axe: Callable[[Page], None],
    no_sideways_scroll: Callable[[Page], None], shot: Callable[[Page, str], None], tmp_path: Path,
) -> None:  # fmt: skip
    path = tmp_path / "títulos abertos.csv"
    path.write_bytes("\r\n".join(ROWS).encode("cp1252"))
    sign_in("supervisor")
    page.goto("/importar/novo/")
    axe(page)
    no_sideways_scroll(page)
    page.get_by_label("Arquivo").set_input_files(path)
    page.get_by_label("Empresa").select_option(str(company.pk))
    page.get_by_role("button", name="Continuar").click()

    expect(page.get_by_label(re.compile("^Vencimento"), exact=False).first).to_have_value("vencimento")
    expect(page.locator(".examples", has_text="1.234,56")).to_be_visible()
    page.locator("[name=encoding]").select_option("latin-1")
    expect(page.locator("[name=encoding]")).to_have_value("latin-1")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "import-columns")
    page.get_by_role("button", name="Conferir as linhas").click()

    expect(page.get_by_text("“31/02/2025” não é uma data no formato dd/mm/aaaa.")).to_be_visible()
    assert not Receivable.objects.filter(company=company).exists()
    axe(page)
    no_sideways_scroll(page)
    shot(page, "import-check")
    page.get_by_role("button", name="Importar o arquivo").click()

    expect(page.get_by_role("heading", name="Aguardando um processo livre")).to_be_visible()
    axe(page)
    file = ImportFile.objects.latest("id")
    commands.run_import(file_id=file.pk, when=When.on(dt.date(2025, 6, 10)))
    expect(page.get_by_role("heading", name="Linhas recusadas")).to_be_visible()
    assert Receivable.objects.get(company=company).original_cents == 123_456
    axe(page)
    no_sideways_scroll(page)
    shot(page, "import-result")
    with page.expect_download() as download:
        page.get_by_role("link", name="Linhas recusadas em CSV").click()
    assert "31/02/2025" in Path(download.value.path()).read_text(encoding="utf-8-sig")

    page.goto("/importar/")
    expect(page.get_by_role("link", name="títulos abertos.csv")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
