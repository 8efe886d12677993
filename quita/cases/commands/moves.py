"""Moving cases by hand: to a portfolio, to a person. A hand move sticks until it is released."""

from collections.abc import Iterable

from django.db import transaction

from quita.cases import events
from quita.cases.commands import targets
from quita.cases.models import Case
from quita.cases.neighbours import PORTFOLIOS
from quita.domain.refusals import Refusal
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox


@transaction.atomic
def move_cases(*, case_ids: Iterable[int], portfolio_id: int, scope: Scope, by: Actor, when: When) -> int:
    """Puts cases into a portfolio, whatever the rules say, until they are released; returns how many moved.

    Refusals: nothing_chosen, too_many_chosen, case_unknown, portfolio_unknown.
    """
    cases = targets.lock_cases(case_ids, scope)
    if not PORTFOLIOS.objects.filter(pk=portfolio_id, is_active=True).exists():
        raise Refusal("portfolio_unknown", "This portfolio is not in use any more. Reload the page and choose another.")
    moving = [case for case in cases if case.portfolio_id != portfolio_id or not case.portfolio_by_hand]
    Case.objects.filter(pk__in=[case.pk for case in moving]).update(portfolio=portfolio_id, portfolio_by_hand=True)
    _tell("cases.case.moved", moving, by, when, portfolio_id=portfolio_id)
    if moving:
        outbox.emit(events.CasesMoved(tuple(case.pk for case in moving), portfolio_id), when.at)
    return len(moving)


@transaction.atomic
def release_cases(*, case_ids: Iterable[int], scope: Scope, by: Actor, when: When) -> int:
    """Gives cases back to the rules: the next run decides their portfolio. Returns how many were released.

    Refusals: nothing_chosen, too_many_chosen, case_unknown.
    """
    releasing = [case for case in targets.lock_cases(case_ids, scope) if case.portfolio_by_hand]
    Case.objects.filter(pk__in=[case.pk for case in releasing]).update(portfolio_by_hand=False)
    _tell("cases.case.released", releasing, by, when)
    if releasing:
        outbox.emit(events.CasesMoved(tuple(case.pk for case in releasing), None), when.at)
    return len(releasing)


@transaction.atomic
def assign_cases(*, case_ids: Iterable[int], user_id: int | None, scope: Scope, by: Actor, when: When) -> int:
    """Gives cases to a person, or (None) to nobody in particular; returns how many changed hands.

    Refusals: nothing_chosen, too_many_chosen, case_unknown, user_unknown.
    """
    cases = targets.lock_cases(case_ids, scope)
    if user_id is not None:
        targets.person(user_id)
    changing = [case for case in cases if case.assigned_to_id != user_id]
    Case.objects.filter(pk__in=[case.pk for case in changing]).update(assigned_to=user_id)
    _tell("cases.case.assigned", changing, by, when, user_id=user_id)
    return len(changing)


def _tell(verb: str, cases: list[Case], by: Actor, when: When, **params: object) -> None:
    subjects = [(case.pk, case.company_id) for case in cases]
    audit.record_many(by=by, when=when, verb=verb, subject="case", subjects=subjects, **params)
