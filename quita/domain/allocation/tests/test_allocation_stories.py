"""Payments as they happen: late, partial, twice, taken back, learnt of too late."""

from datetime import date

import polars as pl
import pytest

from quita.domain import allocation, calendars, charges, refusals
from quita.domain.allocation import OpenTitle, Payment, Reversal
from quita.domain.charges import policies as P

BANK = calendars.bank_calendar()
USUAL = P.ChargePolicy(fine_ppm=20_000, interest_kind=P.InterestKind.SIMPLE_MONTHLY, interest_ppm=10_000)
STRICT = P.ChargePolicy.from_facts({**USUAL.as_facts(), "shortfall": "KEEP_OPEN"})
# R$ 500.00 due Friday 20 November 2026, a holiday: payable until Monday the 23rd.
TITLE = {"due_on": date(2026, 11, 20), "original_cents": 50_000}
TUESDAY = date(2026, 11, 24)


def fold(*events, policy=USUAL, **columns):
    return allocation.allocate({**TITLE, **columns}, policy, events, {}, BANK)


def test_paid_on_monday_in_full_it_is_settled_without_charges():
    found = fold(Payment(1, date(2026, 11, 23), 50_000))
    assert found.position.settled_on == date(2026, 11, 23)
    assert (found.allocations[0].principal_cents, found.allocations[0].fine_cents) == (50_000, 0)


def test_a_late_payment_goes_to_interest_and_fine_before_principal():
    found = fold(Payment(1, TUESDAY, 20_000))
    (paid,) = found.allocations
    assert (paid.interest_cents, paid.fine_cents, paid.principal_cents) == (67, 1000, 18_933)
    assert found.position.balance_cents == 50_000 - 18_933
    assert found.position.settled_on is None
    assert found.position.position_on == TUESDAY


def test_the_rest_accrues_on_the_open_principal_and_the_fine_comes_once():
    found = fold(Payment(1, TUESDAY, 20_000), Payment(2, date(2026, 12, 24), 31_378))
    second = found.allocations[1]
    # 30 days of 1% on R$ 310.67.
    assert (second.interest_cents, second.fine_cents, second.principal_cents) == (311, 0, 31_067)
    assert found.position.settled_on == date(2026, 12, 24)


def test_a_timely_part_does_not_spare_the_rest_its_weekend():
    # Half on Monday, on time; the rest on Tuesday owes four days from the original due date.
    found = fold(Payment(1, date(2026, 11, 23), 25_000), Payment(2, TUESDAY, 25_533))
    assert (found.allocations[1].interest_cents, found.allocations[1].fine_cents) == (33, 500)
    assert found.position.settled_on == TUESDAY


def test_a_payment_before_the_due_date_lowers_what_charges_run_on():
    found = fold(Payment(1, date(2026, 11, 1), 30_000), Payment(2, TUESDAY, 20_427))
    assert (found.allocations[1].interest_cents, found.allocations[1].fine_cents) == (27, 400)
    assert found.position.settled_on == TUESDAY


class TestPrincipalPaidLateWithoutCharges:
    """Trap: the debtor pays R$ 500.00 on Tuesday, when R$ 510.67 is due. The policy says what happens."""

    pays_principal = Payment(1, TUESDAY, 50_000)

    def test_by_default_the_rest_stays_open_as_principal(self):
        found = fold(self.pays_principal)
        assert found.position.balance_cents == 1067
        assert found.position.settled_on is None

    def test_a_policy_may_waive_the_charges(self):
        waiving = P.ChargePolicy.from_facts({**USUAL.as_facts(), "shortfall": "WAIVE_CHARGES"})
        found = fold(self.pays_principal, policy=waiving)
        assert found.position.settled_on == TUESDAY
        assert found.allocations[0].principal_cents == 50_000
        assert found.allocations[0].written_off_charges_cents == 1067

    def test_less_than_the_principal_waives_nothing(self):
        waiving = P.ChargePolicy.from_facts({**USUAL.as_facts(), "shortfall": "WAIVE_CHARGES"})
        found = fold(Payment(1, TUESDAY, 49_000), policy=waiving)
        assert (found.position.settled_on, found.allocations[0].fine_cents) == (None, 1000)


class TestSmallRests:
    """A Pix computed from the moved due date pays 50 centavos less than the ledger: not worth a letter."""

    pix = Payment(1, TUESDAY, 51_017)

    def test_within_tolerance_the_title_is_settled_and_the_rest_written_off(self):
        found = fold(self.pix)
        assert found.position.settled_on == TUESDAY
        assert found.position.total_written_off_principal_cents == 50
        assert found.position.balance_cents == 0

    def test_a_strict_policy_keeps_it_open(self):
        found = fold(self.pix, policy=STRICT)
        assert (found.position.settled_on, found.position.balance_cents) == (None, 50)

    @pytest.mark.parametrize(("short", "settled"), [(100, True), (101, False)])
    def test_the_tolerance_is_exact(self, short, settled):
        found = fold(Payment(1, TUESDAY, 51_067 - short))
        assert (found.position.settled_on is not None) is settled


def test_paying_too_much_makes_a_credit_and_never_a_negative_title():
    found = fold(Payment(1, TUESDAY, 60_000), Payment(2, TUESDAY, 100))
    assert [a.credit_cents for a in found.allocations] == [60_000 - 51_067, 100]
    assert (found.position.balance_cents, found.position.total_credit_cents) == (0, 9033)
    assert found.allocations[1].due_cents == 0


def test_a_payment_learnt_of_late_is_put_where_it_belongs():
    late_news = Payment(1, date(2026, 11, 19), 50_000)
    already = Payment(2, TUESDAY, 51_067)
    before = fold(already)
    after = fold(already, late_news)
    assert before.position.total_credit_cents == 0
    assert after.position.settled_on == date(2026, 11, 19)
    assert (after.allocations[1].payment_id, after.allocations[1].credit_cents) == (2, 51_067)


def test_a_reversal_opens_the_title_as_if_never_paid():
    found = fold(Payment(1, TUESDAY, 51_067), Reversal(1))
    assert found.allocations == ()
    assert (found.position.balance_cents, found.position.settled_on) == (50_000, None)
    assert (found.position.fine_assessed, found.position.position_on) == (False, None)


def test_the_discount_needs_full_payment_in_time():
    tier = {"discount1_cents": 5000, "discount1_until_on": date(2026, 11, 10)}
    in_full = fold(Payment(1, date(2026, 11, 10), 45_000), **tier)
    assert in_full.position.settled_on == date(2026, 11, 10)
    assert in_full.position.total_discount_granted_cents == 5000
    in_part = fold(Payment(1, date(2026, 11, 10), 40_000), **tier)
    assert (in_part.position.balance_cents, in_part.position.total_discount_granted_cents) == (10_000, 0)
    in_two = fold(Payment(1, date(2026, 11, 9), 40_000), Payment(2, date(2026, 11, 10), 5000), **tier)
    assert in_two.position.settled_on == date(2026, 11, 10)


def test_the_rebate_is_used_up_when_the_title_is_settled():
    found = fold(Payment(1, date(2026, 11, 20), 40_000), rebate_cents=10_000)
    assert (found.position.settled_on, found.position.total_rebate_granted_cents) == (date(2026, 11, 20), 10_000)
    part = fold(Payment(1, date(2026, 11, 20), 30_000), rebate_cents=10_000)
    assert (part.position.balance_cents, part.position.total_rebate_granted_cents) == (20_000, 0)


def test_an_agreed_order_can_put_principal_first():
    first = P.ChargePolicy.from_facts(
        {**STRICT.as_facts(), "imputation_order": ["principal", "correction", "interest", "fine", "fees"]}
    )
    found = fold(Payment(1, TUESDAY, 50_500), policy=first)
    assert (found.position.balance_cents, found.position.interest_open_cents) == (0, 0)
    assert (found.position.fine_open_cents, found.position.settled_on) == (567, None)


def test_fees_are_paid_first():
    found = fold(Payment(1, TUESDAY, 2000), fees_assessed_cents=1500)
    paid = found.allocations[0]
    assert (paid.fees_cents, paid.interest_cents, paid.fine_cents) == (1500, 67, 433)
    assert found.position.fine_open_cents == 567


def test_a_title_that_came_in_partly_paid_starts_there():
    found = fold(Payment(1, date(2026, 11, 20), 20_000), opening_balance_cents=20_000)
    assert found.position.settled_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([Payment(1, TUESDAY, 0)], "payment_not_positive"),
        ([Payment(1, TUESDAY, -5)], "payment_not_positive"),
        ([Payment(1, TUESDAY, 5), Payment(1, TUESDAY, 5)], "payment_repeated"),
        ([Reversal(7)], "reversal_without_payment"),
    ],
)
def test_impossible_events_are_refused(events, code):
    with pytest.raises(refusals.Refusal) as raised:
        fold(*events)
    assert raised.value.code == code
    assert "%(" not in str(raised.value)


def test_a_payment_of_an_unknown_title_is_refused():
    titles = pl.DataFrame(
        {"receivable_id": [1], "policy_id": [1], "calendar_id": [0], **{k: [v] for k, v in TITLE.items()}}
    )
    payments = pl.DataFrame([(5, 2, TUESDAY, 100)], schema=allocation.PAYMENT_SCHEMA, orient="row")
    with pytest.raises(refusals.Refusal) as raised:
        allocation.fold_frame(titles, payments, {1: USUAL}, {}, BANK.lookup)
    assert raised.value.code == "payment_without_title"


def test_two_titles_fetched_together_keep_their_own_balances():
    facts = {**{k: [v, v] for k, v in TITLE.items()}, "original_cents": [50_000, 30_000]}
    titles = pl.DataFrame({"receivable_id": [8, 7], "policy_id": [1, 1], "calendar_id": [0, 0], **facts})
    payments = pl.DataFrame([(5, 7, TUESDAY, 100)], schema=allocation.PAYMENT_SCHEMA, orient="row")
    positions = allocation.fold_frame(titles, payments, {1: USUAL}, {}, BANK.lookup).positions
    assert positions["receivable_id"].to_list() == [8, 7]
    assert positions["position_on"].to_list() == [None, TUESDAY]
    assert positions["balance_cents"].to_list() == [50_000, 30_000]


class TestSpreading:
    """One payment, several titles."""

    titles = (
        OpenTitle(1, date(2026, 10, 1), 10_000, 10_000),
        OpenTitle(2, date(2026, 9, 1), 20_000, 10_000),
        OpenTitle(3, date(2026, 9, 1), 30_000, 20_000),
        OpenTitle(4, None, 5000),
    )

    def test_the_law_takes_the_oldest_due_and_then_the_most_onerous(self):
        found = allocation.spread(55_000, self.titles)
        assert [(s.receivable_id, s.cents, s.rule) for s in found.shares] == [
            (3, 30_000, "LAW"), (2, 20_000, "LAW"), (1, 5000, "LAW"),
        ]  # fmt: skip
        assert found.left_cents == 0

    def test_the_debtors_wish_comes_before_the_law(self):
        found = allocation.spread(35_000, self.titles, instructed_ids=[1])
        assert [(s.receivable_id, s.cents, s.rule) for s in found.shares] == [
            (1, 10_000, "INSTRUCTION"), (3, 25_000, "LAW"),
        ]  # fmt: skip

    def test_a_boleto_pays_its_own_titles_and_the_rest_is_credit(self):
        found = allocation.spread(35_000, self.titles, target_ids=[1, 2], instructed_ids=[3])
        assert [(s.receivable_id, s.cents, s.rule) for s in found.shares] == [
            (2, 20_000, "TARGET"), (1, 10_000, "TARGET"),
        ]  # fmt: skip
        assert found.left_cents == 5000

    def test_more_than_everything_leaves_a_credit(self):
        found = allocation.spread(100_000, self.titles)
        assert (sum(s.cents for s in found.shares), found.left_cents) == (65_000, 35_000)
        assert found.shares[-1].receivable_id == 4

    def test_a_title_of_someone_else_is_refused(self):
        with pytest.raises(refusals.Refusal) as raised:
            allocation.spread(100, self.titles, target_ids=[9])
        assert raised.value.code == "title_unknown"


def test_the_position_is_what_the_payoff_needs():
    assert set(charges.TITLE_SCHEMA) >= {
        c for c in allocation.POSITION_SCHEMA if not c.startswith("total_") and c != "settled_on"
    }
