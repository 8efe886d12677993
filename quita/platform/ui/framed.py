"""Letters shown as they are, inside a frame of our own pages and nowhere else.

A letter carries inline styles, which no page of ours may; so it is an address of its own whose policy allows styles
and nothing that acts: no scripts, no forms, no pictures from elsewhere.
"""

from django.http import HttpResponse

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups"
)


def letter(html: str) -> HttpResponse:
    """Answer with a letter's HTML."""
    return _framed(HttpResponse(html))


def plain(text: str) -> HttpResponse:
    """Answer with a letter's text."""
    return _framed(HttpResponse(text, content_type="text/plain; charset=utf-8"))


def _framed(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "no-store"
    return response
