"""Letters that nobody has written to the outbox yet: what a preview shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from quita.messaging.models import Message, TemplateVersion
from quita.messaging.queries import messages
from quita.messaging.texts import letters
from quita.platform.actors import When

# The columns of the outbox that decide what a letter says.
_COLUMNS = (
    "company_id", "debtor_id", "contact_point_id", "channel", "template_version_id", "lead_receivable_id",
    "lead_due_on", "lead_step_key", "lead_occurrence", "receivable_ids", "not_before", "not_after",
)  # fmt: skip


def draft_letter(*, message: Mapping[str, Any], when: When) -> letters.Letter | None:
    """The letter that this message would be at that instant; None when it would have nothing to say."""
    row = Message(id=0, day=when.today, created_at=when.at, **{name: message[name] for name in _COLUMNS})
    return messages.letter_of(row, when=when)


def template_names(version_ids: Collection[int]) -> dict[int, str]:
    """Version id → name of its template; one statement."""
    rows = TemplateVersion.objects.filter(pk__in=set(version_ids)).select_related("template")
    return {row.pk: row.template.name for row in rows}
