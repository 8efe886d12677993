"""A year of real receivables: IBM's public sample, lived day by day through the product itself.

The invoices come in through the import; each settlement is recorded on its day, before the day's run, as a bank's file
would. Nobody may be asked for money that was known to be paid, and no step may happen twice.
"""

import csv
import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from django.db import connection

from quita.domain.ladder.drafts import StepDraft
from quita.imports import cli, commands
from quita.ladders.commands import ladders, portfolios, runs
from quita.messaging import commands as messaging
from quita.parties import commands as parties
from quita.platform.actors import SYSTEM, When
from quita.receivables import commands as receivables

SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "receivables" / "ibm-accounts-receivable.csv"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not SAMPLE.exists(), reason=f"the reference data is not there: {SAMPLE}"),
]
BEFORE = When.on(dt.date(2012, 1, 2))
FIRST, LAST = dt.date(2013, 1, 1), dt.date(2013, 12, 31)
BODY = "Olá, {{ debtor.first_name }}.\n\n{{ titles_table }}\n\n{{ payment_instructions }}\n"


def day(text: str) -> dt.date:
    month, of_month, year = (int(part) for part in text.split("/"))
    return dt.date(year, month, of_month)


def read(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.fixture
def company() -> int:
    """The creditor, a ladder in force since long ago, and the invoices of the sample; every customer has an e-mail."""
    parties.ensure_reference_calendars(by=SYSTEM, when=BEFORE, ufs=("SP",))
    commands.ensure_reference_mappings(BEFORE)
    identity = {
        "legal_name": "Comércio de Amostra Ltda", "tax_id": "11222333000181", "address_line": "Rua Um, 1",
        "city": "São Paulo", "uf": "SP", "email": "cobranca@amostra.example", "regime": "B2B_GENERIC",
    }  # fmt: skip
    creditor = parties.create_company(fields=identity, by=SYSTEM, when=BEFORE)
    template = messaging.create_template(
        name="Aviso", channel="email", subject="Lembrete de pagamento", body=BODY, by=SYSTEM, when=BEFORE
    )
    version = ladders.publish_ladder_version(
        ladder_id=None, name="Exemplo", in_force_from=BEFORE.today, late_entry="latest", minimum_cents=0,
        end_after_days=7, end_role="supervisor", by=SYSTEM, when=BEFORE,
        steps=[
            StepDraft(
                name=name, action="message", offset_days=days, channels=("email",),
                templates={"email": template.pk}, **more,
            )
            for name, days, more in (
                ("Lembrete", -3, {}), ("Vence hoje", 0, {}), ("1º aviso", 1, {}),
                ("2º aviso", 5, {"basis": "business"}),
                ("3º aviso", 10, {"repeat_every_days": 7, "repeat_at_most": 3}),
            )
        ],
    )  # fmt: skip
    portfolios.save_portfolio(
        name="Todos",
        priority=100,
        condition={"all": []},
        ladder_id=version.ladder_id,
        is_default=True,
        by=SYSTEM,
        when=BEFORE,
    )
    report = cli.import_file(
        SAMPLE, mapping_name="IBM accounts receivable", company_tax_id=creditor.tax_id, by=SYSTEM, when=BEFORE
    )
    assert (report.ok, report.refused) == (True, [])
    for (debtor_id,) in read("select id from parties_debtor order by id"):
        parties.add_contact_point(
            debtor_id=debtor_id, kind="email", value=f"c{debtor_id}@cliente.example", by=SYSTEM, when=BEFORE
        )
    return creditor.pk


def settlements() -> dict[dt.date, list[tuple[str, dt.date]]]:
    """Day on which a settlement becomes known → (invoice, day it was paid)."""
    found: dict[dt.date, list[tuple[str, dt.date]]] = {}
    with SAMPLE.open() as file:
        for row in csv.DictReader(file):
            paid_on = day(row["SettledDate"])
            found.setdefault(max(paid_on, FIRST), []).append((row["invoiceNumber"], paid_on))
    return found


def record(company_id: int, paid: list[tuple[str, dt.date]], titles: dict[str, tuple[int, int]], when: When) -> None:
    receivables.record_payments(
        company_id=company_id,
        source="ibm",
        payments=[
            receivables.NewPayment(
                external_id=number, amount_cents=titles[number][1], paid_on=paid_on, receivable_id=titles[number][0]
            )
            for number, paid_on in paid
        ],
        by=SYSTEM,
        when=when,
    )


def test_the_sample_has_the_numbers_of_its_description(company):
    invoices, customers = read("select count(*), count(distinct debtor_id) from receivables_receivable")[0]
    assert (invoices, customers) == (2466, 100)
    with SAMPLE.open() as file:
        late = [(day(row["SettledDate"]) - day(row["DueDate"])).days for row in csv.DictReader(file)]
    assert round(100 * sum(days > 0 for days in late) / len(late), 1) == 35.6
    assert max(late) == 45


@pytest.mark.slow
def test_nobody_is_asked_for_what_is_known_to_be_paid(company):
    titles = {
        number: (pk, cents)
        for number, pk, cents in read("select external_id, id, original_cents from receivables_receivable")
    }
    known = settlements()
    paid_by: dict[int, dt.date] = {}
    longest = 0
    today = FIRST
    while today <= LAST:
        when = When.on(today)
        if today in known:
            record(company, known[today], titles, when)
            paid_by.update({titles[number][0]: today for number, _ in known[today]})
        run = runs.start_run(by=SYSTEM, when=when, trigger="cli")
        assert runs.work_on_run(run_id=run.pk, worker="year", clock=lambda at=when.at: at)
        asked = {
            pk
            for (numbers,) in read("select receivable_ids from messaging_message where run_id = %s", run.pk)
            for pk in numbers
        }
        assert not {pk for pk in asked if pk in paid_by}, today
        longest = max(longest, late_in(run))
        today += dt.timedelta(days=1)
    # The longest delay of the sample is 45 days; titles still open at the end of the year are younger than that.
    assert longest <= 45
    assert read("select count(*) from messaging_message")[0][0] > 300
    twice = read("""select receivable_id, due_on, step_key, occurrence from ladders_execution
                    group by 1, 2, 3, 4 having count(*) > 1""")
    assert twice == []


def late_in(run) -> int:
    """The longest delay among the titles that the run looked at."""
    from quita.ladders.run import recorder

    run.refresh_from_db()
    frames = [recorder.frame_of(run.pk, run.day, number, "decisions") for number in range(run.shard_count)]
    longest = pl.concat(frames).select(pl.col("days_past_due").max()).collect().item() if frames else 0
    return longest or 0
