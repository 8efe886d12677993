"""Payments in bulk: recorded by (company, source, external id), then folded into the titles they touch."""

import polars as pl
from django.db import connection

from quita.platform import staging
from quita.platform.actors import Actor, When
from quita.platform.outbox import commands as outbox
from quita.receivables import events
from quita.receivables.bulk import outcome
from quita.receivables.commands import folding

STAGE = {
    "row_number": "integer not null",
    "company_id": "bigint not null",
    "source": "text not null",
    "external_id": "text not null",
    # A title is named by its id in the source that brought it, or by its number; without either the debtor is.
    "title_source": "text not null",
    "title_external_id": "text",
    "title_number": "text",
    "debtor_tax_id": "text",
    "debtor_ref": "text",
    "paid_on": "date not null",
    "amount_cents": "bigint not null",
    "method": "text not null",
}
FINDINGS = {
    "row_number": "integer not null",
    "row_hash": "bigint not null",
    "payment_id": "bigint",
    "receivable_id": "bigint",
    "debtor_id": "bigint",
    "refusal": "text",
    "refused_field": "text",
    "refused_params": "jsonb not null default '{}'",
}


def load_payments(frame: pl.DataFrame, *, by: Actor, when: When) -> outcome.Outcome:
    """Records payments and folds them into their titles; the caller holds the transaction.

    Columns: `STAGE`; those missing are empty. Keys (company_id, source, external_id) occur once. A payment that names
    neither an id nor a number of a title goes to the debtor's oldest debt first. A payment that the source corrects is
    corrected here, audited. The company's payments are known until the latest day paid in the batch.
    Row refusals: title_unknown, title_ambiguous, payer_unknown, payment_reversed.
    """
    outcome.take_turn()
    rows = outcome.complete(frame, STAGE, {})
    affected_columns = {"receivable_id": "bigint"}
    with (
        staging.table("payments", STAGE) as stage,
        staging.table("findings", FINDINGS) as findings,
        staging.table("affected", affected_columns) as affected,
    ):
        names = {"stage": stage, "findings": findings, "affected": affected, "hash": outcome.hash_expression(STAGE)}
        staging.fill(stage, rows)
        fresh = _run(FIND_FRESH, names)
        _run("analyze {findings}", names)
        # Titles that a corrected payment leaves are folded again like those it reaches.
        _run(NOTE_LEFT, names)
        _run(AUDIT_CHANGES, names, when=when, by=by)
        created = _ids(INSERT, names, when=when)
        changed = _ids(UPDATE, names, when=when)
        _run(NOTE_REACHED, names)
        if fresh:
            folding.refold(receivable_ids=None, staging_table=affected, when=when)
        _run(KNOWN_UNTIL, names)
        for ids in outcome.event_slices(created + changed):
            outbox.emit(events.PaymentsRecorded(ids), when.at)
        return outcome.Outcome(len(created), len(changed), rows.height - fresh, outcome.refused_rows(findings))


def _run(statement: str, names: dict[str, str], *, when: When | None = None, by: Actor | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**names), {"at": when.at if when else None, "by": by.user_id if by else None})
        return int(cursor.rowcount)


def _ids(statement: str, names: dict[str, str], *, when: When) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**names), {"at": when.at})
        return [row[0] for row in cursor.fetchall()]


FIND_FRESH = """
insert into {findings} (row_number, row_hash, payment_id, receivable_id, debtor_id, refusal, refused_field,
    refused_params)
select s.row_number, {hash}, p.id, coalesce(by_id.id, case when numbered.hits = 1 then numbered.id end),
    coalesce(by_id.debtor_id, case when numbered.hits = 1 then numbered.debtor_id end, payer.id, ref.debtor_id),
    case
        when p.reversed_at is not null then 'payment_reversed'
        when s.title_external_id is not null and by_id.id is null then 'title_unknown'
        when s.title_external_id is null and s.title_number is not null and numbered.hits > 1 then 'title_ambiguous'
        when s.title_external_id is null and s.title_number is not null and coalesce(numbered.hits, 0) = 0 then
            'title_unknown'
        when s.title_external_id is null and s.title_number is null and payer.id is null and ref.debtor_id is null
            then 'payer_unknown'
    end,
    case
        when p.reversed_at is not null then 'external_id'
        when s.title_external_id is not null then 'title_external_id'
        when s.title_number is not null then 'title_number'
        else 'debtor_tax_id'
    end,
    case when numbered.hits > 1 then jsonb_build_object('count', numbered.hits) else '{{}}' end
from {stage} s
left join receivables_payment p
    on p.company_id = s.company_id and p.source = s.source and p.external_id = s.external_id
left join receivables_receivable by_id
    on by_id.company_id = s.company_id and by_id.source = s.title_source and by_id.external_id = s.title_external_id
left join lateral (
    select count(*) as hits, min(r.id) as id, min(r.debtor_id) as debtor_id from receivables_receivable r
    where s.title_external_id is null and r.number = s.title_number and r.company_id = s.company_id
) numbered on s.title_number is not null and s.title_external_id is null
left join parties_debtor payer on payer.tax_id = s.debtor_tax_id
left join parties_debtorreference ref
    on ref.company_id = s.company_id and ref.source = s.title_source and ref.external_id = s.debtor_ref
where p.id is null or p.row_hash <> {hash}
"""

NOTE_LEFT = """
insert into {affected}
select distinct r.receivable_id from (
    select p.receivable_id from {findings} f join receivables_payment p on p.id = f.payment_id
    where f.refusal is null and p.receivable_id is not null
    union all
    select a.receivable_id from {findings} f join receivables_allocation a on a.payment_id = f.payment_id
    where f.refusal is null
) r
"""

# A payment without a title concerns every title of its debtor with the company, closed ones too: it may be older than
# the payment that closed them.
NOTE_REACHED = """
insert into {affected}
select distinct r.id from (
    select f.receivable_id as id from {findings} f where f.refusal is null and f.receivable_id is not null
    union all
    select r.id from {findings} f join {stage} s on s.row_number = f.row_number
    join receivables_receivable r on r.debtor_id = f.debtor_id and r.company_id = s.company_id
    where f.refusal is null and f.receivable_id is null
) r
where not exists (select 1 from {affected} a where a.receivable_id = r.id)
"""

INSERT = """
insert into receivables_payment (company_id, debtor_id, receivable_id, source, external_id, paid_on, amount_cents,
    method,
    recorded_at, reversal_reason, row_hash)
select s.company_id, f.debtor_id, f.receivable_id, s.source, s.external_id, s.paid_on, s.amount_cents, s.method,
    %(at)s, '', f.row_hash
from {stage} s join {findings} f on f.row_number = s.row_number
where f.refusal is null and f.payment_id is null
order by s.row_number
returning id
"""

UPDATE = """
update receivables_payment p set debtor_id = f.debtor_id, receivable_id = f.receivable_id, paid_on = s.paid_on,
    amount_cents = s.amount_cents, method = s.method, row_hash = f.row_hash
from {stage} s join {findings} f on f.row_number = s.row_number
where p.id = f.payment_id and f.refusal is null
returning p.id
"""

AUDIT_CHANGES = """
insert into audit_entry (at, by_id, verb, company_id, subject, subject_id, params)
select %(at)s, %(by)s, 'receivables.payment.changed', p.company_id, 'payment', p.id, jsonb_build_object(
    'amount_cents', jsonb_build_array(p.amount_cents, s.amount_cents),
    'paid_on', jsonb_build_array(p.paid_on, s.paid_on),
    'receivable_id', jsonb_build_array(p.receivable_id, f.receivable_id))
from {stage} s join {findings} f on f.row_number = s.row_number join receivables_payment p on p.id = f.payment_id
where f.refusal is null
order by p.id
"""

KNOWN_UNTIL = """
update parties_company c set payments_known_until = latest.day
from (
    select s.company_id, max(s.paid_on) as day from {stage} s left join {findings} f on f.row_number = s.row_number
    where f.refusal is null group by s.company_id
) latest
where latest.company_id = c.id and coalesce(c.payments_known_until, '-infinity') < latest.day
"""
