"""Is a ladder sound? What must not be published, and what its author should know before publishing it.

Refusals are what can never work or must not be done: steps that collide, that can never fire, that chase a prescribed
debt. Warnings are what works otherwise than it reads: steps that the contact policy would hold back, with numbers.
The place of a finding is "steps.2.offset_days" (the third step), or a field of the ladder.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from quita.domain.ladder import reach, rehearsal, rules
from quita.domain.ladder.drafts import LadderDraft, StepDraft, at
from quita.domain.refusals import Finding, Refusals

MAX_STEPS = 40
MAX_OCCURRENCES = 200  # steps and repeats together
FIRST_DAY, LAST_DAY = -60, 3650
MAX_NAME, MAX_STEP_NAME = 80, 60
MAX_END_DAYS = 365
PRIORITIES = 100
MAX_MINIMUM_CENTS = 10**10
# Two reminders before the debt is late, on the third day before and on the day itself, are service; more is pressure.
PRE_DUE_DAYS = (-3, 0)
MAX_PRE_DUE = 2
DAYS_OF_A_YEAR = 365


@dataclass(frozen=True)
class Around:
    """What a draft is judged by. `kinds_by_key`: the action each existing step of this ladder has had so far."""

    today: dt.date
    place: rehearsal.Place
    actions: frozenset[str] = frozenset(rules.ACTIONS)
    roles: frozenset[str] = frozenset()
    kinds_by_key: Mapping[int, str] = field(default_factory=dict)
    # Years after which the debts of the creditors at hand are prescribed: five, three for leases (CC arts. 205–206).
    prescription_years: frozenset[int] = frozenset({5})


@dataclass(frozen=True)
class Checked:
    """The verdict on a draft."""

    refusals: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it may be published."""
        return not self.refusals


def check(draft: LadderDraft, around: Around, more: Iterable[Finding] = ()) -> Checked:
    """Judge a draft. `more` are refusals found elsewhere (what an action asks of its own fields)."""
    refused, warned = Refusals(), Refusals()
    _check_ladder(draft, around, refused)
    for place, step in enumerate(draft.steps):
        _check_step(step, place, around, refused)
    _check_names(draft, refused)
    _check_collisions(draft, refused)
    _check_tickets(draft, refused)
    _check_prescription(draft, around, refused, warned)
    _check_reminders(draft, warned)
    if not refused and draft.steps:
        reach.check(draft, draft.in_force_from or around.today, around.place, refused, warned)
    return Checked((*refused, *more), tuple(warned))


def _check_ladder(draft: LadderDraft, around: Around, refused: Refusals) -> None:
    if not draft.name.strip():
        refused.add("ladder_name_missing", "A ladder needs a name. Give one that people will recognise.", field="name")
    if len(draft.name) > MAX_NAME:
        refused.add(
            "ladder_name_long",
            "The name has %(length)s characters; the limit is %(limit)s. Shorten it.",
            {"length": len(draft.name), "limit": MAX_NAME},
            field="name",
        )
    if draft.in_force_from is None:
        refused.add("ladder_start_missing", "Say from which day on this version is in force.", field="in_force_from")
    elif draft.in_force_from < around.today:
        refused.add(
            "ladder_start_past",
            "A version cannot come into force on %(day)s, before today: what was decided with the old one stands. "
            "Choose today or later.",
            {"day": draft.in_force_from.isoformat()},
            field="in_force_from",
        )
    if draft.late_entry not in (rules.LATEST, rules.WAIT):
        refused.add("ladder_late_entry_unknown", "Choose what a title gets that enters late.", field="late_entry")
    if draft.minimum_cents is None or not 0 <= draft.minimum_cents <= MAX_MINIMUM_CENTS:
        refused.add(
            "ladder_minimum_range",
            "The smallest balance to chase must be an amount of zero or more, at most R$ 100 million.",
            field="minimum_cents",
        )
    _check_end(draft, around, refused)
    if not draft.steps:
        refused.add("ladder_no_steps", "A ladder without steps would do nothing. Add the first step.", field="steps")
    count = sum(len(step.offsets()) for step in draft.steps)
    if len(draft.steps) > MAX_STEPS or count > MAX_OCCURRENCES:
        refused.add(
            "ladder_too_long",
            "This ladder has %(steps)s steps and %(count)s occurrences with their repeats; the limits are "
            "%(max_steps)s and %(max_count)s. Join steps or repeat less often.",
            {"steps": len(draft.steps), "count": count, "max_steps": MAX_STEPS, "max_count": MAX_OCCURRENCES},
            field="steps",
        )


def _check_end(draft: LadderDraft, around: Around, refused: Refusals) -> None:
    """A ladder that ends in nothing leaves cases that nobody looks at again."""
    if draft.end_after_days is None:
        refused.add(
            "ladder_end_missing",
            "Say how many days after the last step the ladder ends. Without an end nobody would look at the case "
            "again.",
            field="end_after_days",
        )
    elif not 1 <= draft.end_after_days <= MAX_END_DAYS:
        refused.add(
            "ladder_end_range",
            "The ladder cannot end %(days)s days after its last step. Choose between 1 and %(limit)s days.",
            {"days": draft.end_after_days, "limit": MAX_END_DAYS},
            field="end_after_days",
        )
    if draft.end_role not in around.roles:
        refused.add(
            "ladder_end_role_missing",
            "Say who gets the task at the end of the ladder: choose one of the roles.",
            field="end_role",
        )


def _check_step(step: StepDraft, place: int, around: Around, refused: Refusals) -> None:
    if not step.name.strip():
        refused.add(
            "step_name_missing", "Name the step: the name explains to people why it happened.", field=at(place, "name")
        )
    elif len(step.name) > MAX_STEP_NAME:
        refused.add(
            "step_name_long",
            "The name has %(length)s characters; the limit is %(limit)s. Shorten it.",
            {"length": len(step.name), "limit": MAX_STEP_NAME},
            field=at(place, "name"),
        )
    if step.action not in around.actions:
        refused.add("step_action_unknown", "Choose what happens in this step.", field=at(place, "action"))
    elif step.key is not None and around.kinds_by_key.get(step.key, step.action) != step.action:
        refused.add(
            "step_action_changed",
            "A step that has been in use keeps its kind of action, so that its history stays true. "
            "Remove it and add a new step instead.",
            field=at(place, "action"),
        )
    if step.key is not None and step.key not in around.kinds_by_key:
        refused.add(
            "step_unknown", "This step belongs to another ladder. Remove it and add a new one.", field=at(place, "name")
        )
    if step.basis not in (rules.CALENDAR, rules.BUSINESS):
        refused.add(
            "step_basis_unknown", "Count the days as calendar days or as business days.", field=at(place, "basis")
        )
    if step.grouping not in (rules.PER_DEBTOR, rules.PER_TITLE):
        refused.add(
            "step_grouping_unknown", "Choose one message per debtor or one per title.", field=at(place, "grouping")
        )
    if not -PRIORITIES <= step.priority <= PRIORITIES:
        refused.add(
            "step_priority_range",
            "The priority %(priority)s is out of range: from −%(limit)s to %(limit)s.",
            {"priority": step.priority, "limit": PRIORITIES},
            field=at(place, "priority"),
        )
    _check_day(step, place, refused)
    _check_repeat(step, place, refused)


def _check_day(step: StepDraft, place: int, refused: Refusals) -> None:
    if step.offset_days is None:
        refused.add(
            "step_day_missing",
            "Say on which day: a number of days, 0 for the due date itself.",
            field=at(place, "offset_days"),
        )
        return
    if not FIRST_DAY <= step.offset_days <= LAST_DAY:
        refused.add(
            "step_day_range",
            "Day %(day)s is out of range: from %(first)s days before the due date to %(last)s days after it.",
            {"day": step.offset_days, "first": -FIRST_DAY, "last": LAST_DAY},
            field=at(place, "offset_days"),
        )
    if step.action in (rules.TICKET, rules.SET_PHASE) and step.offset_days <= 0:
        refused.add(
            "step_needs_a_case",
            "Tickets and phases belong to a case, and a case opens when a title is past due. "
            "Choose a day after the due date, 1 or more.",
            field=at(place, "offset_days"),
        )


def _check_repeat(step: StepDraft, place: int, refused: Refusals) -> None:
    every, times = step.repeat_every_days, step.repeat_at_most
    if every is None and times is None:
        return
    if every is None or times is None:
        refused.add(
            "step_repeat_half",
            "A repeat needs both: every how many days, and at most how many times. Fill in the other, or clear this "
            "one.",
            field=at(place, "repeat_at_most" if times is None else "repeat_every_days"),
        )
        return
    if not 1 <= every <= LAST_DAY:
        refused.add(
            "step_repeat_every_range",
            "It cannot repeat every %(days)s days. Choose 1 or more.",
            {"days": every},
            field=at(place, "repeat_every_days"),
        )
    if not 1 <= times < rules.KEY_SPAN:
        refused.add(
            "step_repeat_times_range",
            "It cannot repeat %(times)s times. Choose between 1 and %(limit)s.",
            {"times": times, "limit": rules.KEY_SPAN - 1},
            field=at(place, "repeat_at_most"),
        )
    if step.offset_days is not None and step.offset_days < 0 and every > 0 and step.offset_days + times * every >= 0:
        last = (-step.offset_days - 1) // every
        refused.add(
            "step_repeat_crosses_due",
            "A reminder before the due date never goes out after it, and repeat %(wrong)s would fall on or after the "
            "due date. Repeat at most %(last)s times, or make a step of its own for later.",
            {"wrong": last + 1, "last": last},
            field=at(place, "repeat_at_most"),
        )


def _check_names(draft: LadderDraft, refused: Refusals) -> None:
    seen: dict[str, int] = {}
    for place, step in enumerate(draft.steps):
        name = step.name.strip().lower()
        if name and name in seen:
            refused.add(
                "step_name_twice",
                "Step %(other)s has the same name. Explanations name steps: give each its own name.",
                {"other": seen[name] + 1},
                field=at(place, "name"),
            )
        seen.setdefault(name, place)


def _check_collisions(draft: LadderDraft, refused: Refusals) -> None:
    """Of the steps of one kind on one day only the one with the highest priority ever happens."""
    taken: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
    for place, step in enumerate(draft.steps):
        for number, offset in step.offsets():
            taken.setdefault((step.action, step.basis, offset), []).append((place, number))
    told: set[tuple[int, int]] = set()
    for (_, _, offset), there in sorted(taken.items(), key=lambda item: item[0][2]):
        for (first, _), (second, _) in itertools.pairwise(there):
            pair = (first, second)
            if first == second or pair in told:
                continue
            told.add(pair)
            _collision(draft, first, second, offset, refused)


def _collision(draft: LadderDraft, first: int, second: int, offset: int, refused: Refusals) -> None:
    one, other = draft.steps[first], draft.steps[second]
    if one.priority == other.priority:
        refused.add(
            "step_collision",
            "“%(other)s” does the same kind of thing on the same day (%(day)s) with the same priority, and only one "
            "can happen. Move one of them or give one a higher priority.",
            {"other": one.name or f"#{first + 1}", "day": f"{offset:+d}"},
            field=at(second, "offset_days"),
        )
        return
    lower, higher = (first, second) if one.priority < other.priority else (second, first)
    if draft.steps[lower].repeat_every_days is None:
        refused.add(
            "step_never_first",
            "“%(other)s” does the same kind of thing on the same day (%(day)s) with a higher priority: this step would "
            "never happen. Move it to another day or remove it.",
            {"other": draft.steps[higher].name or f"#{higher + 1}", "day": f"{offset:+d}"},
            field=at(lower, "offset_days"),
        )


def _check_tickets(draft: LadderDraft, refused: Refusals) -> None:
    tickets = [place for place, step in enumerate(draft.steps) if step.action == rules.TICKET]
    for place in tickets[1:]:
        refused.add(
            "ladder_two_ticket_steps",
            "A ladder opens at most one ticket, and step %(first)s does so already; an open ticket is updated by its "
            "repeats. Remove this step or let the other repeat.",
            {"first": tickets[0] + 1},
            field=at(place, "action"),
        )


def _check_prescription(draft: LadderDraft, around: Around, refused: Refusals, warned: Refusals) -> None:
    """A prescribed debt is not collected, in court or out of it (CC arts. 189 and 206; STJ)."""
    longest, shortest = max(around.prescription_years, default=5), min(around.prescription_years, default=5)
    for place, step in enumerate(draft.steps):
        last = max((offset for _, offset in step.offsets()), default=0)
        found, years = (refused, longest) if last > longest * DAYS_OF_A_YEAR else (warned, shortest)
        if last <= years * DAYS_OF_A_YEAR:
            continue
        if found is refused:
            refused.add(
                "step_prescribed",
                "Day %(day)s lies after the debt is prescribed (%(years)s years): from then on nobody may be chased "
                "(Civil Code, arts. 189 and 206). Choose an earlier day.",
                {"day": last, "years": years},
                field=at(place, "repeat_at_most" if step.repeat_at_most else "offset_days"),
            )
        else:
            warned.add(
                "step_prescribed_for_some",
                "Day %(day)s lies after some of your debts are prescribed (%(years)s years, leases: Civil Code, art. "
                "206 §3 I). For those the step will not happen.",
                {"day": last, "years": years},
                field=at(place, "offset_days"),
            )


def _check_reminders(draft: LadderDraft, warned: Refusals) -> None:
    reminders = [
        (place, step, offset)
        for place, step in enumerate(draft.steps)
        for _, offset in step.offsets()
        if step.action == rules.MESSAGE and offset <= 0
    ]
    if len(reminders) > MAX_PRE_DUE:
        warned.add(
            "reminders_many",
            "%(count)s reminders before the title is late; the recommended limit is %(limit)s. More is felt as "
            "pressure and brings complaints.",
            {"count": len(reminders), "limit": MAX_PRE_DUE},
            field=at(reminders[-1][0], "offset_days"),
        )
    for place, step, offset in reminders:
        if offset == step.offset_days and offset not in PRE_DUE_DAYS:
            warned.add(
                "reminder_day",
                "Reminders are recommended 3 days before and on the due date, not %(days)s days before.",
                {"days": -offset},
                field=at(place, "offset_days"),
            )
