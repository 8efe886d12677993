"""The dates that the editor shows are the days on which the daily run really acts."""

import datetime as dt

import pytest

from quita.domain import calendars, contact_policy
from quita.domain.ladder import rehearsal, rules, sentences
from quita.domain.ladder.drafts import LadderDraft, StepDraft
from quita.domain.ladder.tests import stories

SAO_PAULO = calendars.bank_calendar("SP")
STRICT = contact_policy.Policy(
    rules=stories.OPEN_WEEK,
    caps=(
        contact_policy.Cap(window_days=1, at_most=1),
        contact_policy.Cap(window_days=7, at_most=2),
        contact_policy.Cap(min_gap_hours=20),
    ),
)
CROWDED = (
    stories.step(1, -3),
    stories.step(2, 0),
    stories.step(3, 1),
    stories.step(4, 2),
    stories.step(5, 3),
    stories.step(6, 5, basis=rules.BUSINESS),
    stories.step(7, 10, repeat_every_days=2, repeat_at_most=4),
    stories.step(8, 14, priority=5),
    stories.step(9, 6, action=rules.CALL_TASK, channels=(), templates={}),
)


def draft_of(steps: tuple[rules.Step, ...]) -> LadderDraft:
    """The same ladder as people would have typed it."""
    return LadderDraft(
        name="example",
        in_force_from=dt.date(2020, 1, 1),
        steps=tuple(
            StepDraft(
                name=one.name, action=one.action, offset_days=one.offset_days, key=one.key, basis=one.basis,
                repeat_every_days=one.repeat_every_days, repeat_at_most=one.repeat_at_most, priority=one.priority,
                channels=one.channels,
            )
            for one in steps
        ),
    )  # fmt: skip


def really(
    steps: tuple[rules.Step, ...], due_on: dt.date, policy: contact_policy.Policy
) -> dict[tuple[int, int], dt.date]:
    """(step key, occurrence) → the day on which the real decision sent it, run every day until all is over."""
    town = stories.Town(steps=steps, policy=policy).title(1, due_on)
    happened = {}
    for days in range(-4, 36):
        today = due_on + dt.timedelta(days=days)
        # Early in the morning, so that the whole day's window lies ahead.
        for row in town.run(today, hour=1).decisions.iter_rows(named=True):
            if row["decision"] in stories.EFFECTS:
                happened[row["step_key"], row["occurrence"]] = today
    return happened


@pytest.mark.parametrize(
    ("due_on", "policy"),
    [
        (dt.date(2026, 11, 20), STRICT),
        (dt.date(2026, 11, 21), stories.NO_CAPS),
        (dt.date(2026, 10, 28), STRICT),
        (dt.date(2026, 12, 24), STRICT),
    ],
    ids=["holiday", "saturday without caps", "wednesday", "christmas eve"],
)
def test_the_rehearsal_and_the_run_agree(due_on: dt.date, policy: contact_policy.Policy) -> None:
    place = rehearsal.Place(SAO_PAULO, policy, uf="SP")
    rehearsed = {
        (CROWDED[row.step].key, row.number): row.happens_on
        for row in rehearsal.rehearse(draft_of(CROWDED), due_on, place)
        if row.happens_on
    }
    assert rehearsed == really(CROWDED, due_on, policy)


def test_a_first_notice_for_a_due_date_on_a_holiday_waits_until_it_can_no_longer_be_paid() -> None:
    """Friday 20 November 2026 is a holiday: payable until Monday, so day +1 happens on Tuesday."""
    place = rehearsal.Place(SAO_PAULO, contact_policy.Policy(rules=stories.OPEN_WEEK), uf="SP")
    first = rehearsal.rehearse(draft_of((stories.step(1, 1),)), dt.date(2026, 11, 20), place)[0]
    assert (first.planned_on, first.happens_on) == (dt.date(2026, 11, 21), dt.date(2026, 11, 24))


def test_a_step_planned_for_a_sunday_goes_out_on_monday_and_says_why() -> None:
    place = rehearsal.Place(SAO_PAULO, contact_policy.Policy(rules=stories.OPEN_WEEK), uf="SP")
    row = rehearsal.rehearse(draft_of((stories.step(1, 10),)), dt.date(2026, 10, 29), place)[0]
    assert row.planned_on.weekday() == 6
    assert (row.happens_on, row.obstacle, row.is_moved) == (dt.date(2026, 11, 9), rehearsal.WINDOW, True)


@pytest.mark.parametrize(
    ("step", "portuguese", "english"),
    [
        (StepDraft("a", "message", -3), "3 dias antes do vencimento", "3 days before the due date"),
        (StepDraft("a", "message", 0), "no dia do vencimento", "on the due date"),
        (StepDraft("a", "message", 1), "1 dia após o vencimento", "1 day after the due date"),
        (
            StepDraft("a", "message", 5, basis="business"),
            "5 dias úteis após o vencimento",
            "5 business days after the due date",
        ),
        (
            StepDraft("a", "message", 10, repeat_every_days=7, repeat_at_most=3),
            "10 dias após o vencimento, repete a cada 7 dias no máximo 3 vezes",
            "10 days after the due date, repeating every 7 days at most 3 times",
        ),
        (
            StepDraft("a", "message", 10, basis="business", repeat_every_days=1, repeat_at_most=1),
            "10 dias úteis após o vencimento, repete a cada 1 dia útil no máximo 1 vez",
            "10 business days after the due date, repeating every 1 business day at most 1 time",
        ),
        (StepDraft("a", "message", None), "dia a definir", "no day yet"),
    ],
)
def test_the_timing_in_words(step: StepDraft, portuguese: str, english: str) -> None:
    assert sentences.timing(step, "pt-br") == portuguese
    assert sentences.timing(step, "en") == english


def test_day_marks() -> None:
    assert [sentences.day_mark(day) for day in (-3, 0, 10, None)] == ["D−3", "D", "D+10", "D?"]
