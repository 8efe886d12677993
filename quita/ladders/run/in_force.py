"""The rules in force on a day, read from the tables, written to the run's row and read back for a replay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Subquery

from quita.cases.queries import in_force as phases
from quita.domain.ladder import rules
from quita.ladders.models import Ladder, LadderVersion, Portfolio, Step, StepKey
from quita.messaging.queries import versions as texts_in_force
from quita.parties import queries as parties
from quita.receivables import queries as receivables


def load(*, today: dt.date, now: dt.datetime, removed: Iterable[tuple[int, str, int, int]] = ()) -> rules.Rules:
    """What people have written, as it stands for the business day `today`."""
    ladders = tuple(_ladders(today))
    return rules.Rules(
        today=today,
        now=now,
        ladders=ladders,
        portfolios=tuple(
            rules.Portfolio(
                portfolio_id=portfolio.pk,
                name=portfolio.name,
                priority=portfolio.priority,
                condition=portfolio.condition,
                ladder_id=portfolio.ladder_id,
                is_default=portfolio.is_default,
            )
            for portfolio in Portfolio.objects.filter(is_active=True).order_by("priority", "id")
        ),
        phases=tuple(phases.phases_in_force()),
        actions_by_key=_actions_by_key(),
        prescription_years=receivables.prescription_by_debt(today),
        stale_companies=frozenset(parties.stale_companies(today)),
        removed=frozenset(removed),
    )


def _ladders(today: dt.date) -> Iterable[rules.Ladder]:
    """Each active ladder in the newest version that is in force; a ladder without one does nothing yet."""
    newest = (
        LadderVersion.objects.filter(ladder=OuterRef("pk"), in_force_from__lte=today)
        .order_by("-in_force_from", "-number")
        .values("pk")[:1]
    )
    versions = LadderVersion.objects.filter(
        pk__in=Ladder.objects.filter(is_active=True).annotate(chosen=Subquery(newest)).values("chosen")
    ).select_related("ladder")
    for version in versions.prefetch_related("steps__templates").order_by("ladder_id"):
        since = standing_since(version.ladder_id, today)
        texts = texts_in_force.latest_versions(
            {link.template_id for step in version.steps.all() for link in step.templates.all()}
        )
        yield rules.Ladder(
            ladder_id=version.ladder_id,
            version_id=version.pk,
            number=version.number,
            name=version.ladder.name,
            late_entry=version.late_entry,
            end_after_days=version.end_after_days,
            end_role=version.end_role,
            minimum_cents=version.minimum_cents,
            steps=tuple(_step(step, texts, since[step.key_id]) for step in version.steps.all()),
        )


def _step(step: Step, texts: dict[int, int], since: dt.date) -> rules.Step:
    return rules.Step(
        key=step.key_id,
        name=step.name,
        action=step.action,
        offset_days=step.offset_days,
        basis=step.basis,
        repeat_every_days=step.repeat_every_days,
        repeat_at_most=step.repeat_at_most,
        grouping=step.grouping,
        priority=step.priority,
        channels=tuple(step.channels),
        templates={link.channel: texts[link.template_id] for link in step.templates.all()},
        params=step.params,
        since_on=since,
    )


def standing_since(ladder_id: int, today: dt.date) -> dict[int, dt.date]:
    """Step key → from when the step has stood with its present timing without a break.

    Editing a text or moving another step must not silence what is already on its way; moving this one starts it anew.
    """
    timing = ("offset_days", "basis", "repeat_every_days", "repeat_at_most")
    rows = (
        Step.objects.filter(version__ladder_id=ladder_id, version__in_force_from__lte=today)
        .order_by("version__in_force_from", "version__number")
        .values_list("version_id", "version__in_force_from", "key_id", *timing)
    )
    by_version: dict[int, dict[int, tuple[Any, ...]]] = {}
    starts: dict[int, dt.date] = {}
    for version_id, starts_on, key, *moment in rows:
        starts[version_id] = starts_on
        by_version.setdefault(version_id, {})[key] = tuple(moment)
    since: dict[int, dt.date] = {}
    before: dict[int, tuple[Any, ...]] = {}
    for version_id, steps in by_version.items():
        for key, moment in steps.items():
            if before.get(key) != moment:
                since[key] = starts[version_id]
        before = steps
    return since


def _actions_by_key() -> dict[int, str]:
    """Step key → its action in the newest version that has it (a step never changes its kind of action)."""
    newest = Step.objects.filter(key=OuterRef("pk")).order_by("-version_id").values("action")[:1]
    found = StepKey.objects.annotate(action=Subquery(newest)).values_list("pk", "action")
    return {key: action for key, action in found if action}


def to_json(in_force: rules.Rules) -> dict[str, Any]:
    """The rules as JSON: what a run was decided with, readable by people and by `from_json`."""
    return {
        "today": in_force.today.isoformat(),
        "now": in_force.now.isoformat(),
        "ladders": [
            {
                **{name: getattr(ladder, name) for name in _LADDER},
                "steps": [
                    {
                        **{name: getattr(step, name) for name in _STEP},
                        "channels": list(step.channels),
                        "templates": dict(step.templates),
                        "params": dict(step.params),
                        "since_on": step.since_on.isoformat(),
                    }
                    for step in ladder.steps
                ],
            }
            for ladder in in_force.ladders
        ],
        "portfolios": [{name: getattr(portfolio, name) for name in _PORTFOLIO} for portfolio in in_force.portfolios],
        "phases": [{name: getattr(phase, name) for name in _PHASE} for phase in in_force.phases],
        "actions_by_key": {str(key): action for key, action in sorted(in_force.actions_by_key.items())},
        "prescription_years": [[*key, years] for key, years in sorted(in_force.prescription_years.items())],
        "stale_companies": sorted(in_force.stale_companies),
        "removed": [list(key) for key in sorted(in_force.removed)],
    }


def from_json(kept: dict[str, Any]) -> rules.Rules:
    """The rules of a recorded run."""
    return rules.Rules(
        today=dt.date.fromisoformat(kept["today"]),
        now=dt.datetime.fromisoformat(kept["now"]),
        ladders=tuple(
            rules.Ladder(
                **{name: ladder[name] for name in _LADDER},
                steps=tuple(
                    rules.Step(
                        **{name: step[name] for name in _STEP},
                        channels=tuple(step["channels"]),
                        templates=step["templates"],
                        params=step["params"],
                        since_on=dt.date.fromisoformat(step["since_on"]),
                    )
                    for step in ladder["steps"]
                ),
            )
            for ladder in kept["ladders"]
        ),
        portfolios=tuple(rules.Portfolio(**portfolio) for portfolio in kept["portfolios"]),
        phases=tuple(rules.Phase(**phase) for phase in kept["phases"]),
        actions_by_key={int(key): action for key, action in kept["actions_by_key"].items()},
        prescription_years={(company, policy): years for company, policy, years in kept["prescription_years"]},
        stale_companies=frozenset(kept["stale_companies"]),
        removed=frozenset((receivable, due, step, k) for receivable, due, step, k in kept["removed"]),
    )


_LADDER = (
    "ladder_id", "version_id", "number", "name", "late_entry", "end_after_days", "end_role", "minimum_cents",
)  # fmt: skip
_STEP = (
    "key", "name", "action", "offset_days", "basis", "repeat_every_days", "repeat_at_most", "grouping", "priority",
)  # fmt: skip
_PORTFOLIO = ("portfolio_id", "name", "priority", "condition", "ladder_id", "is_default")
_PHASE = ("phase_id", "basis", "from_days")
