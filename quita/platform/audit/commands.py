"""Writing the audit. Called by commands, in their own transaction."""

from collections.abc import Iterable
from typing import Any

from quita.platform.actors import Actor, When
from quita.platform.audit.models import Entry


def record(
    *,
    by: Actor,
    when: When,
    verb: str,
    subject: str,
    subject_id: int | None,
    company_id: int | None = None,
    **params: Any,
) -> Entry:
    """Adds one entry. `verb` is past tense and dotted: `receivables.payment.recorded`."""
    return Entry.objects.create(
        at=when.at,
        by_id=by.user_id,
        verb=verb,
        subject=subject,
        subject_id=subject_id,
        company_id=company_id,
        params=params,
    )


def record_many(
    *, by: Actor, when: When, verb: str, subject: str, subjects: Iterable[tuple[int, int | None]], **params: Any
) -> None:
    """One entry for each (subject id, company id), with the same parameters: for commands on whole sets of rows."""
    Entry.objects.bulk_create(
        (
            Entry(
                at=when.at, by_id=by.user_id, verb=verb, subject=subject, subject_id=subject_id, company_id=company_id,
                params=params,
            )
            for subject_id, company_id in subjects
        ),
        batch_size=1000,
    )  # fmt: skip
