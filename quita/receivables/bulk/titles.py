"""Titles in bulk: who owes, under which contract, how much and when."""

import polars as pl
from django.db import connection

from quita.parties import bulk as parties
from quita.parties import queries as party_queries
from quita.platform import staging
from quita.platform.actors import Actor, When
from quita.platform.outbox import commands as outbox
from quita.receivables import events
from quita.receivables.bulk import outcome
from quita.receivables.commands import folding

TITLE = {
    "external_id": "text not null",
    "number": "text not null",
    "document_type": "text not null",
    "origin": "text not null",
    "billing_method": "text not null",
    "issue_on": "date",
    "due_on": "date",
    "original_cents": "bigint not null",
    "rebate_cents": "bigint not null",
    "discount1_cents": "bigint",
    "discount1_until_on": "date",
    "discount2_cents": "bigint",
    "discount2_until_on": "date",
    "discount3_cents": "bigint",
    "discount3_until_on": "date",
    # The policy that the row names; empty means the company's default one.
    "policy_id": "bigint",
}
STAGE = {**parties.STAGE, **TITLE}
# What the statements join and group by.
KEYS = ("row_number", "company_id", "source", "external_id", "debtor_tax_id", "debtor_ref", "contract_number")
DEFAULTS = {"origin": "other", "rebate_cents": 0}
FINDINGS = {**parties.FINDINGS, "row_hash": "bigint not null", "title_id": "bigint", "title_debtor_id": "bigint"}

COPIED = tuple(sorted({*TITLE, "branch_id"} - {"policy_id", "external_id"}))


def load_titles(frame: pl.DataFrame, *, by: Actor, when: When) -> outcome.Outcome:
    """Writes titles and the people they belong to; the caller holds the transaction.

    Columns: `STAGE`; those missing are empty. Keys (company_id, source, external_id) occur once. New titles start with
    their whole amount open; a changed amount or due date is audited and what was paid is folded again.
    Row refusals: debtor_conflict_in_file, debtor_identity_conflict, title_debtor_changed.
    """
    outcome.take_turn()
    rows = outcome.complete(frame, STAGE, DEFAULTS)
    with staging.table("titles", STAGE) as stage, staging.table("findings", FINDINGS, fillfactor=40) as findings:
        staging.fill(stage, rows, keys=KEYS)
        fresh = _run(FIND_FRESH, stage, findings)
        if not fresh:
            return outcome.Outcome(0, 0, rows.height, outcome.refused_rows(findings))
        parties.identify_debtors(stage, findings)
        _run(REFUSE_MOVED, stage, findings)
        people = parties.upsert_parties(stage, findings, at=when.at)
        _run(AUDIT_CHANGES, stage, findings, when=when, by=by)
        created = _ids(INSERT, stage, findings, when=when)
        changed = _ids(UPDATE, stage, findings, when=when)
        _refold(changed, when)
        for ids in outcome.event_slices(created + changed):
            outbox.emit(events.TitlesChanged(ids), when.at)
        others = {"debtors_created": people.debtors_created, "contracts_created": people.contracts_created}
        refused = outcome.refused_rows(findings)
        return outcome.Outcome(len(created), len(changed), rows.height - fresh, refused, others)


def _run(statement: str, stage: str, findings: str, *, when: When | None = None, by: Actor | None = None) -> int:
    with connection.cursor() as cursor:
        _execute(cursor, statement, stage, findings, when, by)
        return int(cursor.rowcount)


def _ids(statement: str, stage: str, findings: str, *, when: When) -> list[int]:
    with connection.cursor() as cursor:
        _execute(cursor, statement, stage, findings, when, None)
        return [row[0] for row in cursor.fetchall()]


def _execute(cursor, statement: str, stage: str, findings: str, when: When | None, by: Actor | None) -> None:
    text = statement.format(
        stage=stage,
        findings=findings,
        hash=outcome.hash_expression(STAGE),
        joined=parties.JOINED.format(stage=stage, findings=findings),
    )
    cursor.execute(text, {"at": when.at if when else None, "by": by.user_id if by else None})


def _refold(changed: list[int], when: When) -> None:
    """What was paid or closed is laid anew over the titles whose terms changed."""
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {"ids": changed})
        touched = [row[0] for row in cursor.fetchall()]
    if touched:
        folding.refold(receivable_ids=touched, staging_table=None, when=when)


# Only rows that say something new go on; an unchanged row ends here.
FIND_FRESH = """
insert into {findings} (row_number, row_hash, title_id, title_debtor_id)
select s.row_number, {hash}, r.id, r.debtor_id
from {stage} s
left join receivables_receivable r
    on r.company_id = s.company_id and r.source = s.source and r.external_id = s.external_id
where r.id is null or r.row_hash <> {hash}
"""

REFUSE_MOVED = """
update {findings} set refusal = 'title_debtor_changed', refused_field = 'external_id',
    refused_params = jsonb_build_object('debtor', title_debtor_id)
where refusal is null and title_id is not null and title_debtor_id is distinct from debtor_id
"""

_JOIN, _CALENDAR_ID = party_queries.receivables_calendar_sql()
CALENDAR = f"""
join parties_debtor d on d.id = f.debtor_id
join parties_branch b on b.id = s.branch_id
{_JOIN}
"""

INSERT = (
    """
insert into receivables_receivable (company_id, branch_id, debtor_id, contract_id, calendar_id, policy_id, source,
    external_id, number, document_type, origin, billing_method, issue_on, due_on, original_cents, rebate_cents,
    discount1_cents, discount1_until_on, discount2_cents, discount2_until_on, discount3_cents, discount3_until_on,
    status, balance_cents, correction_open_cents, interest_open_cents, fine_open_cents, fine_assessed,
    created_at, changed_at, row_hash)
select s.company_id, s.branch_id, f.debtor_id, f.contract_id, """
    + _CALENDAR_ID
    + """, coalesce(s.policy_id, company.default_policy_id), s.source, s.external_id, s.number, s.document_type,
        s.origin,
    s.billing_method, s.issue_on, s.due_on, s.original_cents, s.rebate_cents,
    s.discount1_cents, s.discount1_until_on, s.discount2_cents, s.discount2_until_on, s.discount3_cents,
        s.discount3_until_on,
    'open', s.original_cents, 0, 0, 0, false, %(at)s, %(at)s, f.row_hash
from {joined}
"""
    + CALENDAR
    + """
join parties_company company on company.id = s.company_id
where f.title_id is null
order by s.row_number
returning id
"""
)

# A title that nothing was paid on follows its new amount; any other keeps a balance the constraints accept until it is
# folded again, in this same transaction.
UPDATE = (
    """
update receivables_receivable r set (contract_id, calendar_id, policy_id, balance_cents, changed_at, row_hash, """
    + ", ".join(COPIED)
    + """) = (
    n.contract_id, n.calendar_id, coalesce(n.policy_id, r.policy_id),
    case when r.status <> 'open' then 0
         when r.balance_cents = r.original_cents then n.original_cents
         else least(r.balance_cents, n.original_cents) end,
    %(at)s, n.row_hash, """
    + ", ".join(f"n.{name}" for name in COPIED)
    + """)
from (
    select s.*, f.title_id, f.contract_id, f.row_hash, """
    + _CALENDAR_ID
    + """ as calendar_id from {joined} """
    + CALENDAR
    + """ where f.title_id is not null
) n
where n.title_id = r.id
returning r.id
"""
)

AUDIT_CHANGES = """
insert into audit_entry (at, by_id, verb, company_id, subject, subject_id, params)
select %(at)s, %(by)s, 'receivables.title.changed', r.company_id, 'receivable', r.id, jsonb_build_object(
    'original_cents', jsonb_build_array(r.original_cents, s.original_cents),
    'due_on', jsonb_build_array(r.due_on, s.due_on))
from {joined} join receivables_receivable r on r.id = f.title_id
where (r.original_cents, r.due_on) is distinct from (s.original_cents, s.due_on)
order by r.id
"""

TOUCHED = """
select r.id from receivables_receivable r
where r.id = any(%(ids)s) and (
    r.status <> 'open' or r.balance_cents <> r.original_cents
    or exists (select 1 from receivables_payment p where p.receivable_id = r.id)
    or exists (select 1 from receivables_allocation a where a.receivable_id = r.id)
    or exists (select 1 from receivables_closure c where c.receivable_id = r.id))
order by r.id
"""
