"""From an uploaded file to a queued import: its columns, a preview, the start."""

from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quita.domain import refusals
from quita.imports import commands, fields, mappings, queries
from quita.imports.mappings import Spec
from quita.imports.models import FileState, ImportFile
from quita.imports.web import access, forms
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers


@dataclass(frozen=True)
class Line:
    """One of our fields: the select of columns, the fixed value, and what stands in the chosen column."""

    field: fields.Field
    column: django_forms.BoundField
    fixed: django_forms.BoundField
    examples: list[str]


@needs("import.run")
def columns(request: HttpRequest, file_id: int) -> HttpResponse:
    """Which column becomes which field. With `look` the file is only looked at again with other options."""
    row = access.own_file(request, file_id)
    if row.state not in (FileState.UPLOADED, FileState.FAILED):
        return HttpResponseRedirect(reverse("imports:file", args=[row.pk]))
    if request.method == "POST":
        return _posted(request, row)
    spec = _first_spec(request, row)
    try:
        sample = queries.sample(row, spec)
    except refusals.Refusal as refusal:
        return _unreadable(request, row, refusal)
    form = _form(row, sample, initial=forms.ColumnsForm.initial_of(spec or _suggested(sample)))
    return answers.page(request, "imports/columns.html", _context(row, sample, form), part="columns")


def _posted(request: HttpRequest, row: ImportFile) -> HttpResponse:
    blank = forms.ColumnsForm(request.POST, target=row.target, headers=[], workbook=False)
    try:
        sample = queries.sample(row, blank.rough_spec())
    except refusals.Refusal as refusal:
        return _unreadable(request, row, refusal)
    if "look" in request.GET:
        form = _form(row, sample, initial=request.POST.dict())
        return answers.page(request, "imports/columns.html", _context(row, sample, form), part="columns")
    form = _form(row, sample, data=request.POST)
    if form.is_valid():
        try:
            spec = form.spec()
            mappings.check_headers(spec, sample.headers)
            if form.cleaned_data["save_as"]:
                commands.save_mapping(
                    name=form.cleaned_data["save_as"], spec=spec, by=Actor.of(request.user), when=When.now()
                )
            commands.choose_mapping(file_id=row.pk, spec=spec, by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return HttpResponseRedirect(reverse("imports:preview", args=[row.pk]))
    return answers.invalid(request, "imports/columns.html", _context(row, sample, form))


def _first_spec(request: HttpRequest, row: ImportFile) -> Spec | None:
    """The saved mapping asked for, else the one the file already has."""
    wanted = request.GET.get("mapping", "")
    saved = queries.saved_mappings(row.target).filter(pk=int(wanted)).first() if wanted.isdigit() else None
    if saved is not None:
        return mappings.parse(saved.spec)
    return mappings.parse(row.spec) if row.spec else None


def _suggested(sample: queries.Sample) -> Spec:
    return mappings.replaced(sample.suggested, source="erp")


def _form(row: ImportFile, sample: queries.Sample, **options: Any) -> forms.ColumnsForm:
    return forms.ColumnsForm(target=row.target, headers=sample.headers, workbook="sheet" in sample.facts, **options)


def _context(row: ImportFile, sample: queries.Sample, form: forms.ColumnsForm) -> dict[str, Any]:
    groups: dict[str, tuple[str | Promise, list[Line]]] = {}
    for key, item in fields.of(row.target).items():
        column, fixed = form[f"col_{key}"], form[f"fixed_{key}"]
        chosen = str(column.value() or "")
        examples = sample.examples(chosen) if chosen in sample.headers else []
        groups.setdefault(item.group, (fields.GROUPS[item.group], []))[1].append(Line(item, column, fixed, examples))
    return {
        "file": row, "form": form, "groups": list(groups.values()), "sample": sample,
        "options": [form[name] for name in forms.OPTIONS if name in form.fields],
        "saved": queries.saved_mappings(row.target), "sample_rows": sample.rows[:5],
        "row_count": len(sample.rows),
    }  # fmt: skip


def _unreadable(request: HttpRequest, row: ImportFile, refusal: refusals.Refusal) -> HttpResponse:
    context = {"file": row, "unreadable": answers.sentence(refusal)}
    part = "#columns" if answers.is_fragment(request) else ""
    return answers.invalid(request, f"imports/columns.html{part}", context)


@needs("import.run")
def preview(request: HttpRequest, file_id: int) -> HttpResponse:
    """The first rows as they would go in."""
    row = access.own_file(request, file_id)
    if row.state not in (FileState.UPLOADED, FileState.FAILED) or not row.spec:
        return HttpResponseRedirect(reverse("imports:file", args=[row.pk]))
    try:
        shown = queries.preview(row, mappings.parse(row.spec), scope=access.scope_of(request), when=When.now())
    except refusals.Refusal as refusal:
        return _unreadable(request, row, refusal)
    only_refused = request.GET.get("show") == "refused"
    rows = [line for line in shown.rows if line.errors] if only_refused else shown.rows
    context = {"file": row, "preview": shown, "rows": rows, "only_refused": only_refused}
    return answers.page(request, "imports/preview.html", context, part="rows")


@needs("import.run")
@require_POST
def start(request: HttpRequest, file_id: int) -> HttpResponse:
    """Hands the file to a worker."""
    row = access.own_file(request, file_id)
    commands.start_import(file_id=row.pk, by=Actor.of(request.user), when=When.now())
    return answers.done(request, _("The import has started."), to=reverse("imports:file", args=[row.pk]))
