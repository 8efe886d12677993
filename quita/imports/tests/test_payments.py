"""Payments come in from files and settle titles; the IBM sample comes in whole."""

import datetime as dt
from pathlib import Path

import pytest

from quita.imports import commands, mappings, references
from quita.imports.models import Mapping, RefusedRow
from quita.imports.tests.conftest import HEADER, MARIA, PAYMENTS, SPEC, csv
from quita.platform.actors import SYSTEM, When
from quita.platform.audit.models import Entry
from quita.platform.outbox.models import Event
from quita.receivables.commands import reverse_payment
from quita.receivables.models import Allocation, Payment, Receivable

IBM = Path(__file__).resolve().parents[3].parent / "shared/data/receivables/ibm-accounts-receivable.csv"
PAID_HEADER = "id;titulo;data;valor"


def paid(*rows: str) -> str:
    return csv(*rows, header=PAID_HEADER)


def test_a_payment_settles_the_title_it_names(bring, company):
    bring(csv(MARIA))
    file = bring(paid("p1;1;09/05/2025;1.234,56"), PAYMENTS)
    title = Receivable.objects.get()
    assert file.counts["created"] == 1
    assert (title.status, title.balance_cents, title.closed_on) == ("paid", 0, dt.date(2025, 5, 9))
    assert Allocation.objects.get().amount_cents == 123456
    assert Event.objects.filter(name="receivables.PaymentsRecorded").count() == 1
    company.refresh_from_db()
    assert company.payments_known_until == dt.date(2025, 5, 9)


def test_the_same_payments_twice_change_nothing(bring):
    bring(csv(MARIA))
    bring(paid("p1;1;09/05/2025;100,00"), PAYMENTS)
    before = list(Payment.objects.values()), list(Allocation.objects.values()), list(Receivable.objects.values())
    again = bring(paid("p1;1;09/05/2025;100,00"), PAYMENTS)
    assert again.counts["unchanged"] == 1 and again.counts["created"] == 0
    assert before == (
        list(Payment.objects.values()),
        list(Allocation.objects.values()),
        list(Receivable.objects.values()),
    )


def test_a_payment_that_the_source_corrects_is_folded_again_and_audited(bring):
    bring(csv(MARIA))
    bring(paid("p1;1;09/05/2025;1.234,56"), PAYMENTS)
    bring(paid("p1;1;09/05/2025;234,56"), PAYMENTS)
    title = Receivable.objects.get()
    assert (title.status, title.balance_cents, title.closed_on) == ("open", 100000, None)
    assert Entry.objects.get(verb="receivables.payment.changed").params["amount_cents"] == [123456, 23456]


def test_a_payment_moved_to_another_title_leaves_the_first_open(bring):
    bring(csv(MARIA, MARIA.replace("1;0001/1", "2;0001/2")))
    bring(paid("p1;1;09/05/2025;1.234,56"), PAYMENTS)
    bring(paid("p1;2;09/05/2025;1.234,56"), PAYMENTS)
    assert dict(Receivable.objects.values_list("external_id", "status")) == {"1": "open", "2": "paid"}


def test_a_title_whose_amount_falls_after_payment_is_folded_again(bring):
    bring(csv(MARIA))
    bring(paid("p1;1;09/05/2025;1.000,00"), PAYMENTS)
    bring(csv(MARIA.replace("1.234,56", "1.000,00")))
    title = Receivable.objects.get()
    assert (title.status, title.balance_cents) == ("paid", 0)
    bring(csv(MARIA.replace("1.234,56", "1.500,00")))
    title.refresh_from_db()
    assert (title.status, title.balance_cents, title.original_cents) == ("open", 50000, 150000)


def test_payments_that_name_no_known_title_are_refused(bring):
    bring(csv(MARIA, MARIA.replace("1;0001/1", "2;0001/1")))
    file = bring(paid("p1;77;09/05/2025;1,00"), PAYMENTS)
    assert [(r.field, r.code, r.params["text"]) for r in file.refused_rows.all()] == [
        ("title_external_id", "title_unknown", "77")
    ]
    by_number = mappings.replaced(PAYMENTS, columns={**PAYMENTS.columns, "title_number": "titulo"})
    by_number = mappings.replaced(
        by_number, columns={k: v for k, v in by_number.columns.items() if k != "title_external_id"}
    )
    file = bring(paid("p1;0001/1;09/05/2025;1,00"), by_number)
    assert [(r.field, r.code, r.params["count"]) for r in file.refused_rows.all()] == [
        ("title_number", "title_ambiguous", 2)
    ]
    assert not Payment.objects.exists()


def test_a_payment_without_a_title_pays_the_oldest_debt_first(bring):
    bring(
        csv(
            MARIA,
            MARIA.replace("1;0001/1", "2;0001/2").replace("10/05/2025", "10/04/2025").replace("1.234,56", "100,00"),
        )
    )
    spec = mappings.replaced(
        PAYMENTS, columns={"external_id": "id", "debtor_tax_id": "titulo", "paid_on": "data", "amount": "valor"}
    )
    bring(paid("p1;529.982.247-25;01/04/2025;150,00", "p2;123.456.789-09;01/04/2025;1,00"), spec)
    assert dict(Receivable.objects.values_list("external_id", "balance_cents")) == {"2": 0, "1": 118456}
    assert [(r.row_number, r.code) for r in RefusedRow.objects.all()] == [(3, "payer_unknown")]


def test_a_payment_taken_back_here_is_not_brought_in_again(bring):
    bring(csv(MARIA))
    bring(paid("p1;1;09/05/2025;1.234,56"), PAYMENTS)
    reverse_payment(
        payment_id=Payment.objects.get().pk, reason="devolvido", by=SYSTEM, when=When.on(dt.date(2025, 6, 10))
    )
    assert bring(paid("p1;1;09/05/2025;1.234,56"), PAYMENTS).counts["unchanged"] == 1
    assert bring(paid("p1;1;09/05/2025;1.000,00"), PAYMENTS).counts["refused"] == 1
    assert Receivable.objects.get().status == "open"


def test_titles_may_bring_their_own_payment(bring):
    spec = mappings.replaced(SPEC, columns={**SPEC.columns, "paid_on": "pago", "paid_amount": "recebido"})
    header = HEADER + ";pago;recebido"
    file = bring(csv(MARIA + ";09/05/2025;", MARIA.replace("1;0001/1", "2;0001/2") + ";;", header=header), spec)
    assert file.counts["payments_created"] == 1
    assert dict(Receivable.objects.values_list("external_id", "status")) == {"1": "paid", "2": "open"}


def test_a_title_whose_payment_is_refused_does_not_go_in_either(bring):
    spec = mappings.replaced(SPEC, columns={**SPEC.columns, "paid_on": "pago"})
    header = HEADER + ";pago"
    bring(csv(MARIA + ";09/05/2025", header=header), spec)
    reverse_payment(
        payment_id=Payment.objects.get().pk, reason="devolvido", by=SYSTEM, when=When.on(dt.date(2025, 6, 10))
    )
    changed = MARIA.replace("1.234,56", "2.000,00") + ";09/05/2025"
    file = bring(csv(changed, MARIA.replace("1;0001/1", "2;0001/2") + ";", header=header), spec)
    assert [(r.row_number, r.code) for r in file.refused_rows.all()] == [(2, "payment_reversed")]
    assert dict(Receivable.objects.values_list("external_id", "original_cents")) == {"1": 123456, "2": 123456}


@pytest.mark.skipif(not IBM.exists(), reason="the reference data (../shared/data) is not here")
def test_the_ibm_sample_reproduces_its_published_numbers(bring):
    """2,466 invoices of 100 customers; 35.6 % settled late, by at most 45 days."""
    commands.ensure_reference_mappings(When.on(dt.date(2014, 3, 1)))
    titles, payments = (mappings.parse(Mapping.objects.get(name=name).spec) for name in references.MAPPINGS)
    after = When.on(dt.date(2014, 3, 1))
    assert bring(IBM, titles, when=after).counts["created"] == 2466
    assert bring(IBM, payments, when=after).counts["created"] == 2466
    rows = list(Receivable.objects.values_list("debtor_id", "due_on", "closed_on", "status", "original_cents"))
    assert len(rows) == 2466 and len({debtor for debtor, *_ in rows}) == 100
    assert {status for *_, status, _ in rows} == {"paid"}
    late = [(closed - due).days for _, due, closed, _, _ in rows if closed > due]
    assert round(100 * len(late) / len(rows), 1) == 35.6 and max(late) == 45
    assert bring(IBM, titles, when=after).counts["unchanged"] == 2466
    assert bring(IBM, payments, when=after).counts["unchanged"] == 2466


@pytest.mark.skipif(not IBM.exists(), reason="the reference data (../shared/data) is not here")
def test_the_ibm_settlements_arrive_day_by_day(bring):
    """Imported on a day in the middle of 2013, only what was settled by then is known."""
    day = When.on(dt.date(2013, 6, 30))
    titles, payments = references.MAPPINGS.values()
    bring(IBM, titles, when=day)
    file = bring(IBM, payments, when=day)
    assert set(file.refused_rows.values_list("code", flat=True)) == {"paid_in_future"}
    assert file.counts["created"] + file.counts["refused"] == 2466
    later = bring(IBM, payments, when=When.on(dt.date(2014, 3, 1)))
    assert later.counts["created"] == file.counts["refused"] and later.counts["unchanged"] == file.counts["created"]
    assert not Receivable.objects.filter(status="open").exists()
