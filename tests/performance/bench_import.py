"""A file of titles through the whole import, against a bare COPY of the rows it wrote into the same table.

    python -m tests.performance.bench_import 100000 1000000

The table has its indexes and foreign keys both times, and is empty before both. The import also reads and checks the
file and writes the debtors, contracts, addresses and contact points (one debtor for four titles). Printed for each
size: seconds, rows per second, the same file again, the bare COPY, the ratio, and peak memory of this process.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.performance import fresh

TITLES_PER_DEBTOR = 4
HEADER = (
    "id;numero;emissao;vencimento;valor;tipo;cliente;nome;"
    "cpf;email;telefone;endereco;bairro;cidade;uf;ibge;cep;contrato;plano"
)
COLUMNS = {
    "external_id": "id", "number": "numero", "issue_on": "emissao", "due_on": "vencimento", "amount": "valor",
    "document_type": "tipo", "debtor_ref": "cliente", "debtor_name": "nome", "debtor_tax_id": "cpf", "emails": "email",
    "phones": "telefone", "address_line": "endereco", "district": "bairro", "city": "cidade", "uf": "uf",
    "ibge_code": "ibge", "postal_code": "cep", "contract_number": "contrato", "contract_plan": "plano",
}  # fmt: skip


def write_file(path: Path, size: int) -> None:
    """Titles as a Brazilian system exports them: latin-1, `;`, 1.234,56, dd/mm/yyyy."""
    from quita.domain import documents

    first = dt.date(2024, 1, 1)
    days = [f"{first + dt.timedelta(days=n):%d/%m/%Y}" for n in range(800)]
    with path.open("w", encoding="cp1252", newline="") as out:
        out.write(HEADER + "\r\n")
        for n in range(size):
            d = n // TITLES_PER_DEBTOR
            if n % TITLES_PER_DEBTOR == 0:
                base = f"{d + 100_000_000:09}"
                cpf = base + documents.check_digits(base)
                phone = f"(81) 9{d % 9000 + 1000}-{d % 10_000:04}"
                address = f"Rua das Águas, {d % 900};Boa Vista;Recife;PE;2611606;50050-{d % 1000:03}"
                contract = f"CT{d};Fibra {d % 9 * 100}"
                who = f"C{d};João da Conceição {d};{cpf};cliente{d}@empresa.example;{phone};{address};{contract}"
            thousands, rest = divmod(1_000 + n * 7 % 250_000, 1_000)
            amount = f"{thousands}.{rest:03},{n % 100:02}" if thousands else f"{rest},{n % 100:02}"
            out.write(f"{n};{n:08}/1;{days[n % 700]};{days[n % 700 + 30]};{amount};DM;{who}\r\n")


def run(size: int) -> dict[str, Any]:
    """Measures one size in an empty database and returns the numbers. Django is set up and the database is made."""
    from quita.imports import mappings

    spec = mappings.Spec(target="receivables", source="bench", columns=COLUMNS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "titles.csv"
        write_file(path, size)
        company = _company()
        result: dict[str, Any] = {"size": size, "file_mb": round(path.stat().st_size / 1e6, 1)}
        result["import_s"], counts = _import(path, spec, company)
        assert counts["created"] == size, counts
        result["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        result["again_s"], counts = _import(path, spec, company)
        assert counts["unchanged"] == size, counts
        result["bare_copy_s"] = _bare_copy(Path(folder) / "rows.copy")
    result["rows_per_s"] = round(size / result["import_s"])
    result["ratio"] = round(result["import_s"] / result["bare_copy_s"], 2)
    print(
        f"{size:>9,} rows ({result['file_mb']} MB)  import {result['import_s']:7.1f} s ({result['rows_per_s']:,}/s)  "
        f"again {result['again_s']:6.1f} s  bare COPY {result['bare_copy_s']:6.1f} s  ratio {result['ratio']:.2f}  "
        f"peak {result['peak_mb']} MB",
        flush=True,
    )
    return result


def _company() -> int:
    from quita.parties.models import Branch, Calendar, Company

    calendar = Calendar.objects.create(name="Bench")
    company = Company.objects.create(
        legal_name="Bench", tax_id="11222333000181", address_line="Rua 1", city="Recife", uf="PE"
    )
    Branch.objects.create(company=company, code="1", name="Bench", calendar=calendar)
    return int(company.pk)


def _import(path: Path, spec: Any, company_id: int) -> tuple[float, dict[str, int]]:
    from quita.imports import commands
    from quita.platform.actors import SYSTEM, When

    when = When.on(dt.date(2026, 11, 23))
    began = time.perf_counter()
    with path.open("rb") as content:
        file = commands.receive_file(
            content=content, name=path.name, target=spec.target, company_id=company_id, by=SYSTEM, when=when
        )
    commands.choose_mapping(file_id=file.pk, spec=spec, by=SYSTEM, when=when)
    done = commands.run_import(file_id=file.pk, when=when)
    seconds = time.perf_counter() - began
    assert done.state == "done", done.error
    return seconds, done.counts


def _bare_copy(rows: Path) -> float:
    """The same rows out of the table (not timed), the table emptied, and the rows in again by COPY (timed,
    committed)."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        with cursor.copy("copy receivables_receivable to stdout") as copy, rows.open("wb") as out:
            for block in copy:
                out.write(block)
        cursor.execute("truncate receivables_receivable cascade")
        cursor.execute("checkpoint")
    began = time.perf_counter()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        rows.open("rb") as source,
        cursor.copy("copy receivables_receivable from stdin") as copy,
    ):
        while block := source.read(1 << 20):
            copy.write(block)
    return time.perf_counter() - began


def main(sizes: list[int]) -> list[dict[str, Any]]:
    """Each size in an empty database of its own."""
    return fresh.measured(run, sizes)


if __name__ == "__main__":
    main(fresh.sizes_asked(sys.argv[1:], [100_000]))
