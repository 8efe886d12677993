"""What people do on one case: promises, disputes, holds, tickets, tasks. Each is one form and one command."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quita.backoffice.web import desk, work_forms
from quita.cases import commands, queries
from quita.cases.queries import worklist
from quita.domain import refusals
from quita.platform.access.web.guards import needs
from quita.platform.ui import answers

PAGE = "backoffice/work.html"


def _work(
    request: HttpRequest, form: forms.Form, run: Callable[..., Any], *, title: Any, button: Any, said: Any, back: str,
    about: str = "", changed: tuple[str, ...] = ("case", "list"),
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and (form.is_valid() or not form.fields):
        try:
            run(**getattr(form, "cleaned_data", {}), **desk.signs(request))
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return answers.done(request, said, to=back, changed=changed)
    context = {
        "form": form, "title": title, "button": button, "about": about, "back": back, "url": request.get_full_path(),
    }  # fmt: skip
    if request.method == "POST":
        return answers.invalid(request, f"{PAGE}#dialog" if answers.is_fragment(request) else PAGE, context)
    return answers.page(request, PAGE, context, part="dialog")


@needs("case.work")
def promise(request: HttpRequest, case_id: int) -> HttpResponse:
    """The debtor said when they will pay."""
    case = desk.or_404(queries.case_or_none(case_id=case_id, scope=desk.scope(request)))
    return _work(
        request,
        work_forms.PromiseForm(request.POST or None),
        lambda **values: commands.make_promise(case_id=case.pk, **values),
        title=_("Promise to pay"), button=_("Record the promise"), said=_("Promise recorded."), about=str(case.debtor),
        back=reverse("backoffice:case", args=[case.pk]),
    )  # fmt: skip


@needs("case.work")
def withdraw_promise(request: HttpRequest, case_id: int, promise_id: int) -> HttpResponse:
    """A promise does not count any more."""
    case = desk.or_404(queries.case_or_none(case_id=case_id, scope=desk.scope(request)))
    return _work(
        request,
        work_forms.ReasonForm(request.POST or None),
        lambda **values: commands.withdraw_promise(promise_id=promise_id, **values),
        title=_("Withdraw the promise"), button=_("Withdraw"), said=_("Promise withdrawn."), about=str(case.debtor),
        back=reverse("backoffice:case", args=[case.pk]),
    )  # fmt: skip


@needs("case.work")
def dispute(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """The debtor contests a title."""
    row = _title(request, receivable_id)
    return _work(
        request,
        work_forms.DisputeForm(request.POST or None),
        lambda **values: commands.open_dispute(receivable_id=receivable_id, **values),
        title=_("Open a dispute"), button=_("Open the dispute"), said=_("Dispute opened."),
        about=f"{row.debtor_name} · {row.number}", back=_case_or_title(row),
    )  # fmt: skip


@needs("case.work")
def close_dispute(request: HttpRequest, receivable_id: int, dispute_id: int) -> HttpResponse:
    """A dispute was decided."""
    row = _title(request, receivable_id)
    return _work(
        request,
        work_forms.ResolutionForm(request.POST or None),
        lambda **values: commands.close_dispute(dispute_id=dispute_id, **values),
        title=_("Close the dispute"), button=_("Close the dispute"), said=_("Dispute closed."),
        about=f"{row.debtor_name} · {row.number}", back=_case_or_title(row),
    )  # fmt: skip


@needs("case.work")
def lift_hold(request: HttpRequest, case_id: int, hold_id: int) -> HttpResponse:
    """A suspension ends before its day."""
    case = desk.or_404(queries.case_or_none(case_id=case_id, scope=desk.scope(request)))
    return _work(
        request,
        work_forms.NothingForm(request.POST or None),
        lambda **values: commands.lift_hold(hold_id=hold_id, **values),
        title=_("Resume collection"), button=_("Resume now"), said=_("Collection resumed."), about=str(case.debtor),
        back=reverse("backoffice:case", args=[case.pk]),
    )  # fmt: skip


@needs("case.work")
def close_ticket(request: HttpRequest, case_id: int, ticket_id: int) -> HttpResponse:
    """A ticket is done with."""
    case = desk.or_404(queries.case_or_none(case_id=case_id, scope=desk.scope(request)))
    return _work(
        request,
        work_forms.NothingForm(request.POST or None),
        lambda **values: commands.close_ticket(ticket_id=ticket_id, **values),
        title=_("Close the ticket"), button=_("Close the ticket"), said=_("Ticket closed."), about=str(case.debtor),
        back=reverse("backoffice:case", args=[case.pk]),
    )  # fmt: skip


@needs("task.do")
def complete_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """A task was done; what came of it stays on the case."""
    task = desk.or_404(queries.task_or_none(task_id=task_id, scope=desk.scope(request)))
    asked = request.GET.get("back", "")
    return _work(
        request,
        work_forms.OutcomeForm(request.POST or None),
        lambda **values: commands.complete_task(task_id=task.pk, **values),
        title=_("Task done"), button=_("Done"), said=_("Task done."),
        about=f"{task.title or task.get_kind_display()} · {task.debtor}",
        back=asked if asked.startswith("/cobrancas/") else reverse("backoffice:tasks"),
        changed=("tasks", "case", "list"),
    )  # fmt: skip


def _title(request: HttpRequest, receivable_id: int) -> Any:
    scope, today = desk.scope(request), desk.when(request).today
    rows = worklist.title_rows(receivable_ids=[receivable_id], scope=scope, today=today)
    return desk.or_404(rows[0] if rows else None)


def _case_or_title(row: Any) -> str:
    if row.case_id is not None:
        return reverse("backoffice:case", args=[row.case_id])
    return reverse("backoffice:title", args=[row.id])
