"""The users of the installation."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quita.domain import refusals
from quita.platform.access import commands, queries
from quita.platform.access.models import User
from quita.platform.access.web import forms
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, paging

PAGE_ROWS = 50


@needs("users.edit")
def users(request: HttpRequest) -> HttpResponse:
    """The list, and what each role may do."""
    search, state = request.GET.get("q", ""), request.GET.get("state", "")
    found = queries.users(search=search, active={"active": True, "inactive": False}.get(state))
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page, "bar": paging.of_page(request, page), "search": search, "state": state,
        "roles": queries.role_cards(),
        "states": [("", _("All")), ("active", _("Active")), ("inactive", _("Deactivated"))],
    }  # fmt: skip
    return answers.page(request, "access/users.html", context, part="users")


@needs("users.edit")
def create(request: HttpRequest) -> HttpResponse:
    """A new user; the answer shows the password once."""
    form = forms.UserForm(
        request.POST or None, companies=queries.company_choices(), initial={"role": "operator", "sees": "all"}
    )
    if request.method == "POST" and form.is_valid():
        try:
            user, chosen = commands.create_user(**form.person(), by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return _show_password(request, user, chosen)
    return _form(request, form, {"person": None})


@needs("users.edit")
def edit(request: HttpRequest, user_id: int) -> HttpResponse:
    """Who a user is and what they may do."""
    person = _found(user_id)
    initial = {name: getattr(person, name) for name in ("username", "first_name", "last_name", "email", "role")}
    initial |= {
        "sees": "all" if person.sees_all_companies else "some",
        "companies": sorted(queries.granted_companies(user_id)),
    }
    form = forms.UserForm(request.POST or None, companies=queries.company_choices(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            commands.edit_user(user_id=user_id, **form.person(), by=Actor.of(request.user), when=When.now())
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return answers.done(request, _("User saved."), to=reverse("access:users"))
    return _form(request, form, {"person": person})


def _form(request: HttpRequest, form: forms.UserForm, context: dict[str, Any]) -> HttpResponse:
    context = {**context, "form": form, "roles": queries.role_cards()}
    if request.method == "POST":
        return answers.invalid(request, "access/user.html", context)
    return answers.page(request, "access/user.html", context)


@needs("users.edit")
@require_POST
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ends a person's access."""
    person = commands.deactivate_user(user_id=_found(user_id).pk, by=Actor.of(request.user), when=When.now())
    return answers.done(
        request, _("%(user)s can no longer sign in.") % {"user": person.username}, to=reverse("access:users")
    )


@needs("users.edit")
@require_POST
def reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Gives access again."""
    person = commands.reactivate_user(user_id=_found(user_id).pk, by=Actor.of(request.user), when=When.now())
    return answers.done(
        request, _("%(user)s can sign in again.") % {"user": person.username}, to=reverse("access:users")
    )


@needs("users.edit")
@require_POST
def reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new random password, shown once."""
    person, chosen = commands.reset_password(user_id=_found(user_id).pk, by=Actor.of(request.user), when=When.now())
    return _show_password(request, person, chosen)


def _found(user_id: int) -> User:
    person = queries.user(user_id)
    if person is None:
        raise Http404
    return person


def _show_password(request: HttpRequest, person: User, chosen: str) -> HttpResponse:
    response = answers.page(request, "access/new_password.html", {"person": person, "password": chosen})
    response.headers["Cache-Control"] = "no-store"
    return response
