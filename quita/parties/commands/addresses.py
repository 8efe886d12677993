"""Addresses of a debtor. The primary one decides the calendar and the hours of contact."""

from collections.abc import Mapping

from django.db import connection, transaction

from quita.domain.refusals import Refusals
from quita.parties import events, identity, places
from quita.parties.models import Address, Debtor
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox

FIELDS = ("line", "district", "city", "uf", "ibge_code", "postal_code")


@transaction.atomic
def save_address(
    *,
    debtor_id: int,
    fields: Mapping[str, str],
    address_id: int | None = None,
    is_primary: bool = True,
    source: str = "",
    by: Actor,
    when: When,
) -> Address:
    """Adds or changes an address; the first one is primary whatever is said.

    Refusals: address_city_missing, state_unknown, municipality_*, postal_code_invalid.
    """
    debtor = Debtor.objects.select_for_update().get(pk=debtor_id)
    values = _checked(fields)
    others = Address.objects.filter(debtor=debtor).exclude(pk=address_id or 0)
    is_primary = is_primary or not others.filter(is_primary=True).exists()
    if is_primary:
        others.filter(is_primary=True).update(is_primary=False)
    if address_id is None:
        address = Address.objects.create(debtor=debtor, is_primary=is_primary, source=source, **values)
    else:
        address = Address.objects.get(pk=address_id, debtor=debtor)
        for name, value in values.items():
            setattr(address, name, value)
        address.is_primary = is_primary
        address.save()
    audit.record(
        by=by, when=when, verb="parties.address.saved", subject="debtor", subject_id=debtor.pk, address_id=address.pk
    )
    _keep_place([debtor.pk], when)
    return address


@transaction.atomic
def remove_address(*, address_id: int, by: Actor, when: When) -> None:
    """Takes an address out; when it was the primary one, the newest other takes its place."""
    address = Address.objects.get(pk=address_id)
    debtor = Debtor.objects.select_for_update().get(pk=address.debtor_id)
    address.delete()
    if address.is_primary:
        heir = Address.objects.filter(debtor=debtor).order_by("-id").first()
        if heir is not None:
            heir.is_primary = True
            heir.save(update_fields=["is_primary"])
    audit.record(
        by=by, when=when, verb="parties.address.removed", subject="debtor", subject_id=debtor.pk, address_id=address_id
    )
    _keep_place([debtor.pk], when)


def _keep_place(debtor_ids: list[int], when: When) -> None:
    """Repeats the primary address on the debtor and tells apps above when the municipality changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with place as (
                select d.id, coalesce(a.city, '') city, coalesce(a.uf, '') uf, coalesce(a.ibge_code, '') ibge_code,
                       d.ibge_code as ibge_before
                from parties_debtor d left join parties_address a on a.debtor_id = d.id and a.is_primary
                where d.id = any(%s)
                  and (d.city, d.uf, d.ibge_code) is distinct from
                      (coalesce(a.city, ''), coalesce(a.uf, ''), coalesce(a.ibge_code, ''))
            )
            update parties_debtor d set city = place.city, uf = place.uf, ibge_code = place.ibge_code
            from place where place.id = d.id
            returning d.id, place.ibge_before <> place.ibge_code
            """,
            [debtor_ids],
        )
        moved = tuple(sorted(debtor_id for debtor_id, has_moved in cursor.fetchall() if has_moved))
    if moved:
        outbox.emit(events.DebtorsMoved(moved), when.at)


def _checked(fields: Mapping[str, str]) -> dict[str, str]:
    refusals = Refusals()
    values = {name: fields.get(name, "").strip() for name in FIELDS}
    values["uf"] = values["uf"].upper() or places.uf_of(values["ibge_code"])
    if not values["city"]:
        refusals.add("address_city_missing", "An address needs at least its city.", field="city")
    places.check_place(values["uf"], values["ibge_code"], refusals)
    values["postal_code"] = identity.postal_code(values["postal_code"], refusals, field="postal_code")
    refusals.raise_if_any()
    return values
