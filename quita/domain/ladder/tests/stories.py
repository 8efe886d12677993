"""A small town for ladder stories: titles, people and a ladder, told in a line each; `run` decides one day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from quita.domain import calendars, contact_policy
from quita.domain.ladder import decide, facts, rules
from quita.domain.ladder.reasons import EFFECTS, PERMANENT, Reason

ANA, BIA = 1, 2
CONDO, ISP = 1, 2
CALENDAR_DAYS = calendars.frame({1: calendars.bank_calendar("SP")})
# Everything is allowed Monday to Saturday; a civil holiday and Sunday are not.
OPEN_WEEK = tuple(
    contact_policy.Rule(channel, weekday, dt.time(7), dt.time(20))
    for channel in ("email", "sms", "voice")
    for weekday in range(6)
) + tuple(
    contact_policy.Rule(channel, weekday, None, None) for channel in ("email", "sms", "voice") for weekday in (6, 7)
)
NO_CAPS = contact_policy.Policy(rules=OPEN_WEEK, caps=())


def step(key: int, days: int, name: str = "", **more: Any) -> rules.Step:
    """A message step by e-mail unless told otherwise."""
    values: dict[str, Any] = {
        "action": rules.MESSAGE,
        "channels": ("email",),
        "templates": {"email": 100 + key, "sms": 200 + key},
    }
    return rules.Step(key=key, name=name or f"step {key}", offset_days=days, **{**values, **more})


# The ladder of the worked examples: −3, 0, +1, +5 (business), +10, then every 7 days at most 3 times.
REMINDER, DUE_TODAY, FIRST, SECOND, THIRD = 1, 2, 3, 4, 5
EXAMPLE_STEPS = (
    step(REMINDER, -3),
    step(DUE_TODAY, 0),
    step(FIRST, 1),
    step(SECOND, 5, basis=rules.BUSINESS),
    step(THIRD, 10, repeat_every_days=7, repeat_at_most=3),
)


@dataclass
class Town:
    """Facts that persist from run to run, as the database would keep them."""

    steps: tuple[rules.Step, ...] = EXAMPLE_STEPS
    policy: contact_policy.Policy = NO_CAPS
    late_entry: str = rules.LATEST
    minimum_cents: int = 0
    titles: dict[int, dict[str, Any]] = field(default_factory=dict)
    people: dict[int, dict[str, Any]] = field(default_factory=dict)
    reach: list[dict[str, Any]] = field(default_factory=list)
    cases: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    executions: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[tuple[int, str, dt.date, dt.datetime]] = field(default_factory=list)
    disputes: set[int] = field(default_factory=set)
    holds: list[dict[str, Any]] = field(default_factory=list)
    promises: list[dict[str, Any]] = field(default_factory=list)
    portfolios: tuple[rules.Portfolio, ...] = (rules.Portfolio(1, "all", 100, {}, 1, is_default=True),)
    phases: tuple[rules.Phase, ...] = ()
    stale: frozenset[int] = frozenset()
    removed: frozenset[tuple[int, str, int, int]] = frozenset()
    prescription_years: int = 5
    since: dt.date = dt.date(2020, 1, 1)

    def person(self, debtor: int, channels: tuple[str, ...] = ("email", "voice"), **more: Any) -> Town:
        """A debtor in São Paulo who can be reached on these channels."""
        self.people[debtor] = {"debtor_id": debtor, "uf": "SP", "ibge_code": "", "protection": "", **more}
        self.reach = [row for row in self.reach if row["debtor_id"] != debtor] + [
            {
                "debtor_id": debtor,
                "channel": channel,
                "contact_point_id": debtor * 10 + n,
                "phone_uf": "SP" if channel != "email" else "",
            }
            for n, channel in enumerate(channels)
        ]
        return self

    def title(
        self,
        number: int,
        due: dt.date | None,
        debtor: int = ANA,
        company: int = CONDO,
        cents: int = 50_000,
        **more: Any,
    ) -> Town:
        """An open title; its contract is the debtor's one with the company."""
        if debtor not in self.people:
            self.person(debtor)
        self.titles[number] = {
            "receivable_id": number, "company_id": company, "debtor_id": debtor, "contract_id": debtor * 100 + company,
            "origin": "other", "calendar_id": 1, "policy_id": None, "due_on": due, "balance_cents": cents,
            "created_on": dt.date(2020, 1, 1), "phase_id": None, "phase_by_hand": False, **more,
        }  # fmt: skip
        return self

    def rules(self, today: dt.date, hour: int = 9) -> rules.Rules:
        """The rules in force that day."""
        steps = tuple(replace(one, since_on=max(one.since_on, self.since)) for one in self.steps)
        ladder = rules.Ladder(1, 11, 1, "example", self.late_entry, 7, "supervisor", self.minimum_cents, steps)
        return rules.Rules(
            today=today,
            now=dt.datetime.combine(today, dt.time(hour + 3), tzinfo=dt.UTC),
            ladders=(ladder,),
            portfolios=self.portfolios,
            phases=self.phases,
            actions_by_key={one.key: one.action for one in self.steps},
            prescription_years={(company, 0): self.prescription_years for company in (CONDO, ISP)},
            stale_companies=self.stale,
            removed=self.removed,
        )

    def facts(self, today: dt.date) -> facts.Facts:
        """What a run reads that day."""
        past_due = [
            case for key, case in self.cases.items()
            if case["is_open"] and not any((t["contract_id"], t["origin"]) == key for t in self.titles.values())
        ]  # fmt: skip
        frames = {
            "titles": list(self.titles.values()),
            "debtors": list(self.people.values()),
            "reach": self.reach,
            "cases": list(self.cases.values()),
            "endings": [{"case_id": case["case_id"], "last_status": "paid"} for case in past_due],
            "executions": self.executions,
            "disputes": [{"receivable_id": number} for number in sorted(self.disputes)],
            "holds": [hold for hold in self.holds if hold["starts_on"] <= today <= hold["ends_on"]],
            "promises": self.promises,
            "contacted": self._contacted(today),
        }
        return facts.Facts.of(
            {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in frames.items() if rows}
        )

    def decide(self, today: dt.date, hour: int = 9) -> decide.Outcome:
        """What would be done that day; nothing is remembered."""
        around = decide.Surroundings(CALENDAR_DAYS, self.policy, contact_policy.CivilHolidays())
        return decide.decide(self.facts(today), self.rules(today, hour), around)

    def run(self, today: dt.date, hour: int = 9) -> decide.Outcome:
        """Decides the day and remembers what happened, as recording would."""
        outcome = self.decide(today, hour)
        self.executions += outcome.executions.select(
            "receivable_id", "due_on", "step_key", "occurrence", "day"
        ).to_dicts()
        for message in outcome.messages.iter_rows(named=True):
            self.contacts.append((message["debtor_id"], message["channel"], today, message["not_before"]))
        for row in outcome.case_changes.iter_rows(named=True):
            key = (row["contract_id"], row["origin"])
            case = self.cases.setdefault(
                key, {"case_id": len(self.cases) + 1, "exhausted_on": None, "has_ticket": False}
            )
            opened = today if row["is_new"] or row["is_reopened"] else case["opened_on"]
            names = ("company_id", "debtor_id", "contract_id", "origin", "portfolio_id", "portfolio_by_hand")
            case.update({name: row[name] for name in names}, is_open=True, opened_on=opened)
        for case_id in outcome.case_closings["case_id"]:
            next(case for case in self.cases.values() if case["case_id"] == case_id).update(is_open=False)
        for row in outcome.exhausted.iter_rows(named=True):
            self.cases[(row["contract_id"], row["origin"])]["exhausted_on"] = today
        for row in outcome.phase_changes.iter_rows(named=True):
            self.titles[row["receivable_id"]]["phase_id"] = row["phase_id"]
        return outcome

    def _contacted(self, today: dt.date) -> list[dict[str, Any]]:
        windows = sorted({cap.window_days for cap in self.policy.caps if cap.window_days})
        rows = []
        for debtor, channel in sorted({(debtor, channel) for debtor, channel, _, _ in self.contacts}):
            mine = [(day, at) for who, how, day, at in self.contacts if (who, how) == (debtor, channel)]
            counts = {f"n_{w}": sum(today - dt.timedelta(days=w) < day <= today for day, _ in mine) for w in windows}
            rows.append({"debtor_id": debtor, "channel": channel, "last_at": max(at for _, at in mine), **counts})
        return rows


def reasons(outcome: decide.Outcome, number: int) -> list[str]:
    """The names of what was decided about a title."""
    rows = outcome.decisions.filter(pl.col("receivable_id") == number)
    return [Reason(code).name.lower() for code in rows["decision"]]


def sent_steps(outcome: decide.Outcome) -> list[tuple[int, int, list[int]]]:
    """(step, occurrence, titles listed) of each message."""
    return [
        (row["lead_step_key"], row["lead_occurrence"], row["receivable_ids"])
        for row in outcome.messages.iter_rows(named=True)
    ]


def nothing_written(outcome: decide.Outcome) -> bool:
    """True when recording this outcome would write no row."""
    return all(frame.is_empty() for name, frame in outcome.frames().items() if name != "decisions")


__all__ = ["EFFECTS", "PERMANENT", "Town", "nothing_written", "reasons", "sent_steps", "step"]
