"""Index values: what was published, month by month, and loading a file of them."""

import math

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quita.domain import refusals
from quita.domain.charges.indexes import RATE_SCALE as INDEX_SCALE
from quita.domain.money import PPM
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, charts, formats
from quita.receivables import commands, index_files, queries
from quita.receivables.models import IndexValue
from quita.receivables.web import forms

CHART_MONTHS = 24
YEAR_MONTHS = 12
DEMONSTRATION = "demonstration"
LARGEST_FILE = 2 * 1024 * 1024


@needs("parties.view")
def values(request: HttpRequest) -> HttpResponse:
    """One index at a time, newest month first."""
    asked = request.GET.get("indice", "")
    series = asked if asked in index_files.SERIES else "IPCA"
    rows = list(queries.index_values(series=series))
    made_up = any(row.source == DEMONSTRATION for row in rows)
    language = translation.get_language() or "pt-br"
    for row in rows:
        if row.source == DEMONSTRATION:
            row.source = _("demonstration")
        row.percent = _percent(row.rate_e8, language)  # type: ignore[attr-defined]  # for the template alone
    chart = _accumulated(str(forms.INDEX_NAMES[series]), rows[::-1])
    summary = {name: (count, newest) for name, count, newest in queries.index_summary()}
    context = {
        "series": series, "rows": rows, "chart": chart, "name": forms.INDEX_NAMES[series],
        "tabs": [(key, forms.INDEX_NAMES[key], *summary.get(key, (0, ""))) for key in index_files.SERIES],
        "has_demonstration": made_up,
    }  # fmt: skip
    return answers.page(request, "receivables/index_values.html", context)


@needs("policy.edit")
def load(request: HttpRequest) -> HttpResponse:
    """Brings a file of published values in."""
    form = forms.IndexFileForm(
        request.POST or None, request.FILES or None, initial={"series": request.GET.get("indice", "")}
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > LARGEST_FILE:
                raise refusals.Refusal(
                    "index_file_too_large",
                    "The file has %(size)s bytes, and index values need at most %(limit)s. Is it the right file?",
                    {"size": file.size, "limit": LARGEST_FILE},
                )
            loaded = commands.load_index_file(
                content=file.read(), series=form.cleaned_data["series"], source=form.cleaned_data["source"],
                by=Actor.of(request.user), when=When.now(),
            )  # fmt: skip
        except refusals.Refusal as refusal:
            # Rows of the file are not fields of this form: everything is said beside the file.
            answers.onto(form, refusals.Refused(tuple(_beside_file(refusal))))
        else:
            text = _("%(added)s months added, %(changed)s corrected, %(same)s already known.") % {
                "added": loaded.added_count, "changed": loaded.changed_count, "same": loaded.unchanged_count,
            }  # fmt: skip
            return answers.done(request, text, to=reverse("receivables:index_values"))
    if request.method == "POST":
        part = "#dialog" if answers.is_fragment(request) else ""
        return answers.invalid(request, f"receivables/index_load.html{part}", {"form": form})
    return answers.page(request, "receivables/index_load.html", {"form": form}, part="dialog")


def _beside_file(refusal: refusals.Refusal) -> list[refusals.Finding]:
    findings = refusal.findings if isinstance(refusal, refusals.Refused) else (refusals.Finding(refusal),)
    return [refusals.Finding(finding.refusal, "file") for finding in findings[:10]]


def _accumulated(name: str, rows: list[IndexValue]) -> SafeString:
    """The rate of each month's twelve months, as people know an index; nothing before a year is loaded."""
    points = []
    for last in range(YEAR_MONTHS - 1, len(rows)):
        growth = math.prod(INDEX_SCALE + row.rate_e8 for row in rows[last - YEAR_MONTHS + 1 : last + 1])
        ppm = growth * PPM // INDEX_SCALE**YEAR_MONTHS - PPM
        points.append((f"{rows[last].month:%m/%y}", ppm))
    if not points:
        return SafeString("")
    shown = points[-CHART_MONTHS:]
    language = translation.get_language() or "pt-br"
    line = charts.Line(name, [ppm for _label, ppm in shown], [formats.percent(ppm, language) for _label, ppm in shown])
    return charts.lines(
        _("%(index)s accumulated over twelve months") % {"index": name}, [label for label, _ppm in shown], [line],
        write=lambda ppm: formats.percent(ppm, language), first_head=_("Month"),
    )  # fmt: skip


def _percent(rate_e8: int, language: str) -> str:
    """A published rate with all its decimals, as the reader writes numbers: 0,48% or 0,737787%."""
    whole, decimals = divmod(abs(rate_e8), 10**6)
    digits = f"{decimals:06d}".rstrip("0").ljust(2, "0")
    mark = "," if language.startswith("pt") else "."
    return f"{'-' if rate_e8 < 0 else ''}{whole}{mark}{digits}%"
