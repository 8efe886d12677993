"""The language of the page, and refusals that a view did not turn into a form error itself."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from quita.domain import refusals
from quita.platform.ui import answers

Respond = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("quita.ui")


def language_of(request: HttpRequest) -> str:
    """The person's language, else the cookie's, else the installation's.

    The browser's Accept-Language does not count: most browsers in Brazilian offices were installed in English.
    """
    user = getattr(request, "user", None)
    wanted = (
        user.language
        if user is not None and user.is_authenticated
        else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    )
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class PreferredLanguage:
    """Activates the language for the request. Stands after authentication."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


class RefusalsAsAnswers:
    """A refusal that a view let through: 422 with its sentence, as a notice for htmx and as a page otherwise."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django for an exception out of a view; None lets it go on."""
        if not isinstance(exception, refusals.Refusal):
            return None
        log.info("ui.refused code=%s path=%s", exception.code, request.path)
        sentence = answers.sentence(exception)
        if answers.is_fragment(request):
            response = render(request, "ui/refusal.html#refusal", {"sentence": sentence}, status=422)
            # The part of the page that the button was about stays as it is.
            response.headers["HX-Reswap"] = "none"
            return answers.toast(response, sentence, "danger")
        return render(request, "ui/refusal.html", {"sentence": sentence, "back": came_from(request)}, status=422)


def came_from(request: HttpRequest) -> str:
    """The page that the person came from, when it is one of ours."""
    referrer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return referrer
    return "/"
