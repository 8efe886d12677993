"""The facts of a range of debtors, in a fixed number of queries of one snapshot, straight into frames."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from quita.cases.queries import promises
from quita.domain import contact_policy, phones
from quita.domain.conditions import registry
from quita.domain.ladder import facts, portfolios, rules
from quita.platform import arrow

# The channels that a kind of contact point serves.
SERVES = {"email": ("email",), "phone": ("voice", "sms", "whatsapp")}

_JOINS = {
    "d": "join parties_debtor d on d.id = r.debtor_id",
    "ct": "left join parties_contract ct on ct.id = r.contract_id",
    "co": "join parties_company co on co.id = r.company_id",
}
# Worked out in frames, from lateness and the cases, not read.
_DERIVED = {
    "days_past_due",
    "business_days_past_due",
    "case_balance_cents",
    "case_title_count",
    "case_days_past_due",
    "case_is_open",
}


@dataclass(frozen=True)
class Range:
    """Debtor ids from `first` to `last`, both included."""

    first: int
    last: int

    def on(self, column: str) -> str:
        """The SQL condition on a debtor column."""
        return f"{column} between {int(self.first)} and {int(self.last)}"


def read(session: arrow.Session, span: Range, in_force: rules.Rules, policy: contact_policy.Policy) -> facts.Facts:
    """Everything a decision about these debtors may need, as of the session's snapshot."""
    today = in_force.today
    frames = {
        "titles": session.read(_titles(span, in_force)),
        "debtors": session.read(_debtors(span)),
        "reach": _reach(session.read(_contact_points(span)), in_force),
        "cases": session.read(_cases(span)),
        "endings": session.read(_endings(span, today)),
        "executions": session.read(_executions(span)),
        "disputes": session.read(_disputes(today)),
        "holds": session.read(_holds(span, today)),
        "promises": session.read(_promises(span, today)),
        "contacted": session.read(_contacted(span, today, contact_policy.caps_in_force(policy, today))),
        "no_contact_tasks": session.read(_no_contact_tasks(span)),
    }
    return facts.Facts.of(frames)


def _titles(span: Range, in_force: rules.Rules) -> str:
    """Open titles that are due within the reach of the ladders, with the columns that conditions ask for."""
    asked = [field for field in portfolios.fields_asked(in_force) if field.column not in _DERIVED]
    own = {
        "receivable_id": "r.id", "company_id": "r.company_id", "debtor_id": "r.debtor_id",
        "contract_id": "r.contract_id", "origin": "r.origin", "calendar_id": "r.calendar_id::int",
        "policy_id": "r.policy_id", "due_on": "r.due_on", "balance_cents": "r.balance_cents",
        "phase_id": "pp.phase_id", "phase_by_hand": "pp.by_hand",
    }  # fmt: skip
    if any(ladder.late_entry == rules.WAIT for ladder in in_force.ladders):
        own["created_on"] = "(r.created_at at time zone 'America/Sao_Paulo')::date"
    for field in asked:
        own.setdefault(field.column, field.sql)
    joins = [_JOINS[alias] for alias in ("d", "ct", "co") if any(alias in _aliases(field) for field in asked)]
    until = in_force.today + dt.timedelta(days=in_force.horizon_days)
    return f"""
        select {", ".join(f"{sql} as {name}" for name, sql in own.items())}
        from receivables_receivable r
        left join cases_phaseperiod pp on pp.receivable_id = r.id and pp.ended_on is null
        {" ".join(joins)}
        where r.status = 'open' and {span.on("r.debtor_id")}
          and (r.due_on <= '{until.isoformat()}' or r.due_on is null)
    """


def _aliases(field: registry.Field) -> frozenset[str]:
    return field.aliases


def _debtors(span: Range) -> str:
    return f"""
        select d.id as debtor_id, d.protection, d.uf, d.ibge_code,
               dr.portfolio_id as own_portfolio_id, dr.ladder_id as own_ladder_id
        from parties_debtor d left join ladders_debtorrule dr on dr.debtor_id = d.id
        where {span.on("d.id")}
    """


def _contact_points(span: Range) -> str:
    """No address is read: only which contact point it is and, of a Brazilian phone, the area code."""
    return f"""
        select id as contact_point_id, debtor_id, kind, preference,
               case when kind = 'phone' and value like '+55%' then substr(value, 4, 2) end as ddd
        from parties_contactpoint
        where {span.on("debtor_id")} and state in ('unverified', 'verified')
    """


def _reach(points: pl.DataFrame, in_force: rules.Rules) -> pl.DataFrame:
    """The first usable contact point of each debtor on each channel that a step uses."""
    used = {channel for ladder in in_force.ladders for step in ladder.steps for channel in step.channels}
    if any(step.action == rules.CALL_TASK for ladder in in_force.ladders for step in ladder.steps):
        used.add("voice")
    best = points.sort("debtor_id", "kind", "preference", "contact_point_id").unique(
        ["debtor_id", "kind"], keep="first", maintain_order=True
    )
    serves = pl.DataFrame(
        [(kind, channel) for kind, channels in SERVES.items() for channel in channels if channel in used],
        schema={"kind": pl.String, "channel": pl.String},
        orient="row",
    )
    return (
        best.join(serves, on="kind", how="inner")
        .select(
            "debtor_id",
            "channel",
            "contact_point_id",
            pl.col("ddd")
            .replace_strict(phones.DDD_UF, default="", return_dtype=pl.String)
            .fill_null("")
            .alias("phone_uf"),
        )
        .sort("debtor_id", "channel")
    )


def _cases(span: Range) -> str:
    return f"""
        select c.id as case_id, c.company_id, c.debtor_id, c.contract_id, c.origin, c.opened_on,
               c.closed_on is null as is_open, c.portfolio_id, c.portfolio_by_hand, c.exhausted_on,
               t.id is not null as has_ticket
        from cases_case c left join cases_ticket t on t.case_id = c.id and t.closed_at is null
        where {span.on("c.debtor_id")}
    """


def _endings(span: Range, today: dt.date) -> str:
    """Why open cases with nothing left past due ended: the status of their title that was closed last."""
    return f"""
        select c.id as case_id,
               (select r.status from receivables_receivable r
                where r.contract_id = c.contract_id and r.origin = c.origin and r.status <> 'open'
                order by r.closed_on desc, r.id desc limit 1) as last_status
        from cases_case c
        where c.closed_on is null and {span.on("c.debtor_id")}
          and not exists (select 1 from receivables_receivable r
                          where r.contract_id = c.contract_id and r.origin = c.origin
                            and r.status = 'open' and r.due_on < '{today.isoformat()}')
    """


def _executions(span: Range) -> str:
    """What is settled about titles that are still open at the due date they have now."""
    return f"""
        select e.receivable_id, e.due_on, e.step_key, e.occurrence, e.day
        from ladders_execution e join receivables_receivable r on r.id = e.receivable_id and r.due_on = e.due_on
        where r.status = 'open' and {span.on("r.debtor_id")}
    """


def _disputes(today: dt.date) -> str:
    day = today.isoformat()
    return f"""
        select receivable_id from cases_dispute
        where opened_on <= '{day}' and (closed_on is null or closed_on > '{day}')
    """


def _holds(span: Range, today: dt.date) -> str:
    day = today.isoformat()
    return f"""
        select h.id as hold_id, h.debtor_id, h.company_id, c.contract_id, c.origin, h.receivable_id, h.ends_on
        from cases_hold h left join cases_case c on c.id = h.case_id
        where '{day}' between h.starts_on and h.ends_on and (h.lifted_on is null or h.lifted_on > '{day}')
          and {span.on("h.debtor_id")}
    """


def _promises(span: Range, today: dt.date) -> str:
    """Promises that are open on the day, with the last day on which paying keeps them."""
    stated = promises.STATE_SQL.replace("%(today)s", f"'{today.isoformat()}'")
    return f"""
        select p.company_id, p.debtor_id, c.contract_id, c.origin, p.until_on as pay_on
        from ({stated} where {span.on("p.debtor_id")} and p.promised_on <= '{today.isoformat()}') p
        left join cases_case c on c.id = p.case_id
        where p.state = 'open'
    """


def _contacted(span: Range, today: dt.date, caps: contact_policy.Caps) -> str:
    """Contacts with each person in the windows of the caps; what may have left counts, what failed does not."""
    windows = sorted({days for counts in caps.counts.values() for days, _ in counts})
    counts = [
        f"count(*) filter (where day > '{(today - dt.timedelta(days=days)).isoformat()}') as n_{days}"
        for days in windows
    ]
    columns = ["debtor_id", "channel", "max(coalesce(ended_at, not_before)) as last_at", *counts]
    since = today - dt.timedelta(days=max(caps.longest_window_days, 1))
    return f"""
        select {", ".join(columns)}
        from messaging_message
        where (state in ('queued', 'sending', 'sent') or reason = 'in_doubt') and {span.on("debtor_id")}
          and day > '{since.isoformat()}' and day <= '{today.isoformat()}'
        group by debtor_id, channel
    """


def _no_contact_tasks(span: Range) -> str:
    return f"""
        select distinct company_id, debtor_id from cases_task
        where kind = 'no_contact' and done_at is null and {span.on("debtor_id")}
    """
