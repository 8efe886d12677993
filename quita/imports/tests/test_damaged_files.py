"""Twenty-odd damaged files: each gets a clear refusal, of its row or of the whole file, and changes nothing."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from quita.imports import commands, mappings, queries
from quita.imports.models import ImportFile, RefusedRow
from quita.imports.tests.conftest import HEADER, MARIA, SPEC, TODAY, csv
from quita.parties.models import Address, ContactPoint, Contract, Debtor, DebtorReference
from quita.platform.audit.models import Entry
from quita.platform.outbox.models import Event
from quita.receivables.models import Payment, Receivable

FACTS = (Receivable, Payment, Debtor, DebtorReference, Address, ContactPoint, Contract, Event)


def row(**cells: str) -> str:
    """Maria's row with some cells changed."""
    values = dict(zip(HEADER.split(";"), MARIA.split(";"), strict=True)) | cells
    return ";".join(values.values())


def workbook(change=lambda book, sheet: None) -> bytes:
    """Maria's row as .xlsx, with something done to it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER.split(";"))
    sheet.append(MARIA.split(";"))
    change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_bomb() -> bytes:
    """A workbook of a few kilobytes that unpacks to tens of megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        for entry in good.infolist():
            content = good.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                content += b" " * 40_000_000
            bomb.writestr(entry.filename, content)
    return out.getvalue()


def lying_zip_bomb() -> bytes:
    """The same, with a directory that declares a harmless size."""
    bomb = bytearray(zip_bomb())
    real = (40_000_000).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    assert size > 40_000_000 and real
    return bytes(bomb.replace(size.to_bytes(4, "little"), (5_000).to_bytes(4, "little")))


def far_cell(book, sheet) -> None:
    sheet["XFD1048576"] = "x"


ROW_FAULTS = {
    "impossible date": (csv(row(vencimento="30/02/2025")), ("vencimento", "due_on", "date_invalid")),
    "date in another order": (csv(row(vencimento="2025-05-10")), ("vencimento", "due_on", "date_invalid")),
    "year typed wrong": (csv(row(vencimento="10/05/0225")), ("vencimento", "due_on", "date_out_of_range")),
    "negative amount": (csv(row(valor="-10,00")), ("valor", "amount", "amount_negative")),
    "amount of nothing": (csv(row(valor="0,00")), ("valor", "amount", "amount_zero")),
    "huge number": (csv(row(valor="99999999999999999999999,00")), ("valor", "amount", "amount_too_large")),
    "amount in words": (csv(row(valor="cem reais")), ("valor", "amount", "amount_invalid")),
    "American amount": (csv(row(valor="1,234.56")), ("valor", "amount", "amount_invalid")),
    "fractions of a centavo": (csv(row(valor="10,005")), ("valor", "amount", "amount_too_precise")),
    "CPF with a typing error": (csv(row(cpf="529.982.247-26")), ("cpf", "debtor_tax_id", "document_check_digit")),
    "CPF too short": (csv(row(cpf="5299")), ("cpf", "debtor_tax_id", "document_length")),
    "CPF in Arabic digits": (csv(row(cpf="٥٢٩٩٨٢٢٤٧٢٥")), ("cpf", "debtor_tax_id", "document_length")),
    "nobody named": (csv(row(nome="")), ("nome", "debtor_name", "missing")),
    "no id": (csv(row(id="")), ("id", "external_id", "missing")),
    "formula injection": (csv(row(nome='=HYPERLINK("http://x.example")').replace('"', '')), ("nome", "debtor_name",
    "text_formula")),
    "formula behind an at sign": (csv(row(nome="@SUM(A1)")), ("nome", "debtor_name", "text_formula")),
    "control characters": (csv(row(nome="Maria\x07")), ("nome", "debtor_name", "text_control")),
    "NUL": (csv(row(nome="Ma\x00ria")).encode("latin-1"), None),
    "garbled text": (csv(row(nome="Maria da ConceiÃ§Ã£o")), ("nome", "debtor_name", "text_garbled")),
    "name too long": (csv(row(nome="M" * 201)), ("nome", "debtor_name", "too_long")),
    "e-mail that is none": (csv(row(email="maria@")), ("email", "emails", "email_invalid")),
    "phone that is none": (csv(row(telefone="12")), ("telefone", "phones", "phone_invalid")),
    "a cell too few": (csv(MARIA.rsplit(";", 1)[0]), ("", "", "columns_missing")),
    "a cell too many": (csv(MARIA + ";x"), ("", "", "columns_extra")),
    "quotation mark inside": (csv('1;"0001" x;Maria;529.982.247-25;10/05/2025;10,00;;'), ("", "", "quotes_misplaced")),
    "the id twice": (csv(MARIA, row(valor="9,99")), ("id", "external_id", "duplicate_in_file")),
}  # fmt: skip

FILE_FAULTS = {
    "only a header": (csv(), "no_rows"),
    "only line ends": ("\r\n\r\n", "no_header"),
    "missing column": (csv(MARIA).replace("vencimento", "venc"), "column_missing"),
    "column twice": (csv(MARIA + ";9,99", header=HEADER + ";valor"), "header_repeated"),
    "quotation mark left open": (csv(row(nome='"Maria'), *[row(id=str(n)) for n in range(2, 40)]), "quotes_unbalanced"),
    "quotation marks that swallow a row": (csv(row(nome='"Maria'), row(id="2", nome='"Ana'), row(id="3")),
    "quotes_unbalanced"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20, "file_not_text"),
    "a single endless line": ("id;nome" + "x" * 300_000, "line_too_long"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file_old_excel"),
    "half a workbook": (workbook()[:2_000], "file_damaged"),
    "a ZIP that is no workbook": (b"PK\x03\x04" + b"x" * 500, "file_damaged"),
    "ZIP bomb": (zip_bomb, "zip_bomb"),
    "ZIP bomb that lies about its size": (lying_zip_bomb, ("zip_bomb", "file_damaged")),
    "one cell at the end of the sheet": (workbook(far_cell), "sheet_too_big"),
    "workbook without the column": (workbook(lambda book, sheet: sheet.__setitem__("A1", "codigo")), "column_missing"),
}  # fmt: skip


def facts() -> list:
    return [list(model.objects.order_by("pk").values()) for model in FACTS]


@pytest.mark.parametrize("name", ROW_FAULTS)
def test_a_damaged_row_is_refused_by_row_and_field_and_changes_nothing(bring, name):
    content, wanted = ROW_FAULTS[name]
    before = facts()
    if wanted is None:
        # A text file holds no NUL: the whole file is refused.
        assert bring(content).counts["refusal"]["code"] == "file_not_text"
    else:
        file = bring(content)
        header, field, code = wanted
        refused = RefusedRow.objects.filter(file=file).order_by("id")
        assert [(r.row_number, r.field, r.code) for r in refused][:1] == [(2, field, code)]
        assert file.state == "done" and file.counts["refused"] == (2 if code == "duplicate_in_file" else 1)
        if field:
            [(number, found)] = queries.reasons_of(file, [refused[0]])
            assert number == 2 and found[0].label and found[0].sentence.endswith(".")
            assert header in HEADER
    assert facts() == before
    assert not Entry.objects.exclude(verb__startswith="imports.").exists()


@pytest.mark.parametrize("name", FILE_FAULTS)
def test_a_damaged_file_is_refused_as_a_whole_and_changes_nothing(bring, name):
    content, code = FILE_FAULTS[name]
    before = facts()
    file = bring(content() if callable(content) else content)
    assert file.state == "failed"
    assert file.counts["refusal"]["code"] in ([code] if isinstance(code, str) else code)
    assert queries.failure(file)
    assert facts() == before and not RefusedRow.objects.exists()


def test_an_empty_file_is_refused_on_arrival(company):
    with pytest.raises(Exception, match="empty") as refusal:
        commands.receive_file(
            content=io.BytesIO(b""), name="x.csv", target="receivables", company_id=company.pk, by=None, when=TODAY
        )
    assert refusal.value.code == "file_empty"
    assert not ImportFile.objects.exists()


def test_wrong_encoding_chosen_by_hand_is_refused_by_row(bring):
    file = bring(csv(MARIA, row(id="2", nome="Joao")).encode("cp1252"), mappings.replaced(SPEC, encoding="utf-8"))
    assert list(RefusedRow.objects.values_list("row_number", "code")) == [(2, "encoding_invalid")]
    assert file.counts["created"] == 1


def test_a_utf8_file_with_one_row_in_another_encoding_loses_only_that_row(bring):
    good = csv(MARIA, row(id="2", nome="Antônio Gonçalves"), row(id="3", nome="José Assunção")).encode()
    bad = row(id="4", nome="João").encode("cp1252") + b"\r\n"
    file = bring(good + bad)
    assert file.counts["created"] == 3
    assert list(RefusedRow.objects.values_list("row_number", "code")) == [(5, "encoding_invalid")]


def test_a_damaged_row_does_not_stop_its_neighbours_and_shows_all_its_faults(bring):
    file = bring(csv(MARIA, row(id="2", vencimento="x", valor="y"), row(id="3")))
    assert file.counts["created"] == 2
    assert [(r.row_number, r.field) for r in RefusedRow.objects.all()] == [(3, "due_on"), (3, "amount")] or [
        (r.row_number, r.field) for r in RefusedRow.objects.all()
    ] == [(3, "amount"), (3, "due_on")]


def test_refused_rows_come_back_as_a_file_that_runs_no_formula_and_can_be_corrected(bring):
    file = bring(csv(row(nome="=cmd|' /C calc'!A0"), row(id="2", valor="-5,00")))
    text = b"".join(queries.refused_csv(file)).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith(HEADER + ";")
    assert ";'=cmd|" in lines[1] and ";'-5,00;" in lines[2]
    assert ";2;" in lines[1] and ";3;" in lines[2]
    corrected = text.replace("'=cmd|' /C calc'!A0", "Maria").replace("'-5,00", "5,00")
    again = bring(corrected)
    assert again.counts["created"] == 2 and again.counts["refused"] == 0


def test_a_payment_of_tomorrow_is_refused(bring):
    spec = mappings.replaced(SPEC, columns={**SPEC.columns, "paid_on": "pago"})
    tomorrow = TODAY.today + dt.timedelta(days=1)
    bring(csv(f"{MARIA};{tomorrow:%d/%m/%Y}", header=HEADER + ";pago"), spec)
    assert [r.code for r in RefusedRow.objects.all()] == ["paid_in_future"]
    assert not Receivable.objects.exists()
