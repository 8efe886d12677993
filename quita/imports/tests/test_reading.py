"""Files as Brazilian and foreign systems write them, all read alike."""

import datetime as dt
import io

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quita.domain import money
from quita.domain.refusals import Refusal
from quita.imports import mappings, suggesting
from quita.imports.parsing import amounts, dates
from quita.imports.tests.conftest import HEADER, MARIA, SPEC, csv
from quita.parties.models import Debtor
from quita.receivables.models import Receivable

CSV = csv(MARIA)
VARIANTS = {
    "utf-8": CSV.encode(),
    "utf-8 with mark": CSV.encode("utf-8-sig"),
    "latin-1": CSV.encode("latin-1"),
    "Windows-1252": CSV.replace("Maria", "“Maria”").encode("cp1252"),
    "Excel's Unicode text": CSV.replace(";", "\t").encode("utf-16"),
    "commas and quotes": '"' + CSV.rstrip().replace("\r\n", '"\r\n"').replace(";", '","').encode().decode() + '"\r\n',
    "bars": CSV.replace(";", "|"),
    "line ends of Unix": CSV.replace("\r\n", "\n"),
    "line ends of old Macs": CSV.replace("\r\n", "\r"),
    "no line end at the end": CSV.rstrip(),
    "blank rows": CSV.replace("\r\n", "\r\n;;;;;;;\r\n\r\n", 1),
    "a separator too many at the end of rows": CSV.replace("\r\n", ";\r\n"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_usual_way_of_writing_a_file(bring, name):
    content = VARIANTS[name]
    file = bring(content)
    title = Receivable.objects.select_related("debtor").get()
    assert file.counts["created"] == 1 and file.counts["refused"] == 0
    assert title.debtor.name.strip("“”").endswith("da Conceição")
    assert title.original_cents == 123456 and title.due_on == dt.date(2025, 5, 10)


def test_rows_are_numbered_as_a_spreadsheet_shows_them(bring):
    from quita.imports.models import RefusedRow

    bring(
        csv(
            "",
            MARIA,
            "",
            '2;2;"Rua A\nCasa 2";529.982.247-25;10/05/2025;10,00;;',
            MARIA.replace("1;", "3;", 1).replace("1.234,56", "x"),
        )
    )
    assert [r.row_number for r in RefusedRow.objects.all()] == [6]
    assert Receivable.objects.count() == 2


def test_a_report_with_title_lines_above_its_header(bring):
    bring("Relatório de títulos\r\nEmitido em 10/06/2025\r\n" + CSV, mappings.replaced(SPEC, header_row=3))
    assert Receivable.objects.count() == 1


def workbook(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_real_numbers_and_dates_of_a_workbook_need_no_format(bring):
    header = HEADER.split(";")
    real = [1, "0001/1", "Maria da Conceição", 52998224725, dt.date(2025, 5, 10), 0.1 + 0.2, None, None]
    typed = ["2", "0002/1", "Maria da Conceição", "529.982.247-25", "11/05/2025", "1.234,56", "", ""]
    zero = [3, "0003/1", "Ana", 1234567890, dt.datetime(2025, 5, 12), 1234.5, None, None]
    file = bring(workbook(header, real, typed, zero))
    assert file.counts["created"] == 3 and file.counts["refused"] == 0
    found = {
        t.external_id: (t.original_cents, t.due_on.day, t.debtor.tax_id)
        for t in Receivable.objects.select_related("debtor")
    }
    assert found == {"1": (30, 10, "52998224725"), "2": (123456, 11, "52998224725"), "3": (123450, 12, "01234567890")}


def test_a_workbook_that_begins_below_and_right_keeps_its_row_numbers(bring):
    from quita.imports.models import RefusedRow

    rows = [[], [], HEADER.split(";"), MARIA.replace("1.234,56", "x").split(";")]
    bring(workbook(*rows), mappings.replaced(SPEC, header_row=3))
    assert [r.row_number for r in RefusedRow.objects.all()] == [4]


def test_the_first_mapping_is_guessed_from_names_and_looks():
    headers = ["Cód. Título", "Vencimento", "Valor (R$)", "Cliente", "CPF/CNPJ"]
    spec = suggesting.suggest(
        "receivables", headers, [["1", "5/13/2025", "1,234.56", "Ana", "1"], ["2", "5/1/2025", "10.00", "Rui", "2"]]
    )
    assert spec.columns["external_id"] == "Cód. Título" and spec.columns["due_on"] == "Vencimento"
    assert spec.columns["debtor_name"] == "Cliente" and spec.columns["debtor_tax_id"] == "CPF/CNPJ"
    assert spec.date_format == "mdy"
    assert suggesting.suggest("receivables", ["Vencimento"], [["05/04/2025"]]).date_format == "dmy"


amount_texts = st.one_of(
    st.from_regex(r"\A(R\$ ?)?-?[0-9]{1,3}(\.[0-9]{3}){0,3}(,[0-9]{0,4})?\Z"),
    st.text(alphabet="0123456789.,-+R$ ", min_size=1, max_size=12),
)


@given(st.lists(amount_texts.map(str.strip).filter(bool), min_size=1, max_size=20), st.sampled_from(["comma", "point"]))
def test_amounts_in_columns_are_those_of_the_money_module(texts, style):
    text = pl.col("t")
    frame = pl.DataFrame({"t": texts}).select(
        bad=amounts.malformed(text, style), negative=amounts.negative(text), large=amounts.too_large(text, style),
        precise=amounts.too_precise(text, style), cents=amounts.cents(text, style), usual=amounts.usual(text, style),
        quick=amounts.usual_cents(text),
    )  # fmt: skip
    for cell, (bad, negative, large, precise, cents, usual, quick) in zip(texts, frame.iter_rows(), strict=True):
        refused = bad or negative or large or precise
        try:
            wanted = money.parse_cents(cell, decimal={"comma": ",", "point": "."}[style])
        except Refusal:
            wanted = None
        assert (None if refused else cents) == wanted, cell
        assert not usual or quick == wanted, cell


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(sorted(mappings.DATE_FORMATS)))
def test_dates_survive_being_written_in_any_format(day, style):
    written = {
        "dmy": f"{day:%d/%m/%Y}", "mdy": f"{day.month}/{day.day}/{day.year}", "ymd": f"{day.isoformat()} 00:00:00",
        "compact": f"{day:%Y%m%d}", "dmy_compact": f"{day:%d%m%Y}", "excel": str((day - dt.date(1899, 12, 30)).days),
    }[style]  # fmt: skip
    assert pl.DataFrame({"t": [written]}).select(dates.expression(pl.col("t"), style)).item() == day


def test_two_digit_years_and_impossible_days():
    frame = pl.DataFrame({"t": ["1/2/25", "01.02.99", "31/04/2025", "29/02/2024", "29/02/2025", ""]})
    found = frame.select(dates.expression(pl.col("t"), "dmy")).to_series().to_list()
    assert found == [dt.date(2025, 2, 1), dt.date(1999, 2, 1), None, dt.date(2024, 2, 29), None, None]


def test_signed_numbers_and_words_with_signs_inside_are_no_formulas(bring):
    bring(csv(MARIA.replace("0001/1", "-12").replace("Maria da Conceição", "Pão & Cia = Sul + Norte")))
    assert Receivable.objects.get().number == "-12"
    assert Debtor.objects.get().name == "Pão & Cia = Sul + Norte"
