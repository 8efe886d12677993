"""Templates: the list, the editor with its live preview, and the versions."""

from __future__ import annotations

import zlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quita.domain import refusals
from quita.messaging import commands, placeholders, queries
from quita.messaging.models import Template
from quita.messaging.texts import letters, validation
from quita.messaging.web import forms, framed
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers

# The text being edited travels to the preview's frame through the session: an address could not hold it.
DRAFT = "messaging.draft"
STARTING_TEXT = """Olá, {{ debtor.first_name }},

Consta em aberto na **{{ creditor.name }}**, com valores atualizados até {{ today }}:

{{ titles_table }}

**Como pagar**

{{ payment_instructions }}
"""


@needs("rules.view")
def templates(request: HttpRequest) -> HttpResponse:
    """Every template with its latest subject."""
    return answers.page(request, "messaging/templates.html", {"rows": queries.template_rows()}, part="templates")


@needs("templates.edit")
def create(request: HttpRequest) -> HttpResponse:
    """A new template."""
    start = {"subject": "Lembrete de pagamento", "body": STARTING_TEXT}
    form = forms.TemplateForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.create_template(**form.cleaned_data, by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return answers.done(request, _("Template created."), to=reverse("messaging:template", args=[made.pk]))
    return _editor(request, form, None, start)


@needs("rules.view")
def edit(request: HttpRequest, template_id: int) -> HttpResponse:
    """A template's text; saving makes a new version."""
    template = _found(template_id)
    latest = template.versions.all()[0]
    start = {"subject": latest.subject, "body": latest.body}
    form = forms.TextForm(request.POST or None, initial=start, channel=template.channel)
    if request.method == "POST":
        return _save(request, template, form, start)
    return _editor(request, form, template, start)


@needs("templates.edit")
def _save(request: HttpRequest, template: Template, form: forms.TextForm, start: dict[str, str]) -> HttpResponse:
    if form.is_valid():
        try:
            version = commands.save_template_version(
                template_id=template.pk, **form.cleaned_data, by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            text = _("Saved as version %(number)s.") % {"number": version.number}
            return answers.done(request, text, to=reverse("messaging:template", args=[template.pk]))
    return _editor(request, form, template, start)


def _editor(
    request: HttpRequest, form: forms.TextForm, template: Template | None, start: dict[str, str]
) -> HttpResponse:
    shown = {name: form.data.get(name, "") for name in start} if form.is_bound else start
    context = {"form": form, "template": template, "palette": _palette(), **_preview_context(request, shown)}
    if request.method == "POST":
        return answers.invalid(request, "messaging/template.html", context)
    return answers.page(request, "messaging/template.html", context)


def _palette() -> list[tuple[str, list[dict[str, str]]]]:
    """The placeholders in groups, with their meaning in the reader's language."""
    language = get_language() or "pt-br"
    titles = {
        "debtor": _("Debtor"), "creditor": _("Creditor"), "titles[]": _("Each title"), "totals": _("Totals"),
    }  # fmt: skip
    groups: dict[str, list[dict[str, str]]] = {}
    for entry in placeholders.PLACEHOLDERS:
        head = entry.path.partition(".")[0]
        if entry.kind is placeholders.Kind.LIST:
            source = "{% for titulo in titles %}\n- {{ titulo.number }}: {{ titulo.updated }}\n{% endfor %}\n"
        else:
            source = entry.source
        groups.setdefault(titles.get(head, _("Letter")), []).append(
            {"source": source, "shown": entry.path.replace("titles[].", "titulo."), "meaning": entry.label(language)}
        )
    return list(groups.items())


@needs("rules.view")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The text as it stands, as the sample debtor would read it, and what would be refused."""
    text = {"subject": request.POST.get("subject", ""), "body": request.POST.get("body", "")}
    return answers.page(request, "messaging/template.html", _preview_context(request, text), part="preview")


@needs("rules.view")
def preview_letter(request: HttpRequest) -> HttpResponse:
    """The sample letter of the text last previewed, for the frame."""
    text = request.session.get(DRAFT, {"subject": "", "body": ""})
    written = _sample(text)
    if isinstance(written, refusals.Refusal):
        return framed.plain(answers.sentence(written))
    return framed.letter(written.html)


def _preview_context(request: HttpRequest, text: dict[str, str]) -> dict[str, Any]:
    text = {"subject": text["subject"][:500], "body": text["body"][: 2 * validation.MAX_BODY]}
    request.session[DRAFT] = text
    found = validation.check(
        subject=text["subject"].strip(), body=text["body"], needs_subject=False, today=When.now().today
    )
    written = _sample(text)
    return {
        "findings": [answers.sentence(finding.refusal) for finding in found],
        "sample": None if isinstance(written, refusals.Refusal) else written,
        # Another address each time, or the browser would show the frame it has.
        "stamp": zlib.crc32((text["subject"] + text["body"]).encode()),
    }


def _sample(text: dict[str, str]) -> letters.Letter | refusals.Refusal:
    return queries.sample_letter(subject=text["subject"], body=text["body"], today=When.now().today)


@needs("rules.view")
def versions(request: HttpRequest, template_id: int) -> HttpResponse:
    """Every version of a template, newest first."""
    template = _found(template_id)
    return answers.page(
        request, "messaging/versions.html", {"template": template, "versions": list(template.versions.all())}
    )


@needs("rules.view")
def version_letter(request: HttpRequest, template_id: int, number: int) -> HttpResponse:
    """A version as the sample debtor would have read it, for the frame."""
    version = next((one for one in _found(template_id).versions.all() if one.number == number), None)
    if version is None:
        raise Http404
    written = _sample({"subject": version.subject, "body": version.body})
    if isinstance(written, refusals.Refusal):
        return framed.plain(answers.sentence(written))
    return framed.letter(written.html)


@needs("templates.edit")
@require_POST
def set_active(request: HttpRequest, template_id: int) -> HttpResponse:
    """Offers a template in ladders, or no more."""
    template = _found(template_id)
    change = commands.deactivate_template if template.is_active else commands.activate_template
    changed = change(template_id=template.pk, by=Actor.of(request.user), when=When.now())
    text = _("The template is offered again.") if changed.is_active else _("The template is not offered any more.")
    return answers.done(request, text, to=reverse("messaging:template", args=[template.pk]))


def _found(template_id: int) -> Template:
    template = queries.template_with_versions(template_id)
    if template is None:
        raise Http404
    return template
