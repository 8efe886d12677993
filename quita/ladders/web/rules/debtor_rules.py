"""Rules of single debtors: a portfolio, a ladder or both of their own, with the reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quita.domain import refusals
from quita.ladders.commands import debtor_rules as commands
from quita.ladders.queries import rules_lists
from quita.parties import queries as parties
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, paging

LIST = "ladders/rules/debtor_rules.html"
FORM = "ladders/rules/debtor_rule.html"
RELEASE = "ladders/rules/release_debtor_rule.html"
PAGE_SIZE = 50
MOST_FOUND = 12


class RuleForm(forms.Form):
    """What the debtor gets and why."""

    portfolio_id = forms.TypedChoiceField(label=gettext_lazy("Portfolio"), coerce=int, empty_value=None, required=False)
    ladder_id = forms.TypedChoiceField(label=gettext_lazy("Ladder"), coerce=int, empty_value=None, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=commands.MAX_REASON,
        help_text=gettext_lazy("Stays on record, for whoever asks later."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        portfolios = [(row.pk, row.name) for row in rules_lists.portfolios_in_order()]
        for name, empty, choices in (
            ("portfolio_id", _("As the conditions decide"), portfolios),
            ("ladder_id", _("That of the portfolio"), rules_lists.ladder_choices()),
        ):
            chosen: forms.TypedChoiceField = self.fields[name]  # type: ignore[assignment]  # declared above
            chosen.choices = [("", empty), *choices]


class ReleaseForm(forms.Form):
    """Why the rule ends."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=commands.MAX_REASON)


@needs("rules.view")
def debtor_rules(request: HttpRequest) -> HttpResponse:
    """The debtors that have a rule of their own."""
    search = request.GET.get("q", "").strip()
    rows = rules_lists.debtor_rules(scope=parties.scope_for(request.user), search=search)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "bar": paging.of_page(request, page), "search": search}
    return answers.page(request, LIST, context, part="debtor_rules")


@needs("rules.edit")
def create(request: HttpRequest) -> HttpResponse:
    """Finding the debtor first; each one found leads to its rule."""
    search = request.GET.get("q", "").strip()
    scope = parties.scope_for(request.user)
    found = list(parties.debtors(scope=scope, search=search)[:MOST_FOUND]) if search else []
    return answers.page(request, "ladders/rules/find_debtor.html", {"search": search, "found": found}, part="found")


@needs("rules.edit")
def edit(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """The rule of one debtor."""
    scope = parties.scope_for(request.user)
    record = parties.debtor_record(debtor_id=debtor_id, scope=scope)
    if record is None:
        raise Http404
    rule = rules_lists.debtor_rule(debtor_id=debtor_id, scope=scope)
    start = {name: getattr(rule, name) for name in ("portfolio_id", "ladder_id", "reason")} if rule else {}
    form = RuleForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            commands.set_debtor_rule(
                debtor_id=debtor_id, **form.cleaned_data, scope=scope, by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            text = _("%(name)s has a rule of its own from the next run on.") % {"name": record.debtor.name}
            return answers.done(request, text, to=reverse("ladders:debtor_rules"))
    context = {"form": form, "debtor": record.debtor, "rule": rule}
    if request.method == "POST":
        return answers.invalid(request, FORM, context)
    return answers.page(request, FORM, context)


@needs("rules.edit")
def release(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Ends the rule of one debtor, with the reason."""
    scope = parties.scope_for(request.user)
    rule = rules_lists.debtor_rule(debtor_id=debtor_id, scope=scope)
    if rule is None:
        raise Http404
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commands.release_debtor_rule(
            debtor_id=debtor_id, **form.cleaned_data, scope=scope, by=Actor.of(request.user), when=When.now()
        )
        text = _("From the next run on, portfolios decide for %(name)s.") % {"name": rule.debtor.name}
        return answers.done(request, text, to=reverse("ladders:debtor_rules"))
    context = {"form": form, "rule": rule}
    template = f"{RELEASE}#dialog" if answers.is_fragment(request) else RELEASE
    if request.method == "POST":
        return answers.invalid(request, template, context)
    return answers.page(request, RELEASE, context, part="dialog")
