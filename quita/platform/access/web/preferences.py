"""A person's own language, theme, shortcuts and password."""

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from quita.domain import refusals
from quita.platform.access import commands, queries
from quita.platform.access.web import forms
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, theme

PAGE = "access/preferences.html"


def _me(request: HttpRequest) -> int:
    """The signed-in person's id (LoginRequiredMiddleware let nobody else through)."""
    return Actor.of(request.user).user_id or 0


def preferences(request: HttpRequest) -> HttpResponse:
    """Shows and keeps the choices."""
    # A fresh copy: a form writes into its instance even when it turns out wrong.
    form = forms.PreferencesForm(request.POST or None, instance=queries.user(_me(request)))
    if request.method == "POST" and form.is_valid():
        person = commands.save_preferences(
            user_id=_me(request), by=Actor.of(request.user), when=When.now(), **form.cleaned_data
        )
        # The notice already speaks the language that was just chosen.
        with translation.override(person.language):
            response = answers.done(request, _("Preferences saved."), to=reverse("access:preferences"))
        theme.remember(response, person.theme)
        return response
    if request.method == "POST":
        return answers.invalid(request, PAGE, {"form": form, "password_form": forms.PasswordForm()})
    return answers.page(request, PAGE, {"form": form, "password_form": forms.PasswordForm()})


@sensitive_post_parameters("current", "new", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Changes the person's own password and keeps them signed in here; other sessions end."""
    if request.method != "POST":
        return preferences(request)
    form = forms.PasswordForm(request.POST)
    if form.is_valid():
        try:
            user = commands.change_own_password(
                user_id=_me(request), current=form.cleaned_data["current"], new=form.cleaned_data["new"],
                by=Actor.of(request.user), when=When.now(),
            )  # fmt: skip
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            auth.update_session_auth_hash(request, user)
            return answers.done(
                request, _("Password changed. Other sessions were signed out."), to=reverse("access:preferences")
            )
    shown = forms.PreferencesForm(instance=queries.user(_me(request)))
    return answers.invalid(request, PAGE, {"form": shown, "password_form": form})
