"""Where a title stands and how it came there: portfolio and why, phase, and every step of its ladder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quita.domain.conditions import matching
from quita.domain.ladder import portfolios, rules, sentences
from quita.domain.ladder.reasons import Reason
from quita.ladders.models import Execution
from quita.ladders.queries import askable, explanations, limits, reason_names
from quita.ladders.queries.evidence import Evidence
from quita.platform.access.scopes import EVERYTHING
from quita.platform.ui import formats


@dataclass(frozen=True)
class Passed:
    """A portfolio that was tried before and did not take the title, with what stood in the way."""

    name: str
    obstacles: tuple[str, ...]


@dataclass(frozen=True)
class PortfolioStory:
    """Which portfolio, why, and why not those tried before it."""

    portfolio_id: int | None
    name: str
    sentence: str
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True)
class StepLine:
    """One occurrence of the title's ladder: its day, and what became of it or will."""

    planned_on: dt.date
    name: str
    mark: str
    action: str
    occurrence: int
    state: str
    tone: str
    detail: str = ""


def portfolio_story(found: Evidence) -> PortfolioStory | None:
    """Hand move, the debtor's own rule, the first condition that holds, or the default: in that order."""
    standing, seen = found.standing, found.seen
    if standing is None or seen is None:
        return None
    chosen_id = standing["portfolio_id"]
    ordered = portfolios.ranked(found.in_force)
    chosen = next((one for one in ordered if one.portfolio_id == chosen_id), None)
    if chosen is None:
        return PortfolioStory(None, "", _("No portfolio takes the title: there is no default one."))
    case = next(
        (
            one
            for one in found.known.cases.to_dicts()
            if one["contract_id"] == found.title.contract_id and one["origin"] == found.title.origin
        ),
        None,
    )
    own = next(iter(found.known.debtors.to_dicts()), {})
    name = {"name": chosen.name}
    if case and case["is_open"] and case["portfolio_by_hand"]:
        return PortfolioStory(chosen_id, chosen.name, _("Portfolio “%(name)s”: a person moved the case there.") % name)
    if own.get("own_portfolio_id") == chosen_id:
        return PortfolioStory(
            chosen_id, chosen.name, _("Portfolio “%(name)s”: the debtor has a rule of its own.") % name
        )
    passed, matched = _tried(found, ordered, chosen)
    if chosen.is_default:
        text = _("Portfolio “%(name)s”: it takes whatever no other takes.")
    elif matched:
        text = _("Portfolio “%(name)s”: the first, by priority, whose condition holds.")
    else:
        text = _("Portfolio “%(name)s”: its condition holds for another past-due title of the same case.")
    return PortfolioStory(chosen_id, chosen.name, text % name, tuple(passed))


def _tried(found: Evidence, ordered: list[rules.Portfolio], chosen: rules.Portfolio) -> tuple[list[Passed], bool]:
    """Those tried before the chosen one with their obstacles, and whether the chosen one holds for this title."""
    assert found.seen is not None
    language = explanations.language()
    registry = askable.askable(scope=EVERYTHING)
    passed: list[Passed] = []
    for portfolio in ordered:
        if portfolio.is_default:
            continue
        verdict = matching.explain(
            askable.tree_of(portfolio.condition, registry, language), found.seen, registry, found.day, language
        )
        if portfolio.portfolio_id == chosen.portfolio_id:
            return passed, verdict.matched
        if not verdict.matched:
            passed.append(Passed(portfolio.name, tuple(one.sentence for one in verdict.obstacles)))
    return passed, False


def phase_sentence(found: Evidence) -> str:
    """Where the title stood on that day, and since when."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select f.name, p.started_on, p.by_hand from cases_phaseperiod p join cases_phase f on f.id = p.phase_id
            where p.receivable_id = %s and p.started_on <= %s and (p.ended_on is null or p.ended_on > %s)
            order by p.id desc limit 1
            """,
            [found.title.receivable_id, found.day, found.day],
        )
        row = cursor.fetchone()
    if row is None:
        return ""
    text = _("Phase: “%(phase)s” since %(day)s, set by a person.") if row[2] else _("Phase: “%(phase)s” since %(day)s.")
    return text % {"phase": row[0], "day": formats.day(row[1], explanations.language())}


def next_sentence(found: Evidence) -> str:
    """The next step and its day; nothing when it stands in the outcome already."""
    said = {int(Reason.NOTHING_DUE), int(Reason.NO_LADDER), int(Reason.NO_DUE_DATE)}
    coming = limits.next_step(found)
    if coming is None or any(row["decision"] in said for row in found.rows):
        return ""
    return _("Next: %(step)s, on %(day)s.") % {
        "step": explanations.step_words(coming.step, coming.occurrence),
        "day": formats.day(coming.planned_on, explanations.language()),
    }


def holds(hold_ids: Collection[int]) -> dict[int, tuple[str, dt.date]]:
    """Hold → (reason, last day)."""
    if not hold_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("select id, reason, ends_on from cases_hold where id = any(%s)", [list(hold_ids)])
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def step_lines(found: Evidence) -> list[StepLine]:
    """The whole ladder for this title: settled, decided on this day, passed by, or to come."""
    settled = _settled(found)
    put_aside = {
        (name // rules.KEY_SPAN, name % rules.KEY_SPAN): execution
        for execution in settled.values()
        for name in execution.supersedes or ()
    }
    today = {(row["step_key"], row["occurrence"]): row for row in found.rows if row["step_key"] is not None}
    lines = []
    for coming in limits.planned(found):
        key = (coming.step.key, coming.occurrence)
        state, tone, detail = _state(found, coming, settled.get(key), put_aside.get(key), today.get(key))
        every = coming.step.repeat_every_days or 0
        lines.append(
            StepLine(
                planned_on=coming.planned_on,
                name=coming.step.name,
                mark=sentences.day_mark(coming.step.offset_days + coming.occurrence * every),
                action=coming.step.action,
                occurrence=coming.occurrence,
                state=state,
                tone=tone,
                detail=detail,
            )
        )
    return lines


def _settled(found: Evidence) -> dict[tuple[int, int], Execution]:
    """What was settled up to that day for the due date that the title had."""
    due_on = found.seen["due_on"] if found.seen else found.title.due_on
    if due_on is None:
        return {}
    rows = Execution.objects.filter(
        receivable_id=found.title.receivable_id, due_on=due_on, decided_on__lte=found.day
    ).order_by("decided_on", "step_key", "occurrence")
    return {(row.step_key, row.occurrence): row for row in rows}


def _state(
    found: Evidence,
    coming: limits.Coming,
    execution: Execution | None,
    newer: Execution | None,
    row: dict[str, int] | None,
) -> tuple[str, str, str]:
    """(what became of it, tone, when or by what)."""
    language = explanations.language()
    if row is not None:
        name = reason_names.named(row["decision"])
        return str(name.label), name.tone, _("decided on this day")
    if execution is not None:
        name = reason_names.named(execution.decision)
        return str(name.label), name.tone, formats.day(execution.decided_on, language)
    if newer is not None:
        by = found.step(newer.step_key)
        detail = explanations.step_words(by, newer.occurrence) if by else ""
        return str(reason_names.NAMES[Reason.SUPERSEDED].label), "neutral", detail
    if coming.planned_on > found.day:
        return pgettext("step", "to come"), "info", ""
    if coming.planned_on < coming.step.since_on:
        return str(reason_names.NAMES[Reason.BEFORE_VERSION].label), "neutral", ""
    return pgettext("step", "its time has passed"), "neutral", ""
