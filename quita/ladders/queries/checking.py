"""A ladder's draft judged with everything that surrounds it: policy, calendars, templates, phases, prescription."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from quita.domain import calendars
from quita.domain.ladder import rehearsal, validation
from quita.domain.ladder.drafts import LadderDraft
from quita.domain.refusals import Finding, Refusals
from quita.ladders import actions
from quita.ladders.actions.known import Known
from quita.ladders.queries import rules_lists
from quita.messaging.queries import policy
from quita.parties import queries as parties
from quita.receivables.queries import prescription


@dataclass(frozen=True)
class Surroundings:
    """What a draft is judged by, read once."""

    known: Known
    around: validation.Around


def surroundings(*, ladder_id: int | None, today: dt.date, calendar_id: int | None = None) -> Surroundings:
    """Everything for `check`, in a constant number of statements. `calendar_id` None: the first branch's calendar."""
    known = rules_lists.known()
    years = prescription.prescription_years(today)
    regimes = set(parties.company_regimes().values())
    around = validation.Around(
        today=today,
        place=place_of(calendar_id),
        actions=frozenset(actions.ACTIONS),
        roles=frozenset(known.roles),
        kinds_by_key=rules_lists.kinds_by_key(ladder_id),
        prescription_years=frozenset(years[regime] for regime in regimes) or frozenset(years.values()),
    )
    return Surroundings(known, around)


def place_of(calendar_id: int | None) -> rehearsal.Place:
    """The place of a calendar, with the contact policy; the calendar that most branches follow when none is named."""
    rows = parties.calendar_rows()
    chosen = next((row for row in rows if row.calendar_id == calendar_id), None)
    if chosen is None:
        chosen = max(rows, key=lambda row: (row.branch_count, -row.calendar_id), default=None)
    uf, ibge_code = (chosen.uf, chosen.ibge_code) if chosen else ("", "")
    own = dict.fromkeys(parties.municipal_days().get(ibge_code, ()), "") if ibge_code else {}
    return rehearsal.Place(
        calendar=calendars.bank_calendar(uf or None, own),
        policy=policy.policy_in_force(),
        holidays=policy.civil_holidays(),
        uf=uf,
        ibge_code=ibge_code,
    )


def check(draft: LadderDraft, around: Surroundings) -> validation.Checked:
    """The verdict: what the ladder asks of itself, and what each action asks of its own fields."""
    return validation.check(draft, around.around, of_actions(draft, around.known))


def of_actions(draft: LadderDraft, known: Known) -> tuple[Finding, ...]:
    """What the actions refuse in their own fields."""
    found = Refusals()
    for place, step in enumerate(draft.steps):
        module = actions.ACTIONS.get(step.action)
        if module is not None:
            module.validate(step, place, known, found)
    return tuple(found)
