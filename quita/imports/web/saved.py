"""Saved mappings."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quita.imports import commands, queries
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers


@needs("import.run")
def saved(request: HttpRequest) -> HttpResponse:
    """The list."""
    return answers.page(request, "imports/mappings.html", {"mappings": queries.saved_mappings()}, part="mappings")


@needs("import.run")
@require_POST
def delete(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """Forgets one."""
    commands.delete_mapping(mapping_id=mapping_id, by=Actor.of(request.user), when=When.now())
    return answers.done(request, _("Mapping deleted."), to=reverse("imports:mappings"))
