"""Templates: what debtors read. Every edit makes a new version; messages keep the one they were written with."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop as _

from quita.domain.refusals import Refusals
from quita.messaging.models import Channel, Template, TemplateVersion
from quita.messaging.texts import validation
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

# A channel that has a subject line.
WITH_SUBJECT = frozenset({Channel.EMAIL})


@transaction.atomic
def create_template(*, name: str, channel: str, subject: str, body: str, by: Actor, when: When) -> Template:
    """Adds a template with its first version.

    Refusals: template_name_missing, template_name_taken, channel_unknown and those of `validation.check`.
    """
    refusals = Refusals()
    clean = _checked_name(name, None, refusals)
    if channel not in Channel.values:
        refusals.add(
            "channel_unknown",
            _("“%(channel)s” is not a channel. Choose one of the list."),
            {"channel": channel[:20]},
            field="channel",
        )
    refusals.findings += _check_text(channel, subject, body, when).findings
    refusals.raise_if_any()
    template = Template.objects.create(name=clean, channel=channel)
    _add_version(template, 1, subject, body, by, when)
    audit.record(
        by=by, when=when, verb="messaging.template.created", subject="template", subject_id=template.pk, channel=channel
    )
    return template


@transaction.atomic
def save_template_version(*, template_id: int, subject: str, body: str, by: Actor, when: When) -> TemplateVersion:
    """Saves an edit as a new version; the same text again makes none. Refusals: those of `validation.check`."""
    template = Template.objects.select_for_update().get(pk=template_id)
    latest = template.versions.order_by("-number").first()
    body = _normal(body)
    if latest is not None and (latest.subject, latest.body) == (subject.strip(), body):
        return latest
    _check_text(template.channel, subject, body, when).raise_if_any()
    number = latest.number + 1 if latest else 1
    version = _add_version(template, number, subject, body, by, when)
    audit.record(
        by=by, when=when, verb="messaging.template.edited", subject="template", subject_id=template.pk, number=number
    )
    return version


@transaction.atomic
def rename_template(*, template_id: int, name: str, by: Actor, when: When) -> Template:
    """Gives a template another name. Refusals: template_name_missing, template_name_taken."""
    template = Template.objects.select_for_update().get(pk=template_id)
    refusals = Refusals()
    clean = _checked_name(name, template.pk, refusals)
    refusals.raise_if_any()
    if template.name == clean:
        return template
    before, template.name = template.name, clean
    template.save(update_fields=["name"])
    audit.record(
        by=by, when=when, verb="messaging.template.renamed", subject="template", subject_id=template.pk, before=before,
        after=clean,
    )  # fmt: skip
    return template


def deactivate_template(*, template_id: int, by: Actor, when: When) -> Template:
    """Offers the template no more. Ladders that use it keep it until somebody chooses another."""
    return _set_active(template_id, by, when, is_active=False)


def activate_template(*, template_id: int, by: Actor, when: When) -> Template:
    """Offers a template again."""
    return _set_active(template_id, by, when, is_active=True)


@transaction.atomic
def _set_active(template_id: int, by: Actor, when: When, *, is_active: bool) -> Template:
    template = Template.objects.select_for_update().get(pk=template_id)
    if template.is_active != is_active:
        template.is_active = is_active
        template.save(update_fields=["is_active"])
        verb = "messaging.template.activated" if is_active else "messaging.template.deactivated"
        audit.record(by=by, when=when, verb=verb, subject="template", subject_id=template.pk)
    return template


def _add_version(template: Template, number: int, subject: str, body: str, by: Actor, when: When) -> TemplateVersion:
    return TemplateVersion.objects.create(
        template=template, number=number, subject=subject.strip(), body=_normal(body), created_at=when.at,
        created_by_id=by.user_id,
    )  # fmt: skip


def _check_text(channel: str, subject: str, body: str, when: When) -> Refusals:
    return validation.check(
        subject=subject.strip(), body=_normal(body), needs_subject=channel in WITH_SUBJECT, today=when.today
    )


def _normal(body: str) -> str:
    """Browsers send CRLF."""
    return body.replace("\r\n", "\n").strip() + "\n" if body.strip() else ""


def _checked_name(name: str, own_id: int | None, refusals: Refusals) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > 80:
        refusals.add("template_name_missing", _("Give the template a name of at most 80 characters."), field="name")
    elif Template.objects.filter(name__iexact=clean).exclude(pk=own_id or 0).exists():
        refusals.add(
            "template_name_taken",
            _("There is a template named “%(name)s” already. Choose another name."),
            {"name": clean},
            field="name",
        )
    return clean
