"""E-mail addresses and phone numbers, each with its own health: a bounce sticks to the address, not to the person."""

from collections.abc import Iterable

from django.db import connection, transaction

from quita.domain.refusals import Refusal, Refusals
from quita.parties import identity
from quita.parties.models import ContactKind, ContactPoint, ContactState, Debtor
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

USABLE = (ContactState.UNVERIFIED, ContactState.VERIFIED)


@transaction.atomic
def add_contact_point(
    *,
    debtor_id: int,
    kind: str,
    value: str,
    label: str = "",
    source: str = "",
    state: str = ContactState.UNVERIFIED,
    preference: int = 0,
    by: Actor,
    when: When,
) -> ContactPoint:
    """Adds an address or number in its normal form (lower-case domain, E.164); one already known is returned as it is.

    Refusals: choice_unknown, email_*, phone_*.
    """
    debtor = Debtor.objects.select_for_update().get(pk=debtor_id)
    refusals = Refusals()
    _check_choice(kind, ContactKind.values, "kind", refusals)
    _check_choice(state, ContactState.values, "state", refusals)
    refusals.raise_if_any()
    normal = identity.contact_value(kind, value)
    known = ContactPoint.objects.filter(debtor=debtor, kind=kind, value__iexact=normal).first()
    if known is not None:
        return known
    point = ContactPoint.objects.create(
        debtor=debtor, kind=kind, value=normal, label=label.strip(), source=source.strip(), state=state,
        preference=preference, changed_at=when.at,
    )  # fmt: skip
    refresh_reach(debtor_ids=[debtor.pk])
    audit.record(
        by=by, when=when, verb="parties.contact_point.added", subject="debtor", subject_id=debtor.pk,
        contact_point_id=point.pk, kind=kind,
    )  # fmt: skip
    return point


@transaction.atomic
def change_contact_state(*, contact_point_id: int, state: str, source: str, by: Actor, when: When) -> ContactPoint:
    """Notes what was learnt about an address: verified, bounced, wrong person, opted out. `source` says from whom.

    An opt-out is the person's own word: only a person's later word (`source` other than a delivery) undoes it.
    Refusals: choice_unknown, contact_source_missing, contact_opted_out.
    """
    point = ContactPoint.objects.select_for_update().get(pk=contact_point_id)
    refusals = Refusals()
    _check_choice(state, ContactState.values, "state", refusals)
    if not source.strip():
        refusals.add(
            "contact_source_missing", "Say where this is known from: the debtor, a delivery, a call.", field="source"
        )
    refusals.raise_if_any()
    if point.state == state:
        return point
    if point.state == ContactState.OPTED_OUT and by.user_id is None:
        raise Refusal(
            "contact_opted_out",
            "The person asked not to be contacted here, and only a person may record that they changed their mind.",
        )
    before, point.state, point.source, point.changed_at = point.state, state, source.strip()[:40], when.at
    point.save(update_fields=["state", "source", "changed_at"])
    refresh_reach(debtor_ids=[point.debtor_id])
    audit.record(
        by=by, when=when, verb="parties.contact_point.changed", subject="debtor", subject_id=point.debtor_id,
        contact_point_id=point.pk, before=before, after=state, source=point.source,
    )  # fmt: skip
    return point


def refresh_reach(*, debtor_ids: Iterable[int] | None) -> int:
    """Keeps `has_email` and `has_phone` true to the usable contact points; None means every debtor. Returns changes."""
    ids = None if debtor_ids is None else sorted(set(debtor_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with reach as (
                select d.id, coalesce(bool_or(p.kind = 'email'), false) email,
                       coalesce(bool_or(p.kind = 'phone'), false) phone
                from parties_debtor d
                left join parties_contactpoint p on p.debtor_id = d.id and p.state in ('unverified', 'verified')
                where %(ids)s::bigint[] is null or d.id = any(%(ids)s)
                group by d.id
            )
            update parties_debtor d set has_email = reach.email, has_phone = reach.phone from reach
            where reach.id = d.id and (d.has_email, d.has_phone) is distinct from (reach.email, reach.phone)
            """,
            {"ids": ids},
        )
        return int(cursor.rowcount)


def _check_choice(value: str, choices: list[str], field: str, refusals: Refusals) -> None:
    if value not in choices:
        refusals.add(
            "choice_unknown", "“%(value)s” is not one of the choices: %(choices)s.",
            {"value": value[:40], "choices": ", ".join(choices)}, field=field,
        )  # fmt: skip
