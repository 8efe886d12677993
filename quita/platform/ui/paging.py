"""What the pagination bar needs. Lists that may reach a million rows page by key and need not know their length."""

from dataclasses import dataclass

from django.core import paginator
from django.http import HttpRequest


@dataclass(frozen=True)
class Paging:
    """Addresses of the neighbour pages ("" = none) and, where known, which rows of how many are shown.

    `total` None: not counted. `at_least` True: counting stopped at `total`.
    """

    previous_url: str = ""
    next_url: str = ""
    first: int | None = None
    last: int | None = None
    total: int | None = None
    at_least: bool = False
    first_url: str = ""


def address(request: HttpRequest, **changes: str | int | None) -> str:
    """The current address with some query parameters changed; None removes one."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def of_page(request: HttpRequest, page: paginator.Page, name: str = "page") -> Paging:
    """The bar of a Django page: for short lists, where counting is cheap."""
    return Paging(
        previous_url=address(request, **{name: page.previous_page_number()}) if page.has_previous() else "",
        next_url=address(request, **{name: page.next_page_number()}) if page.has_next() else "",
        first=page.start_index(),
        last=page.end_index(),
        total=page.paginator.count,
        first_url=address(request, **{name: None}) if page.number > 2 else "",
    )
