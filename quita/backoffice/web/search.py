"""What the palette asks for: debtors and titles as options, nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quita.backoffice import queries
from quita.backoffice.web import desk
from quita.platform.access.web.guards import needs


@needs("worklist.view")
def search(request: HttpRequest) -> HttpResponse:
    """Options for what was typed."""
    hits = queries.found(text=request.GET.get("q", ""), scope=desk.scope(request), today=desk.when(request).today)
    context = {
        "people": [hit for hit in hits if hit.kind == "debtor"], "titles": [hit for hit in hits if hit.kind == "title"],
    }  # fmt: skip
    return render(request, "backoffice/search.html", context)
