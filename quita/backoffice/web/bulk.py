"""Actions on one row or on many: move, set the phase, assign, suspend, release.

Marks come from the list's check boxes (also those of other pages, which the browser keeps), or the whole result of the
filters is meant. One action is one command over all of them: either every row changes or none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from quita.backoffice.web import bulk_forms, desk, lists
from quita.cases import commands, queries
from quita.cases.commands.targets import MOST_AT_ONCE
from quita.cases.queries import worklist
from quita.domain import refusals
from quita.platform.ui import answers

PAGE = "backoffice/bulk.html"


@dataclass(frozen=True)
class Action:
    """One thing that can be done to rows. `on` says what the command takes: cases, titles, or what the list shows."""

    label: Any
    button: Any
    form: type[forms.Form]
    run: Callable[..., int]
    on: str
    permission: str = "case.move"


def _hold_cases(ids: list[int], **values: Any) -> int:
    return len(commands.place_holds(case_ids=ids, **values))


def _hold_titles(ids: list[int], **values: Any) -> int:
    return len(commands.place_holds(receivable_ids=ids, **values))


ACTIONS = {
    "move": Action(_("Move to a portfolio"), _("Move"), bulk_forms.MoveForm,
                   lambda ids, **v: commands.move_cases(case_ids=ids, **v), "cases"),
    "release": Action(_("Give back to the rules"), _("Give back"), bulk_forms.ReleaseForm,
                      lambda ids, **v: commands.release_cases(case_ids=ids, **v), "cases"),
    "assign": Action(_("Assign"), _("Assign"), bulk_forms.AssignForm,
                     lambda ids, **v: commands.assign_cases(case_ids=ids, **v), "cases"),
    "phase": Action(_("Set the phase"), _("Set the phase"), bulk_forms.PhaseForm,
                    lambda ids, **v: commands.set_phase(receivable_ids=ids, **v), "titles"),
    "release-phase": Action(_("Let lateness decide the phase"), _("Release the phase"), bulk_forms.ReleaseForm,
                            lambda ids, **v: commands.release_phase(receivable_ids=ids, **v), "titles"),
    "hold": Action(_("Suspend collection"), _("Suspend"), bulk_forms.HoldForm, _hold_titles, "titles", "case.work"),
    "hold-case": Action(
        _("Suspend the whole case"), _("Suspend"), bulk_forms.HoldForm, _hold_cases, "cases", "case.work"
    ),
}  # fmt: skip


def act(request: HttpRequest, kind: str, action: str) -> HttpResponse:
    """Shows the form of an action and carries it out on everything that is marked."""
    chosen = ACTIONS.get(action)
    if chosen is None or kind not in ("titles", "cases") or (kind == "cases" and chosen.on == "titles"):
        raise Http404
    if not request.user.may(chosen.permission):  # type: ignore[union-attr]  # signed in, see LoginRequiredMiddleware
        raise PermissionDenied(chosen.permission)
    form = chosen.form(request.POST or None)
    if request.method == "POST" and (form.is_valid() or not form.fields):
        try:
            count = chosen.run(
                _ids(request, kind, chosen.on), **getattr(form, "cleaned_data", {}), **desk.signs(request)
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            text = ngettext("%(n)s changed.", "%(n)s changed.", count) % {"n": count}
            return answers.done(request, text, to=_back(request, kind), changed=["list", "case"])
    context = {
        "form": form,
        "action": chosen,
        "kind": kind,
        "alone": request.GET.getlist("marked") or request.POST.getlist("alone"),
        "query": request.GET.get("query", "") or request.POST.get("query", ""),
        "url": reverse("backoffice:bulk", args=[kind, action]),
        "back": _back(request, kind),
        "limit": MOST_AT_ONCE,
    }
    if request.method == "POST":
        return answers.invalid(request, f"{PAGE}#dialog" if answers.is_fragment(request) else PAGE, context)
    return answers.page(request, PAGE, context, part="dialog")


def _ids(request: HttpRequest, kind: str, on: str) -> list[int]:
    """The rows meant, as what the command takes. Refusals: too_many_chosen, nothing_chosen, case_missing."""
    scope, today = desk.scope(request), desk.when(request).today
    if request.POST.get("whole") and kind == "titles":
        filters = lists.filter_form(request, QueryDict(request.POST.get("query", ""))).filters()
        ids = worklist.title_ids(filters=filters, scope=scope, today=today, limit=MOST_AT_ONCE)
        if len(ids) > MOST_AT_ONCE:
            raise refusals.Refusal(
                "result_too_large",
                "The list has more than the %(limit)s rows that can be changed at once. Narrow the filters and go step "
                "by step.",
                {"limit": MOST_AT_ONCE},
            )
    else:
        typed = request.POST.getlist("alone") or request.POST.getlist("marked")
        ids = sorted({int(text) for text in typed if text.isdecimal() and len(text) < 19})
    if kind == "cases" or on == "titles" or not ids:
        return ids
    cases = queries.cases_of_titles(receivable_ids=ids, scope=scope)
    if not cases:
        raise refusals.Refusal(
            "case_missing",
            "None of the marked titles belongs to an open case: a case opens when something is past due. Mark late "
            "titles.",
        )
    return cases


def _back(request: HttpRequest, kind: str) -> str:
    base = reverse("backoffice:worklist" if kind == "titles" else "backoffice:cases")
    query = request.POST.get("query", "") or request.GET.get("query", "")
    return f"{base}?{query}" if query else base
