"""Verbs on templates, messages and the contact policy. Each is atomic and audited."""

from quita.messaging.commands.messages import resend_message, withdraw_for_closed_titles, withdraw_messages
from quita.messaging.commands.policy import add_cap, add_rule, end_cap, end_rules
from quita.messaging.commands.templates import (
    activate_template,
    create_template,
    deactivate_template,
    rename_template,
    save_template_version,
)

__all__ = [
    "activate_template",
    "add_cap",
    "add_rule",
    "create_template",
    "deactivate_template",
    "end_cap",
    "end_rules",
    "rename_template",
    "resend_message",
    "save_template_version",
    "withdraw_for_closed_titles",
    "withdraw_messages",
]
