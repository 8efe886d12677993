"""The permission of a page, said where the page is."""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def needs(permission: str) -> Callable[[View], View]:
    """403 for those whose role lacks the permission. Signing in is asked for by the middleware before."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.may(permission):  # type: ignore[union-attr]  # signed in, see LoginRequiredMiddleware
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        return guarded

    return guard
