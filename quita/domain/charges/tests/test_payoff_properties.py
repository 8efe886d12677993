"""What must hold for every policy, title and day; the amounts are compared with an independent exact reckoning."""

import dataclasses
from datetime import date, timedelta

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quita.domain import calendars, charges
from quita.domain.charges import policies as P
from quita.domain.charges.tests import generated, oracle

BANK = calendars.bank_calendar("SP")
RIO = calendars.bank_calendar("RJ")
TABLE = calendars.BusinessDays.of(calendars.frame({0: BANK, 1: RIO}))
CALENDARS = {0: BANK, 1: RIO}
COMPARED = [c for c in charges.PAYOFF_COLUMNS if c not in ("receivable_id", "days_past_due", "charge_days")]

thorough = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
brief = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def reckon(rows, policies, values, day=None):
    titles = pl.DataFrame(rows, schema_overrides=charges.TITLE_SCHEMA, infer_schema_length=None)
    return charges.payoff_frame(titles, policies, values, TABLE, day)


@thorough
@given(st.data())
def test_every_component_of_every_title_equals_the_exact_reckoning(data):
    values = data.draw(generated.index_values())
    policies = {n: data.draw(generated.policies()) for n in (1, 2)}
    rows, expected = [], []
    for number in range(data.draw(st.integers(1, 8))):
        state = data.draw(generated.states())
        policy_id, calendar_id = data.draw(st.sampled_from([1, 2])), data.draw(st.sampled_from([0, 1]))
        day = data.draw(generated.days_for(state))
        rows.append({**generated.as_row(state, number, policy_id, calendar_id), "as_of": day})
        expected.append(oracle.payoff(state, policies[policy_id], values, CALENDARS[calendar_id], day))
    result = reckon(rows, policies, values)
    assert result["receivable_id"].to_list() == list(range(len(rows)))
    for row, wanted in zip(result.iter_rows(named=True), expected, strict=True):
        assert {c: row[c] for c in COMPARED} == {c: wanted[c] for c in COMPARED}


@brief
@given(st.data(), generated.policies(rounding=P.Rounding.HALF_UP), generated.states())
def test_the_items_add_up_to_the_total_and_none_is_negative(data, policy, state):
    values = data.draw(generated.index_values())
    row = reckon([generated.as_row(state)], {1: policy}, values, data.draw(generated.days_for(state))).row(
        0, named=True
    )
    adds = ("principal_cents", "correction_cents", "fine_cents", "interest_cents", "fees_cents")
    assert row["total_cents"] == sum(row[c] for c in adds) - row["rebate_cents"] - row["discount_cents"]
    assert all(row[c] >= 0 for c in row if c.endswith("_cents"))


@brief
@given(st.data(), generated.policies(), generated.states())
def test_charges_never_fall_as_days_pass_without_deflation(data, policy, state):
    values = data.draw(generated.index_values(lowest=0))
    day = data.draw(generated.days_for(state))
    row = generated.as_row(state)
    days = [day + timedelta(days=n) for n in range(70)]
    totals = reckon([{**row, "as_of": d} for d in days], {1: policy}, values)["total_cents"].to_list()
    assert totals == sorted(totals)


@brief
@given(
    st.integers(0, 400),
    st.integers(-20, 200),
    st.sampled_from([P.DayBasis.D30, P.DayBasis.ACT365]),
    generated.states(positions=False),
)
def test_shifting_every_date_by_seven_holiday_free_days_changes_nothing(offset, lag, basis, state):
    weekdays_only = calendars.Calendar("no holidays", {})
    state = dataclasses.replace(state, due_on=date(2024, 1, 1) + timedelta(days=offset), tiers=[])
    policy = P.ChargePolicy(
        fine_ppm=20_000, interest_kind=P.InterestKind.SIMPLE_MONTHLY, interest_ppm=10_000, interest_basis=basis,
        discounts=(P.Discount(rate_ppm=50_000, days_before_due=5),),
    )  # fmt: skip

    def on(shift):
        moved = {**generated.as_row(state), "due_on": state.due_on + shift}
        found = charges.payoff(moved, policy, {}, weekdays_only, state.due_on + shift + timedelta(days=lag))
        return [getattr(found, c) for c in COMPARED[:-1]], found.days_past_due, found.payable_until_on - shift

    assert on(timedelta(0)) == on(timedelta(days=7))


@brief
@given(st.data(), generated.policies(), generated.states())
def test_one_title_and_a_column_say_the_same_and_the_trace_adds_up(data, policy, state):
    values = data.draw(generated.index_values())
    day = data.draw(generated.days_for(state))
    single = charges.payoff(generated.as_row(state), policy, values, BANK, day)
    row = reckon([generated.as_row(state)], {1: policy}, values, day).row(0, named=True)
    assert {c: getattr(single, c) for c in charges.PAYOFF_COLUMNS[1:]} == {
        c: row[c] for c in charges.PAYOFF_COLUMNS[1:]
    }
    assert sum(step.amount_cents or 0 for step in single.trace) == single.total_cents
    for language in ("pt-BR", "en"):
        assert all("{" not in line["sentence"] for line in charges.render_all(single.trace, language))


@brief
@given(st.data(), generated.states())
def test_policies_with_equal_terms_share_one_reckoning_and_rows_keep_their_order(data, state):
    policy = data.draw(generated.policies(index=None, segments=()))
    other = data.draw(generated.policies(index=None, segments=()))
    values = data.draw(generated.index_values())
    day = data.draw(generated.days_for(state))
    ids = data.draw(st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=8))
    rows = [generated.as_row(state, number, policy_id) for number, policy_id in enumerate(ids)]
    together = reckon(rows, {1: policy, 2: other, 3: policy}, values, day)
    alone = [reckon([r], {1: policy, 2: other, 3: policy}, values, day) for r in rows]
    assert together.equals(pl.concat(alone))
