"""Writing the audit. Called by commands, in their own transaction."""

from typing import Any

from quita.platform.actors import Actor, When
from quita.platform.audit.models import Entry


def record(
    *, by: Actor, when: When, verb: str, subject: str, subject_id: int | None, company_id: int | None = None, **params: Any
) -> Entry:
    """Adds one entry. `verb` is past tense and dotted: `receivables.payment.recorded`."""
    return Entry.objects.create(
        at=when.at, by_id=by.user_id, verb=verb, subject=subject, subject_id=subject_id, company_id=company_id, params=params
    )
