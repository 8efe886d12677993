"""Verbs on titles, payments, charge policies and index values. Each is atomic and audited."""

from quita.receivables.commands.closures import cancel_title, reinstate_title, write_off_title
from quita.receivables.commands.indexes import (
    Loaded,
    ensure_reference_index_values,
    load_index_file,
    load_index_values,
)
from quita.receivables.commands.payments import NewPayment, record_payment, record_payments, reverse_payment
from quita.receivables.commands.policies import Published, change_policy, check_terms, create_policy, publish_version
from quita.receivables.commands.titles import NewTitle, change_terms, create_title, reassign_calendars

__all__ = [
    "Loaded",
    "NewPayment",
    "NewTitle",
    "Published",
    "cancel_title",
    "change_policy",
    "change_terms",
    "check_terms",
    "create_policy",
    "create_title",
    "ensure_reference_index_values",
    "load_index_file",
    "load_index_values",
    "publish_version",
    "reassign_calendars",
    "record_payment",
    "record_payments",
    "reinstate_title",
    "reverse_payment",
    "write_off_title",
]
