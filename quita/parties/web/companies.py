"""Companies and their branches."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quita.domain import refusals
from quita.parties import commands, queries
from quita.parties.models import Branch, Company
from quita.parties.web import forms
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, paging

PAGE_ROWS = 50


@needs("parties.view")
def companies(request: HttpRequest) -> HttpResponse:
    """The creditors."""
    search = request.GET.get("q", "")
    found = queries.companies(scope=queries.scope_for(request.user), search=search)
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "bar": paging.of_page(request, page), "search": search}
    return answers.page(request, "parties/companies.html", context, part="companies")


@needs("parties.edit")
def create(request: HttpRequest) -> HttpResponse:
    """A new creditor with its main branch."""
    form = forms.NewCompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        ibge_code = values.pop("ibge_code")
        try:
            company = commands.create_company(
                fields=values, ibge_code=ibge_code, by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return answers.done(request, _("Company added."), to=reverse("parties:company", args=[company.pk]))
    return _form(request, form, None)


@needs("parties.view")
def edit(request: HttpRequest, company_id: int) -> HttpResponse:
    """One creditor: who it is, which law its debts fall under, how it is paid; its branches."""
    company = _company(request, company_id)
    if request.method == "POST":
        return _change(request, company)
    return _form(request, forms.CompanyForm(instance=company), company)


@needs("parties.edit")
def _change(request: HttpRequest, company: Company) -> HttpResponse:
    form = forms.CompanyForm(request.POST, instance=company)
    if form.is_valid():
        try:
            commands.update_company(
                company_id=company.pk, changes=form.values(), by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return answers.done(request, _("Company saved."), to=reverse("parties:companies"))
    return _form(request, form, company)


def _form(request: HttpRequest, form: forms.CompanyForm, company: Company | None) -> HttpResponse:
    branches = queries.branches(scope=queries.scope_for(request.user), company_id=company.pk) if company else []
    context = {"form": form, "company": company, "branches": branches}
    if request.method == "POST":
        return answers.invalid(request, "parties/company.html", context)
    return answers.page(request, "parties/company.html", context, part="branches")


@needs("parties.edit")
def create_branch(request: HttpRequest, company_id: int) -> HttpResponse:
    """A further site of a company."""
    company = _company(request, company_id)
    form = forms.BranchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        values.pop("is_active")
        try:
            commands.create_branch(company_id=company.pk, **values, by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return _branch_saved(request, company.pk)
    return _branch_form(request, form, {"company": company, "branch": None})


@needs("parties.edit")
def edit_branch(request: HttpRequest, branch_id: int) -> HttpResponse:
    """A site: its code in imports, its calendar."""
    branch = queries.branch(branch_id=branch_id, scope=queries.scope_for(request.user))
    if branch is None:
        raise Http404
    company_id = branch.company_id
    form = forms.BranchForm(request.POST or None, instance=Branch.objects.get(pk=branch.pk))
    if request.method == "POST" and form.is_valid():
        try:
            commands.update_branch(branch_id=branch.pk, **form.values(), by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return _branch_saved(request, company_id)
    return _branch_form(request, form, {"company": branch.company, "branch": branch})


def _branch_saved(request: HttpRequest, company_id: int) -> HttpResponse:
    to = reverse("parties:company", args=[company_id])
    return answers.done(request, _("Branch saved."), to=to, changed=["branches"])


def _branch_form(request: HttpRequest, form: forms.BranchForm, context: dict[str, Any]) -> HttpResponse:
    context = {**context, "form": form}
    if request.method == "POST":
        part = "#dialog" if answers.is_fragment(request) else ""
        return answers.invalid(request, f"parties/branch.html{part}", context)
    return answers.page(request, "parties/branch.html", context, part="dialog")


def _company(request: HttpRequest, company_id: int) -> Company:
    company = queries.company(company_id=company_id, scope=queries.scope_for(request.user))
    if company is None:
        raise Http404
    return company
