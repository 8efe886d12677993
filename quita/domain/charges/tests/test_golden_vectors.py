"""Amounts a collections manager can check with a calculator: the worked cases of the rules."""

from datetime import date

import pytest

from quita.domain import calendars, charges, refusals
from quita.domain.charges import policies as P

BANK = calendars.bank_calendar()
USUAL = P.ChargePolicy(fine_ppm=20_000, interest_kind=P.InterestKind.SIMPLE_MONTHLY, interest_ppm=10_000)
LEGAL = {date(2024, 8, 1): 707_500, date(2024, 9, 1): 675_000, date(2024, 10, 1): 600_000, date(2024, 11, 1): -50_000}


def policy(**changes):
    return P.ChargePolicy.from_facts({**USUAL.as_facts(), **changes})


def title(cents=50_000, due_on=date(2026, 11, 20), **columns):
    return {"due_on": due_on, "original_cents": cents, "balance_cents": cents, **columns}


def owed(day, terms=USUAL, values=None, **columns):
    return charges.payoff(title(**columns), terms, values or {}, BANK, day)


def parts(found):
    return found.correction_cents, found.fine_cents, found.interest_cents, found.total_cents


class TestDueOnAHolidayFriday:
    """R$ 500.00 due Friday 20 November 2026, a holiday; fine 2%, interest 1% a month."""

    def test_paid_on_monday_it_owes_no_charges(self):
        found = owed(date(2026, 11, 23))
        assert (found.total_cents, found.days_past_due, found.charge_days) == (50_000, 0, 0)
        assert found.payable_until_on == date(2026, 11, 23)

    def test_paid_on_tuesday_it_owes_four_days_from_the_original_date(self):
        found = owed(date(2026, 11, 24))
        assert parts(found) == (0, 1000, 67, 51_067)
        assert (found.days_past_due, found.charge_days) == (4, 4)

    def test_a_pix_with_due_date_counts_from_the_moved_date(self):
        found = owed(date(2026, 11, 24), policy(interest_start="ADJUSTED_DUE"))
        assert parts(found) == (0, 1000, 17, 51_017)
        assert found.charge_days == 1

    def test_a_boleto_with_an_amount_per_day_is_one_centavo_dearer(self):
        found = owed(date(2026, 11, 24), policy(interest_kind="FIXED_PER_DAY", interest_cents_per_day=17))
        assert found.interest_cents == 68

    def test_before_and_on_the_due_date_nothing_is_added(self):
        for day, past in ((date(2026, 11, 19), -1), (date(2026, 11, 20), 0)):
            found = owed(day)
            assert (found.total_cents, found.days_past_due) == (50_000, past)


def test_the_stj_case_of_a_saturday():
    # Due Saturday 5 May 2018, paid on Tuesday: charged from Sunday 6 May on (REsp 1.954.924).
    assert owed(date(2018, 5, 7), due_on=date(2018, 5, 5)).total_cents == 50_000
    assert owed(date(2018, 5, 8), due_on=date(2018, 5, 5)).charge_days == 3


def test_due_on_the_last_working_day_of_the_year_it_is_on_time_in_january():
    assert owed(date(2027, 1, 4), due_on=date(2026, 12, 31)).total_cents == 50_000
    assert owed(date(2027, 1, 5), due_on=date(2026, 12, 31)).charge_days == 5


@pytest.mark.parametrize(
    ("basis", "interest"),
    [("D30", 1276), ("ACT365", 1258), ("MONTHS_PLUS_DAYS30", 1235), ("ACT_MONTH", 1235)],
)
def test_thirty_one_days_of_one_percent_by_each_convention(basis, interest):
    # R$ 1,234.56 from the last day of July to the last day of August.
    found = owed(date(2026, 8, 31), policy(interest_basis=basis), cents=123_456, due_on=date(2026, 7, 31))
    assert found.charge_days == 31
    assert found.interest_cents == interest


def test_act_month_weighs_each_month_by_its_own_days():
    # 10 of 28 days in February, 5 of 31 in March, of 1% on R$ 1,000.00: 3.5714 + 1.6129.
    found = owed(date(2027, 3, 5), policy(interest_basis="ACT_MONTH"), cents=100_000, due_on=date(2027, 2, 18))
    assert found.interest_cents == 518


def test_full_months_are_counted_by_anniversary():
    terms = policy(interest_basis="MONTHS_PLUS_DAYS30")
    for day, thirtieths in ((date(2027, 2, 28), 30), (date(2027, 3, 1), 31), (date(2027, 3, 31), 60)):
        found = owed(day, terms, cents=3_000_000, due_on=date(2027, 1, 31))
        # One thirtieth of 1% on R$ 30,000.00 is R$ 10.00. 31 January 2027 is a Sunday: late from 2 February on.
        assert found.interest_cents == thirtieths * 1000


class TestTheSwitchOf30August2024:
    """No stipulated rate: 1% a month until 29 August 2024, taxa legal from the 30th on."""

    silent = P.ChargePolicy(interest_kind=P.InterestKind.TAXA_LEGAL)

    def interest(self, day, due_on=date(2024, 7, 31), cents=1_000_000):
        return owed(day, self.silent, {"TAXA_LEGAL": LEGAL}, due_on=due_on, cents=cents).interest_cents

    def test_the_day_before_is_still_one_percent(self):
        assert self.interest(date(2024, 8, 29)) == 9667  # 29/30 of R$ 100.00

    def test_the_first_day_counts_one_of_august(self):
        # 29/30 of 1% plus 1/31 of 0.7075%: 96.6667 + 2.2823
        assert self.interest(date(2024, 8, 30)) == 9895

    def test_whole_months_after_it_are_summed_and_not_compounded(self):
        # 96.6667 + 2/31 × 70.75 + 67.50 + 60.00
        assert self.interest(date(2024, 10, 31)) == 22_873

    def test_wholly_after_it_only_the_legal_rate_counts(self):
        assert self.interest(date(2024, 9, 30), due_on=date(2024, 8, 30)) == 6978  # 1/31 × 70.75 + 67.50

    def test_a_negative_month_counts_as_zero(self):
        assert self.interest(date(2024, 11, 30)) == self.interest(date(2024, 10, 31))

    def test_a_hole_in_the_index_is_refused_by_name(self):
        values = {"TAXA_LEGAL": {m: r for m, r in LEGAL.items() if m.month != 9}}
        with pytest.raises(refusals.Refusal) as raised:
            owed(date(2024, 10, 31), self.silent, values, due_on=date(2024, 7, 31))
        assert raised.value.code == "index_value_missing"
        assert "2024-09" in str(raised.value)

    def test_an_unpublished_month_counts_nothing_or_repeats_the_last(self):
        values = {"TAXA_LEGAL": {date(2024, 9, 1): 675_000}}
        ignoring = P.ChargePolicy(interest_kind=P.InterestKind.TAXA_LEGAL)
        repeating = P.ChargePolicy(interest_kind=P.InterestKind.TAXA_LEGAL, index_lag=P.IndexLag.REPEAT_LAST)
        due = date(2024, 9, 30)
        assert owed(date(2024, 10, 31), ignoring, values, due_on=due).interest_cents == 0
        assert owed(date(2024, 10, 31), repeating, values, due_on=due).interest_cents == 338


class TestCorrection:
    corrected = P.ChargePolicy(
        fine_ppm=20_000,
        interest_kind=P.InterestKind.SIMPLE_MONTHLY,
        interest_ppm=10_000,
        interest_base=P.ChargeBase.PRINCIPAL_CORRECTED,
        index="IPCA",
    )

    def test_months_from_the_due_month_to_the_one_before_payment(self):
        values = {"IPCA": {date(2026, 7, 1): 500_000, date(2026, 8, 1): 1_000_000, date(2026, 9, 1): 9_000_000}}
        found = owed(date(2026, 9, 14), self.corrected, values, cents=100_000, due_on=date(2026, 7, 15))
        # 1.005 × 1.01 = 1.01505 → 15.05 (half up); interest 61/30 % of 1,015.05; fine 2% of 1,000.00
        assert parts(found) == (1505, 2000, 2064, 105_569)

    def test_deflation_never_goes_below_the_nominal(self):
        values = {"IPCA": {date(2026, 7, 1): 500_000, date(2026, 8, 1): -2_000_000}}
        found = owed(date(2026, 9, 14), self.corrected, values, cents=100_000, due_on=date(2026, 7, 15))
        assert found.correction_cents == 0
        assert "correction_floored" in {step.code for step in found.trace}

    def test_a_negative_month_counts_while_the_product_stays_above_one(self):
        values = {"IPCA": {date(2026, 7, 1): 3_000_000, date(2026, 8, 1): -1_000_000}}
        found = owed(date(2026, 9, 14), self.corrected, values, cents=100_000, due_on=date(2026, 7, 15))
        assert found.correction_cents == 1970  # 1.03 × 0.99 = 1.0197

    def test_prorata_by_calendar_days(self):
        terms = P.ChargePolicy(index="IPCA", index_prorata=P.IndexProrata.CALENDAR_DAYS)
        values = {"IPCA": {date(2026, 6, 1): 1_000_000, date(2026, 7, 1): 1_000_000}}
        # From 15 June: half of June, squared root of 1.01, then ten of 31 days of July.
        found = owed(date(2026, 7, 10), terms, values, cents=100_000_000, due_on=date(2026, 6, 15))
        assert found.correction_cents == round((1.01**0.5 * 1.01 ** (10 / 31) - 1) * 100_000_000)
        whole = owed(date(2026, 7, 31), terms, values, cents=100_000_000, due_on=date(2026, 6, 30))
        assert whole.correction_cents == 1_000_000

    def test_few_days_late_can_be_free_of_correction(self):
        terms = P.ChargePolicy(index="IPCA", index_grace_days=30)
        values = {"IPCA": {date(2026, 7, 1): 1_000_000}}
        assert owed(date(2026, 8, 14), terms, values, due_on=date(2026, 7, 15)).correction_cents == 0
        assert owed(date(2026, 8, 15), terms, values, due_on=date(2026, 7, 15)).correction_cents == 500

    def test_a_replaced_index_goes_on_with_its_successor(self):
        old, new = {date(2026, 6, 1): 1_000_000}, {date(2026, 6, 1): 9_000_000, date(2026, 7, 1): 2_000_000}
        values = charges.with_substitution({"OLD": old, "NEW": new}, "OLD", "NEW", date(2026, 7, 1))
        terms = P.ChargePolicy(index="OLD")
        found = owed(date(2026, 8, 3), terms, values, cents=100_000, due_on=date(2026, 6, 15))
        assert found.correction_cents == 3020  # 1.01 × 1.02


class TestDiscountAndRebate:
    tiers = {
        "discount1_cents": 5000, "discount1_until_on": date(2026, 11, 10),
        "discount2_cents": 2500, "discount2_until_on": date(2026, 11, 15),
        "discount3_cents": 1000, "discount3_until_on": date(2026, 11, 20),
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("day", "discount"),
        [
            (date(2026, 11, 10), 5000),
            (date(2026, 11, 11), 2500),
            (date(2026, 11, 16), 2500),  # the 15th is a Sunday and a holiday
            (date(2026, 11, 17), 1000),
            (date(2026, 11, 23), 1000),  # the 20th is a holiday
            (date(2026, 11, 24), 0),
        ],
    )
    def test_each_tier_holds_until_its_day_or_the_next_business_day(self, day, discount):
        found = owed(day, **self.tiers)
        assert found.discount_cents == discount

    def test_paying_late_loses_the_discount_and_charges_run_on_the_nominal(self):
        assert parts(owed(date(2026, 11, 24), **self.tiers)) == (0, 1000, 67, 51_067)

    def test_a_discount_of_zero_on_the_title_is_not_the_same_as_none(self):
        terms = policy(discounts=[{"days_before_due": 0, "rate_ppm": 100_000, "cents": None}])
        assert owed(date(2026, 11, 20), terms).discount_cents == 5000
        assert owed(date(2026, 11, 20), terms, discount1_cents=0).discount_cents == 0

    def test_a_discount_dated_after_the_due_date_ends_with_it(self):
        late_tier = {"discount1_cents": 5000, "discount1_until_on": date(2026, 12, 20)}
        assert owed(date(2026, 11, 24), **late_tier).discount_cents == 0

    def test_the_rebate_is_unconditional_and_lowers_what_charges_run_on(self):
        found = owed(date(2026, 11, 24), rebate_cents=10_000)
        assert parts(found) == (0, 800, 53, 50_000 - 10_000 + 853)

    def test_neither_makes_the_total_negative(self):
        found = owed(date(2026, 11, 20), rebate_cents=60_000, discount1_cents=60_000)
        assert (found.rebate_cents, found.discount_cents, found.total_cents) == (50_000, 0, 0)


def test_zero_of_every_parameter_charges_nothing():
    found = owed(date(2027, 11, 24), P.ChargePolicy())
    assert parts(found) == (0, 0, 0, 50_000)


def test_zero_interest_does_not_take_the_fine_with_it():
    assert parts(owed(date(2026, 11, 24), policy(interest_ppm=0))) == (0, 1000, 0, 51_000)
    assert parts(owed(date(2026, 11, 24), policy(fine_ppm=0))) == (0, 0, 67, 50_067)


def test_a_small_title_earns_interest_because_no_daily_amount_is_rounded():
    # 1% a month on R$ 14.00 is 0.47 centavos a day: 14 centavos in 30 days, nothing if rounded daily.
    assert owed(date(2026, 12, 20), cents=1400).interest_cents == 14


def test_without_a_due_date_nothing_is_late():
    found = owed(date(2030, 1, 1), due_on=None)
    assert (found.total_cents, found.days_past_due, found.payable_until_on) == (50_000, None, None)


def test_grace_days_postpone_charges_and_say_what_happens_after():
    grace = {"grace_days": 5}
    assert owed(date(2026, 11, 28), policy(**grace)).total_cents == 50_000
    assert owed(date(2026, 11, 29), policy(**grace)).charge_days == 9
    assert owed(date(2026, 11, 29), policy(**grace, after_grace="FROM_GRACE_END")).charge_days == 1
    assert owed(date(2026, 11, 28), policy(**grace)).days_past_due == 8


def test_a_fixed_fine_is_capped_on_small_titles():
    terms = policy(fine_kind="FIXED", fine_cents=1000, fine_cap_ppm=20_000)
    assert owed(date(2026, 11, 24), terms).fine_cents == 1000
    assert owed(date(2026, 11, 24), terms, cents=1450).fine_cents == 29


def test_the_fine_does_not_grow_with_time():
    assert owed(date(2026, 11, 24)).fine_cents == owed(date(2030, 11, 24)).fine_cents == 1000


def test_a_due_date_outside_the_calendar_is_refused():
    with pytest.raises(refusals.Refusal) as raised:
        owed(date(2026, 11, 24), due_on=date(1999, 5, 1))
    assert raised.value.code == "date_outside_calendar"


def test_the_trace_reads_like_a_memory_of_calculation():
    lines = [line["sentence"] for line in charges.render_all(owed(date(2026, 11, 24)).trace)]
    assert lines == [
        "Vence em 20/11/2026, dia sem expediente bancário: pode ser pago sem encargos até 23/11/2026.",
        "Não pago até 23/11/2026: os encargos em 24/11/2026 contam 4 dias.",
        "Principal em aberto.",
        "Multa de 2% sobre R$ 500,00, uma única vez.",
        "Juros de 1% ao mês (mês de 30 dias) por 4 dias, depois de 20/11/2026 até 24/11/2026.",
        "Juros simples sobre R$ 500,00, arredondados uma única vez.",
        "Total em 24/11/2026: R$ 510,67.",
    ]
    assert charges.render(owed(date(2026, 11, 24)).trace[3], "en") == "Fine of 2% on R$ 500.00, once."


@pytest.mark.parametrize(
    ("rounding", "of_half", "of_one_and_a_half"), [("HALF_UP", 1, 2), ("HALF_EVEN", 0, 2), ("DOWN", 0, 1)]
)
def test_half_a_centavo_goes_where_the_policy_says(rounding, of_half, of_one_and_a_half):
    # A fine of 1% on R$ 0.50 is half a centavo, on R$ 1.50 one and a half.
    terms = policy(fine_ppm=10_000, interest_ppm=0, rounding=rounding)
    assert owed(date(2026, 11, 24), terms, cents=50).fine_cents == of_half
    assert owed(date(2026, 11, 24), terms, cents=150).fine_cents == of_one_and_a_half
