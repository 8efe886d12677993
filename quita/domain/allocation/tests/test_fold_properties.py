"""What must hold for every set of payments, whatever their order, amounts and dates."""

from datetime import timedelta

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quita.domain import allocation, calendars, charges
from quita.domain.allocation.tests import oracle
from quita.domain.charges.tests import generated

BANK = calendars.bank_calendar("SP")
CONVERT = {
    "fees": "fees_cents",
    "interest": "interest_cents",
    "fine": "fine_cents",
    "correction": "correction_cents",
    "principal": "principal_cents",
    "credit": "credit_cents",
    "discount": "discount_cents",
    "rebate": "rebate_cents",
}
brief = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def payments_for(draw, state, first_id=1):
    """Up to four payments around the due date, small, about right, or too large."""
    near = state.due_on or generated.LAST_PUBLISHED
    sizes = st.sampled_from([1, state.original // 3, state.original - 50, state.original, state.original * 2, 30_000])
    found = []
    for number in range(draw(st.integers(0, 4))):
        day = near + timedelta(days=draw(st.integers(-20, 120)))
        found.append((first_id + number, day, max(1, draw(sizes))))
    return found


def fold(rows, payments, policies, values):
    titles = pl.DataFrame(rows, schema_overrides=charges.TITLE_SCHEMA, infer_schema_length=None)
    paid = pl.DataFrame(payments, schema=allocation.PAYMENT_SCHEMA, orient="row")
    return allocation.fold_frame(titles, paid, policies, values, BANK.lookup)


@settings(brief, max_examples=50)
@given(st.data())
def test_many_titles_folded_together_equal_each_folded_alone_by_hand(data):
    values = data.draw(generated.index_values())
    policies = {n: data.draw(generated.policies()) for n in (1, 2)}
    rows, payments, expected = [], [], {}
    for title_id in range(data.draw(st.integers(1, 8))):
        state = data.draw(generated.states(positions=False))
        policy_id = data.draw(st.sampled_from([1, 2]))
        paid = data.draw(payments_for(state, first_id=title_id * 10))
        rows.append(generated.as_row(state, title_id, policy_id))
        payments += [(number, title_id, day, cents) for number, day, cents in paid]
        expected[title_id] = oracle.fold(state, policies[policy_id], paid, values, BANK)
    folded = fold(rows, data.draw(st.permutations(payments)), policies, values)
    assert folded.positions["receivable_id"].to_list() == list(range(len(rows)))
    for row in folded.allocations.iter_rows(named=True):
        wanted = expected[row["receivable_id"]][0][row["payment_id"]]
        assert {c: row[CONVERT[c]] for c in wanted if c in CONVERT} == {c: wanted[c] for c in wanted if c in CONVERT}
        assert row["written_off_principal_cents"] + row["written_off_charges_cents"] == wanted.get("written_off", 0)
    for row in folded.positions.iter_rows(named=True):
        _, state, settled_on = expected[row["receivable_id"]]
        assert row["settled_on"] == settled_on
        assert row["balance_cents"] == state.balance
        opened = (
            row["fees_open_cents"],
            row["fine_open_cents"],
            row["interest_open_cents"],
            row["correction_open_cents"],
        )
        assert opened == (state.fees_open, state.fine_open, state.interest_open, state.correction_open)
        assert (row["fine_assessed"], row["position_on"]) == (state.fine_assessed, state.position_on)


@brief
@given(st.data(), generated.policies(), generated.states(positions=False))
def test_money_is_conserved_and_no_component_is_overpaid(data, policy, state):
    payments = [(n, 1, day, cents) for n, day, cents in data.draw(payments_for(state))]
    folded = fold([generated.as_row(state)], payments, {1: policy}, data.draw(generated.index_values()))
    parts = ("fees_cents", "interest_cents", "fine_cents", "correction_cents", "principal_cents", "credit_cents")
    for row in folded.allocations.iter_rows(named=True):
        assert sum(row[c] for c in parts) == row["amount_cents"]
        assert all(row[c] >= 0 for c in row if c.endswith("_cents"))
        assert row["amount_cents"] - row["credit_cents"] <= row["due_cents"]
    end = folded.positions.row(0, named=True)
    extinguished = ("principal_paid", "discount_granted", "rebate_granted", "written_off_principal")
    assert end["balance_cents"] + sum(end[f"total_{c}_cents"] for c in extinguished) == state.original
    assert end["total_paid_cents"] == sum(p[3] for p in payments)
    assert (end["settled_on"] is None) or end["balance_cents"] == 0


@brief
@given(st.data(), generated.policies(), generated.states(positions=False))
def test_the_order_in_which_payments_are_learnt_does_not_matter(data, policy, state):
    payments = [(n, 1, day, cents) for n, day, cents in data.draw(payments_for(state))]
    values = data.draw(generated.index_values())
    one = fold([generated.as_row(state)], payments, {1: policy}, values)
    other = fold([generated.as_row(state)], data.draw(st.permutations(payments)), {1: policy}, values)
    assert one.positions.equals(other.positions)
    assert one.allocations.equals(other.allocations)


@brief
@given(st.data(), generated.policies(index=None), generated.states(positions=False))
def test_a_reversed_payment_leaves_no_trace(data, policy, state):
    payments = [allocation.Payment(n, day, cents) for n, day, cents in data.draw(payments_for(state))]
    kept = [p for p in payments if data.draw(st.booleans())]
    values = data.draw(generated.index_values())
    reversals = [allocation.Reversal(p.payment_id) for p in payments if p not in kept]
    with_contra = allocation.allocate(generated.as_row(state), policy, [*reversals, *payments], values, BANK)
    without = allocation.allocate(generated.as_row(state), policy, kept, values, BANK)
    assert with_contra == without


@brief
@given(st.data(), generated.policies(), generated.states(positions=False))
def test_paying_the_payoff_settles_whatever_happened_before(data, policy, state):
    payments = data.draw(payments_for(state))
    values = data.draw(generated.index_values())
    folded = fold([generated.as_row(state)], [(n, 1, d, c) for n, d, c in payments], {1: policy}, values)
    end = folded.positions.row(0, named=True)
    near = state.due_on or generated.LAST_PUBLISHED
    day = max([near + timedelta(days=130), *(p[1] for p in payments)])
    title = {**generated.as_row(state), **{k: v for k, v in end.items() if k in charges.TITLE_SCHEMA}}
    due = charges.payoff(title, policy, values, BANK, day).total_cents
    if end["settled_on"] is None and due > 0:
        again = fold(
            [generated.as_row(state)], [*((n, 1, d, c) for n, d, c in payments), (99, 1, day, due)], {1: policy}, values
        )
        last = again.positions.row(0, named=True)
        assert (last["settled_on"], last["total_credit_cents"]) == (day, end["total_credit_cents"])
