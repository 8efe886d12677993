"""Would every step of a ladder really happen? It is tried on titles that nobody pays, with and without policy."""

from __future__ import annotations

import datetime as dt

from quita.domain.ladder import rehearsal
from quita.domain.ladder.drafts import LadderDraft, at
from quita.domain.refusals import Refusals

# Two whole weeks of due dates: every step falls on every weekday.
_TRIED = 14


def check(draft: LadderDraft, first_due: dt.date, place: rehearsal.Place, refused: Refusals, warned: Refusals) -> None:
    """Tries the ladder on a title of each of two weeks of due dates, without and with the contact policy."""
    days = [first_due + dt.timedelta(days=number) for number in range(_TRIED)]
    bare = rehearsal.Place(place.calendar)
    fired = {
        (row.step, row.number)
        for day in days[:7]
        for row in rehearsal.rehearse(draft, day, bare)
        if row.happens_on is not None
    }
    for position, step in enumerate(draft.steps):
        if not any((position, number) in fired for number, _ in step.offsets()):
            refused.add(
                "step_never_fires",
                "This step would never happen: a later one of the same kind always comes first. Move it or remove it.",
                field=at(position, "offset_days"),
            )
    if not refused:
        _check_policy(draft, [rehearsal.rehearse(draft, day, place) for day in days], fired, warned)


def _check_policy(
    draft: LadderDraft, tries: list[list[rehearsal.Occurrence]], fired: set[tuple[int, int]], warned: Refusals
) -> None:
    """One warning for each step that the contact policy would stop: how often, and by which limit."""
    for place, step in enumerate(draft.steps):
        rows = [row for rehearsed in tries for row in rehearsed if row.step == place and (place, row.number) in fired]
        lost = [row for row in rows if row.happens_on is None and row.obstacle in rehearsal.BY_POLICY]
        if not lost:
            continue
        caps = sorted({row.cap for row in lost if row.cap is not None})
        if caps:
            window, at_most = caps[0]
            warned.add(
                "step_over_cap",
                "In %(lost)s of %(count)s tries “%(step)s” would not go out: the contact policy allows "
                "%(at_most)s messages per person in %(window)s days, and the next step overtakes it. Space the steps "
                "further apart.",
                {"lost": len(lost), "count": len(rows), "step": step.name, "at_most": at_most, "window": window},
                field=at(place, "offset_days"),
            )
        elif any(row.obstacle == rehearsal.GAP for row in lost):
            warned.add(
                "step_in_gap",
                "In %(lost)s of %(count)s tries “%(step)s” would not go out: it comes too soon after the one before, "
                "and the next step overtakes it. Leave more days between them.",
                {"lost": len(lost), "count": len(rows), "step": step.name},
                field=at(place, "offset_days"),
            )
        else:
            warned.add(
                "step_in_closed_days",
                "In %(lost)s of %(count)s tries “%(step)s” would not go out: it falls on days on which this channel "
                "may not be used, and its time passes. Consider business days, or an earlier day.",
                {"lost": len(lost), "count": len(rows), "step": step.name},
                field=at(place, "offset_days"),
            )
