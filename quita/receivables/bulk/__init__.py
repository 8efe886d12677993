"""Titles and payments for many rows at once: staging by COPY, set-based checks, upsert of what really changed.

`load_titles` and `load_payments` take a Polars frame, one row per title or payment, already checked cell by cell (see
`titles.STAGE` and `payments.STAGE` for the columns), inside the caller's transaction. A row goes in whole or is refused
with a reason; a row that says what is already known does nothing at all. What a row said last is kept as a 64-bit
hash on the title or payment, so that the same file twice costs one join.
"""

from quita.receivables.bulk.outcome import Outcome
from quita.receivables.bulk.payments import load_payments
from quita.receivables.bulk.titles import load_titles

__all__ = ["Outcome", "load_payments", "load_titles"]
