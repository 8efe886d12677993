"""An independent fold of one title, payment by payment, on top of the exact payoff of the charges' oracle."""

import dataclasses

from quita.domain.charges import policies as P
from quita.domain.charges.tests import oracle


def fold(state, policy, payments, values, calendar):
    """`payments`: (id, paid_on, cents). Returns allocation dicts by id, the final state, settled_on and credit."""
    state = dataclasses.replace(
        state, balance=state.original, fine_open=0, interest_open=0, correction_open=0, fees_open=0,
        fine_assessed=False, position_on=None,
    )  # fmt: skip
    settled_on, allocations = None, {}
    for number, paid_on, amount in sorted(payments, key=lambda p: (p[1], p[0])):
        if settled_on is not None:
            allocations[number] = {"credit": amount}
            continue
        owed = oracle.payoff(state, policy, values, calendar, paid_on)
        net = owed["principal_cents"] - owed["rebate_cents"]
        claims = {
            "fees": owed["fees_cents"],
            "interest": owed["interest_cents"],
            "fine": owed["fine_cents"],
            "correction": owed["correction_cents"],
            "principal": net,
        }
        order = list(policy.imputation_order)
        short = owed["total_cents"] - amount
        tolerates = policy.shortfall is not P.Shortfall.KEEP_OPEN and short <= policy.write_off_tolerance_cents
        settles = short <= 0 or tolerates
        core = net + owed["correction_cents"] - owed["discount_cents"]
        if not settles and policy.shortfall is P.Shortfall.WAIVE_CHARGES and amount >= core:
            settles = True
            order = ["principal", "correction"] + [c for c in order if c not in ("principal", "correction")]
        if settles:
            claims["principal"] = net - owed["discount_cents"]
        left, paid = amount, {}
        for component in order:
            paid[str(component)] = min(left, claims[component])
            left -= paid[str(component)]
        rest = {c: claims[c] - paid[c] for c in claims}
        allocations[number] = {
            **paid,
            "credit": left,
            "discount": owed["discount_cents"] if settles else 0,
            "rebate": owed["rebate_cents"] if settles else 0,
            "written_off": sum(rest.values()) if settles else 0,
        }
        if settles:
            settled_on = paid_on
            rest = dict.fromkeys(rest, 0)
        state = dataclasses.replace(
            state,
            balance=0 if settles else state.balance - paid["principal"],
            fees_open=rest["fees"],
            interest_open=rest["interest"],
            fine_open=rest["fine"],
            correction_open=rest["correction"],
            fine_assessed=state.fine_assessed or owed["late"],
            position_on=paid_on,
        )
    return allocations, state, settled_on
