"""What the tests of the pages ask and how they read an answer."""

from quita.cases.tests import scenes

TODAY = scenes.TODAY
HTMX = {"HX-Request": "true"}


def text(response):
    """The page as a string."""
    return response.content.decode()
