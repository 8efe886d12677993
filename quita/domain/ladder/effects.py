"""What follows from the occurrences that may go: messages, call tasks, tickets, phases, ends of ladders, executions."""

from __future__ import annotations

import polars as pl

from quita.domain import contact_policy
from quita.domain.ladder import facts, groups, rules, stops
from quita.domain.ladder.portfolios import CASE
from quita.domain.ladder.reasons import PERMANENT, Reason

CODE = pl.Int16
KEY = ["receivable_id", "due_on", "step_key", "occurrence"]

MESSAGES: dict[str, pl.DataType | type[pl.DataType]] = {
    "company_id": pl.Int64, "debtor_id": pl.Int64, "contact_point_id": pl.Int64, "channel": pl.String,
    "template_version_id": pl.Int64, "lead_receivable_id": pl.Int64, "lead_due_on": pl.Date, "lead_step_key": pl.Int32,
    "lead_occurrence": pl.Int16, "receivable_ids": pl.List(pl.Int64), "not_before": facts.INSTANT,
    "not_after": facts.INSTANT, "group_id": pl.UInt32,
}  # fmt: skip
TASKS = {
    "company_id": pl.Int64, "debtor_id": pl.Int64, "contract_id": pl.Int64, "origin": pl.String, "kind": pl.String,
    "title": pl.String, "natural_key": pl.String, "role": pl.String,
}  # fmt: skip
TICKETS = {
    "contract_id": pl.Int64, "origin": pl.String, "step_key": pl.Int32, "is_update": pl.Boolean,
}  # fmt: skip


def carried_out(
    candidates: pl.DataFrame,
    titles: pl.DataFrame,
    known: facts.Facts,
    in_force: rules.Rules,
    policy: contact_policy.Policy,
    holidays: contact_policy.CivilHolidays,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Decides what was still open among the candidates. Returns (all rows decided, messages, tasks, tickets)."""
    stopped = candidates.filter(pl.col("decision").is_not_null())
    free = candidates.filter(pl.col("decision").is_null())
    said, messages = _messages(
        free.filter(pl.col("action") == rules.MESSAGE), titles, known, in_force, policy, holidays
    )
    called, calls = _calls(free.filter(pl.col("action") == rules.CALL_TASK), known, in_force, policy, holidays)
    ticketed, tickets = _tickets(free.filter(pl.col("action") == rules.TICKET), known)
    phased = free.filter(pl.col("action") == rules.SET_PHASE).with_columns(
        pl.lit(int(Reason.PHASE_SET), dtype=CODE).alias("decision")
    )
    rows = pl.concat([_decided(part) for part in (stopped, said, called, ticketed, phased)])
    tasks = pl.concat([calls, _no_contact(stopped, known, in_force)])
    return rows, messages, tasks, tickets


def executions(rows: pl.DataFrame, known: facts.Facts) -> pl.DataFrame:
    """The rows settled for good, with the older occurrences of the title that each puts aside for the first time."""
    columns = [*KEY, "day", "decision", "ladder_version_id", "older"]
    final = rows.filter(pl.col("decision").is_in(PERMANENT)).select(*columns, "older_days", "settled_until")
    fresh = final.filter(pl.col("settled_until").is_null() | (pl.col("older").list.len() == 0)).select(columns)
    partly = final.filter(pl.col("settled_until").is_not_null() & (pl.col("older").list.len() > 0))
    if partly.height:
        news = (
            partly.select(*KEY, "older", "older_days", "settled_until")
            .explode("older", "older_days")
            .filter(pl.col("older_days") > pl.col("settled_until"))
            .group_by(KEY)
            .agg(pl.col("older"))
        )
        partly_new = partly.drop("older").join(news, on=KEY, how="left").select(columns)
        fresh = pl.concat([fresh, partly_new])
    empty = pl.col("older").list.len().fill_null(0) == 0
    return fresh.with_columns(pl.when(~empty).then(pl.col("older")).alias("supersedes")).drop("older").sort(KEY)


def phases_set(rows: pl.DataFrame, titles: pl.DataFrame, in_force: rules.Rules) -> pl.DataFrame:
    """(receivable_id, phase_id, was_in_phase) that "set phase" steps ask for; not where a title stands already."""
    wanted = {
        step.key: int(step.params["phase_id"])
        for ladder in in_force.ladders
        for step in ladder.steps
        if step.action == rules.SET_PHASE
    }
    phase = pl.col("step_key").replace_strict(wanted, default=None, return_dtype=pl.Int64)
    was = titles.select("receivable_id", pl.col("phase_id").alias("was"), "phase_by_hand")
    return (
        rows.filter(pl.col("decision") == int(Reason.PHASE_SET))
        .sort("receivable_id", "day")
        .select("receivable_id", phase.alias("phase_id"))
        .join(was, on="receivable_id", how="left", maintain_order="left")
        .filter(pl.col("was").ne_missing(pl.col("phase_id")) & ~pl.col("phase_by_hand").fill_null(False))
        .select("receivable_id", "phase_id", pl.col("was").is_not_null().alias("was_in_phase"))
    )


def exhausted(past_due: pl.DataFrame, known: facts.Facts, in_force: rules.Rules) -> pl.DataFrame:
    """The open cases whose oldest title has come to the end of its ladder, with the role that takes over."""
    ends = pl.DataFrame(
        [_end(ladder) for ladder in in_force.ladders],
        schema={"ladder_version_id": pl.Int64, "end_days": pl.Int32, "end_business": pl.Int32, "role": pl.String},
        orient="row",
    )
    over = (
        past_due.join(ends, on="ladder_version_id", how="inner")
        .filter(
            (pl.col("days_past_due") >= pl.col("end_days"))
            & (pl.col("business_days_past_due") >= pl.col("end_business"))
        )
        .sort("due_on", "receivable_id")
        .unique(CASE, keep="first", maintain_order=True)
    )
    done = known.cases.filter(pl.col("exhausted_on").is_not_null() & pl.col("is_open")).select(CASE)
    return over.join(done, on=CASE, how="anti").select(*CASE, "company_id", "debtor_id", "role").sort(CASE)


def _end(ladder: rules.Ladder) -> tuple[int, int, int, str]:
    """From how many calendar and business days past due on the ladder is at its end."""
    last = {rules.CALENDAR: -ladder.end_after_days, rules.BUSINESS: -ladder.end_after_days}
    for step in ladder.steps:
        last[step.basis] = max([last[step.basis], *(offset for _, offset in step.offsets())])
    by_days = last[rules.CALENDAR] + ladder.end_after_days
    by_business = last[rules.BUSINESS] + (ladder.end_after_days if last[rules.BUSINESS] > last[rules.CALENDAR] else 0)
    return ladder.version_id, max(by_days, 1), max(by_business, 0), ladder.end_role


def _decided(rows: pl.DataFrame) -> pl.DataFrame:
    """The columns that every decided row has, whatever kind of action it came from."""
    shape: dict[str, pl.DataType | type[pl.DataType]] = {
        "receivable_id": pl.Int64, "company_id": pl.Int64, "debtor_id": pl.Int64, "contract_id": pl.Int64,
        "origin": pl.String, "due_on": pl.Date, "action": pl.String, "step_key": pl.Int32, "occurrence": pl.Int16,
        "day": pl.Date, "decision": pl.Int16, "group_id": pl.UInt32, "days_past_due": pl.Int32,
        "balance_cents": pl.Int64, "portfolio_id": pl.Int64, "ladder_version_id": pl.Int64,
        "contact_point_id": pl.Int64,
        "promise_until": pl.Date, "hold_id": pl.Int64, "not_before": facts.INSTANT, "settled_until": pl.Date,
        "older": pl.List(pl.Int32), "older_days": pl.List(pl.Date),
    }  # fmt: skip
    return rows.select(
        [
            pl.col(name).cast(dtype) if name in rows.columns else pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in shape.items()
        ]
    )


def _messages(
    free: pl.DataFrame,
    titles: pl.DataFrame,
    known: facts.Facts,
    in_force: rules.Rules,
    policy: contact_policy.Policy,
    holidays: contact_policy.CivilHolidays,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Groups, channels, windows and caps for the message steps."""
    if free.is_empty():
        return free, pl.DataFrame(schema=MESSAGES)
    members, heads = groups.gathered(free)
    heads = _without_removed(groups.reached(heads, known, in_force), in_force)
    taken_out = heads.filter("is_removed").with_columns(
        pl.lit(int(Reason.REMOVED_BY_HAND), dtype=CODE).alias("group_decision")
    )
    judged = groups.judged(heads.filter(~pl.col("is_removed")), known, in_force, policy, holidays)
    judged = judged.rename({"decision": "group_decision"})
    verdicts = pl.concat(
        [
            judged.select("group_id", "group_decision", "contact_point_id", "not_before"),
            taken_out.select(
                "group_id", "group_decision", "contact_point_id", pl.lit(None, dtype=facts.INSTANT).alias("not_before")
            ),
        ]
    )
    merged = (pl.col("group_decision") == int(Reason.SENT)) & ~pl.col("is_lead")
    rows = members.join(verdicts, on="group_id", how="left", maintain_order="left").with_columns(
        pl.when(merged)
        .then(pl.lit(int(Reason.MERGED), dtype=CODE))
        .otherwise(pl.col("group_decision"))
        .alias("decision")
    )
    going = judged.filter(pl.col("group_decision") == int(Reason.SENT))
    return rows, _written(going, rows, titles, in_force)


def _without_removed(heads: pl.DataFrame, in_force: rules.Rules) -> pl.DataFrame:
    """Marks the groups whose lead a person took out in the preview."""
    if not in_force.removed:
        return heads.with_columns(pl.lit(False).alias("is_removed"))
    key = pl.format("{}:{}:{}:{}", "receivable_id", pl.col("due_on").dt.to_string("%Y-%m-%d"), "step_key", "occurrence")
    names = [":".join(str(part) for part in removed) for removed in sorted(in_force.removed)]
    return heads.with_columns(key.is_in(names).alias("is_removed"))


def _written(going: pl.DataFrame, rows: pl.DataFrame, titles: pl.DataFrame, in_force: rules.Rules) -> pl.DataFrame:
    """The messages themselves: template by step and channel, and every title to list, oldest first."""
    versions = pl.DataFrame(
        [
            (step.key, channel, version)
            for ladder in in_force.ladders
            for step in ladder.steps
            for channel, version in step.templates.items()
        ],
        schema={"step_key": pl.Int32, "channel": pl.String, "template_version_id": pl.Int64},
        orient="row",
    ).unique(["step_key", "channel"], maintain_order=True)
    shared = going.filter(pl.col("alone").is_null()).select("group_id", "debtor_id", "company_id")
    others = (
        titles.filter(stops.listable())
        .select("debtor_id", "company_id", "receivable_id", "due_on")
        .join(shared, on=["debtor_id", "company_id"], how="inner")
        .select("group_id", "receivable_id", "due_on")
    )
    own = rows.join(going.select("group_id"), on="group_id", how="semi").select("group_id", "receivable_id", "due_on")
    listed = (
        pl.concat([own, others])
        .unique(["group_id", "receivable_id"])
        .sort("group_id", "due_on", "receivable_id")
        .group_by("group_id", maintain_order=True)
        .agg(pl.col("receivable_id").alias("receivable_ids"))
    )
    return (
        going.join(versions, on=["step_key", "channel"], how="left", maintain_order="left")
        .join(listed, on="group_id", how="left", maintain_order="left")
        .rename(
            {
                "receivable_id": "lead_receivable_id",
                "due_on": "lead_due_on",
                "step_key": "lead_step_key",
                "occurrence": "lead_occurrence",
            }
        )
        .select([pl.col(name).cast(dtype) for name, dtype in MESSAGES.items()])
        .sort("lead_receivable_id", "lead_step_key")
    )


def _calls(
    free: pl.DataFrame,
    known: facts.Facts,
    in_force: rules.Rules,
    policy: contact_policy.Policy,
    holidays: contact_policy.CivilHolidays,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One call task per debtor and company, on a day on which the person may be called."""
    if free.is_empty():
        return free, pl.DataFrame(schema=TASKS)
    members, heads = groups.gathered(free.with_columns(pl.lit(rules.PER_DEBTOR).alias("grouping")))
    phones = known.reach.filter(pl.col("channel") == "voice").select("debtor_id", "phone_uf", "channel")
    placed = (
        heads.join(phones, on="debtor_id", how="left", maintain_order="left")
        .join(known.debtors.select("debtor_id", "uf", "ibge_code"), on="debtor_id", how="left", maintain_order="left")
        .with_columns(pl.col("uf", "phone_uf", "ibge_code").fill_null(""))
    )
    windowed = contact_policy.windows_frame(policy, placed, in_force.today, in_force.now, holidays)
    allowed = windowed.select("group_id", pl.col("not_before").is_not_null().alias("is_allowed"))
    rows = members.join(allowed, on="group_id", how="left", maintain_order="left").with_columns(
        pl.when(~pl.col("is_allowed"))
        .then(pl.lit(int(Reason.DAY_NOT_ALLOWED), dtype=CODE))
        .when("is_lead")
        .then(pl.lit(int(Reason.TASK_OPENED), dtype=CODE))
        .otherwise(pl.lit(int(Reason.MERGED), dtype=CODE))
        .alias("decision"),
        # Numbers of call groups would collide with those of messages.
        pl.lit(None, dtype=pl.UInt32).alias("group_id"),
    )
    leads = rows.filter(pl.col("decision") == int(Reason.TASK_OPENED))
    return rows, _tasks(leads, "call", in_force)


def _no_contact(stopped: pl.DataFrame, known: facts.Facts, in_force: rules.Rules) -> pl.DataFrame:
    """A task for each debtor and company that could not be reached, unless one is already waiting."""
    pairs = ["company_id", "debtor_id"]
    lost = (
        stopped.filter((pl.col("decision") == int(Reason.NO_USABLE_CONTACT)) & (pl.col("days_past_due") > 0))
        .join(known.no_contact_tasks, on=pairs, how="anti", maintain_order="left")
        .sort(*pairs, *groups.LEAD_ORDER)
        .unique(pairs, keep="last", maintain_order=True)
    )
    return _tasks(lost, "no_contact", in_force)


def _tasks(leads: pl.DataFrame, kind: str, in_force: rules.Rules) -> pl.DataFrame:
    """Task rows for the leading occurrences; the natural key is the occurrence itself."""
    names = {step.key: step.name for ladder in in_force.ladders for step in ladder.steps}
    roles = {step.key: str(step.params.get("role", "operator")) for ladder in in_force.ladders for step in ladder.steps}
    due = pl.col("due_on").dt.to_string("%Y-%m-%d")
    return leads.select(
        "company_id",
        "debtor_id",
        "contract_id",
        "origin",
        pl.lit(kind).alias("kind"),
        pl.col("step_key").replace_strict(names, default="", return_dtype=pl.String).alias("title"),
        pl.format("{}:{}:{}:{}:{}", pl.lit(kind), "receivable_id", due, "step_key", "occurrence").alias("natural_key"),
        pl.col("step_key").replace_strict(roles, default="operator", return_dtype=pl.String).alias("role"),
    ).sort("natural_key")


def _tickets(free: pl.DataFrame, known: facts.Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One ticket per case: opened, or the open one updated."""
    if free.is_empty():
        return free, pl.DataFrame(schema=TICKETS)
    has_ticket = known.cases.filter("has_ticket").select(*CASE, "has_ticket")
    ordered = (
        free.sort(*CASE, *groups.LEAD_ORDER)
        .join(has_ticket, on=CASE, how="left", maintain_order="left")
        .with_columns(
            pl.col("has_ticket").fill_null(False),
            (pl.struct(CASE).rle_id()).alias("case_no"),
        )
        .with_columns((pl.col("case_no") != pl.col("case_no").shift(-1, fill_value=2**32 - 1)).alias("is_lead"))
    )
    rows = ordered.with_columns(
        pl.when(~pl.col("is_lead"))
        .then(pl.lit(int(Reason.MERGED), dtype=CODE))
        .when("has_ticket")
        .then(pl.lit(int(Reason.TICKET_UPDATED), dtype=CODE))
        .otherwise(pl.lit(int(Reason.TICKET_OPENED), dtype=CODE))
        .alias("decision")
    )
    tickets = rows.filter("is_lead").select(*CASE, "step_key", pl.col("has_ticket").alias("is_update"))
    return rows, tickets
