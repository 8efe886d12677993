"""Debtors: finding one, and the record of one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quita.domain import refusals
from quita.parties import commands, queries
from quita.parties.models import Address, Contract, Debtor
from quita.parties.web import forms
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, paging

PAGE_ROWS = 50


@needs("debtor.view")
def debtors(request: HttpRequest) -> HttpResponse:
    """People and organisations by name; found by name, CPF/CNPJ or contract."""
    search = request.GET.get("q", "")
    asked = request.GET.get("page", "1")
    number = max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    start = (number - 1) * PAGE_ROWS
    found = queries.debtors(scope=queries.scope_for(request.user), search=search)
    # One row more than shown tells whether there is a next page: counting a million names costs more than the page.
    rows = list(found[start : start + PAGE_ROWS + 1])
    more = len(rows) > PAGE_ROWS
    bar = paging.Paging(
        previous_url=paging.address(request, page=number - 1) if number > 1 else "",
        next_url=paging.address(request, page=number + 1) if more else "",
        first=start + 1 if rows else None, last=start + min(len(rows), PAGE_ROWS),
        first_url=paging.address(request, page=None) if number > 2 else "",
    )  # fmt: skip
    context = {"rows": rows[:PAGE_ROWS], "bar": bar, "search": search}
    return answers.page(request, "parties/debtors.html", context, part="debtors")


@needs("debtor.view")
def record(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """What is kept about a debtor, and where each piece is known from."""
    found = queries.debtor_record(debtor_id=debtor_id, scope=queries.scope_for(request.user))
    if found is None:
        raise Http404
    return answers.page(request, "parties/debtor.html", {"record": found, "debtor": found.debtor}, part="record")


@needs("debtor.edit")
def edit(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Who the debtor is."""
    debtor = debtor_of(request, debtor_id)
    form = forms.DebtorForm(request.POST or None, instance=debtor)
    if request.method == "POST" and form.is_valid():
        try:
            commands.update_debtor(
                debtor_id=debtor_id, changes=form.values(), by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return saved(request, debtor_id, _("Debtor saved."))
    return dialog(request, form, debtor_id, _("Edit debtor"))


@needs("debtor.edit")
def protection(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Whether a machine may chase this person, and why not."""
    debtor = debtor_of(request, debtor_id)
    form = forms.ProtectionForm(request.POST or None, initial={"protection": debtor.protection})
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_protection(
                debtor_id=debtor_id, **form.cleaned_data, by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return saved(request, debtor_id, _("Protection saved."))
    return dialog(request, form, debtor_id, _("Protection"))


@needs("debtor.edit")
def create_address(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """A further address."""
    debtor_of(request, debtor_id)
    return _address(request, debtor_id, forms.AddressForm(request.POST or None), None)


@needs("debtor.edit")
def edit_address(request: HttpRequest, debtor_id: int, address_id: int) -> HttpResponse:
    """An address of the debtor."""
    debtor_of(request, debtor_id)
    address = Address.objects.filter(pk=address_id, debtor_id=debtor_id).first()
    if address is None:
        raise Http404
    if request.method == "POST" and "remove" in request.POST:
        commands.remove_address(address_id=address_id, by=Actor.of(request.user), when=When.now())
        return saved(request, debtor_id, _("Address removed."))
    return _address(request, debtor_id, forms.AddressForm(request.POST or None, instance=address), address)


def _address(request: HttpRequest, debtor_id: int, form: forms.AddressForm, address: Address | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        values = form.values()
        is_primary = values.pop("is_primary")
        try:
            commands.save_address(
                debtor_id=debtor_id, fields=values, address_id=address.pk if address else None, is_primary=is_primary,
                source="user", by=Actor.of(request.user), when=When.now(),
            )  # fmt: skip
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return saved(request, debtor_id, _("Address saved."))
    title = _("Edit address") if address else _("New address")
    return dialog(request, form, debtor_id, title, removable=address is not None)


@needs("debtor.edit")
def edit_contract(request: HttpRequest, debtor_id: int, contract_id: int) -> HttpResponse:
    """What the debt hangs on."""
    scope = queries.scope_for(request.user)
    contract = scope.limit(Contract.objects.all()).filter(pk=contract_id, debtor_id=debtor_id).first()
    if contract is None:
        raise Http404
    form = forms.ContractForm(request.POST or None, instance=contract)
    if request.method == "POST" and form.is_valid():
        try:
            commands.update_contract(
                contract_id=contract_id, changes=form.values(), by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return saved(request, debtor_id, _("Contract saved."))
    return dialog(request, form, debtor_id, _("Contract %(number)s") % {"number": contract.number or "–"})


def dialog(request: HttpRequest, form: Any, debtor_id: int, title: str, *, removable: bool = False) -> HttpResponse:
    """A form of the record, in the dialog or on a page of its own."""
    context = {"form": form, "title": title, "debtor_id": debtor_id, "removable": removable}
    if request.method == "POST":
        part = "#dialog" if answers.is_fragment(request) else ""
        return answers.invalid(request, f"parties/debtor_form.html{part}", context)
    return answers.page(request, "parties/debtor_form.html", context, part="dialog")


def saved(request: HttpRequest, debtor_id: int, text: str) -> HttpResponse:
    """Back to the record, which reloads itself."""
    return answers.done(request, text, to=reverse("parties:debtor", args=[debtor_id]), changed=["debtor"])


def debtor_of(request: HttpRequest, debtor_id: int) -> Debtor:
    """The debtor, or 404 when it is none of the reader's."""
    if not queries.may_see_debtor(debtor_id=debtor_id, scope=queries.scope_for(request.user)):
        raise Http404
    return Debtor.objects.get(pk=debtor_id)
