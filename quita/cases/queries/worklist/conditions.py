"""Filters as SQL: which tables a filter needs, and what it demands of them.

Aliases are those that `quita.domain.conditions.fields` documents, so that rules people wrote fit in as they are.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from quita.cases.queries import promises
from quita.cases.queries.worklist.edges import Edges
from quita.cases.queries.worklist.filters import Filters
from quita.domain.conditions import fields, sql_compiler, trees
from quita.domain.conditions.text_keys import search_key
from quita.platform.access.scopes import Scope

# In the order in which they may be joined; every one finds at most one row.
JOINS = {
    "d": "join parties_debtor d on d.id = r.debtor_id",
    "co": "join parties_company co on co.id = r.company_id",
    "ct": "left join parties_contract ct on ct.id = r.contract_id",
    "cs": "left join cases_case cs on cs.contract_id = r.contract_id and cs.origin = r.origin and cs.closed_on is null",
    "pp": "left join cases_phaseperiod pp on pp.receivable_id = r.id and pp.ended_on is null",
    "due_day": "left join parties_calendarday due_day"
    " on due_day.calendar_id = r.calendar_id and due_day.day = r.due_on",
    "today_day": (
        "left join parties_calendarday today_day on today_day.calendar_id = r.calendar_id"
        " and today_day.day = %(today)s::date"
    ),
    "agg": """left join lateral (
        select sum(o.balance_cents)::bigint as balance_cents, count(*) as title_count,
               max(%(today)s::date - o.due_on) as max_days_past_due
        from receivables_receivable o
        join parties_calendarday od on od.calendar_id = o.calendar_id and od.day = o.due_on
        where o.contract_id = r.contract_id and o.origin = r.origin and o.status = 'open'
          and o.due_on < %(today)s::date and od.next_business_on < %(today)s::date
    ) agg on true""",
}

IN_FORCE = "h.lifted_at is null and %(today)s::date between h.starts_on and h.ends_on"
ON_HOLD = f"""exists (select 1 from cases_hold h where h.debtor_id = r.debtor_id and {IN_FORCE}
    and (h.receivable_id = r.id or h.case_id = cs.id
         or (h.receivable_id is null and h.case_id is null
             and (h.company_id is null or h.company_id = r.company_id))))"""
DISPUTED = "exists (select 1 from cases_dispute dp where dp.receivable_id = r.id and dp.closed_on is null)"
# Ended promises are left out before their payments are added up. For the few rows of a page only.
PROMISED = f"""exists (select 1 from ({promises.STATE_SQL}
        where p.withdrawn_at is null and p.pay_on >= %(today)s::date - 15) ps
    where ps.state = 'open' and ps.debtor_id = r.debtor_id and ps.company_id = r.company_id
      and (ps.case_id is null or ps.case_id = cs.id))"""
# As a filter: the open promises are read first, with one statement of their own.
IN_PROMISED = """(cs.id = any(%(promised_cases)s::bigint[]) or exists (
    select 1 from unnest(%(promised_debtors)s::bigint[], %(promised_companies)s::bigint[]) u(debtor_id, company_id)
    where u.debtor_id = r.debtor_id and u.company_id = r.company_id))"""
HAS_TASK = "exists (select 1 from cases_task t where t.case_id = cs.id and t.done_at is null)"
SHORTEST_PART = 3
# No run of days without business is as long.
LONGEST_GRACE = 40
_STARTS = {
    "hold": f"r.debtor_id in (select h.debtor_id from cases_hold h where {IN_FORCE})",
    "promise": "r.debtor_id = any(%(promised)s::bigint[])",
    "task": "cs.id is not null",
}


@dataclass
class Conditions:
    """`own` is asked of the title's row alone (an index can walk it); `others` need the joined tables.

    `starts` change no result: they say the same as some of the others in a form from which the planner can start.
    """

    own: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    params: dict[str, Any] = field(default_factory=dict)
    # The part of a search that asks about the person (alias d), for searches of people themselves.
    of_person: str = ""

    def joins(self, *more: str) -> str:
        """The joins of every alias in use, and of those named."""
        wanted = self.aliases | set(more)
        return "\n".join(join for alias, join in JOINS.items() if alias in wanted)

    def all(self, *more: str, gather: bool) -> str:
        """All conditions in one; `gather` adds those from which a plan can start."""
        return " and ".join([*self.own, *self.others, *(self.starts if gather else []), *more])


def of(filters: Filters, scope: Scope, edges: Edges) -> Conditions:
    """The conditions on titles."""
    found = Conditions(params={"today": edges.today})
    found.own.append("r.status = 'open'")
    _companies(found, filters, scope)
    _lateness(found, filters, edges)
    _amounts(found, filters)
    _people(found, filters)
    _work(found, filters, scope)
    if filters.search.strip():
        search(found, filters.search)
    if filters.condition is not None:
        _rule(found, filters.condition, edges.today)
    return found


def _companies(found: Conditions, filters: Filters, scope: Scope) -> None:
    if filters.company_id is not None:
        found.own.append("r.company_id = %(company)s::bigint")
        found.params["company"] = filters.company_id
    if scope.company_ids is not None and filters.company_id not in scope.company_ids:
        found.own.append("r.company_id = any(%(companies)s::bigint[])")
        found.params["companies"] = sorted(scope.company_ids)


def _lateness(found: Conditions, filters: Filters, edges: Edges) -> None:
    late, params = edges.late()
    found.params |= params | {"today": edges.today}
    conditions = {
        "late": late,
        "today": f"r.due_on <= %(today)s::date and not {late}",
        "late_or_today": "r.due_on <= %(today)s::date",
        "upcoming": "r.due_on > %(today)s::date",
        "undated": "r.due_on is null",
        "any": "r.due_on is not null",
    }
    found.own.append(conditions[filters.due])
    if filters.due == "today":
        # Stated for the index: what can still be paid today was due at most a few days ago.
        found.own.append("r.due_on > %(late_earliest)s::date")
        found.params["late_earliest"] = min(edges.last_late.values(), default=edges.today - dt.timedelta(days=40))
    if filters.days_from is not None:
        found.own.append("r.due_on <= %(due_latest)s::date")
        found.params["due_latest"] = _days_before(edges.today, filters.days_from)
    if filters.days_to is not None:
        found.own.append("r.due_on >= %(due_earliest)s::date")
        found.params["due_earliest"] = _days_before(edges.today, filters.days_to)


def _days_before(today: dt.date, days: int) -> dt.date:
    # Typed numbers can be absurd; a century either way is the same as no limit.
    return today - dt.timedelta(days=max(-36500, min(days, 36500)))


def _amounts(found: Conditions, filters: Filters) -> None:
    if filters.amount_from_cents is not None:
        found.own.append("r.balance_cents >= %(amount_from)s::bigint")
        found.params["amount_from"] = filters.amount_from_cents
    if filters.amount_to_cents is not None:
        found.own.append("r.balance_cents <= %(amount_to)s::bigint")
        found.params["amount_to"] = filters.amount_to_cents


def _people(found: Conditions, filters: Filters) -> None:
    if filters.uf:
        found.others.append("d.uf = %(uf)s")
        found.aliases.add("d")
        found.params["uf"] = filters.uf
    if filters.city.strip():
        found.others.append("quita_search_key(d.city) = %(city)s")
        found.aliases.add("d")
        found.params["city"] = search_key(filters.city)


def _work(found: Conditions, filters: Filters, scope: Scope) -> None:
    for value, column, name in (
        (filters.portfolio_id, "cs.portfolio_id", "portfolio"),
        (filters.phase_id, "pp.phase_id", "phase"),
        (filters.assigned_to_id, "cs.assigned_to_id", "assigned"),
    ):
        if value is None:
            continue
        found.aliases.add(column[:2])
        found.others.append(f"{column} = %({name})s::bigint" if value else f"{column} is null")
        found.params[name] = value
    for wanted, condition in (
        (filters.on_hold, ON_HOLD),
        (filters.disputed, DISPUTED),
        (filters.promised, IN_PROMISED),
        (filters.has_task, HAS_TASK),
    ):
        if wanted is not None:
            found.aliases.add("cs")
            found.others.append(condition if wanted else f"not {condition}")
    if filters.promised is not None:
        _promises(found, scope, found.params["today"])
    found.starts += [_STARTS[key] for key, wanted in (
        ("hold", filters.on_hold), ("promise", filters.promised), ("task", filters.has_task)
    ) if wanted]  # fmt: skip


def _promises(found: Conditions, scope: Scope, today: dt.date) -> None:
    known = promises.open_promises(scope=scope, today=today)
    general = [promise for promise in known if promise.case_id is None]
    found.params |= {
        "promised": sorted({promise.debtor_id for promise in known}),
        "promised_cases": [promise.case_id for promise in known if promise.case_id is not None],
        "promised_debtors": [promise.debtor_id for promise in general],
        "promised_companies": [promise.company_id for promise in general],
    }


def search(found: Conditions, text: str) -> None:
    """Part of a name (three letters; fewer: its beginning), or the beginning of a CPF/CNPJ or of a title's number."""
    typed = " ".join(text.split())[:100]
    found.aliases.add("d")
    found.params["number"] = sql_compiler.like_pattern(typed) + "%"
    person = [_name_like(found, search_key(typed))]
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) >= SHORTEST_PART and any(sign.isdigit() for sign in signs):
        person.append("d.tax_id like %(document)s")
        found.params["document"] = sql_compiler.like_pattern(signs) + "%"
    found.of_person = " or ".join(person)
    found.others.append(f"(r.number like %(number)s or {found.of_person})")
    # One index for each way of being found; an "or" across tables would read everything.
    found.starts.append(f"""r.id in (
        select n.id from receivables_receivable n where n.number like %(number)s and n.status = 'open'
        union select o.id from parties_debtor d join receivables_receivable o on o.debtor_id = d.id
              where ({found.of_person}) and o.status = 'open')""")


def _name_like(found: Conditions, key: str) -> str:
    words = [word for word in key.split() if len(word) >= SHORTEST_PART]
    for number, word in enumerate(words):
        found.params[f"word{number}"] = f"%{sql_compiler.like_pattern(word)}%"
    if words:
        return "(" + " and ".join(f"d.name_key like %(word{number})s" for number in range(len(words))) + ")"
    found.params["beginning"] = sql_compiler.like_pattern(key) + "%"
    return 'd.name_key collate "C" like %(beginning)s'


def _rule(found: Conditions, raw: dict[str, Any], today: dt.date) -> None:
    tree = trees.parse(raw, fields.DEFAULT)
    sql, params = sql_compiler.to_sql(tree, fields.DEFAULT, today, prefix="rule")
    found.aliases |= trees.aliases_used(tree, fields.DEFAULT) - {"r"}
    found.params |= params
    found.others.append(f"({sql})")
    if tree.kind != "all":
        return
    for number, child in enumerate(tree.children):
        if isinstance(child, trees.Condition) and child.field == "title.days_past_due":
            _bound_by_rule(found, child, today, f"rule_due{number}")


def _bound_by_rule(found: Conditions, condition: trees.Condition, today: dt.date, name: str) -> None:
    """Says a demand on days past due as a limit on the due date too, which has an index: wider maybe, never tighter."""
    value: Any = condition.value
    low, high = value if condition.op == "between" else (value, value)
    if condition.op in ("between", "equals", "at_least", "more_than") and low >= 1:
        found.own.append(f"r.due_on <= %({name}_latest)s::date")
        found.params[f"{name}_latest"] = _days_before(today, low)
    if condition.op in ("between", "equals", "at_most", "less_than") and high >= 0:
        # A title that fell due before a long holiday still counts zero days.
        found.own.append(f"r.due_on >= %({name}_earliest)s::date")
        found.params[f"{name}_earliest"] = _days_before(today, max(high, LONGEST_GRACE))
