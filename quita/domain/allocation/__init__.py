"""Which part of which debt a payment extinguishes, in legal order (CC arts. 352 to 355).

`fold_frame` folds payments into a million titles, `allocate` into one, by the same code. The fold always starts from
the title as it was created, so that a back-dated or reversed payment changes everything that came after it.
"""

from quita.domain.allocation.fold import ALLOCATION_SCHEMA, PAYMENT_SCHEMA, POSITION_SCHEMA, fold_frame
from quita.domain.allocation.single import Allocation, Fold, Payment, Position, Reversal, allocate
from quita.domain.allocation.spread import OpenTitle, Share, Spread, spread

__all__ = [
    "ALLOCATION_SCHEMA",
    "PAYMENT_SCHEMA",
    "POSITION_SCHEMA",
    "Allocation",
    "Fold",
    "OpenTitle",
    "Payment",
    "Position",
    "Reversal",
    "Share",
    "Spread",
    "allocate",
    "fold_frame",
    "spread",
]
