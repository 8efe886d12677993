"""Reads on messages, templates and the contact policy."""

from quita.messaging.queries.messages import Filter, Page, letter_of, message, message_page, waiting_count
from quita.messaging.queries.policy import caps, civil_holidays, policy_in_force, rules, rules_in_force
from quita.messaging.queries.templates import (
    TemplateRow,
    active_templates,
    latest_versions,
    sample_letter,
    template_rows,
    template_with_versions,
)

__all__ = [
    "Filter",
    "Page",
    "TemplateRow",
    "active_templates",
    "caps",
    "civil_holidays",
    "latest_versions",
    "letter_of",
    "message",
    "message_page",
    "policy_in_force",
    "rules",
    "rules_in_force",
    "sample_letter",
    "template_rows",
    "template_with_versions",
    "waiting_count",
]
