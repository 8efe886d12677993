"""A rule of one debtor's own: it comes before every portfolio's condition, and after a move by hand."""

from __future__ import annotations

from django.db import transaction

from quita.domain.refusals import Refusal, Refusals
from quita.ladders.models import DebtorRule, Ladder, Portfolio
from quita.parties import queries as parties
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

MAX_REASON = 200


@transaction.atomic
def set_debtor_rule(
    *,
    debtor_id: int | None,
    portfolio_id: int | None,
    ladder_id: int | None,
    reason: str,
    scope: Scope,
    by: Actor,
    when: When,
) -> DebtorRule:
    """Gives a debtor a portfolio, a ladder or both of its own, in all its cases.

    Refusals: debtor_rule_debtor_unknown, debtor_rule_empty, debtor_rule_portfolio_unknown, debtor_rule_ladder_unknown,
    debtor_rule_reason_missing.
    """
    refusals = Refusals()
    if debtor_id is None or not parties.may_see_debtor(debtor_id=debtor_id, scope=scope):
        refusals.add(
            "debtor_rule_debtor_unknown",
            "There is no such debtor among your companies. Search by name, CPF/CNPJ or contract.",
            field="debtor_id",
        )
    if portfolio_id is None and ladder_id is None:
        refusals.add(
            "debtor_rule_empty",
            "A rule that names neither a portfolio nor a ladder says nothing. Choose at least one.",
            field="portfolio_id",
        )
    if portfolio_id is not None and not Portfolio.objects.filter(pk=portfolio_id, is_active=True).exists():
        refusals.add(
            "debtor_rule_portfolio_unknown",
            "This portfolio is not in use. Choose another.",
            field="portfolio_id",
        )
    ladders = Ladder.objects.filter(is_active=True, versions__isnull=False)
    if ladder_id is not None and not ladders.filter(pk=ladder_id).exists():
        refusals.add("debtor_rule_ladder_unknown", "This ladder is not in use. Choose another.", field="ladder_id")
    clean = _checked_reason(reason, refusals)
    refusals.raise_if_any()
    assert debtor_id is not None  # refused above
    rule, created = DebtorRule.objects.update_or_create(
        debtor_id=debtor_id, defaults={"portfolio_id": portfolio_id, "ladder_id": ladder_id, "reason": clean}
    )
    audit.record(
        by=by, when=when, verb=f"ladders.debtor_rule.{'set' if created else 'changed'}", subject="debtor",
        subject_id=debtor_id, portfolio_id=portfolio_id, ladder_id=ladder_id, reason=clean,
    )  # fmt: skip
    return rule


@transaction.atomic
def release_debtor_rule(*, debtor_id: int, reason: str, scope: Scope, by: Actor, when: When) -> None:
    """Takes the debtor's own rule away: from the next run on portfolios decide.

    Refusals: debtor_rule_unknown, debtor_rule_reason_missing.
    """
    rule = DebtorRule.objects.select_for_update().filter(debtor_id=debtor_id).first()
    if rule is None or not parties.may_see_debtor(debtor_id=debtor_id, scope=scope):
        raise Refusal("debtor_rule_unknown", "This debtor has no rule of its own any more. Reload the page.")
    refusals = Refusals()
    clean = _checked_reason(reason, refusals)
    refusals.raise_if_any()
    audit.record(
        by=by, when=when, verb="ladders.debtor_rule.released", subject="debtor", subject_id=debtor_id,
        portfolio_id=rule.portfolio_id, ladder_id=rule.ladder_id, reason=clean,
    )  # fmt: skip
    rule.delete()


def _checked_reason(reason: str, refusals: Refusals) -> str:
    clean = " ".join(reason.split())
    if not clean:
        refusals.add(
            "debtor_rule_reason_missing",
            "Say why, for whoever asks later: the reason stays on record.",
            field="reason",
        )
    elif len(clean) > MAX_REASON:
        refusals.add(
            "debtor_rule_reason_long",
            "The reason has %(length)s characters; the limit is %(limit)s. Shorten it.",
            {"length": len(clean), "limit": MAX_REASON},
            field="reason",
        )
    return clean
