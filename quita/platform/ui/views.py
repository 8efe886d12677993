"""Theme, language, and the page for faults."""

import logging
import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quita.platform.access import commands
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, theme

log = logging.getLogger("quita.ui")


def _back(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if allowed else "/")


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keeps the theme with the person, and in a cookie for the sign-in page."""
    wanted = request.POST.get("theme", "")
    if wanted not in theme.CHOICES:
        return HttpResponse(status=400)
    if request.user.is_authenticated:
        commands.save_preferences(user_id=request.user.pk, theme=wanted, by=Actor.of(request.user), when=When.now())
    response = HttpResponse(status=204) if request.headers.get("X-Requested-With") else _back(request)
    theme.remember(response, wanted)
    return response


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language with the person, and in a cookie for the sign-in page."""
    wanted = request.POST.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        return HttpResponse(status=400)
    if request.user.is_authenticated:
        commands.save_preferences(user_id=request.user.pk, language=wanted, by=Actor.of(request.user), when=When.now())
    response = _back(request)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, wanted, max_age=theme.YEAR_SECONDS, samesite="Lax", httponly=True
    )
    return response


def apology(request: HttpRequest) -> HttpResponse:
    """Answers a fault: an apology with a reference that also stands in the log. Named as `handler500`."""
    reference = secrets.token_hex(4).upper()
    log.error("ui.fault reference=%s path=%s", reference, request.path, exc_info=True)
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    with translation.override(language):
        if answers.is_fragment(request):
            text = _("Something went wrong on our side. Nothing was half saved. Reference: %(reference)s") % {
                "reference": reference
            }
            return answers.toast(HttpResponse(status=500), text, "danger")
        return render(request, "ui/apology.html", {"reference": reference}, status=500)
