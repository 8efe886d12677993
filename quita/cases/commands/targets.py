"""What a command works on, locked and checked against the caller's scope.

Rows of a company that the caller does not see are treated as if they did not exist.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from quita.cases.models import Case
from quita.cases.neighbours import TITLES, USERS
from quita.domain.refusals import Refusal
from quita.platform.access.scopes import Scope

# Enough for every page a person can mark by hand and small enough to lock in one breath.
MOST_AT_ONCE = 5000


def lock_cases(case_ids: Iterable[int], scope: Scope) -> list[Case]:
    """The cases by id, locked. Refusals: nothing_chosen, too_many_chosen, case_unknown."""
    wanted = _counted(case_ids)
    found = list(scope.limit(Case.objects.filter(pk__in=wanted)).select_for_update().order_by("id"))
    if len(found) < len(wanted):
        raise Refusal(
            "case_unknown",
            "%(count)s of the chosen cases do not exist or belong to a company that you do not see. Reload the list "
            "and choose again.",
            {"count": len(wanted) - len(found)},
        )
    return found


def lock_titles(receivable_ids: Iterable[int], scope: Scope) -> list[Any]:
    """The titles by id, locked. Refusals: nothing_chosen, too_many_chosen, title_unknown."""
    wanted = _counted(receivable_ids)
    found = list(scope.limit(TITLES.objects.filter(pk__in=wanted)).select_for_update().order_by("id"))
    if len(found) < len(wanted):
        raise Refusal(
            "title_unknown",
            "%(count)s of the chosen titles do not exist or belong to a company that you do not see. Reload the list "
            "and choose again.",
            {"count": len(wanted) - len(found)},
        )
    return found


def lock_one(rows: QuerySet[Any], pk: int, scope: Scope, what: str, field: str = "company_id") -> Any:
    """One row of a company in scope, locked. Refusal: `<what>_unknown`."""
    found: Model | None = scope.limit(rows, field).select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Refusal(
            f"{what}_unknown",
            "Number %(id)s does not exist or belongs to a company that you do not see. Reload the page.",
            {"id": pk},
        )
    return found


def reason_of(text: str, code: str) -> str:
    """The reason in a clean form; nobody can judge later what nobody wrote down. Refusal: `code`."""
    clean = " ".join(text.split())
    if not clean:
        raise Refusal(code, "Say why in a few words: it stays on the case and people will ask.")
    if len(clean) > 200:
        raise Refusal(
            "text_too_long",
            "The text has %(length)s characters and %(limit)s fit. Shorten it.",
            {"length": len(clean), "limit": 200},
        )
    return clean


def person(user_id: int) -> Any:
    """An active user who may be given work. Refusal: user_unknown."""
    found = USERS.objects.filter(pk=user_id, is_active=True).first()
    if found is None:
        raise Refusal("user_unknown", "This person does not work here any more. Choose somebody else.")
    return found


def _counted(ids: Iterable[int]) -> list[int]:
    wanted = sorted(set(ids))
    if not wanted:
        raise Refusal("nothing_chosen", "Nothing is marked. Mark at least one row first.")
    if len(wanted) > MOST_AT_ONCE:
        raise Refusal(
            "too_many_chosen",
            "%(count)s rows are marked; at most %(limit)s can be changed at once. Narrow the filter and go step by "
            "step.",
            {"count": len(wanted), "limit": MOST_AT_ONCE},
        )
    return wanted
