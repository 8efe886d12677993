"""What was done on a case and why, newest first: messages, steps, phases, payments, tasks and what people did.

One statement over the tables of several apps, because the page shows one story; each branch reads by an index.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from quita.platform.actors import HOME_ZONE

PAGE_SIZE = 30
# Facts known by day only stand at the hour at which the work of a day begins.
_MORNING = f"time '06:00') at time zone '{HOME_ZONE.key}'"

_SQL = f"""
with titles as materialized (
    select r.id, r.number from receivables_receivable r where r.contract_id = %(contract)s and r.origin = %(origin)s
), ids as materialized (select coalesce(array_agg(id), '{{}}') as all_ids from titles), paid as (
    -- Payments that came in together are told in the order in which they were paid.
    -- A payment that was taken back gave nothing to anybody any more, but it names its title.
    select ((y.paid_on - date '2000-01-01')::bigint << 40) + y.id as place, y.amount_cents, y.paid_on, y.method,
        y.recorded_at, y.reversed_at, y.reversal_reason, p.numbers
    from (
        select x.payment_id, jsonb_agg(distinct x.number) as numbers
        from (
            select a.payment_id, n.number from titles n join receivables_allocation a on a.receivable_id = n.id
            union all
            select y.id, n.number from titles n join receivables_payment y on y.receivable_id = n.id
        ) x
        where x.payment_id is not null group by x.payment_id
    ) p join receivables_payment y on y.id = p.payment_id
), story as (
    -- Each message with the step and the version of the ladder that it came from.
    select coalesce(m.ended_at, m.created_at) as at, 'message' as kind, m.id, null::bigint as by_id,
           jsonb_build_object('channel', m.channel, 'state', m.state, 'reason', m.reason, 'run_id', m.run_id,
               'day', m.day, 'template', t.name, 'step', st.name, 'ladder', l.name, 'version', lv.number,
               'offset_days', st.offset_days, 'due_on', m.lead_due_on, 'occurrence', m.lead_occurrence,
               'titles', (select jsonb_agg(n.number order by n.id) from titles n
                   where n.id = any(m.receivable_ids))) as facts
    from messaging_message m
    cross join ids
    join messaging_templateversion tv on tv.id = m.template_version_id
    join messaging_template t on t.id = tv.template_id
    left join ladders_execution e on e.receivable_id = m.lead_receivable_id and e.due_on = m.lead_due_on
        and e.step_key = m.lead_step_key and e.occurrence = m.lead_occurrence
    left join ladders_ladderversion lv on lv.id = e.ladder_version_id
    left join ladders_ladder l on l.id = lv.ladder_id
    left join ladders_step st on st.version_id = lv.id and st.key_id = m.lead_step_key
    where m.debtor_id = %(debtor)s and m.company_id = %(company)s and m.receivable_ids && ids.all_ids
  union all
    -- Occurrences settled otherwise than by a message of their own, one line for titles that share them.
    select (e.decided_on + {_MORNING}, 'step', min(e.receivable_id), null,
           jsonb_build_object('decision', e.decision, 'run_id', e.run_id, 'step', st.name, 'ladder', l.name,
               'version', lv.number, 'offset_days', st.offset_days, 'action', st.action, 'day', min(e.day),
               'titles', jsonb_agg(n.number order by n.id))
    from titles n
    join ladders_execution e on e.receivable_id = n.id and e.decision <> 1
    join ladders_ladderversion lv on lv.id = e.ladder_version_id
    join ladders_ladder l on l.id = lv.ladder_id
    left join ladders_step st on st.version_id = lv.id and st.key_id = e.step_key
    group by e.decided_on, e.decision, e.run_id, e.step_key, e.occurrence, st.name, st.offset_days, st.action, l.name,
        lv.number
  union all
    select (p.started_on + {_MORNING}, 'phase', min(p.id), null,
           jsonb_build_object('phase', f.name, 'titles', jsonb_agg(n.number order by n.id))
    from titles n
    join cases_phaseperiod p on p.receivable_id = n.id and p.by_id is null
    join cases_phase f on f.id = p.phase_id
    group by p.started_on, f.name
  union all
    select y.recorded_at, 'payment', y.place, null,
           jsonb_build_object('amount_cents', y.amount_cents, 'paid_on', y.paid_on, 'method', y.method,
               'titles', y.numbers)
    from paid y
  union all
    select y.reversed_at, 'reversal', y.place, null,
           jsonb_build_object('amount_cents', y.amount_cents, 'paid_on', y.paid_on, 'reason', y.reversal_reason,
               'titles', y.numbers)
    from paid y where y.reversed_at is not null
  union all
    select u.at, 'audit', u.id, u.by_id,
           u.params || jsonb_build_object('verb', u.verb, 'titles', case when u.subject = 'receivable' then
               (select jsonb_agg(n.number) from titles n where n.id = u.subject_id) end)
    from (
        select * from audit_entry where subject = 'case' and subject_id = %(case)s
        union all
        select e.* from titles n join audit_entry e on e.subject = 'receivable' and e.subject_id = n.id
    ) u
)
select s.at, s.kind, s.id, s.facts, coalesce(nullif(trim(w.first_name || ' ' || w.last_name), ''), w.username, '')
from story s left join access_user w on w.id = s.by_id
where %(at)s::timestamptz is null or (s.at, s.kind, s.id) < (%(at)s::timestamptz, %(kind)s::text, %(id)s::bigint)
order by s.at desc, s.kind desc, s.id desc
limit %(size)s
"""


@dataclass(frozen=True)
class Happening:
    """One thing that happened.

    `kind` is message, step, phase, payment, reversal or audit; `facts` are its own (see the SQL).
    """

    at: dt.datetime
    kind: str
    id: int
    facts: dict[str, Any]
    who: str


def happenings(
    *, case: Any, after: tuple[dt.datetime, str, int] | None = None, size: int = PAGE_SIZE
) -> tuple[list[Happening], bool]:
    """One page of a case's story and whether there is more. The case was read in the reader's scope."""
    at, kind, number = after or (None, "", 0)
    params = {
        "case": case.pk, "contract": case.contract_id, "origin": case.origin, "debtor": case.debtor_id,
        "company": case.company_id, "at": at, "kind": kind, "id": number, "size": size + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SQL, params)
        rows = [Happening(row[0], row[1], row[2], _facts(row[3]), row[4]) for row in cursor.fetchall()]
    return rows[:size], len(rows) > size


def _facts(value: Any) -> dict[str, Any]:
    # Django's connections hand JSON over as text.
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found
