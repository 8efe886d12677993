"""Ladders, portfolios and debtor rules as their pages list them, and the choices that their editors offer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Max, Prefetch, Q, QuerySet

from quita.cases import queries as cases
from quita.domain.ladder.drafts import LadderDraft, StepDraft
from quita.ladders.actions.known import CHANNEL_LABELS, Known, PhaseChoice, TemplateChoice
from quita.ladders.models import DebtorRule, Ladder, LadderVersion, Portfolio, Step, StepKey
from quita.messaging import channels
from quita.messaging.queries import templates
from quita.parties import queries as parties
from quita.platform.access.roles import Role
from quita.platform.access.scopes import Scope

# Who may be given tasks: everybody who works cases.
TASK_ROLES = (Role.OPERATOR, Role.SUPERVISOR, Role.AGENCY, Role.ADMINISTRATOR)


def known() -> Known:
    """What the steps of a ladder choose from. Two statements."""
    return Known(
        channels=tuple(channels.CHANNELS),
        channel_labels=CHANNEL_LABELS,
        templates={
            row.id: TemplateChoice(row.id, row.name, row.channel, row.is_active) for row in templates.template_rows()
        },
        phases={
            phase.pk: PhaseChoice(phase.pk, phase.name, not phase.is_automatic, phase.is_active)
            for phase in cases.phases()
        },
        roles={role.value: role.label for role in TASK_ROLES},
    )


@dataclass(frozen=True)
class LadderRow:
    """A ladder as a line of the list. `current` is the version in force, `coming` the next that waits for its day."""

    ladder_id: int
    name: str
    is_active: bool
    current: LadderVersion | None
    coming: LadderVersion | None
    steps: tuple[Step, ...]
    portfolio_names: tuple[str, ...]


def ladder_rows(*, today: dt.date) -> list[LadderRow]:
    """Every ladder, those in use first, with what is in force today. Ladders belong to no company. Four statements."""
    steps = Prefetch("steps", queryset=Step.objects.order_by("offset_days", "-priority", "id"))
    versions = Prefetch("versions", queryset=LadderVersion.objects.order_by("-number").prefetch_related(steps))
    used = Prefetch("portfolios", queryset=Portfolio.objects.filter(is_active=True).order_by("priority", "id"))
    rows = Ladder.objects.prefetch_related(versions, used).order_by("-is_active", "name", "id")
    return [_ladder_row(ladder, today) for ladder in rows]


def _ladder_row(ladder: Ladder, today: dt.date) -> LadderRow:
    versions = list(ladder.versions.all())
    current = in_force(versions, today)
    coming = coming_next(versions, today)
    shown = current or coming
    return LadderRow(
        ladder_id=ladder.pk,
        name=ladder.name,
        is_active=ladder.is_active,
        current=current,
        coming=coming,
        steps=tuple(shown.steps.all()) if shown else (),
        portfolio_names=tuple(portfolio.name for portfolio in ladder.portfolios.all()),
    )


def in_force(versions: list[LadderVersion], today: dt.date) -> LadderVersion | None:
    """The version that a run of today uses: the latest to come into force and, of one day, the newest."""
    begun = [version for version in versions if version.in_force_from <= today]
    return max(begun, key=lambda version: (version.in_force_from, version.number), default=None)


def coming_next(versions: list[LadderVersion], today: dt.date) -> LadderVersion | None:
    """The version that comes into force next."""
    waiting = [version for version in versions if version.in_force_from > today]
    return min(waiting, key=lambda version: (version.in_force_from, -version.number), default=None)


def ladder(*, ladder_id: int) -> Ladder | None:
    """One ladder with its versions (newest first), their steps, texts and authors. Four statements."""
    ordered = Step.objects.prefetch_related("templates").order_by("offset_days", "-priority", "id")
    versions: QuerySet[LadderVersion] = LadderVersion.objects.select_related("published_by").order_by("-number")
    versions = versions.prefetch_related(Prefetch("steps", queryset=ordered))
    return Ladder.objects.filter(pk=ladder_id).prefetch_related(Prefetch("versions", versions)).first()


def draft_of(version: LadderVersion, name: str, in_force_from: dt.date | None = None) -> LadderDraft:
    """A published version as a draft: what an edit starts from and what a difference compares."""
    return LadderDraft(
        name=name,
        in_force_from=in_force_from or version.in_force_from,
        late_entry=version.late_entry,
        minimum_cents=version.minimum_cents,
        end_after_days=version.end_after_days,
        end_role=version.end_role,
        steps=tuple(_step_draft(step) for step in version.steps.all()),
    )


def _step_draft(step: Step) -> StepDraft:
    return StepDraft(
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
        templates={link.channel: link.template_id for link in step.templates.all()},
        params=step.params,
    )


def kinds_by_key(ladder_id: int | None) -> dict[int, str]:
    """Step key of the ladder → its kind of action. A key that no version uses any more keeps its kind."""
    if ladder_id is None:
        return {}
    return dict(Step.objects.filter(key__ladder_id=ladder_id).order_by("id").values_list("key_id", "action"))


def key_of(step_key: int) -> StepKey | None:
    """The identity of a step and the ladder it belongs to."""
    return StepKey.objects.filter(pk=step_key).select_related("ladder").first()


def ladder_choices() -> list[tuple[int, str]]:
    """The ladders in use that have been published: (id, name) by name."""
    rows = Ladder.objects.filter(is_active=True, versions__isnull=False).distinct().order_by("name", "id")
    return list(rows.values_list("pk", "name"))


@dataclass(frozen=True)
class PortfolioRow:
    """A portfolio as a line of the list. Counts are of open cases inside the reader's scope."""

    portfolio: Portfolio
    case_count: int
    by_hand_count: int


def portfolio_rows(*, scope: Scope) -> list[PortfolioRow]:
    """Every portfolio, those in use first, in the order in which they are tried. Two statements."""
    counts = _cases_by_portfolio(scope)
    rows = Portfolio.objects.select_related("ladder").order_by("-is_active", "is_default", "priority", "id")
    return [PortfolioRow(row, *counts.get(row.pk, (0, 0))) for row in rows]


def _cases_by_portfolio(scope: Scope) -> dict[int, tuple[int, int]]:
    companies = "" if scope.company_ids is None else "and company_id = any(%(companies)s::bigint[])"
    with connection.cursor() as cursor:
        cursor.execute(
            "select portfolio_id, count(*), count(*) filter (where portfolio_by_hand) from cases_case"
            f" where closed_on is null and portfolio_id is not null {companies} group by portfolio_id",
            {"companies": sorted(scope.company_ids or ())},
        )
        return {portfolio: (count, by_hand) for portfolio, count, by_hand in cursor.fetchall()}


def portfolio(*, portfolio_id: int) -> Portfolio | None:
    """One portfolio with its ladder."""
    return Portfolio.objects.select_related("ladder").filter(pk=portfolio_id).first()


def portfolios_in_order() -> list[Portfolio]:
    """The portfolios in use as a run tries them; the default one last."""
    rows = Portfolio.objects.filter(is_active=True).select_related("ladder").order_by("is_default", "priority", "id")
    return list(rows)


def next_priority() -> int:
    """A priority after every other portfolio's, for a new one."""
    highest = Portfolio.objects.filter(is_default=False, is_active=True).aggregate(top=Max("priority"))["top"]
    return (highest or 0) + 10


def debtor_rules(*, scope: Scope, search: str = "") -> QuerySet[DebtorRule]:
    """The rules of single debtors that the reader may see, by the debtor's name."""
    rows = DebtorRule.objects.select_related("debtor", "portfolio", "ladder")
    if scope.company_ids is not None or search.strip():
        rows = rows.filter(debtor__in=parties.debtors(scope=scope, search=search).values("pk"))
    return rows.order_by("debtor__name_key", "debtor_id")


def debtor_rule(*, debtor_id: int, scope: Scope) -> DebtorRule | None:
    """The rule of one debtor, if there is one and the reader may see the debtor."""
    return debtor_rules(scope=scope).filter(debtor_id=debtor_id).first()


def users_of(ladder_id: int) -> tuple[int, int]:
    """How many portfolios in use and how many debtor rules name the ladder."""
    counted = Ladder.objects.filter(pk=ladder_id).aggregate(
        portfolios=Count("portfolios", filter=Q(portfolios__is_active=True), distinct=True)
    )
    return counted["portfolios"], DebtorRule.objects.filter(ladder_id=ladder_id).count()
