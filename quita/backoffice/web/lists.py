"""The worklists of titles and of cases."""

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quita.backoffice.web import desk
from quita.backoffice.web.filters import FilterForm
from quita.cases.queries import worklist
from quita.parties import queries as parties
from quita.platform.access.web.guards import needs
from quita.platform.ui import answers, paging
from quita.receivables import queries as receivables

TITLE_SORTS = [
    ("-days", _("Most late first")), ("days", _("Least late first")), ("-balance", _("Largest balance first")),
    ("balance", _("Smallest balance first")), ("name", _("Debtor, A to Z")), ("-name", _("Debtor, Z to A")),
]  # fmt: skip
CASE_SORTS = [(key, label) for key, label in TITLE_SORTS if key in worklist.CASE_SORTS]


@dataclass(frozen=True)
class Listing:
    """What the two lists differ in."""

    template: str
    sorts: list[tuple[str, Any]]
    kind: str


TITLES = Listing("backoffice/titles.html", TITLE_SORTS, "titles")
CASES = Listing("backoffice/cases.html", CASE_SORTS, "cases")


@needs("worklist.view")
def titles(request: HttpRequest) -> HttpResponse:
    """The worklist of titles: rows, with what each is worth today."""
    return _answer(request, TITLES)


@needs("case.view")
def cases(request: HttpRequest) -> HttpResponse:
    """The worklist of open cases."""
    return _answer(request, CASES)


@needs("worklist.view")
def title_total(request: HttpRequest) -> HttpResponse:
    """How many titles the filters leave, counted after the rows are already shown; `all` counts to the end."""
    return _total(request, TITLES)


@needs("case.view")
def case_total(request: HttpRequest) -> HttpResponse:
    """How many cases the filters leave."""
    return _total(request, CASES)


def filter_form(request: HttpRequest, data: Any = None) -> FilterForm:
    """The filters of this address, with the choices this person has."""
    companies = {company.pk: str(company) for company in parties.companies(scope=desk.scope(request), only_active=True)}
    return FilterForm(request.GET if data is None else data, user_id=request.user.pk or 0, companies=companies)


def _answer(request: HttpRequest, listing: Listing) -> HttpResponse:
    form = filter_form(request)
    today, scope = desk.when(request).today, desk.scope(request)
    sort = request.GET.get("sort") or "-days"
    read = worklist.title_worklist if listing is TITLES else worklist.case_worklist
    page = read(
        filters=form.filters(),
        sort=sort,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        scope=scope,
        today=today,
    )
    context = {
        "form": form,
        "page": page,
        "sort": sort,
        "sorts": listing.sorts,
        "kind": listing.kind,
        "today": today,
        "bar": _bar(request, page),
        "total": _cheap_total(listing, form, page, scope, today),
        "count_url": _count_url(request, listing, page),
        "rows": _lines(listing, form, page, scope, today),
        "query": request.GET.urlencode(),
    }
    return answers.page(request, listing.template, context, part="list", status=200 if form.is_valid() else 422)


def _lines(listing: Listing, form: FilterForm, page: worklist.Page, scope: Any, today: dt.date) -> list[dict[str, Any]]:
    """The rows with names instead of ids and, for titles, what clears each today: only visible ones are reckoned."""
    worth = receivables.payoffs([row.id for row in page.rows], today, scope=scope) if listing is TITLES else {}
    return [
        {
            **vars(row),
            "portfolio": form.portfolios.get(row.portfolio_id, ""),
            "person": form.people.get(row.assigned_to_id, ""),
            "phase": form.phases.get(getattr(row, "phase_id", 0), ""),
            "href": _href(row),
            "total_cents": worth.get(row.id, {}).get("total_cents"),
        }
        for row in page.rows
    ]


def _href(row: Any) -> str:
    """Where a row leads: its case, or the title where there is none."""
    if isinstance(row, worklist.CaseRow):
        return with_id("backoffice:case", row.id)
    return with_id("backoffice:case", row.case_id) if row.case_id else with_id("backoffice:title", row.id)


@functools.cache
def _address(name: str) -> str:
    return reverse(name, args=[0])


def with_id(name: str, pk: int) -> str:
    """The address of one row's page. Resolving fifty of them one by one costs more than reading their rows."""
    return _address(name).replace("/0/", f"/{pk}/")


def _cheap_total(listing: Listing, form: FilterForm, page: worklist.Page, scope: Any, today: dt.date) -> Any:
    """The total where it costs next to nothing: the whole list is on the page, or an index alone counts it."""
    if not page.after and not page.before:
        cents = [row.balance_cents if listing is TITLES else row.late_cents for row in page.rows]
        return worklist.Total(len(cents), sum(cents))
    filters = form.filters()
    if listing is TITLES and filters.is_plain and filters.amount_from_cents is None and filters.amount_to_cents is None:
        return worklist.title_total(filters=filters, scope=scope, today=today)
    if listing is CASES and filters == worklist.Filters(company_id=filters.company_id):
        return worklist.case_total(filters=filters, scope=scope, today=today)
    return None


def _total(request: HttpRequest, listing: Listing) -> HttpResponse:
    form = filter_form(request)
    count = worklist.title_total if listing is TITLES else worklist.case_total
    exact = request.GET.get("count") == "all"
    total = count(
        filters=form.filters(),
        scope=desk.scope(request),
        today=desk.when(request).today,
        gather=request.GET.get("found") == "gathered",
        exact=exact,
    )
    context = {"total": total, "kind": listing.kind, "count_url": paging.address(request, count=None)}
    return answers.page(request, "backoffice/total.html", context, part="total")


def _count_url(request: HttpRequest, listing: Listing, page: worklist.Page) -> str:
    query = request.GET.copy()
    for name in ("after", "before", "sort", "count"):
        query.pop(name, None)
    query["found"] = "gathered" if page.gathered else "walked"
    return f"{reverse(f'backoffice:{listing.kind}_total')}?{query.urlencode()}"


def _bar(request: HttpRequest, page: worklist.Page) -> paging.Paging:
    return paging.Paging(
        previous_url=paging.address(request, before=page.before, after=None) if page.before else "",
        next_url=paging.address(request, after=page.after, before=None) if page.after else "",
        first_url=paging.address(request, after=None, before=None) if page.before else "",
    )
