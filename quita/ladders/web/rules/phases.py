"""The phases of collection: their order, and from which lateness on a title stands in one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from quita.cases import commands
from quita.cases import queries as cases
from quita.domain import refusals
from quita.domain.ladder import rules
from quita.ladders.web.rules import ordering
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, fields

LIST = "ladders/rules/phases.html"
FORM = "ladders/rules/phase.html"
BASES = [(rules.CALENDAR, gettext_lazy("calendar days")), (rules.BUSINESS, gettext_lazy("business days"))]
HOW = [("auto", gettext_lazy("Lateness sets it")), ("hand", gettext_lazy("Only people and steps set it"))]


class PhaseForm(forms.Form):
    """A phase."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    how = forms.ChoiceField(
        label=gettext_lazy("How titles get there"), choices=HOW, initial="auto", widget=fields.ChipsWidget
    )
    from_days = forms.IntegerField(label=gettext_lazy("From day"), required=False)
    basis = forms.ChoiceField(
        label=gettext_lazy("Lateness counted in"), choices=BASES, initial=rules.CALENDAR, widget=fields.ChipsWidget
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def phase(self) -> dict[str, Any]:
        """The cleaned values as arguments of the command."""
        cleaned = dict(self.cleaned_data)
        how = cleaned.pop("how")
        return {**cleaned, "is_automatic": how == "auto"}


@needs("rules.view")
def phases(request: HttpRequest) -> HttpResponse:
    """The phases in their order."""
    found = cases.phases()
    active = [phase for phase in found if phase.is_active]
    context = {"active": active, "phases": [phase for phase in found if not phase.is_active]}
    return answers.page(request, LIST, context, part="phases")


@needs("rules.edit")
@require_POST
def reorder(request: HttpRequest) -> HttpResponse:
    """Keeps the order that was dragged, or moves one phase by a button."""
    wanted = ordering.wanted(request)
    resting = [phase.pk for phase in cases.phases() if not phase.is_active]
    commands.order_phases(phase_ids=[*wanted, *resting], by=Actor.of(request.user), when=When.now())
    return answers.done(request, _("Order saved."), to=reverse("ladders:phases"), changed=["phases"])


@needs("rules.edit")
def create(request: HttpRequest) -> HttpResponse:
    """A new phase, at the end of the order."""
    return _edit(request, None, {})


@needs("rules.edit")
def edit(request: HttpRequest, phase_id: int) -> HttpResponse:
    """One phase."""
    phase = next((one for one in cases.phases() if one.pk == phase_id), None)
    if phase is None:
        raise Http404
    start = {name: getattr(phase, name) for name in ("name", "from_days", "basis", "is_active")}
    return _edit(request, phase_id, {**start, "how": "auto" if phase.is_automatic else "hand"})


def _edit(request: HttpRequest, phase_id: int | None, start: dict[str, Any]) -> HttpResponse:
    form = PhaseForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            commands.save_phase(phase_id=phase_id, **form.phase(), by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return answers.done(request, _("Phase saved."), to=reverse("ladders:phases"), changed=["phases"])
    context = {"form": form, "phase_id": phase_id, "name": start.get("name", "")}
    if request.method == "POST":
        return answers.invalid(request, f"{FORM}#dialog" if answers.is_fragment(request) else FORM, context)
    return answers.page(request, FORM, context, part="dialog")
