"""Publishing ladders. A version never changes once published: an edit makes the next one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from quita.domain.ladder import rules, validation
from quita.domain.ladder.drafts import LadderDraft, StepDraft
from quita.domain.refusals import Refusal, Refusals, Refused
from quita.ladders import actions
from quita.ladders.models import Ladder, LadderVersion, Step, StepKey, StepTemplate
from quita.ladders.queries import checking, rules_lists
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit


@transaction.atomic
def publish_ladder_version(
    *,
    ladder_id: int | None,
    name: str,
    in_force_from: dt.date | None,
    late_entry: str,
    minimum_cents: int | None,
    end_after_days: int | None,
    end_role: str,
    steps: Sequence[StepDraft],
    by: Actor,
    when: When,
) -> LadderVersion:
    """Makes the next version of a ladder (None: a new ladder with its first). The same again makes none.

    Steps keep their key from version to version, so that a changed text fires nothing again; a step without a key is a
    new one. Raises `Refused` with every fault found: see `quita.domain.ladder.validation` and the actions; besides
    ladder_name_taken and ladder_unknown.
    """
    ladder = _locked(ladder_id)
    draft = LadderDraft(
        name=" ".join(name.split()),
        in_force_from=in_force_from,
        late_entry=late_entry,
        minimum_cents=minimum_cents,
        end_after_days=end_after_days,
        end_role=end_role,
        steps=tuple(_tidy(step) for step in steps),
    )
    _refuse_unsound(draft, ladder_id, when.today)
    if ladder is None:
        ladder = Ladder.objects.create(name=draft.name)
    latest = _latest(ladder)
    if latest is not None and _says_nothing_new(draft, latest, ladder.name):
        return latest
    if ladder.name != draft.name:
        ladder.name = draft.name
        ladder.save(update_fields=["name"])
    version = _write(ladder, draft, (latest.number if latest else 0) + 1, by, when)
    audit.record(
        by=by, when=when, verb="ladders.ladder.published", subject="ladder", subject_id=ladder.pk,
        version_id=version.pk, number=version.number, in_force_from=version.in_force_from.isoformat(),
        steps=len(draft.steps),
    )  # fmt: skip
    return version


@transaction.atomic
def deactivate_ladder(*, ladder_id: int, by: Actor, when: When) -> Ladder:
    """Takes a ladder out of use. Refusals: ladder_unknown, ladder_in_use."""
    ladder = _existing(ladder_id)
    portfolios, debtors = rules_lists.users_of(ladder_id)
    if portfolios or debtors:
        raise Refusal(
            "ladder_in_use",
            "“%(ladder)s” is the ladder of %(portfolios)s portfolios and %(debtors)s debtors. "
            "Give those another ladder first.",
            {"ladder": ladder.name, "portfolios": portfolios, "debtors": debtors},
        )
    return _set_active(ladder, False, by, when)


@transaction.atomic
def activate_ladder(*, ladder_id: int, by: Actor, when: When) -> Ladder:
    """Puts a ladder back into use. Refusal: ladder_unknown."""
    return _set_active(_existing(ladder_id), True, by, when)


def _locked(ladder_id: int | None) -> Ladder | None:
    return None if ladder_id is None else _existing(ladder_id)


def _existing(ladder_id: int) -> Ladder:
    ladder = Ladder.objects.select_for_update().filter(pk=ladder_id).first()
    if ladder is None:
        raise Refusal("ladder_unknown", "This ladder does not exist any more. Go back to the list and choose another.")
    return ladder


def _set_active(ladder: Ladder, is_active: bool, by: Actor, when: When) -> Ladder:
    if ladder.is_active != is_active:
        ladder.is_active = is_active
        ladder.save(update_fields=["is_active"])
        verb = "ladders.ladder.activated" if is_active else "ladders.ladder.deactivated"
        audit.record(by=by, when=when, verb=verb, subject="ladder", subject_id=ladder.pk)
    return ladder


def _tidy(step: StepDraft) -> StepDraft:
    """A step without what its kind of action has no use for."""
    module = actions.ACTIONS.get(step.action)
    name = " ".join(step.name.split())
    if module is None:
        return dataclasses.replace(step, name=name)
    wanted = {param.name for param in module.PARAMS}
    params = {key: value for key, value in step.params.items() if key in wanted}
    if module.IS_MESSAGE:
        channels = tuple(dict.fromkeys(step.channels))
        templates = {channel: step.templates[channel] for channel in channels if channel in step.templates}
        return dataclasses.replace(step, name=name, params=params, channels=channels, templates=templates)
    return dataclasses.replace(step, name=name, params=params, channels=(), templates={}, grouping=rules.PER_DEBTOR)


def _refuse_unsound(draft: LadderDraft, ladder_id: int | None, today: dt.date) -> None:
    found = Refusals()
    if Ladder.objects.filter(name__iexact=draft.name).exclude(pk=ladder_id or 0).exists():
        found.add(
            "ladder_name_taken",
            "There is already a ladder named “%(name)s”. Choose another name.",
            {"name": draft.name},
            field="name",
        )
    around = checking.surroundings(ladder_id=ladder_id, today=today)
    verdict: validation.Checked = checking.check(draft, around)
    if found or verdict.refusals:
        raise Refused((*found, *verdict.refusals))


def _latest(ladder: Ladder) -> LadderVersion | None:
    return ladder.versions.prefetch_related("steps__templates").order_by("-number").first()


def _says_nothing_new(draft: LadderDraft, latest: LadderVersion, name: str) -> bool:
    """Whether the newest version says the same already, from that day or earlier."""
    assert draft.in_force_from is not None  # checked before
    kept = rules_lists.draft_of(latest, name, draft.in_force_from)
    return latest.in_force_from <= draft.in_force_from and _sorted(kept) == _sorted(draft)


def _sorted(draft: LadderDraft) -> LadderDraft:
    """The steps in the order of their days, as a version keeps them."""
    ordered = sorted(draft.steps, key=lambda step: (step.offset_days or 0, -step.priority, step.key or 2**31))
    return dataclasses.replace(draft, steps=tuple(ordered))


def _write(ladder: Ladder, draft: LadderDraft, number: int, by: Actor, when: When) -> LadderVersion:
    # The draft is sound by now; the types cannot know.
    assert draft.in_force_from is not None
    assert draft.minimum_cents is not None
    assert draft.end_after_days is not None
    version = LadderVersion.objects.create(
        ladder=ladder,
        number=number,
        in_force_from=draft.in_force_from,
        late_entry=draft.late_entry,
        minimum_cents=draft.minimum_cents,
        end_after_days=draft.end_after_days,
        end_role=draft.end_role,
        published_at=when.at,
        published_by_id=by.user_id,
    )
    for step in _sorted(draft).steps:
        _write_step(ladder, version, step)
    return version


def _write_step(ladder: Ladder, version: LadderVersion, draft: StepDraft) -> None:
    assert draft.offset_days is not None  # sound by now
    key_id = draft.key if draft.key is not None else StepKey.objects.create(ladder=ladder).pk
    step = Step.objects.create(
        version=version,
        key_id=key_id,
        name=draft.name,
        action=draft.action,
        offset_days=draft.offset_days,
        basis=draft.basis,
        repeat_every_days=draft.repeat_every_days,
        repeat_at_most=draft.repeat_at_most,
        grouping=draft.grouping,
        priority=draft.priority,
        channels=list(draft.channels),
        params=dict(draft.params),
    )
    StepTemplate.objects.bulk_create(
        StepTemplate(step=step, channel=channel, template_id=template) for channel, template in draft.templates.items()
    )
