"""What a supervisor may publish as a ladder, and what Quita warns about first."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from quita.domain import calendars, contact_policy
from quita.domain.ladder import rehearsal, rules, validation
from quita.domain.ladder.drafts import LadderDraft, StepDraft
from quita.domain.ladder.tests.stories import OPEN_WEEK

TODAY = dt.date(2026, 11, 3)
SAO_PAULO = calendars.bank_calendar("SP")
# BRAZIL: the recommended policy: one message a day, three in seven days, ten in thirty, twenty hours between two.
POLICY = contact_policy.Policy(
    rules=OPEN_WEEK,
    caps=(
        contact_policy.Cap(window_days=1, at_most=1),
        contact_policy.Cap(window_days=7, at_most=3),
        contact_policy.Cap(window_days=30, at_most=10),
        contact_policy.Cap(min_gap_hours=20),
    ),
)
AROUND = validation.Around(
    today=TODAY,
    place=rehearsal.Place(SAO_PAULO, POLICY, uf="SP"),
    roles=frozenset({"operator", "supervisor"}),
    kinds_by_key={1: rules.MESSAGE, 2: rules.TICKET},
)


def message(name: str, days: int | None, **more: Any) -> StepDraft:
    """An e-mail step."""
    return StepDraft(name=name, action=rules.MESSAGE, offset_days=days, channels=("email",), **more)


def ladder(*steps: StepDraft, **more: Any) -> LadderDraft:
    """A ladder in force from today."""
    return LadderDraft(**{"name": "Padrão", "in_force_from": TODAY, "steps": steps, **more})


def refused(draft: LadderDraft, around: validation.Around = AROUND) -> list[tuple[str, str | None]]:
    """(code, place) of every refusal."""
    return [(found.refusal.code, found.field) for found in validation.check(draft, around).refusals]


def warned(draft: LadderDraft, around: validation.Around = AROUND) -> list[tuple[str, str | None]]:
    """(code, place) of every warning."""
    return [(found.refusal.code, found.field) for found in validation.check(draft, around).warnings]


GOOD = ladder(
    message("Lembrete", -3),
    message("Vence hoje", 0),
    message("1º aviso", 3),
    message("2º aviso", 8, basis=rules.BUSINESS),
    StepDraft(name="Ligar", action=rules.CALL_TASK, offset_days=15),
    message("3º aviso", 20, repeat_every_days=7, repeat_at_most=3),
    StepDraft(name="Abrir chamado", action=rules.TICKET, offset_days=45),
)


def test_a_sensible_ladder_is_published_without_a_word() -> None:
    verdict = validation.check(GOOD, AROUND)
    assert verdict.is_sound
    assert verdict.warnings == ()


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"name": " "}, "ladder_name_missing", "name"),
        ({"name": "x" * 81}, "ladder_name_long", "name"),
        ({"in_force_from": None}, "ladder_start_missing", "in_force_from"),
        ({"in_force_from": dt.date(2026, 11, 2)}, "ladder_start_past", "in_force_from"),
        ({"steps": ()}, "ladder_no_steps", "steps"),
        ({"end_after_days": None}, "ladder_end_missing", "end_after_days"),
        ({"end_after_days": 0}, "ladder_end_range", "end_after_days"),
        ({"end_after_days": 366}, "ladder_end_range", "end_after_days"),
        ({"end_role": ""}, "ladder_end_role_missing", "end_role"),
        ({"minimum_cents": -1}, "ladder_minimum_range", "minimum_cents"),
        ({"late_entry": "never"}, "ladder_late_entry_unknown", "late_entry"),
        ({"steps": tuple(message(f"n{n}", n) for n in range(1, 42))}, "ladder_too_long", "steps"),
        ({"steps": (message("a", 1, repeat_every_days=1, repeat_at_most=250),)}, "ladder_too_long", "steps"),
    ],
)
def test_what_a_ladder_as_a_whole_must_say(change: dict[str, Any], code: str, place: str) -> None:
    assert (code, place) in refused(replace(GOOD, **change))


@pytest.mark.parametrize(
    ("step", "code", "name"),
    [
        (message("", 1), "step_name_missing", "name"),
        (message("x" * 61, 1), "step_name_long", "name"),
        (StepDraft(name="a", action="fax", offset_days=1), "step_action_unknown", "action"),
        (message("a", None), "step_day_missing", "offset_days"),
        (message("a", -61), "step_day_range", "offset_days"),
        (message("a", 3651), "step_day_range", "offset_days"),
        (message("a", 1, basis="moon"), "step_basis_unknown", "basis"),
        (message("a", 1, grouping="family"), "step_grouping_unknown", "grouping"),
        (message("a", 1, priority=101), "step_priority_range", "priority"),
        (message("a", 1, repeat_every_days=7), "step_repeat_half", "repeat_at_most"),
        (message("a", 1, repeat_at_most=7), "step_repeat_half", "repeat_every_days"),
        (message("a", 1, repeat_every_days=0, repeat_at_most=2), "step_repeat_every_range", "repeat_every_days"),
        (message("a", 1, repeat_every_days=1, repeat_at_most=1000), "step_repeat_times_range", "repeat_at_most"),
        (message("a", 1, key=2), "step_action_changed", "action"),
        (message("a", 1, key=99), "step_unknown", "name"),
        (StepDraft(name="a", action=rules.TICKET, offset_days=0), "step_needs_a_case", "offset_days"),
        (StepDraft(name="a", action=rules.SET_PHASE, offset_days=-1), "step_needs_a_case", "offset_days"),
    ],
)
def test_what_a_step_must_say(step: StepDraft, code: str, name: str) -> None:
    assert (code, f"steps.0.{name}") in refused(ladder(step))


def test_a_reminder_does_not_repeat_past_the_due_date() -> None:
    found = validation.check(ladder(message("Lembrete", -7, repeat_every_days=3, repeat_at_most=3)), AROUND).refusals
    assert [(one.refusal.code, one.field) for one in found] == [("step_repeat_crosses_due", "steps.0.repeat_at_most")]
    assert "Repeat at most 2 times" in str(found[0].refusal)


def test_two_messages_on_one_day_collide() -> None:
    assert refused(ladder(message("a", 5), message("b", 5))) == [("step_collision", "steps.1.offset_days")]
    # A repeat of one on the day of the other collides as well.
    weekly = message("a", 5, repeat_every_days=7, repeat_at_most=2)
    assert refused(ladder(weekly, message("b", 12))) == [("step_collision", "steps.1.offset_days")]


def test_of_two_messages_on_one_day_the_lower_would_never_go_out() -> None:
    assert refused(ladder(message("a", 5), message("b", 5, priority=10))) == [
        ("step_never_first", "steps.0.offset_days")
    ]


def test_a_repeat_may_give_way_to_a_step_of_higher_priority() -> None:
    weekly = message("a", 5, repeat_every_days=7, repeat_at_most=2)
    assert refused(ladder(weekly, message("b", 12, priority=10))) == []


def test_a_call_and_a_message_on_one_day_are_two_things() -> None:
    assert refused(ladder(message("a", 5), StepDraft(name="b", action=rules.CALL_TASK, offset_days=5))) == []


def test_steps_that_share_a_name_cannot_be_told_apart() -> None:
    assert refused(ladder(message("Aviso", 1), message(" aviso", 9))) == [("step_name_twice", "steps.1.name")]


def test_one_ticket_per_ladder() -> None:
    ticket = StepDraft(name="Chamado", action=rules.TICKET, offset_days=30)
    second = replace(ticket, name="Outro chamado", offset_days=60)
    assert refused(ladder(ticket, second)) == [("ladder_two_ticket_steps", "steps.1.action")]


def test_nobody_is_chased_after_the_debt_is_prescribed() -> None:
    assert refused(ladder(message("a", 5 * 365 + 1))) == [("step_prescribed", "steps.0.offset_days")]
    yearly = message("a", 300, repeat_every_days=365, repeat_at_most=6)
    assert refused(ladder(yearly)) == [("step_prescribed", "steps.0.repeat_at_most")]


def test_leases_are_prescribed_sooner_than_the_rest() -> None:
    around = replace(AROUND, prescription_years=frozenset({3, 5}))
    draft = ladder(message("a", 4 * 365))
    assert refused(draft, around) == []
    assert warned(draft, around) == [("step_prescribed_for_some", "steps.0.offset_days")]
    assert refused(draft, replace(AROUND, prescription_years=frozenset({3}))) == [
        ("step_prescribed", "steps.0.offset_days")
    ]


def test_more_than_two_reminders_and_odd_days_bring_a_warning() -> None:
    assert warned(ladder(message("a", -10), message("b", -3), message("c", 0))) == [
        ("reminders_many", "steps.2.offset_days"),
        ("reminder_day", "steps.0.offset_days"),
    ]


def test_the_contact_policy_names_the_steps_it_would_stop() -> None:
    """Five messages on five days in a row: a limit of three in seven days stops the fourth; the fifth takes over."""
    daily = ladder(*(message(f"{day}º dia", day) for day in range(1, 6)), message("depois", 15))
    found = validation.check(daily, AROUND).warnings
    stopped = [one for one in found if one.refusal.code == "step_over_cap"]
    assert [one.field for one in stopped] == ["steps.3.offset_days"]
    assert "allows 3 messages per person in 7 days" in str(stopped[0].refusal)
    # The fifth is late, not lost: after it there is time until the 15th day.
    assert validation.check(ladder(message("a", 1), message("b", 8), message("c", 15)), AROUND).warnings == ()


def test_a_reminder_on_a_day_on_which_nobody_may_be_written_to_is_lost_now_and_then() -> None:
    weekdays_only = replace(POLICY, rules=(*POLICY.rules, contact_policy.Rule("email", 5, None, None)))
    around = replace(AROUND, place=replace(AROUND.place, policy=weekdays_only))
    assert warned(ladder(message("Véspera", -1), message("Vence hoje", 0)), around)[-1] == (
        "step_in_closed_days",
        "steps.0.offset_days",
    )


def test_what_actions_refuse_is_part_of_the_verdict() -> None:
    from quita.domain.refusals import Finding, Refusal

    more = [Finding(Refusal("template_missing", "Choose a template."), "steps.0.templates.email")]
    assert not validation.check(GOOD, AROUND, more).is_sound
