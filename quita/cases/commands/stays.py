"""The phase of a title set by hand. It sticks until released; then lateness decides again at the next run."""

from collections.abc import Iterable

from django.db import transaction

from quita.cases.commands import targets
from quita.cases.models import Phase, PhasePeriod
from quita.domain.refusals import Refusal
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit


@transaction.atomic
def set_phase(*, receivable_ids: Iterable[int], phase_id: int, scope: Scope, by: Actor, when: When) -> int:
    """Puts open titles into a phase and keeps where they stood as history; returns how many moved.

    Refusals: nothing_chosen, too_many_chosen, title_unknown, title_closed, phase_unknown.
    """
    titles = targets.lock_titles(receivable_ids, scope)
    closed = next((title for title in titles if title.status != "open"), None)
    if closed is not None:
        raise Refusal(
            "title_closed",
            "Title %(number)s is not open any more and keeps the phase it had. Take its mark away and try again.",
            {"number": closed.number},
        )
    if not Phase.objects.filter(pk=phase_id, is_active=True).exists():
        raise Refusal("phase_unknown", "This phase is not in use any more. Reload the page and choose another.")
    standing = {
        period.receivable_id: period
        for period in PhasePeriod.objects.select_for_update().filter(
            receivable_id__in=[title.pk for title in titles], ended_on__isnull=True
        )
    }
    moving = [t for t in titles if not _stands_by_hand(standing.get(t.pk), phase_id)]
    ending = [standing[title.pk].pk for title in moving if title.pk in standing]
    PhasePeriod.objects.filter(pk__in=ending).update(ended_on=when.today)
    PhasePeriod.objects.bulk_create(
        (
            PhasePeriod(
                receivable_id=title.pk, phase_id=phase_id, started_on=when.today, by_hand=True, by_id=by.user_id
            )
            for title in moving
        ),
        batch_size=1000,
    )
    subjects = [(title.pk, title.company_id) for title in moving]
    audit.record_many(
        by=by, when=when, verb="cases.phase.set", subject="receivable", subjects=subjects, phase_id=phase_id
    )
    return len(moving)


@transaction.atomic
def release_phase(*, receivable_ids: Iterable[int], scope: Scope, by: Actor, when: When) -> int:
    """Lets lateness decide again from the next run on; returns how many titles were released.

    Refusals: nothing_chosen, too_many_chosen, title_unknown.
    """
    titles = {title.pk: title for title in targets.lock_titles(receivable_ids, scope)}
    held = PhasePeriod.objects.select_for_update().filter(
        receivable_id__in=list(titles), ended_on__isnull=True, by_hand=True
    )
    released = list(held.order_by("receivable_id").values_list("pk", "receivable_id"))
    PhasePeriod.objects.filter(pk__in=[pk for pk, _ in released]).update(by_hand=False)
    audit.record_many(
        by=by, when=when, verb="cases.phase.released", subject="receivable",
        subjects=[(title_id, titles[title_id].company_id) for _, title_id in released],
    )  # fmt: skip
    return len(released)


def _stands_by_hand(period: PhasePeriod | None, phase_id: int) -> bool:
    return period is not None and period.by_hand and period.phase_id == phase_id
