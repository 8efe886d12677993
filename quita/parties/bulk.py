"""Debtors, contact points, addresses and contracts for many rows at once, in a fixed number of statements.

Works on two work tables (quita.platform.staging) of the caller's transaction: a stage with one row per source row
(`STAGE`), and a narrow table of what is known of each row (`FINDINGS`), which it completes: who the debtor is, which
contract, or why the row is refused. A refused row touches nothing.

Who is who: the CPF/CNPJ decides; without it, how the source names the debtor (company, source, reference). A debtor
known by reference alone learns its CPF/CNPJ from a later row. Where the two disagree the row is refused: joining two
people is a decision for people.

What a later row may change: name, kind, type, segment and, unless a person has edited it, the primary address. An
empty cell never erases anything. Contact points are only added: one that bounced or opted out stays as it is.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from quita.parties import events
from quita.platform.outbox import commands as outbox

SEPARATOR = "\x1f"

STAGE = {
    "row_number": "integer not null",
    "company_id": "bigint not null",
    "branch_id": "bigint not null",
    "source": "text not null",
    "debtor_tax_id": "text",
    "debtor_ref": "text",
    "debtor_name": "text not null",
    "debtor_kind": "text not null",
    "debtor_type": "text not null",
    "debtor_segment": "text not null",
    # Several of them are joined by SEPARATOR, in order of preference.
    "emails": "text not null",
    "phones": "text not null",
    "address_line": "text not null",
    "district": "text not null",
    "city": "text not null",
    "uf": "text not null",
    "ibge_code": "text not null",
    "postal_code": "text not null",
    "contract_kind": "text not null",
    "contract_number": "text not null",
    "contract_plan": "text not null",
    "contract_unit": "text not null",
    "contract_city": "text not null",
    "contract_started_on": "date",
}

FINDINGS = {
    "row_number": "integer not null",
    "tax_id": "text",
    "debtor_id": "bigint",
    "debtor_is_new": "boolean not null default false",
    "contract_id": "bigint",
    "refusal": "text",
    "refused_field": "text",
    "refused_params": "jsonb not null default '{}'",
}


@dataclass(frozen=True)
class PartyCounts:
    """How many rows of each kind were written."""

    debtors_created: int
    debtors_changed: int
    contact_points_added: int
    contracts_created: int


def identify_debtors(stage: str, findings: str) -> None:
    """Fills `debtor_id` for debtors already known and `tax_id`, and refuses rows whose identity is contradictory."""
    with connection.cursor() as cursor:
        cursor.execute(IDENTIFY.format(stage=stage, findings=findings))
        cursor.execute(f"analyze {findings}")


def upsert_parties(stage: str, findings: str, *, at: dt.datetime) -> PartyCounts:
    """Writes debtors, references, addresses, contact points and contracts of the rows that are not refused."""
    joined = JOINED.format(stage=stage, findings=findings)
    with connection.cursor() as cursor:

        def run(statement: str) -> int:
            cursor.execute(
                statement.format(stage=stage, findings=findings, joined=joined), {"at": at, "sep": SEPARATOR}
            )
            return int(cursor.rowcount)

        run(NUMBER_NEW_DEBTORS)
        run("analyze {findings}")
        created = run(INSERT_DEBTORS)
        run(INSERT_REFERENCES)
        changed = run(UPDATE_DEBTORS)
        run(UPDATE_ADDRESSES)
        run(INSERT_ADDRESSES)
        contacts = run(INSERT_CONTACT_POINTS)
        run(REPEAT_PLACE)
        moved = tuple(sorted(debtor_id for debtor_id, has_moved in cursor.fetchall() if has_moved))
        run(REPEAT_REACH)
        contracts = run(INSERT_CONTRACTS)
        run(UPDATE_CONTRACTS)
        run(FIND_CONTRACTS)
    if moved:
        outbox.emit(events.DebtorsMoved(moved), at)
    return PartyCounts(created, changed, contacts, contracts)


JOINED = "{stage} s join {findings} f on f.row_number = s.row_number and f.refusal is null"

# A reference that stands for one CPF/CNPJ in an earlier row of the file stands for it in all of them: `first_tax`.
IDENTIFY = """
with named as (
    select s.row_number, s.debtor_tax_id, s.debtor_ref, s.company_id, s.source,
        case when s.debtor_ref is not null then
            first_value(s.debtor_tax_id) over (
                partition by s.company_id, s.source, s.debtor_ref
                order by (s.debtor_tax_id is null), s.row_number)
        end as first_tax
    from {stage} s join {findings} f on f.row_number = s.row_number and f.refusal is null
), known as (
    select n.row_number, n.debtor_tax_id, n.first_tax, coalesce(n.debtor_tax_id, n.first_tax) as tax_id,
        by_tax.id as by_tax, ref.debtor_id as by_ref, referred.tax_id as ref_tax
    from named n
    left join parties_debtorreference ref
        on ref.company_id = n.company_id and ref.source = n.source and ref.external_id = n.debtor_ref
    left join parties_debtor referred on referred.id = ref.debtor_id
    left join parties_debtor by_tax on by_tax.tax_id = coalesce(n.debtor_tax_id, n.first_tax)
), chosen as (
    select k.*, case when k.tax_id is null then k.by_ref else
        coalesce(k.by_tax, min(k.by_ref) filter (where k.ref_tax is null) over (partition by k.tax_id)) end as debtor_id
    from known k
)
update {findings} f set
    tax_id = c.tax_id,
    debtor_id = c.debtor_id,
    refusal = case
        when c.debtor_tax_id <> c.first_tax then 'debtor_conflict_in_file'
        when c.by_ref is not null and c.by_ref is distinct from c.debtor_id then 'debtor_identity_conflict'
    end,
    refused_field = case when c.debtor_tax_id <> c.first_tax or c.by_ref is distinct from c.debtor_id
        then 'debtor_tax_id' end,
    refused_params = case when c.by_ref is not null then jsonb_build_object('debtor', c.by_ref) else '{{}}' end
from chosen c where c.row_number = f.row_number
"""

# Ids are drawn once per person, in the order of the file. A name and a person's own words are not compared: only
# CPF/CNPJ, else the source's reference.
NUMBER_NEW_DEBTORS = """
with keyed as (
    select f.row_number, coalesce('t' || f.tax_id, 'r' || s.company_id || ':' || s.source || ':' || s.debtor_ref) as key
    from {joined} where f.debtor_id is null
), drawn as (
    select key, nextval(pg_get_serial_sequence('parties_debtor', 'id')) as id
    from (select key, min(row_number) as first_row from keyed group by key order by first_row) ordered
)
update {findings} f set debtor_id = drawn.id, debtor_is_new = true
from keyed join drawn using (key) where keyed.row_number = f.row_number
"""

# The last row that speaks of a debtor has the last word.
INSERT_DEBTORS = """
insert into parties_debtor (id, kind, name, tax_id, debtor_type, segment, protection, city, uf, ibge_code,
    has_email, has_phone, created_at)
select distinct on (f.debtor_id) f.debtor_id,
    coalesce(nullif(s.debtor_kind, ''), case when length(f.tax_id) = 14 then 'organization' else 'person' end),
        s.debtor_name, f.tax_id, s.debtor_type, s.debtor_segment, '',
    s.city, s.uf, s.ibge_code, s.emails <> '', s.phones <> '', %(at)s
from {joined} where f.debtor_is_new
order by f.debtor_id, s.row_number desc
"""

INSERT_REFERENCES = """
insert into parties_debtorreference (debtor_id, company_id, source, external_id)
select distinct on (s.company_id, s.source, s.debtor_ref) f.debtor_id, s.company_id, s.source, s.debtor_ref
from {joined} where s.debtor_ref is not null
order by s.company_id, s.source, s.debtor_ref, s.row_number
on conflict (company_id, source, external_id) do nothing
"""

UPDATE_DEBTORS = """
update parties_debtor d set tax_id = n.tax_id, name = n.name, kind = n.kind, debtor_type = n.debtor_type, segment =
    n.segment
from (
    select distinct on (d.id) d.id, coalesce(d.tax_id, f.tax_id) as tax_id,
        coalesce(nullif(s.debtor_name, ''), d.name) as name,
        coalesce(nullif(s.debtor_kind, ''), d.kind) as kind,
        coalesce(nullif(s.debtor_type, ''), d.debtor_type) as debtor_type,
        coalesce(nullif(s.debtor_segment, ''), d.segment) as segment
    from {joined} join parties_debtor d on d.id = f.debtor_id where not f.debtor_is_new
    order by d.id, (f.tax_id is null), s.row_number desc
) n
where n.id = d.id and (d.tax_id, d.name, d.kind, d.debtor_type, d.segment)
    is distinct from (n.tax_id, n.name, n.kind, n.debtor_type, n.segment)
"""

# Only an address that this same source brought is replaced; one that a person wrote stays.
UPDATE_ADDRESSES = """
update parties_address a set line = n.address_line, district = n.district, city = n.city, uf = n.uf,
    ibge_code = n.ibge_code, postal_code = n.postal_code
from (
    select distinct on (f.debtor_id) f.debtor_id, s.source, s.address_line, s.district, s.city, s.uf, s.ibge_code,
        s.postal_code
    from {joined} where s.city <> '' and not f.debtor_is_new
    order by f.debtor_id, s.row_number desc
) n
where a.debtor_id = n.debtor_id and a.is_primary and a.source = n.source
    and (a.line, a.district, a.city, a.uf, a.ibge_code, a.postal_code)
        is distinct from (n.address_line, n.district, n.city, n.uf, n.ibge_code, n.postal_code)
"""

INSERT_ADDRESSES = """
insert into parties_address (debtor_id, line, district, city, uf, ibge_code, postal_code, is_primary, source)
select distinct on (f.debtor_id) f.debtor_id, s.address_line, s.district, s.city, s.uf, s.ibge_code, s.postal_code,
    true, s.source
from {joined}
where s.city <> '' and not exists (select 1 from parties_address a where a.debtor_id = f.debtor_id and a.is_primary)
order by f.debtor_id, s.row_number desc
"""

INSERT_CONTACT_POINTS = """
insert into parties_contactpoint (debtor_id, kind, value, label, state, preference, source, changed_at)
select debtor_id, kind, (array_agg(value order by row_number, preference))[1], '', 'unverified', min(preference),
    min(source), %(at)s
from (
    select f.debtor_id, s.row_number, p.kind, v.value, v.place::int as preference, s.source
    from {joined}
    cross join lateral (values ('email', s.emails), ('phone', s.phones)) p(kind, joined_values)
    cross join lateral unnest(string_to_array(p.joined_values, %(sep)s)) with ordinality v(value, place)
    where p.joined_values <> '' and v.value <> ''
) points
group by debtor_id, kind, lower(value)
order by debtor_id, kind, min(preference)
on conflict (debtor_id, kind, lower(value)) do nothing
"""

REPEAT_PLACE = """
with place as (
    select d.id, a.city, a.uf, a.ibge_code, d.ibge_code as ibge_before
    from parties_debtor d join parties_address a on a.debtor_id = d.id and a.is_primary
    where d.id in (select f.debtor_id from {findings} f where f.refusal is null)
        and (d.city, d.uf, d.ibge_code) is distinct from (a.city, a.uf, a.ibge_code)
)
update parties_debtor d set city = place.city, uf = place.uf, ibge_code = place.ibge_code
from place where place.id = d.id
returning d.id, place.ibge_before <> place.ibge_code
"""

REPEAT_REACH = """
update parties_debtor d set has_email = reach.email, has_phone = reach.phone
from (
    select f.debtor_id, coalesce(bool_or(p.kind = 'email'), false) as email, coalesce(bool_or(p.kind = 'phone'),
        false) as phone
    from (select distinct debtor_id from {findings} where refusal is null) f
    left join parties_contactpoint p on p.debtor_id = f.debtor_id and p.state in ('unverified', 'verified')
    group by f.debtor_id
) reach
where reach.debtor_id = d.id and (d.has_email, d.has_phone) is distinct from (reach.email, reach.phone)
"""

INSERT_CONTRACTS = """
insert into parties_contract (company_id, branch_id, debtor_id, kind, number, plan, unit, city, started_on)
select distinct on (s.company_id, f.debtor_id, s.contract_number) s.company_id, s.branch_id, f.debtor_id,
    coalesce(nullif(s.contract_kind, ''), 'other'), s.contract_number, s.contract_plan, s.contract_unit,
        s.contract_city,
    s.contract_started_on
from {joined}
where not exists (
    select 1 from parties_contract c
    where c.company_id = s.company_id and c.debtor_id = f.debtor_id and c.number = s.contract_number)
order by s.company_id, f.debtor_id, s.contract_number, s.row_number desc
"""

# The blank contract (number '') says nothing about itself and is left as it was made.
UPDATE_CONTRACTS = """
update parties_contract c set kind = n.kind, plan = n.plan, unit = n.unit, city = n.city, started_on = n.started_on,
    branch_id = n.branch_id
from (
    select distinct on (c.id) c.id, s.branch_id, coalesce(nullif(s.contract_kind, ''), c.kind) as kind,
        coalesce(nullif(s.contract_plan, ''), c.plan) as plan, coalesce(nullif(s.contract_unit, ''), c.unit) as unit,
        coalesce(nullif(s.contract_city, ''), c.city) as city, coalesce(s.contract_started_on, c.started_on) as
            started_on
    from {joined}
    join parties_contract c on c.company_id = s.company_id and c.debtor_id = f.debtor_id and c.number =
        s.contract_number
    where s.contract_number <> ''
    order by c.id, s.row_number desc
) n
where n.id = c.id and (c.kind, c.plan, c.unit, c.city, c.started_on, c.branch_id)
    is distinct from (n.kind, n.plan, n.unit, n.city, n.started_on, n.branch_id)
"""

FIND_CONTRACTS = """
update {findings} f set contract_id = c.id
from {stage} s, parties_contract c
where s.row_number = f.row_number and f.refusal is null
    and c.company_id = s.company_id and c.debtor_id = f.debtor_id and c.number = s.contract_number
"""
