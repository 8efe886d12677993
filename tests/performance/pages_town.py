"""A million titles made inside PostgreSQL in seconds, for measuring pages. Shape matters here, stories do not.

250 thousand debtors with one contract and four titles each; 85 % of the titles open, two thirds of those past due;
twelve companies, 29 calendars, twelve portfolios and seven phases that follow lateness (which is what makes sorting by
due date hard for a planner: whole phases lie together at one end of the index).
"""

import datetime as dt

import psycopg

PHASE_FROM_DAYS = (1, 11, 31, 61, 91, 181, 361)

_TABLES = """messaging_message messaging_templateversion messaging_template ladders_execution ladders_runshard
 ladders_run
 ladders_steptemplate ladders_step ladders_stepkey ladders_ladderversion ladders_debtorrule cases_hold cases_dispute
 cases_promise cases_ticket cases_task cases_phaseperiod cases_phase cases_case ladders_portfolio ladders_ladder
 receivables_credit receivables_allocation receivables_payment receivables_closure receivables_receivable
 parties_contract
 parties_contactpoint parties_debtorreference parties_address parties_debtor parties_branch parties_companyaccess
 parties_company parties_calendarday parties_calendarholiday parties_calendar
 receivables_chargepolicyversion receivables_chargepolicy""".split()

_PLACES = """
insert into parties_calendar(id, name, uf, ibge_code) select n, 'Calendar ' || n, '', lpad(n::text, 7, '0')
    from generate_series(1, 29) n;
insert into parties_calendarday(calendar_id, day, is_business, business_seq, next_business_on)
select c.id, d.day, w.works, sum(w.works::int) over (partition by c.id order by d.day),
       coalesce(min(d.day) filter (where w.works) over (partition by c.id order by d.day rows between current row
           and 9 following), d.day)
from parties_calendar c, lateral (select day::date
    from generate_series(date '2000-01-01', date '2050-12-31', '1 day') day) d,
     lateral (select extract(isodow from d.day) < 6 and (c.id * 37 + extract(doy from d.day)::int) % 181 <> 0 works) w;
insert into parties_company(id, legal_name, trade_name, tax_id, company_type, segment, regime, address_line, city, uf,
    postal_code,
  email, phone, payment_instructions, is_active)
select n, 'Company ' || n || ' Ltda', 'Company ' || n, lpad(n::text, 14, '0'), 'other', '', 'B2C_GENERIC',
    'Rua Um, 1', 'Recife', 'PE', '',
  '', '', '', true from generate_series(1, 12) n;
insert into parties_branch(id, code, name, is_active, calendar_id, company_id)
select n, 'B' || n, 'Branch ' || n, true, 1 + n % 29, 1 + (n - 1) % 12 from generate_series(1, 24) n;
"""

_PEOPLE = """
insert into parties_debtor(id, kind, name, tax_id, debtor_type, segment, protection, city, uf, ibge_code, has_email,
    has_phone, created_at)
select n, case when n % 5 = 0 then 'organization' else 'person' end,
  (array['Ana','Bruno','Carla','Diego','Elisa','Fabio','Gisele','Heitor','Iara',
      'João','Katia','Luís','Márcia','Nádia','Otávio','Paula'])[1 + (n * 7) % 16]
  || ' ' || (array['Silva','Souza','Oliveira','Santos','Lima','Pereira','Costa','Almeida','Nunes','Rocha','Dias',
      'Moura','Teixeira'])[1 + (n * 11) % 13]
  || ' ' || (array['Araújo','Barbosa','Cardoso','Duarte','Esteves','Freitas','Gomes'])[1 + (n / 91) % 7] || ' ' || n,
  lpad(n::text, 11, '0'), '', '', '', (array['Recife','Olinda','Natal','Belém','Santos'])[1 + n % 5] ||
      case when n % 97 = 0 then ' Velha' else '' end,
  (array['PE','PE','RN','PA','SP'])[1 + n % 5], '', true, n % 3 > 0, now()
from generate_series(1, %(debtors)s) n;
insert into parties_contract(id, kind, number, plan, unit, city, branch_id, company_id, debtor_id)
select n, 'subscription', 'C' || n, 'Plan ' || n % 9, '', 'Recife', 1 + n % 24, 1 + (n % 24) % 12, n
    from generate_series(1, %(debtors)s) n;
insert into parties_contactpoint(debtor_id, kind, value, label, state, preference, source, changed_at)
select n, 'phone', '+55819' || lpad(n::text, 8, '0'), '', 'verified', 0, 'bench', now()
    from generate_series(1, %(debtors)s) n where n % 3 > 0;
"""

# Many more titles are due shortly before today than long ago; the rest lie ahead.
_TITLES = """
insert into receivables_chargepolicy(id, name, regime, is_active) values (1, 'Standard', 'B2C_GENERIC', true);
insert into receivables_receivable(id, source, external_id, number, document_type, origin, billing_method, issue_on,
  due_on, original_cents, rebate_cents, status, closed_on, balance_cents, correction_open_cents, interest_open_cents,
  fine_open_cents, fine_assessed, created_at,
  changed_at, row_hash, branch_id, calendar_id, company_id, contract_id, debtor_id, policy_id)
select n, 'bench', n::text, c.id || '/' || (n - 1) / %(debtors)s + 1, 'boleto', 'other', 'boleto', s.due_on - 30,
    s.due_on, s.cents, 0,
  case when s.is_open then 'open' else 'paid' end, case when s.is_open then null else s.due_on end,
  case when s.is_open then s.cents else 0 end, 0, 0, 0, false, now(), now(), 0, c.branch_id, 1 + c.branch_id % 29,
      c.company_id, c.id,
  c.debtor_id, null
from generate_series(1, %(titles)s) n
join parties_contract c on c.id = 1 + (n - 1) % %(debtors)s,
lateral (select hashint8(n) & 65535 as h, hashint8(n + 900000007) & 65535 as g) k,
lateral (select case when k.h % 3 = 0 then %(today)s::date + 1 + k.g % 90
                     else %(today)s::date - (power(k.g / 65536.0, 2.2) * 700)::int end due_on,
                1000 + (k.h * 7919) % 400000 cents, k.g % 20 > 2 is_open) s;
"""

_WORK = """
insert into ladders_ladder(id, name, is_active) values (1, 'Ladder', true);
insert into ladders_portfolio(id, name, priority, condition, is_default, is_active, ladder_id)
select n, 'Portfolio ' || n, n, '{"all": []}', n = 12, true, 1 from generate_series(1, 12) n;
insert into cases_case(id, origin, opened_on, portfolio_by_hand, company_id, contract_id, debtor_id, portfolio_id,
    close_reason)
select row_number() over (order by r.contract_id), r.origin, min(r.due_on) + 4, false, min(r.company_id),
    r.contract_id, min(r.debtor_id),
  case when r.contract_id % 3 = 0 then 12 when min(r.due_on) < %(today)s::date - 200 then 1
      else 1 + hashint8(r.contract_id) & 7 end, ''
from receivables_receivable r where r.status = 'open' and r.due_on < %(today)s::date - 3 group by r.contract_id,
    r.origin;
update cases_case set portfolio_id = 12 where portfolio_id not between 1 and 12;
insert into cases_phase(id, name, position, is_automatic, basis, from_days, is_active)
select ordinality, 'Phase ' || ordinality, ordinality, true, 'calendar', days, true from unnest(%(phases)s::int[])
    with ordinality u(days, ordinality);
insert into cases_phase(id, name, position, is_automatic, basis, from_days, is_active)
    values (8, 'Legal', 8, false, 'calendar', null, true);
insert into cases_phaseperiod(receivable_id, phase_id, started_on, by_hand)
select r.id, case when r.id % 499 = 0 then 8 else width_bucket(%(today)s::date - r.due_on, %(phases)s::int[]) end,
    %(today)s, r.id % 499 = 0
from receivables_receivable r where r.status = 'open' and r.due_on < %(today)s::date - 3 order by r.id;
insert into cases_hold(reason, starts_on, ends_on, at, case_id, company_id, debtor_id)
select 'Waiting for documents', %(today)s::date - 2, %(today)s::date + 20, now(), c.id, c.company_id, c.debtor_id
    from cases_case c where c.id % 211 = 0;
insert into cases_dispute(receivable_id, reason, opened_on, opened_at, resolution)
select receivable_id, 'Not mine', %(today)s::date - 9, now(), '' from cases_phaseperiod where receivable_id % 307 = 0;
insert into cases_promise(amount_cents, promised_on, pay_on, at, withdrawal_reason, case_id, company_id, debtor_id)
select 10000, %(today)s::date - 3, %(today)s::date + 3, now(), '', c.id, c.company_id, c.debtor_id from cases_case c
    where c.id % 101 = 0;
insert into cases_task(kind, title, natural_key, due_on, role, created_at, outcome, case_id, company_id, debtor_id)
select 'call', 'Call', 'bench:' || c.id, %(today)s::date - (c.id / 20 % 5)::int + 1, 'operator', now(), '', c.id,
    c.company_id, c.debtor_id from cases_case c where c.id % 20 = 0;
insert into messaging_template(id, name, channel, is_active) values (1, 'Notice', 'email', true);
insert into messaging_templateversion(id, number, subject, body, created_at, template_id)
    values (1, 1, 'Notice', 'Text', now(), 1);
insert into ladders_run(id, day, state, trigger, requested_at, started_at, finished_at, shard_count, rules,
    excluded_message_keys, counts, timings, decisions_hash, error)
values (1, %(today)s, 'done', 'schedule', now(), now(), now(), 1, '{}', '[]',
    '{"reasons": {"gap_too_short": {"titles": 20412, "debtors": 9120},
      "promise_open": {"titles": 931, "debtors": 450}}}', '{}', '', '');
insert into messaging_message(channel, run_id, lead_receivable_id, lead_due_on, lead_step_key, lead_occurrence,
  receivable_ids, day, not_before, not_after, state, reason, detail, attempts, next_attempt_at, lease_by, ended_at,
  created_at, company_id, debtor_id, template_version_id)
select 'email', 1, r.id, r.due_on, 1, 0, array[r.id], %(today)s, now(), now(),
  case when r.id % 7 = 0 then 'queued' else 'sent' end, '', '', 1, now(), '',
  case when r.id % 7 = 0 then null else now() end, now(), r.company_id, r.debtor_id, 1
from receivables_receivable r where r.status = 'open' and r.due_on < %(today)s::date - 3 and r.id % 9 = 0;
"""

_SEQUENCES = """
select format('select setval(%L, coalesce((select max(id) from %I), 1))', pg_get_serial_sequence(table_name, 'id'),
    table_name)
from information_schema.columns where table_schema = current_schema() and column_name = 'id' and is_identity = 'YES'
"""


def fill(dsn: str, titles: int, today: dt.date, *, with_work: bool = True) -> None:
    """Empties the business tables of this database and fills them with `titles` titles, a quarter as many debtors."""
    values = {"titles": titles, "debtors": max(titles // 4, 1), "today": today, "phases": list(PHASE_FROM_DAYS)}
    with psycopg.connect(dsn, autocommit=True) as connection:
        # Several statements in one string: parameters are then bound by the client.
        run = psycopg.ClientCursor(connection).execute
        run(f"truncate {', '.join(_TABLES)} cascade")
        for part in (_PLACES, _PEOPLE, _TITLES, *([_WORK] if with_work else [])):
            # Remainders (%) are written plainly above; only %(name)s is a parameter.
            run(part.replace("%", "%%").replace("%%(", "%("), values)
        for (statement,) in list(connection.execute(_SEQUENCES)):
            connection.execute(statement)
        connection.execute("vacuum (analyze)")
