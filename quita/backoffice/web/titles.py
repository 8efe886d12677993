"""One title: what it is worth on a day and how that was reckoned, step by step."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from quita.backoffice import queries as backoffice
from quita.backoffice.web import desk, explaining, stories, work_forms
from quita.cases import queries
from quita.cases.queries import worklist
from quita.domain import charges
from quita.platform.access.web.guards import needs
from quita.platform.ui import answers
from quita.receivables import queries as receivables

STORY_SHOWN = 5


@needs("worklist.view")
def title(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """The itemised value with its memory of calculation; beside a list, only its detail."""
    scope, today = desk.scope(request), desk.when(request).today
    form = work_forms.AsOfForm(request.GET if "as_of" in request.GET else None)
    as_of: dt.date = (form.cleaned_data["as_of"] if form.is_valid() else None) or today
    detail = desk.or_404(receivables.payoff_detail(receivable_id=receivable_id, as_of=as_of, scope=scope))
    (row,) = worklist.title_rows(receivable_ids=[receivable_id], scope=scope, today=today)
    language = "en" if translation.get_language() == "en" else "pt-BR"
    context = {
        "row": row,
        "detail": detail,
        "payoff": detail.payoff,
        "steps": [(step, charges.render(step, language)) for step in detail.payoff.trace],
        "as_of": as_of,
        "as_of_form": form if form.is_bound else work_forms.AsOfForm(initial={"as_of": as_of}),
        "today": today,
        "portfolio_names": queries.portfolio_names(),
        "phase_names": queries.phase_names(only_active=False),
        "explain": explaining.addresses([receivable_id], today).get(receivable_id, ""),
    }
    part = "dialog" if request.headers.get("HX-Target") == "dialog-body" else "detail"
    if part == "detail" and answers.is_fragment(request):
        case_id = row.case_id or queries.case_of_title(receivable_id=receivable_id, scope=scope)
        case = queries.case_or_none(case_id=case_id, scope=scope) if case_id else None
        told = backoffice.happenings(case=case, size=STORY_SHOWN)[0] if case else []
        context |= {"facts": stories.facts_of(told), "case_id": case_id}
    return answers.page(request, "backoffice/title.html", context, part=part)
