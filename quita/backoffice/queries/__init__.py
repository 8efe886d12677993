"""Reads that bring several apps together for one page: the home page, a case's timeline, the palette."""

from quita.backoffice.queries.found import Hit, found
from quita.backoffice.queries.home import HomeNumbers, home_numbers
from quita.backoffice.queries.readiness import Check, readiness
from quita.backoffice.queries.timeline import Happening, happenings

__all__ = ["Check", "Happening", "Hit", "HomeNumbers", "found", "happenings", "home_numbers", "readiness"]
