"""Who sits at the desk: the scope, the actor and the moment of a request, read once at the edge."""

from typing import Any

from django.http import Http404, HttpRequest

from quita.parties import queries as parties
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When


def scope(request: HttpRequest) -> Scope:
    """The companies the person sees; one statement per request at most."""
    known: Scope | None = getattr(request, "_quita_scope", None)
    if known is None:
        known = parties.scope_for(request.user)
        request._quita_scope = known  # type: ignore[attr-defined]  # kept for the rest of the request
    return known


def when(request: HttpRequest) -> When:
    """The moment of the request: every part of a page means the same day, also at midnight."""
    known: When | None = getattr(request, "_quita_when", None)
    if known is None:
        known = When.now()
        request._quita_when = known  # type: ignore[attr-defined]  # kept for the rest of the request
    return known


def signs(request: HttpRequest) -> dict[str, Any]:
    """What every command takes: scope, by, when."""
    return {"scope": scope(request), "by": Actor.of(request.user), "when": when(request)}


def or_404(found: Any) -> Any:
    """What was found, or the page that says that there is no such thing (or not for this person)."""
    if found is None:
        raise Http404
    return found
