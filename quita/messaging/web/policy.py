"""The contact policy: hours by place and channel, limits per person, and a place to try it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quita.domain import contact_policy, refusals
from quita.messaging import commands, queries
from quita.messaging.models import ContactRule
from quita.messaging.web import forms
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers


@dataclass
class RuleRow:
    """Rules that say the same of several days: one line of the page."""

    first: ContactRule
    cells: list[str] = field(default_factory=lambda: [""] * 8)
    ids: list[int] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """True when the rule has a last day."""
        return self.first.valid_until is not None


@needs("rules.view")
def policy(request: HttpRequest) -> HttpResponse:
    """Everything that holds or will hold."""
    when = When.now()
    context = {
        "places": _places(queries.rules_in_force(when.today)),
        "caps": [cap for cap in queries.caps() if cap.valid_until is None or cap.valid_until >= when.today],
        "weekdays": [str(label) for _number, label in forms.WEEKDAYS],
        **_trial(request, when),
    }
    return answers.page(request, "messaging/policy.html", context)


def _places(rules: list[ContactRule]) -> list[tuple[str, list[RuleRow]]]:
    rows: dict[tuple[Any, ...], RuleRow] = {}
    for rule in rules:
        key = (rule.uf, rule.channel, rule.legal_ref, rule.valid_from, rule.valid_until)
        row = rows.setdefault(key, RuleRow(rule))
        row.ids.append(rule.pk)
        hours = f"{rule.starts:%H:%M}–{rule.ends:%H:%M}" if rule.starts and rule.ends else "×"
        row.cells[rule.weekday] = f"{row.cells[rule.weekday]} {hours}".strip()
    places: dict[str, list[RuleRow]] = {}
    for row in rows.values():
        places.setdefault(row.first.uf, []).append(row)
    return sorted(places.items())


def _trial(request: HttpRequest, when: When) -> dict[str, Any]:
    asked = "channel" in request.GET
    form = forms.TrialForm(request.GET if asked else None, initial={"channel": "email", "day": when.today})
    if not (asked and form.is_valid()):
        return {"trial": form, "answer": ""}
    value = form.cleaned_data
    window = contact_policy.allowed_window(
        queries.policy_in_force(),
        value["channel"],
        value["uf"],
        value["phone_uf"],
        value["day"],
        queries.civil_holidays(),
    )
    if window is None:
        answer = _("On that day this channel may not be used.")
    else:
        answer = _("Allowed from %(start)s to %(end)s, %(zone)s time.") % {
            "start": f"{window[0]:%H:%M}", "end": f"{window[1]:%H:%M}" if window[1].time() != dt.time() else "24:00",
            "zone": str(window[0].tzinfo).rpartition("/")[2].replace("_", " "),
        }  # fmt: skip
    return {"trial": form, "answer": answer, "is_allowed": window is not None}


@needs("policy.edit")
def add_rule(request: HttpRequest) -> HttpResponse:
    """Hours for some days, or closed days."""
    form = forms.RuleForm(request.POST or None, initial={"valid_from": When.now().today})
    heading = _("New hours")
    return _handle(request, form, commands.add_rule, _("Hours added."), heading, reverse("messaging:add_rule"))


@needs("policy.edit")
def add_cap(request: HttpRequest) -> HttpResponse:
    """A limit per person."""
    form = forms.CapForm(request.POST or None, initial={"valid_from": When.now().today})
    return _handle(request, form, commands.add_cap, _("Limit added."), _("New limit"), reverse("messaging:add_cap"))


def _handle(
    request: HttpRequest, form: django_forms.Form, command: Any, done: str, heading: str, action: str, note: str = ""
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            command(**form.cleaned_data, by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return answers.done(request, done, to=reverse("messaging:policy"))
    context = {"form": form, "heading": heading, "action": action, "note": note}
    if request.method == "POST":
        template = "messaging/policy_form.html#dialog" if answers.is_fragment(request) else "messaging/policy_form.html"
        return answers.invalid(request, template, context)
    return answers.page(request, "messaging/policy_form.html", context, part="dialog")


@needs("policy.edit")
def end_rules(request: HttpRequest) -> HttpResponse:
    """The last day of a line of hours."""
    ids = [int(value) for value in request.GET.getlist("rule") if value.isdecimal()]
    form = forms.EndForm(request.POST or None, initial={"last_on": When.now().today})
    note = _("Ended hours no longer hold people back: more contacts become possible.")
    return _handle(
        request, form, partial(commands.end_rules, rule_ids=ids), _("The hours end on that day."), _("End these hours"),
        request.get_full_path(), note=note,
    )  # fmt: skip


@needs("policy.edit")
def end_cap(request: HttpRequest, cap_id: int) -> HttpResponse:
    """The last day of a limit."""
    form = forms.EndForm(request.POST or None, initial={"last_on": When.now().today})
    note = _("An ended limit no longer holds: more contacts become possible.")
    return _handle(
        request, form, partial(commands.end_cap, cap_id=cap_id), _("The limit ends on that day."), _("End this limit"),
        request.path, note=note,
    )  # fmt: skip
