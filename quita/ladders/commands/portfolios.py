"""Portfolios: who enters, in which order they are tried, and which ladder their cases climb."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from quita.domain.conditions import trees
from quita.domain.ladder.portfolios import ASKABLE
from quita.domain.refusals import Finding, Refusal, Refusals, Refused
from quita.ladders.models import DebtorRule, Ladder, Portfolio
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

MAX_NAME = 80
HIGHEST_PRIORITY = 32_000
# Room between two portfolios for a third that is typed in between.
_STEP = 10


@transaction.atomic
def save_portfolio(
    *,
    portfolio_id: int | None = None,
    name: str,
    priority: int | None,
    condition: object,
    ladder_id: int | None,
    is_default: bool = False,
    is_active: bool = True,
    by: Actor,
    when: When,
) -> Portfolio:
    """Makes a portfolio or changes one. `condition` is the JSON of a condition tree; the default one needs none.

    Making one the default takes that from the one that was. Refusals: portfolio_name_missing, portfolio_name_long,
    portfolio_name_taken, portfolio_priority_range, portfolio_takes_everything, portfolio_ladder_unknown,
    portfolio_default_needed, portfolio_unknown, and those of `trees.parse`, whose place is "condition.<place in the
    tree>".
    """
    portfolio = _existing(portfolio_id) if portfolio_id is not None else Portfolio()
    refusals = Refusals()
    portfolio.name = _checked_name(name, portfolio_id, refusals)
    portfolio.priority = _checked_priority(priority, refusals)
    portfolio.condition = _checked_condition(condition, is_default, refusals)
    portfolio.ladder_id = _checked_ladder(ladder_id, portfolio.ladder_id, refusals)
    _check_default(portfolio, is_default, is_active, refusals)
    refusals.raise_if_any()
    created, was_default = portfolio.pk is None, portfolio.is_default
    if is_default and not was_default:
        Portfolio.objects.filter(is_default=True).update(is_default=False)
    portfolio.is_default, portfolio.is_active = is_default, is_active
    portfolio.save()
    audit.record(
        by=by, when=when, verb=f"ladders.portfolio.{'created' if created else 'changed'}", subject="portfolio",
        subject_id=portfolio.pk, priority=portfolio.priority, ladder_id=portfolio.ladder_id, is_default=is_default,
        is_active=is_active,
    )  # fmt: skip
    return portfolio


@transaction.atomic
def reorder_portfolios(*, portfolio_ids: Iterable[int], by: Actor, when: When) -> list[Portfolio]:
    """Puts the portfolios in use into the order in which they are tried. The default one is always tried last.

    Refusal: portfolio_order_incomplete, when one in use is missing or named twice.
    """
    wanted = list(portfolio_ids)
    found = {row.pk: row for row in Portfolio.objects.select_for_update().filter(is_active=True, is_default=False)}
    if sorted(wanted) != sorted(found):
        raise Refusal(
            "portfolio_order_incomplete",
            "The order names %(given)s portfolios and there are %(count)s. Somebody may have added one: "
            "reload the page.",
            {"given": len(set(wanted)), "count": len(found)},
        )
    ordered = [found[pk] for pk in wanted]
    moved = []
    for place, portfolio in enumerate(ordered, start=1):
        if portfolio.priority != place * _STEP:
            portfolio.priority = place * _STEP
            moved.append(portfolio)
    Portfolio.objects.bulk_update(moved, ["priority"])
    if moved:
        audit.record(
            by=by, when=when, verb="ladders.portfolio.ordered", subject="portfolio", subject_id=None,
            portfolio_ids=wanted,
        )  # fmt: skip
    return ordered


@transaction.atomic
def deactivate_portfolio(*, portfolio_id: int, by: Actor, when: When) -> Portfolio:
    """Takes a portfolio out of use; its cases go to others at the next run.

    Refusals: portfolio_unknown, portfolio_default_needed, portfolio_in_rules, portfolio_has_cases_by_hand.
    """
    portfolio = _existing(portfolio_id)
    if portfolio.is_default:
        raise _default_needed(portfolio)
    rules = DebtorRule.objects.filter(portfolio=portfolio).count()
    if rules:
        raise Refusal(
            "portfolio_in_rules",
            "“%(portfolio)s” is the portfolio of %(count)s debtors by a rule of their own. Change those rules first.",
            {"portfolio": portfolio.name, "count": rules},
        )
    by_hand = _cases_by_hand(portfolio.pk)
    if by_hand:
        raise Refusal(
            "portfolio_has_cases_by_hand",
            "%(count)s open cases were put into “%(portfolio)s” by hand and would be left without a ladder. "
            "Release or move them first.",
            {"portfolio": portfolio.name, "count": by_hand},
        )
    return _set_active(portfolio, False, by, when)


@transaction.atomic
def activate_portfolio(*, portfolio_id: int, by: Actor, when: When) -> Portfolio:
    """Puts a portfolio back into use. Refusals: portfolio_unknown, and those of a condition that no longer holds."""
    portfolio = _existing(portfolio_id)
    refusals = Refusals()
    _checked_condition(portfolio.condition, portfolio.is_default, refusals)
    refusals.raise_if_any()
    return _set_active(portfolio, True, by, when)


def _existing(portfolio_id: int) -> Portfolio:
    portfolio = Portfolio.objects.select_for_update().filter(pk=portfolio_id).first()
    if portfolio is None:
        raise Refusal("portfolio_unknown", "This portfolio does not exist any more. Go back to the list.")
    return portfolio


def _set_active(portfolio: Portfolio, is_active: bool, by: Actor, when: When) -> Portfolio:
    if portfolio.is_active != is_active:
        portfolio.is_active = is_active
        portfolio.save(update_fields=["is_active"])
        verb = "ladders.portfolio.activated" if is_active else "ladders.portfolio.deactivated"
        audit.record(by=by, when=when, verb=verb, subject="portfolio", subject_id=portfolio.pk)
    return portfolio


def _checked_name(name: str, own_id: int | None, refusals: Refusals) -> str:
    clean = " ".join(name.split())
    if not clean:
        refusals.add("portfolio_name_missing", "A portfolio needs a name that people recognise.", field="name")
    elif len(clean) > MAX_NAME:
        refusals.add(
            "portfolio_name_long",
            "The name has %(length)s characters; the limit is %(limit)s. Shorten it.",
            {"length": len(clean), "limit": MAX_NAME},
            field="name",
        )
    elif Portfolio.objects.filter(name__iexact=clean).exclude(pk=own_id or 0).exists():
        refusals.add(
            "portfolio_name_taken",
            "There is already a portfolio named “%(name)s”. Choose another name.",
            {"name": clean},
            field="name",
        )
    return clean


def _checked_priority(priority: int | None, refusals: Refusals) -> int:
    if priority is None or not 0 <= priority <= HIGHEST_PRIORITY:
        refusals.add(
            "portfolio_priority_range",
            "The priority is a whole number from 0 to %(limit)s; the smallest that matches wins.",
            {"limit": HIGHEST_PRIORITY},
            field="priority",
        )
        return 0
    return priority


def _checked_condition(condition: object, is_default: bool, refusals: Refusals) -> dict[str, object]:
    """The tree in its written form. Places of findings are prefixed, so that a page finds them."""
    if is_default and condition in ({}, None):
        return {}
    try:
        tree = trees.parse(condition, ASKABLE)
    except Refused as refused:
        refusals.findings += [Finding(one.refusal, f"condition.{one.field}") for one in refused.findings]
        return {}
    if not tree.children and tree.kind == "all" and not is_default:
        refusals.add(
            "portfolio_takes_everything",
            "Without a condition this portfolio would take every case, and those after it would get none. "
            "Add a condition, or make it the one that takes whatever no other takes.",
            field="condition.",
        )
    return trees.to_json(tree)


def _checked_ladder(ladder_id: int | None, own_id: int | None, refusals: Refusals) -> int | None:
    if ladder_id is None or ladder_id == own_id:
        return ladder_id
    if not Ladder.objects.filter(pk=ladder_id, is_active=True, versions__isnull=False).exists():
        refusals.add(
            "portfolio_ladder_unknown",
            "This ladder is not in use. Choose another, or none to have the cases worked by hand.",
            field="ladder_id",
        )
    return ladder_id


def _check_default(portfolio: Portfolio, is_default: bool, is_active: bool, refusals: Refusals) -> None:
    if portfolio.is_default and not (is_default and is_active):
        refusal = _default_needed(portfolio)
        refusals.add(refusal.code, refusal.message, refusal.params, field="is_default")
    elif is_default and not is_active:
        refusals.add(
            "portfolio_default_inactive",
            "The portfolio that takes whatever no other takes must be in use. Put it into use first.",
            field="is_active",
        )


def _default_needed(portfolio: Portfolio) -> Refusal:
    return Refusal(
        "portfolio_default_needed",
        "“%(portfolio)s” takes whatever no other portfolio takes; without it cases would stay in none. "
        "Make another portfolio the default first.",
        {"portfolio": portfolio.name},
    )


def _cases_by_hand(portfolio_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from cases_case where portfolio_id = %s and portfolio_by_hand and closed_on is null",
            [portfolio_id],
        )
        return int(cursor.fetchone()[0])
