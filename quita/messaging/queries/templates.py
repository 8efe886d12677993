"""Templates and their versions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, Prefetch, QuerySet, Subquery

from quita.domain.refusals import Refusal
from quita.messaging.models import Template, TemplateVersion
from quita.messaging.texts import letters, sample


@dataclass(frozen=True)
class TemplateRow:
    """A template as a line of the list."""

    id: int
    name: str
    channel: str
    channel_label: str
    is_active: bool
    subject: str
    number: int
    version_count: int
    changed_at: dt.datetime


def template_rows() -> list[TemplateRow]:
    """Every template with its latest version, active ones first. Templates belong to no company. One statement."""
    latest = TemplateVersion.objects.filter(template=OuterRef("pk")).order_by("-number")
    rows = Template.objects.annotate(
        subject=Subquery(latest.values("subject")[:1]),
        number=Max("versions__number"),
        version_count=Count("versions"),
        changed_at=Max("versions__created_at"),
    ).order_by("-is_active", "name", "id")
    return [
        TemplateRow(
            row.pk,
            row.name,
            row.channel,
            row.get_channel_display(),
            row.is_active,
            row.subject or "",
            row.number or 0,
            row.version_count,
            row.changed_at,
        )
        for row in rows
    ]


def template_with_versions(template_id: int) -> Template | None:
    """One template with its versions, newest first, and who made them. Two statements."""
    versions: QuerySet[TemplateVersion] = TemplateVersion.objects.select_related("created_by").order_by("-number")
    return Template.objects.filter(pk=template_id).prefetch_related(Prefetch("versions", queryset=versions)).first()


def active_templates(*, channel: str) -> list[tuple[int, str]]:
    """What a ladder's step may choose from: (id, name) by name."""
    found = Template.objects.filter(channel=channel, is_active=True).order_by("name", "id")
    return list(found.values_list("pk", "name"))


def latest_versions() -> dict[int, int]:
    """Template id → id of its latest version: what a run writes with. One statement."""
    rows = TemplateVersion.objects.order_by("template_id", "-number").distinct("template_id")
    return dict(rows.values_list("template_id", "pk"))


def sample_letter(*, subject: str, body: str, today: dt.date, title_count: int = 3) -> letters.Letter | Refusal:
    """A text as the sample debtor would read it, or what is wrong with it."""
    try:
        return letters.write(subject, body, sample.sample_facts(today, title_count=title_count))
    except Refusal as refusal:
        return refusal
