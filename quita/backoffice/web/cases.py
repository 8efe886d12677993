"""The page of one case, and the story of what was done on it."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_datetime

from quita.backoffice import queries as backoffice
from quita.backoffice.web import desk, explaining, stories, work_forms
from quita.cases import queries
from quita.parties import queries as parties
from quita.platform.access.web.guards import needs
from quita.platform.ui import answers

COMPONENTS = (
    "principal_cents", "correction_cents", "fine_cents", "interest_cents", "fees_cents", "discount_cents",
    "rebate_cents",
    "total_cents",
)  # fmt: skip


@needs("case.view")
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Debtor, contract, titles worth what they are worth on a chosen day, and everything that was agreed and done."""
    scope, today = desk.scope(request), desk.when(request).today
    form = work_forms.AsOfForm(request.GET if "as_of" in request.GET else None)
    as_of: dt.date = (form.cleaned_data["as_of"] if form.is_valid() else None) or today
    detail = desk.or_404(queries.case_detail(case_id=case_id, scope=scope, today=today, as_of=as_of))
    told, more = backoffice.happenings(case=detail.case)
    record = parties.debtor_record(debtor_id=detail.case.debtor_id, scope=scope)
    context = {
        "detail": detail,
        "case": detail.case,
        "record": record,
        "as_of_form": form if form.is_bound else work_forms.AsOfForm(initial={"as_of": as_of}),
        "as_of": as_of,
        "today": today,
        "totals": _totals(detail.open_titles),
        "holds": queries.holds_in_force(detail.holds, today),
        "promise": next((one for one in detail.promises if one.state == "open"), None),
        "open_tasks": [task for task in detail.tasks if task.done_at is None],
        "dispute_url": _with_hole("dispute"),
        "debtor_url": _debtor_url(detail.case.debtor_id),
        "explain": explaining.addresses([title.id for title in detail.open_titles], today),
        "facts": stories.facts_of(told),
        "older": _older(detail.case.pk, told) if more else "",
    }
    return answers.page(request, "backoffice/case.html", context, part="case")


@needs("case.view")
def story(request: HttpRequest, case_id: int) -> HttpResponse:
    """Further entries of the timeline."""
    found = desk.or_404(queries.case_or_none(case_id=case_id, scope=desk.scope(request)))
    at = parse_datetime(request.GET.get("at", ""))
    number = request.GET.get("id", "")
    after = (at, request.GET.get("kind", ""), int(number)) if at and number.isdecimal() and len(number) < 19 else None
    told, more = backoffice.happenings(case=found, after=after)
    context = {"case": found, "facts": stories.facts_of(told), "older": _older(case_id, told) if more else ""}
    return answers.page(request, "backoffice/story.html", context, part="story")


def _older(case_id: int, told: list[backoffice.Happening]) -> str:
    last = told[-1]
    query = urlencode({"at": last.at.isoformat(), "kind": last.kind, "id": last.id})
    return f"{reverse('backoffice:story', args=[case_id])}?{query}"


def _totals(titles: Any) -> dict[str, int]:
    """The sums under the table; each column adds up what stands above it."""
    sums = {name: sum(title.payoff[name] for title in titles if title.payoff) for name in COMPONENTS}
    return sums | {
        "off_cents": sums["discount_cents"] + sums["rebate_cents"],
        "original_cents": sum(title.original_cents for title in titles),
        "balance_cents": sum(title.balance_cents for title in titles),
        "late_cents": sum(t.payoff["total_cents"] for t in titles if t.payoff and (t.days_past_due or 0) > 0),
    }


def _with_hole(name: str) -> str:
    # The menu fills {id} and {dispute} from the row it was opened on.
    return reverse("backoffice:close_dispute", args=[1, 2]).replace("/1/", "/{id}/").replace("/2/", f"/{{{name}}}/")


def _debtor_url(debtor_id: int) -> str:
    try:
        return reverse("parties:debtor", args=[debtor_id])
    except NoReverseMatch:
        return ""
