"""The phases of collection: their order, their names, and from which lateness on a title stands in one."""

import itertools
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max

from quita.cases.models import Phase
from quita.domain.refusals import Refusal, Refusals
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.choices import DayBasis


@transaction.atomic
def save_phase(
    *,
    phase_id: int | None = None,
    name: str,
    is_automatic: bool,
    from_days: int | None,
    basis: str = DayBasis.CALENDAR,
    is_active: bool = True,
    by: Actor,
    when: When,
) -> Phase:
    """Makes a phase (at the end of the order) or changes one. Lateness must grow with the order of automatic phases.

    Refusals: phase_unknown, phase_name_missing, phase_name_taken, phase_days_missing, phase_days_range,
    phase_basis_unknown, phase_out_of_order.
    """
    phases = _locked()
    phase = next((known for known in phases if known.pk == phase_id), None)
    if phase is None:
        if phase_id is not None:
            raise _unknown()
        last = phases[-1].position if phases else 0
        phase = Phase(position=last + 1)
        phases.append(phase)
    phase.name, phase.is_automatic, phase.basis = " ".join(name.split()), is_automatic, basis
    phase.from_days, phase.is_active = (from_days if is_automatic else None), is_active
    _check_one(phase, phases)
    _check_order(phases)
    created = phase.pk is None
    phase.save()
    audit.record(
        by=by, when=when, verb=f"cases.phase.{'created' if created else 'changed'}", subject="phase",
        subject_id=phase.pk, from_days=phase.from_days, basis=phase.basis, is_active=phase.is_active,
    )  # fmt: skip
    return phase


@transaction.atomic
def deactivate_phase(*, phase_id: int, by: Actor, when: When) -> Phase:
    """Takes a phase out of use. Titles that stand in it move at the next run; their history stays.

    Refusal: phase_unknown.
    """
    phase = next((known for known in _locked() if known.pk == phase_id), None)
    if phase is None:
        raise _unknown()
    if phase.is_active:
        phase.is_active = False
        phase.save(update_fields=["is_active"])
        audit.record(by=by, when=when, verb="cases.phase.deactivated", subject="phase", subject_id=phase.pk)
    return phase


@transaction.atomic
def order_phases(*, phase_ids: Iterable[int], by: Actor, when: When) -> list[Phase]:
    """Puts the phases into this order; every phase must be named once.

    Refusals: phase_order_incomplete, phase_out_of_order.
    """
    wanted = list(phase_ids)
    phases = {phase.pk: phase for phase in _locked()}
    if sorted(wanted) != sorted(phases):
        raise Refusal(
            "phase_order_incomplete",
            "The order names %(given)s phases and there are %(count)s. Somebody may have added one: reload the page.",
            {"given": len(set(wanted)), "count": len(phases)},
        )
    ordered = [phases[pk] for pk in wanted]
    for position, phase in enumerate(ordered, start=1):
        phase.position = position
    _check_order(ordered)
    # The position is unique: the new ones are written above the old ones first.
    highest = Phase.objects.aggregate(top=Max("position"))["top"] or 0
    for shift in (max(highest, len(ordered)), 0):
        for position, phase in enumerate(ordered, start=1):
            Phase.objects.filter(pk=phase.pk).update(position=position + shift)
    audit.record(by=by, when=when, verb="cases.phase.ordered", subject="phase", subject_id=None, phase_ids=wanted)
    return ordered


def _locked() -> list[Phase]:
    return list(Phase.objects.select_for_update().order_by("position", "id"))


def _unknown() -> Refusal:
    return Refusal("phase_unknown", "This phase is not in use any more. Reload the page and choose another.")


def _check_one(phase: Phase, phases: Sequence[Phase]) -> None:
    refusals = Refusals()
    if not phase.name:
        refusals.add("phase_name_missing", "A phase needs a name. Give one that people will recognise.", field="name")
    if any(other is not phase and other.name.lower() == phase.name.lower() for other in phases):
        refusals.add(
            "phase_name_taken",
            "There is already a phase named “%(name)s”. Choose another name.",
            {"name": phase.name},
            field="name",
        )
    if phase.basis not in DayBasis.values:
        refusals.add(
            "phase_basis_unknown",
            "Lateness is counted in calendar or in business days, not in “%(basis)s”.",
            {"basis": phase.basis},
            field="basis",
        )
    if phase.is_automatic and phase.from_days is None:
        refusals.add(
            "phase_days_missing",
            "Say from which day on titles stand in this phase, or make it a phase that people set.",
            field="from_days",
        )
    if phase.from_days is not None and not -365 <= phase.from_days <= 3650:
        refusals.add(
            "phase_days_range",
            "Day %(days)s is out of range: from %(first)s (before the due date) to %(last)s.",
            {"days": phase.from_days, "first": -365, "last": 3650},
            field="from_days",
        )
    refusals.raise_if_any()


def _check_order(phases: Sequence[Phase]) -> None:
    """Whoever is later must stand further down: otherwise two phases would claim the same title."""
    starts = [(phase, phase.from_days) for phase in phases if phase.is_active and phase.from_days is not None]
    starts.sort(key=lambda start: start[0].position)
    for (before, sooner), (after, later) in itertools.pairwise(starts):
        if later <= sooner:
            refusals = Refusals()
            refusals.add(
                "phase_out_of_order",
                "“%(after)s” comes after “%(before)s” and would start on day %(later)s, not later than day "
                "%(sooner)s. Give it a day above %(sooner)s, or change the order.",
                {
                    "after": after.name,
                    "before": before.name,
                    "later": later,
                    "sooner": sooner,
                },
                field="from_days",
            )
            refusals.raise_if_any()
