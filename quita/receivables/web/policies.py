"""Charge policies: the list, and the editor that shows what a title costs while the terms are typed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quita.domain import charges, refusals
from quita.domain.charges.policies import LEGAL_MONTHLY_PPM
from quita.parties import queries as parties
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.choices import DebtRegime
from quita.platform.ui import answers
from quita.receivables import commands, queries
from quita.receivables.models import ChargePolicy
from quita.receivables.web import forms

SAMPLE_CENTS = 50_000
SAMPLE_DAYS = (0, 1, 10, 30, 90)


@dataclass(frozen=True)
class SampleRow:
    """What the sample title is worth some days after its due date."""

    days: int
    as_of: dt.date
    correction_cents: int
    fine_cents: int
    interest_cents: int
    discount_cents: int
    total_cents: int


@needs("parties.view")
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy with the terms in force today."""
    today = When.now().today
    found = list(queries.policies())
    terms = queries.rules(today).terms
    counts = queries.title_counts([policy.pk for policy in found])
    rows = [
        {
            "policy": policy,
            "terms": terms.by_version[terms.version_of(policy.pk, today)],
            "titles": counts.get(policy.pk, 0),
        }
        for policy in found
    ]
    return answers.page(request, "receivables/policies.html", {"rows": rows, "index_names": forms.INDEX_NAMES})


@needs("policy.edit")
def create(request: HttpRequest) -> HttpResponse:
    """A new policy. The form begins with what the law gives where a contract is silent."""
    today = When.now().today
    asked = request.POST.get("regime") or request.GET.get("regime") or DebtRegime.CONDO
    regime = charges.regime_on(asked if asked in DebtRegime.values else DebtRegime.CONDO, today)
    start = charges.policy_for(regime, fine_ppm=regime.fine_cap_ppm, interest_ppm=LEGAL_MONTHLY_PPM)
    form = forms.NewPolicyForm(request.POST or None, terms=start, initial={"regime": regime.key})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = commands.create_policy(
                name=data["name"], regime=data["regime"], terms=form.as_terms(regime), by=Actor.of(request.user),
                when=When.now(),
            )  # fmt: skip
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return _published(request, made)
    return _form(request, form, regime, None)


@needs("parties.view")
def edit(request: HttpRequest, policy_id: int) -> HttpResponse:
    """One policy: its versions, and a form that publishes the next one."""
    policy = _policy(policy_id)
    today = When.now().today
    versions = list(queries.policy_versions(policy_id=policy_id))
    terms = charges.ChargePolicy.from_facts(versions[0].terms) if versions else charges.ChargePolicy()
    form = forms.VersionForm(request.POST or None, terms=terms, initial={"valid_from": forms.next_month(today)})
    regime = charges.regime_on(policy.regime, today)
    if request.method == "POST":
        return _publish(request, policy, form, regime)
    return _form(request, form, regime, policy)


@needs("policy.edit")
def _publish(
    request: HttpRequest, policy: ChargePolicy, form: forms.VersionForm, regime: charges.Regime
) -> HttpResponse:
    if form.is_valid():
        try:
            made = commands.publish_version(
                policy_id=policy.pk, terms=form.as_terms(regime), valid_from=form.cleaned_data["valid_from"],
                by=Actor.of(request.user), when=When.now(),
            )  # fmt: skip
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return _published(request, made)
    return _form(request, form, regime, policy)


@needs("policy.edit")
def rename(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Another name, or out of the lists."""
    policy = _policy(policy_id)
    form = forms.RenameForm(request.POST or None, initial={"name": policy.name, "is_active": policy.is_active})
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_policy(policy_id=policy_id, **form.cleaned_data, by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return answers.done(request, _("Policy saved."), to=reverse("receivables:policy", args=[policy_id]))
    if request.method == "POST":
        part = "#dialog" if answers.is_fragment(request) else ""
        return answers.invalid(request, f"receivables/policy_name.html{part}", {"form": form, "policy": policy})
    return answers.page(request, "receivables/policy_name.html", {"form": form, "policy": policy}, part="dialog")


@needs("parties.view")
@require_POST
def sample(request: HttpRequest) -> HttpResponse:
    """What a title of R$ 500,00 would cost under the terms as they are typed."""
    today = When.now().today
    asked = request.POST.get("regime", "")
    regime = charges.regime_on(asked if asked in DebtRegime.values else DebtRegime.CONDO, today)
    form = forms.PolicyForm(request.POST, terms=charges.ChargePolicy())
    context: dict[str, Any] = {"sample_cents": SAMPLE_CENTS}
    if form.is_valid():
        terms = form.as_terms(regime)
        context |= _judged(terms, regime)
        context |= _reckoned(terms, today)
    else:
        context["incomplete"] = True
    return answers.page(request, "receivables/sample.html", context)


def _form(
    request: HttpRequest, form: forms.PolicyForm, regime: charges.Regime, policy: ChargePolicy | None
) -> HttpResponse:
    versions = list(queries.policy_versions(policy_id=policy.pk)) if policy else []
    context = {
        "form": form, "policy": policy, "regime": regime, "regime_name": DebtRegime(str(regime.key)).label,
        "versions": [{"version": v, "terms": charges.ChargePolicy.from_facts(v.terms)} for v in versions],
        "index_names": forms.INDEX_NAMES,
    }  # fmt: skip
    if request.method == "POST":
        return answers.invalid(request, "receivables/policy.html", context)
    return answers.page(request, "receivables/policy.html", context)


def _published(request: HttpRequest, made: commands.Published) -> HttpResponse:
    text = _("Policy published.")
    if made.warnings:
        text += " " + ngettext(
            "%(count)s point should be looked at by a lawyer: %(first)s",
            "%(count)s points should be looked at by a lawyer; the first: %(first)s",
            len(made.warnings),
        ) % {"count": len(made.warnings), "first": answers.sentence(made.warnings[0])}
    to = reverse("receivables:policy", args=[made.policy.pk])
    return answers.done(request, text, to=to, tone="warning" if made.warnings else "success")


def _judged(terms: charges.ChargePolicy, regime: charges.Regime) -> dict[str, Any]:
    """What the law says to the terms: what it forbids, what a lawyer should see."""
    try:
        return {"warnings": [answers.sentence(finding.refusal) for finding in charges.validate(terms, regime)]}
    except refusals.Refused as refused:
        return {"forbidden": [answers.sentence(finding.refusal) for finding in refused.findings]}


def _reckoned(terms: charges.ChargePolicy, today: dt.date) -> dict[str, Any]:
    """The sample title, due about three months ago, on the sample days."""
    known = queries.rules(today)
    national = parties.calendar_ids().get(("", ""))
    if national is None:
        return {"problem": _("There is no calendar yet. Run the set-up first.")}
    asked = pl.Series([today - dt.timedelta(days=max(SAMPLE_DAYS))], dtype=pl.Date)
    due_on = known.business_days.next_business_on(pl.Series([national], dtype=pl.Int32), asked)[0]
    titles = pl.DataFrame(
        {
            "receivable_id": range(len(SAMPLE_DAYS)), "policy_id": 0, "calendar_id": national, "due_on": due_on,
            "original_cents": SAMPLE_CENTS, "balance_cents": SAMPLE_CENTS,
            "as_of": [due_on + dt.timedelta(days=days) for days in SAMPLE_DAYS],
        }
    )  # fmt: skip
    try:
        worth = charges.payoff_frame(titles, {0: terms}, known.indexes, known.business_days)
    except refusals.Refusal as refusal:
        return {"problem": answers.sentence(refusal)}
    rows = [
        SampleRow(
            days, due_on + dt.timedelta(days=days), row["correction_cents"], row["fine_cents"], row["interest_cents"],
            row["discount_cents"], row["total_cents"],
        )
        for days, row in zip(SAMPLE_DAYS, worth.iter_rows(named=True), strict=True)
    ]  # fmt: skip
    return {"rows": rows, "due_on": due_on}


def _policy(policy_id: int) -> ChargePolicy:
    found = queries.policy(policy_id=policy_id)
    if found is None:
        raise Http404
    return found
