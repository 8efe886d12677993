"""Addresses of rules and runs. Each area brings its own list."""

from quita.ladders.web.rules import urls as rules

app_name = "ladders"
urlpatterns = [*rules.urlpatterns]
