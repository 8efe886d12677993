"""A town where little or nothing has been set up: nothing is sent, and everybody has a reason."""

import datetime as dt

from quita.domain.ladder import rules
from quita.domain.ladder.tests.stories import Town, nothing_written, reasons

TODAY = dt.date(2026, 11, 25)


def test_without_portfolios_the_case_opens_and_nobody_is_chased():
    town = Town(portfolios=()).title(1, dt.date(2026, 11, 10))
    outcome = town.run(TODAY)
    assert reasons(outcome, 1) == ["no_ladder"]
    assert outcome.case_changes["portfolio_id"].to_list() == [None]
    assert nothing_written(town.run(TODAY))


def test_a_portfolio_without_a_ladder_is_worked_by_hand():
    by_hand = rules.Portfolio(7, "by hand", 1, {}, None, is_default=True)
    outcome = Town(portfolios=(by_hand,)).title(1, dt.date(2026, 11, 10)).run(TODAY)
    assert reasons(outcome, 1) == ["no_ladder"]
    assert outcome.case_changes["portfolio_id"].to_list() == [7]


def test_a_title_without_due_date_is_never_late():
    assert reasons(Town().title(1, None).title(2, dt.date(2026, 11, 24)).run(TODAY), 1) == ["no_due_date"]


def test_an_empty_town_is_a_quiet_one():
    assert nothing_written(Town().decide(TODAY))
    assert Town().decide(TODAY).decisions.is_empty()


def test_what_is_too_small_is_not_chased():
    town = Town(minimum_cents=1_000).title(1, dt.date(2026, 11, 24), cents=999)
    assert reasons(town.run(TODAY), 1) == ["below_minimum"]
    town.title(2, dt.date(2026, 11, 23), cents=1)
    assert "sent" in reasons(town.run(TODAY), 1) + reasons(town.run(TODAY), 2)


def test_a_prescribed_debt_is_never_asked_for_again():
    town = Town().title(1, dt.date(2021, 11, 24))
    assert reasons(town.run(TODAY), 1) == ["prescribed"]
    assert reasons(Town().title(1, dt.date(2021, 11, 25)).run(TODAY), 1) == ["sent"]
