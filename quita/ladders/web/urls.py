"""Addresses of rules and runs. Each area brings its own list."""

from quita.ladders.web.rules import urls as rules
from quita.ladders.web.runs import urls as runs

app_name = "ladders"
urlpatterns = [*rules.urlpatterns, *runs.urlpatterns]
