"""Messages as lists and as single letters. Scoped by company; paged by id, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from quita.messaging.delivery import looked_up, words
from quita.messaging.delivery.claims import Claimed
from quita.messaging.models import Message, MessageState, SentFacts
from quita.messaging.texts import letters
from quita.messaging.texts.facts import LetterFacts
from quita.platform.access.scopes import Scope
from quita.platform.actors import When

PAGE = 50


@dataclass(frozen=True)
class Filter:
    """What a list of messages shows; empty values leave everything in."""

    state: str = ""
    reason: str = ""
    channel: str = ""
    company_id: int | None = None
    debtor_id: int | None = None
    run_id: int | None = None
    day: dt.date | None = None


@dataclass(frozen=True)
class Page:
    """One page of messages and where the next one begins (None: this was the last)."""

    messages: list[Message]
    next_before: int | None


def message_page(*, scope: Scope, chosen: Filter, before_id: int | None = None, limit: int = PAGE) -> Page:
    """Messages newest first, those below `before_id`. One statement however long the list is."""
    rows = _chosen(scope, chosen)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], found[limit - 1].pk if more else None)


def _chosen(scope: Scope, chosen: Filter) -> QuerySet[Message]:
    rows = scope.limit(
        Message.objects.select_related("company", "debtor", "contact_point", "template_version__template")
    ).order_by("-id")
    wanted = {
        "state": chosen.state, "reason": chosen.reason, "channel": chosen.channel, "company_id": chosen.company_id,
        "debtor_id": chosen.debtor_id, "run_id": chosen.run_id, "day": chosen.day,
    }  # fmt: skip
    return rows.filter(**{name: value for name, value in wanted.items() if value not in ("", None)})


def message(*, message_id: int, scope: Scope) -> Message | None:
    """One message with whom and what it concerns, or None outside the scope."""
    rows = scope.limit(
        Message.objects.select_related("company", "debtor", "contact_point", "template_version__template", "sent_facts")
    )
    return rows.filter(pk=message_id).first()


def waiting_count(*, scope: Scope) -> int:
    """How many messages wait or are being sent."""
    waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING])
    return scope.limit(waiting).count()


def letter_of(shown: Message, *, when: When) -> letters.Letter | None:
    """The letter as it left or was refused or, while it waits, as it would leave now. None when it says nothing."""
    facts = _facts_of(shown, when)
    if facts is None:
        return None
    version = shown.template_version
    return letters.write(version.subject, version.body, facts)


def _facts_of(shown: Message, when: When) -> LetterFacts | None:
    if shown.state in (MessageState.SENT, MessageState.FAILED):
        kept = SentFacts.objects.filter(message_id=shown.pk).values_list("facts", flat=True).first()
        return None if kept is None else LetterFacts.from_json(kept)
    claimed = Claimed(
        shown.pk, shown.company_id, shown.debtor_id, shown.contact_point_id, shown.template_version_id, shown.channel,
        shown.lead_receivable_id, shown.lead_due_on, shown.receivable_ids, shown.day, shown.not_before, shown.not_after,
        shown.attempts, shown.created_at,
    )  # fmt: skip
    looked = looked_up.look_up([claimed], when=when)
    titles = [
        title
        for title in looked.titles.values()
        if title.receivable_id in looked.payoffs and title.due_on is not None and title.balance_cents > 0
    ]
    if not titles:
        return None
    point = looked.contact_points.get(shown.contact_point_id or 0)
    verified = point is not None and point.state == "verified"
    return words.letter_facts(claimed, looked, titles, is_verified=verified, today=when.today)
