"""Light, dark or as the device. The server writes the choice into the page, so that nothing flashes on load."""

from django.http import HttpRequest, HttpResponse

COOKIE = "quita_theme"
CHOICES = ("auto", "light", "dark")
YEAR_SECONDS = 365 * 24 * 60 * 60


def chosen(request: HttpRequest) -> str:
    """The signed-in person's choice; for a visitor, the cookie's."""
    user = getattr(request, "user", None)
    wanted = user.theme if user is not None and user.is_authenticated else request.COOKIES.get(COOKIE, "auto")
    return wanted if wanted in CHOICES else "auto"


def remember(response: HttpResponse, theme: str) -> None:
    """Keeps the choice for the sign-in page too."""
    response.set_cookie(COOKIE, theme, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
