"""The page that answers "why, or why not, for this title on that day?"."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from quita.domain.refusals import Refusal
from quita.ladders.queries import evidence
from quita.ladders.queries import explain as explaining
from quita.ladders.web.runs import shown
from quita.platform.access.web.guards import needs
from quita.platform.actors import When
from quita.platform.ui import answers


@needs("case.view")
def explain(request: HttpRequest) -> HttpResponse:
    """`?title=` is an id (or `?number=` what a person typed), `?day=` the day; without them, the form to ask."""
    now = When.now()
    day = shown.day(request.GET.get("day") or request.GET.get("dia")) or now.today
    typed = (request.GET.get("number") or "").strip()
    context: dict[str, Any] = {"day": day, "today": now.today, "typed": typed}
    receivable_id = shown.number(request.GET.get("title") or request.GET.get("titulo"))
    try:
        if typed:
            receivable_id = evidence.title_named(typed, scope=shown.scope_of(request))
        if receivable_id is not None:
            context |= _answer(request, receivable_id, day, now)
    except Refusal as refusal:
        if not typed and refusal.code == "title_unknown":
            raise Http404 from refusal
        context["refused"] = answers.sentence(refusal)
        return answers.page(request, "ladders/runs/explain.html", context, status=422)
    return answers.page(request, "ladders/runs/explain.html", context)


def _answer(request: HttpRequest, receivable_id: int, day: dt.date, now: When) -> dict[str, Any]:
    found = explaining.explain(
        receivable_id=receivable_id, day=day, scope=shown.scope_of(request),
        language=translation.get_language() or "pt-br", now=now.at,
    )  # fmt: skip
    before, after = explaining.run_days(around=day)
    base = reverse("ladders:explain")

    def url(other: dt.date | None) -> str:
        return f"{base}?{urlencode({'title': str(receivable_id), 'day': other.isoformat()})}" if other else ""

    return {
        "found": found, "case_url": shown.case_url(found.case_id), "typed": found.number,
        "before": before, "before_url": url(before), "after": after, "after_url": url(after),
    }  # fmt: skip
