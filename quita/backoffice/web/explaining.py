"""Addresses of the page that explains why something was or was not done to a title on a day."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def addresses(receivable_ids: Iterable[int], day: dt.date) -> dict[int, str]:
    """The address per title; empty in an installation without ladders."""
    try:
        base = reverse("ladders:explain")
    except NoReverseMatch:
        return {}
    return {pk: f"{base}?{urlencode({'title': pk, 'day': day.isoformat()})}" for pk in receivable_ids}
