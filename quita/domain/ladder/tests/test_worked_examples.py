"""The worked examples of the ladder's specification, row by row. Friday 20 November 2026 is a holiday."""

import datetime as dt

from quita.domain import contact_policy
from quita.domain.ladder import rules
from quita.domain.ladder.tests.stories import (
    ANA,
    CONDO,
    DUE_TODAY,
    FIRST,
    ISP,
    NO_CAPS,
    OPEN_WEEK,
    SECOND,
    THIRD,
    Town,
    nothing_written,
    reasons,
    sent_steps,
    step,
)  # fmt: skip


def nov(day: int) -> dt.date:
    return dt.date(2026, 11, day)


def test_a_title_due_on_a_holiday_is_payable_until_monday_and_its_reminder_goes_out_then():
    town = Town().title(1, nov(20))
    friday = town.run(nov(20))
    assert reasons(friday, 1) == ["day_not_allowed"]
    monday = town.run(nov(23))
    assert monday.decisions["days_past_due"].to_list() == [0]
    assert sent_steps(monday) == [(DUE_TODAY, 0, [1])]


def test_the_day_after_it_is_four_days_past_due_and_the_first_notice_goes():
    town = Town().title(1, nov(20))
    town.run(nov(23))
    tuesday = town.run(nov(24))
    assert tuesday.decisions["days_past_due"].to_list() == [4]
    assert sent_steps(tuesday) == [(FIRST, 0, [1])]


def test_payment_data_older_than_its_lease_stops_everything_until_the_return_file_is_read():
    town = Town(stale=frozenset({CONDO})).title(1, nov(20))
    assert reasons(town.run(nov(24)), 1) == ["stale_feed"]
    town.stale = frozenset()
    del town.titles[1]
    assert town.run(nov(25)).messages.is_empty()


def test_a_late_import_sends_only_the_latest_repeat_and_puts_the_others_aside():
    town = Town().title(1, dt.date(2026, 10, 1))
    saturday = town.run(nov(21))
    assert sent_steps(saturday) == [(THIRD, 3, [1])]
    put_aside = saturday.executions["supersedes"].to_list()[0]
    assert put_aside == [FIRST * 1000, SECOND * 1000, THIRD * 1000, THIRD * 1000 + 1, THIRD * 1000 + 2]


def test_when_saturday_is_not_allowed_the_late_message_waits_for_monday():
    weekdays = contact_policy.Policy(rules=(*OPEN_WEEK, contact_policy.Rule("email", 5, None, None)), caps=())
    town = Town(policy=weekdays).title(1, dt.date(2026, 10, 1))
    assert reasons(town.run(nov(21)), 1) == ["day_not_allowed"]
    assert sent_steps(town.run(nov(23))) == [(THIRD, 3, [1])]


def test_two_steps_on_one_day_become_one_message_with_the_higher_text_listing_both_titles():
    town = Town().title(1, nov(15)).title(2, nov(24))
    outcome = town.run(nov(25))
    assert sent_steps(outcome) == [(THIRD, 0, [1, 2])]
    assert reasons(outcome, 1) == ["sent"]
    assert reasons(outcome, 2) == ["merged"]
    assert nothing_written(town.run(nov(25)))


def test_caps_count_the_person_not_the_company():
    once_a_day = contact_policy.Policy(rules=OPEN_WEEK, caps=(contact_policy.Cap("", window_days=1, at_most=1),))
    town = Town(policy=once_a_day).title(1, nov(15), company=CONDO).title(2, nov(24), company=ISP)
    today = town.run(nov(25))
    assert (reasons(today, 1), reasons(today, 2)) == (["sent"], ["cap_reached"])
    tomorrow = town.run(nov(26))
    assert sent_steps(tomorrow) == [(FIRST, 0, [2])]


def test_a_disputed_title_is_left_out_and_the_other_goes_on():
    town = Town().title(1, nov(15)).title(2, nov(14))
    town.disputes = {1}
    outcome = town.run(nov(25))
    assert [titles for _, _, titles in sent_steps(outcome)] == [[2]]
    assert reasons(outcome, 1) == ["disputed"]


def test_an_open_promise_holds_the_ladder_and_a_broken_one_lets_it_go_on():
    town = Town().title(1, nov(16))
    town.promises = [
        {"company_id": CONDO, "debtor_id": ANA, "contract_id": None, "origin": None, "pay_on": nov(30)},
    ]
    assert reasons(town.run(nov(28)), 1) == ["promise_open"]
    assert sent_steps(town.run(dt.date(2026, 12, 1))) == [(THIRD, 0, [1])]


def test_a_postponed_title_climbs_the_ladder_again_from_its_new_due_date():
    town = Town().title(1, nov(10))
    assert sent_steps(town.run(nov(11))) == [(FIRST, 0, [1])]
    town.titles[1]["due_on"] = nov(25)
    assert sent_steps(town.run(nov(26))) == [(FIRST, 0, [1])]


def test_a_missed_week_costs_one_message_the_right_one():
    town = Town().title(1, nov(5))
    assert sent_steps(town.run(nov(6))) == [(FIRST, 0, [1])]
    friday = town.run(nov(27))
    assert sent_steps(friday) == [(THIRD, 1, [1])]
    assert friday.executions["supersedes"].to_list() == [[SECOND * 1000, THIRD * 1000]]
    assert nothing_written(town.run(nov(27)))


def test_a_bounced_address_falls_back_to_the_next_channel_of_the_step():
    steps = (step(FIRST, 1, channels=("email", "sms")),)
    town = Town(steps=steps).person(ANA, channels=("sms",)).title(1, nov(24))
    assert town.run(nov(25)).messages["channel"].to_list() == ["sms"]


def test_without_an_alternative_there_is_no_usable_contact_and_somebody_gets_a_task():
    town = Town().person(ANA, channels=()).title(1, nov(23))
    outcome = town.run(nov(24))
    assert reasons(outcome, 1) == ["no_usable_contact"]
    assert outcome.tasks["kind"].to_list() == ["no_contact"]
    assert nothing_written(town.run(nov(24)))


def test_nothing_is_done_twice_on_the_same_day():
    town = Town(policy=NO_CAPS).title(1, nov(15)).title(2, dt.date(2026, 9, 1), debtor=2)
    assert not nothing_written(town.run(nov(25)))
    assert nothing_written(town.run(nov(25)))
    assert nothing_written(town.run(nov(25), hour=15))


def test_a_ladder_may_wait_for_its_next_step_instead_of_catching_up():
    town = Town(late_entry=rules.WAIT).title(1, nov(10), created_on=nov(21))
    assert reasons(town.run(nov(21)), 1) == ["superseded"]
    assert sent_steps(town.run(nov(27))) == [(THIRD, 1, [1])]
