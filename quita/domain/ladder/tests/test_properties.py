"""What must hold for every town, told as properties over random ones."""

import datetime as dt
import itertools
from collections import Counter

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quita.domain import contact_policy
from quita.domain.ladder import rules
from quita.domain.ladder.reasons import Reason
from quita.domain.ladder.tests.stories import CONDO, ISP, OPEN_WEEK, Town, nothing_written, sent_steps, step

# From 10 July to 6 September 2026 São Paulo has no holiday: every story stays between.
FIRST_DAY = dt.date(2026, 8, 3)
QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CAPS = contact_policy.Policy(
    rules=OPEN_WEEK,
    caps=(
        contact_policy.Cap("", window_days=1, at_most=1),
        contact_policy.Cap("", window_days=7, at_most=2),
        contact_policy.Cap("", min_gap_hours=20),
    ),
)

titles = st.lists(
    st.tuples(
        st.integers(0, 28),  # due so many days after 13 July
        st.integers(1, 4),  # debtor
        st.sampled_from([CONDO, ISP]),
        st.integers(1, 100_000),
    ),
    min_size=1,
    max_size=8,
)
steps = st.lists(
    st.tuples(
        st.integers(-3, 20),
        st.sampled_from([rules.CALENDAR, rules.BUSINESS]),
        st.sampled_from([None, 3, 7]),
        st.sampled_from([rules.PER_DEBTOR, rules.PER_TITLE]),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=5,
)


def town(written, owed, policy=CAPS, shift=0) -> Town:
    ladder = tuple(
        step(
            key + 1,
            days,
            basis=basis,
            repeat_every_days=every,
            repeat_at_most=every and 2,
            grouping=grouping,
            priority=priority,
        )
        for key, (days, basis, every, grouping, priority) in enumerate(written)
    )
    told = Town(steps=ladder, policy=policy)
    for number, (due, debtor, company, cents) in enumerate(owed, start=1):
        told.title(number, dt.date(2026, 7, 13) + dt.timedelta(days=due + shift), debtor, company, cents)
    return told


@QUICK
@given(steps, titles)
def test_a_day_run_twice_does_nothing_new(written, owed):
    told = town(written, owed)
    told.run(FIRST_DAY)
    assert nothing_written(told.run(FIRST_DAY))


@QUICK
@given(steps, titles)
def test_every_title_gets_a_reason_every_day(written, owed):
    told = town(written, owed)
    for day in range(3):
        outcome = told.run(FIRST_DAY + dt.timedelta(days=day))
        assert set(outcome.decisions["receivable_id"]) == set(told.titles)
        assert outcome.decisions["decision"].null_count() == 0


@QUICK
@given(steps, titles, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(written, owed, random):
    told, shuffled = town(written, owed), town(written, owed)
    numbers = list(shuffled.titles)
    random.shuffle(numbers)
    shuffled.titles = {number: shuffled.titles[number] for number in numbers}
    shuffled.people = dict(reversed(shuffled.people.items()))
    one, other = told.decide(FIRST_DAY), shuffled.decide(FIRST_DAY)
    for name, frame in one.frames().items():
        assert frame.equals(other.frames()[name]), name


@QUICK
@given(steps, titles)
def test_seven_holiday_free_days_later_everything_is_seven_days_later(written, owed):
    # The week between holds no holiday, so the calendar looks the same from both days.
    one = town(written, owed).decide(FIRST_DAY + dt.timedelta(days=7))
    later = town(written, owed, shift=7).decide(FIRST_DAY + dt.timedelta(days=14))
    week = dt.timedelta(days=7)
    same = one.decisions.with_columns(pl.col("due_on", "day", "not_before") + week)
    assert same.equals(later.decisions)


@QUICK
@given(steps, titles)
def test_caps_hold_for_the_person_over_any_stretch_of_days(written, owed):
    told = town(written, owed)
    for day in range(10):
        told.run(FIRST_DAY + dt.timedelta(days=day))
    by_day = Counter((debtor, day) for debtor, _, day, _ in told.contacts)
    assert max(by_day.values(), default=0) <= 1
    for debtor, day in by_day:
        assert sum(by_day[(debtor, day - dt.timedelta(days=back))] for back in range(7)) <= 2
        instants = sorted(at for who, _, _, at in told.contacts if who == debtor)
        assert all(after - before >= dt.timedelta(hours=20) for before, after in itertools.pairwise(instants))


@QUICK
@given(steps, titles)
def test_no_step_happens_twice_on_a_title_and_due_date(written, owed):
    told = town(written, owed)
    for day in range(8):
        told.run(FIRST_DAY + dt.timedelta(days=day))
    keys = [(row["receivable_id"], row["due_on"], row["step_key"], row["occurrence"]) for row in told.executions]
    assert len(keys) == len(set(keys))


@QUICK
@given(steps, titles)
def test_two_people_found_to_be_one_are_not_contacted_more(written, owed):
    apart = town(written, owed)
    together = town(
        written, [(due, 1 if debtor == 2 else debtor, company, cents) for due, debtor, company, cents in owed]
    )
    for day in range(6):
        apart.run(FIRST_DAY + dt.timedelta(days=day))
        together.run(FIRST_DAY + dt.timedelta(days=day))
    assert len(together.contacts) <= len(apart.contacts)


@QUICK
@given(steps, titles, st.sets(st.integers(1, 8)), st.sets(st.integers(1, 4)))
def test_nothing_disputed_or_held_is_ever_in_a_message(written, owed, disputed, held):
    told = town(written, owed, policy=contact_policy.Policy(rules=OPEN_WEEK, caps=()))
    told.disputes = disputed
    told.holds = [
        {"hold_id": debtor, "debtor_id": debtor, "company_id": None, "contract_id": None, "origin": None,
         "receivable_id": None,         "starts_on": FIRST_DAY, "ends_on": FIRST_DAY + dt.timedelta(days=2)}
        for debtor in held
    ]  # fmt: skip
    outcome = told.run(FIRST_DAY)
    listed = {number for _, _, numbers in sent_steps(outcome) for number in numbers}
    assert not listed & disputed
    assert not {told.titles[number]["debtor_id"] for number in listed} & held
    blocked = outcome.decisions.filter(pl.col("decision").is_in([int(Reason.DISPUTED), int(Reason.ON_HOLD)]))
    assert set(blocked["receivable_id"]).isdisjoint(listed)


@QUICK
@given(steps, titles)
def test_missing_runs_never_sends_more_than_running_every_day(written, owed):
    daily, seldom = town(written, owed), town(written, owed)
    for day in range(9):
        daily.run(FIRST_DAY + dt.timedelta(days=day))
    for day in (0, 8):
        seldom.run(FIRST_DAY + dt.timedelta(days=day))
    assert len(seldom.contacts) <= len(daily.contacts)
