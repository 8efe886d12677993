"""A company with one branch, and a short way to bring a file in."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from quita.imports import commands, mappings
from quita.imports.models import ImportFile
from quita.parties.models import Branch, Calendar, Company
from quita.platform.actors import SYSTEM, When

TODAY = When.on(dt.date(2025, 6, 10))

HEADER = "id;numero;nome;cpf;vencimento;valor;email;telefone"
SPEC = mappings.Spec(
    target="receivables",
    source="erp",
    columns={
        "external_id": "id", "number": "numero", "debtor_name": "nome", "debtor_tax_id": "cpf", "due_on": "vencimento",
        "amount": "valor", "emails": "email", "phones": "telefone",
    },
)  # fmt: skip
MARIA = "1;0001/1;Maria da Conceição;529.982.247-25;10/05/2025;1.234,56;maria@exemplo.example;(81) 98765-4321"
PAYMENTS = mappings.Spec(
    target="payments",
    source="erp",
    columns={"external_id": "id", "title_external_id": "titulo", "paid_on": "data", "amount": "valor"},
)

Bring = Callable[..., ImportFile]


@pytest.fixture
def company(db: None, settings, tmp_path: Path) -> Company:
    """Águas do Sul, in Recife, with its only branch."""
    settings.MEDIA_ROOT = tmp_path / "files"
    calendar = Calendar.objects.create(name="Pernambuco", uf="PE")
    owner = Company.objects.create(
        legal_name="Águas do Sul Ltda", tax_id="11222333000181", address_line="Rua da Aurora, 1", city="Recife", uf="PE"
    )
    Branch.objects.create(company=owner, code="01", name="Matriz", calendar=calendar)
    return owner


@pytest.fixture
def bring(company: Company) -> Bring:
    """Brings a file in, given as text, bytes or a path, and returns what became of it."""

    def run(content: str | bytes | Path, spec: mappings.Spec = SPEC, *, when: When = TODAY, **options) -> ImportFile:
        data = content.read_bytes() if isinstance(content, Path) else content
        data = data.encode() if isinstance(data, str) else data
        file = commands.receive_file(
            content=io.BytesIO(data),
            name="títulos.csv",
            target=spec.target,
            company_id=company.pk,
            by=SYSTEM,
            when=when,
        )
        commands.choose_mapping(file_id=file.pk, spec=spec, by=SYSTEM, when=when)
        return commands.run_import(file_id=file.pk, when=when, **options)

    return run


def csv(*rows: str, header: str = HEADER) -> str:
    """A file as Brazilian systems export it."""
    return "\r\n".join([header, *rows]) + "\r\n"
