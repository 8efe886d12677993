"""Saved mappings: one per system and kind of file."""

from collections.abc import Mapping as Mapped
from typing import Any

from django.db import transaction

from quita.domain.refusals import Refusal
from quita.imports import mappings, references
from quita.imports.models import Mapping
from quita.platform.actors import SYSTEM, Actor, When
from quita.platform.audit import commands as audit


@transaction.atomic
def save_mapping(*, name: str, spec: mappings.Spec | Mapped[str, Any], by: Actor, when: When) -> Mapping:
    """Keeps a mapping under a name; one of that name is replaced. Refusals: mapping_name, mapping_*."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Refusal("mapping_name", "Give the mapping a name of at most 80 characters, like “ERP titles”.")
    checked = spec if isinstance(spec, mappings.Spec) else mappings.parse(spec)
    mappings.parse(checked.to_json())
    known = Mapping.objects.select_for_update().filter(name=name).first()
    if known is not None and known.spec == checked.to_json():
        return known
    saved, _created = Mapping.objects.update_or_create(
        name=name, defaults={"target": checked.target, "spec": checked.to_json(), "changed_at": when.at}
    )
    audit.record(by=by, when=when, verb="imports.mapping.saved", subject="mapping", subject_id=saved.pk)
    return saved


@transaction.atomic
def delete_mapping(*, mapping_id: int, by: Actor, when: When) -> None:
    """Forgets a mapping; files that used it keep their own copy."""
    mapping = Mapping.objects.select_for_update().get(pk=mapping_id)
    audit.record(
        by=by, when=when, verb="imports.mapping.deleted", subject="mapping", subject_id=mapping.pk, name=mapping.name
    )
    mapping.delete()


def ensure_reference_mappings(when: When) -> None:
    """Saves the mappings that ship with Quita, unless something of their name is there already."""
    for name, spec in references.MAPPINGS.items():
        if not Mapping.objects.filter(name=name).exists():
            save_mapping(name=name, spec=spec, by=SYSTEM, when=when)
