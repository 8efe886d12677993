"""The files brought so far, one file's progress and its result."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quita.domain import refusals
from quita.imports import commands, queries
from quita.imports.models import FileState, ImportFile
from quita.imports.web import access, forms
from quita.parties import queries as parties
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, paging

PAGE_FILES = 30
PAGE_REFUSED = 50
STOP_POLLING = 286


@needs("import.run")
def files(request: HttpRequest) -> HttpResponse:
    """What was brought in, newest first."""
    person: Any = request.user
    found = queries.files(scope=access.scope_of(request), user_id=person.pk)
    page = Paginator(found, PAGE_FILES).get_page(request.GET.get("page"))
    return answers.page(
        request, "imports/files.html", {"page": page, "bar": paging.of_page(request, page)}, part="files"
    )


@needs("import.run")
def upload(request: HttpRequest) -> HttpResponse:
    """A new file."""
    companies = [(c.pk, str(c)) for c in parties.companies(scope=access.scope_of(request), only_active=True)]
    form = forms.UploadForm(request.POST or None, request.FILES or None, companies=companies)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"]
        try:
            file = commands.receive_file(
                content=content, name=content.name, target=form.cleaned_data["target"],
                company_id=form.cleaned_data["company"], by=Actor.of(request.user), when=When.now(),
            )  # fmt: skip
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return HttpResponseRedirect(reverse("imports:columns", args=[file.pk]))
    if request.method == "POST":
        return answers.invalid(request, "imports/upload.html", {"form": form})
    return answers.page(request, "imports/upload.html", {"form": form, "has_companies": bool(companies)})


@needs("import.run")
def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """One file: its next step, its progress or its result."""
    row = access.own_file(request, file_id)
    if row.state == FileState.UPLOADED:
        return HttpResponseRedirect(reverse("imports:columns", args=[row.pk]))
    return answers.page(request, "imports/file.html", _result(request, row), part="refused")


def _result(request: HttpRequest, row: ImportFile) -> dict[str, Any]:
    context: dict[str, Any] = {"file": row, "working": row.state in (FileState.WAITING, FileState.RUNNING)}
    if context["working"]:
        return context
    page = Paginator(queries.refused_rows(row), PAGE_REFUSED).get_page(request.GET.get("page"))
    return {
        **context,
        "failure": queries.failure(row),
        "refusal_counts": queries.refusal_counts(row) if row.counts.get("refused") else [],
        "refused": queries.reasons_of(row, list(page.object_list)),
        "bar": paging.of_page(request, page),
        "resumable": row.state == FileState.FAILED and bool(row.spec),
    }


@needs("import.run")
def progress(request: HttpRequest, file_id: int) -> HttpResponse:
    """How far the import is; the last answer stops the asking and opens the result."""
    row = access.own_file(request, file_id)
    response = answers.page(request, "imports/file.html", {"file": row, "working": True}, part="progress")
    if row.state not in (FileState.WAITING, FileState.RUNNING):
        response.status_code = STOP_POLLING
        response.headers["HX-Redirect"] = reverse("imports:file", args=[row.pk])
    return response


@needs("import.run")
def refused(request: HttpRequest, file_id: int) -> HttpResponse:
    """The refused rows as a file to correct and bring again."""
    row = access.own_file(request, file_id)
    name = _("refused-%(number)s.csv") % {"number": row.pk}
    answer: Any = StreamingHttpResponse(
        queries.refused_csv(row), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip
    return answer
