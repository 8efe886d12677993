"""Which files a request may touch."""

from typing import Any

from django.http import Http404, HttpRequest

from quita.imports import queries
from quita.imports.models import ImportFile
from quita.parties import queries as parties
from quita.platform.access.scopes import Scope


def scope_of(request: HttpRequest) -> Scope:
    """The companies of the signed-in person."""
    return parties.scope_for(request.user)


def own_file(request: HttpRequest, file_id: int) -> ImportFile:
    """The file, or 404 when it is not the person's to see."""
    person: Any = request.user
    found = queries.file(file_id=file_id, scope=scope_of(request), user_id=person.pk)
    if found is None:
        raise Http404
    return found
