"""Coming in and going out."""

from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from quita.domain import refusals
from quita.platform.access import commands
from quita.platform.access.web import forms
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, theme


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. An htmx request that lands here lost its session: the whole page has to move."""
    following = _following(request)
    if answers.is_fragment(request):
        current = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return HttpResponse(headers={"HX-Redirect": f"{reverse('access:sign_in')}?{urlencode({'next': current})}"})
    if request.user.is_authenticated:
        return HttpResponseRedirect(following)
    form = forms.SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _admit(request, form):
        return HttpResponseRedirect(following)
    status = 422 if request.method == "POST" else 200
    return render(request, "access/sign_in.html", {"form": form, "next": following}, status=status)


def _admit(request: HttpRequest, form: forms.SignInForm) -> bool:
    """Signs the person in; otherwise puts the reason on the form."""
    username, when = form.cleaned_data["username"], When.now()
    address = request.META.get("REMOTE_ADDR", "")
    try:
        commands.refuse_while_locked(username=username, address=address, when=when)
    except refusals.Refusal as refusal:
        answers.onto(form, refusal)
        return False
    user = auth.authenticate(request, username=username, password=form.cleaned_data["password"])
    if user is None:
        commands.note_failed_sign_in(username=username, address=address, when=when)
        # The same sentence for an unknown name, a wrong password and a deactivated user: it tells a stranger nothing.
        form.add_error(None, _("User or password is wrong. Check both; capital letters count in the password."))
        return False
    auth.login(request, user)
    commands.note_sign_in(user_id=user.pk, username=username, address=address, by=Actor.of(user), when=when)
    return True


def _following(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else "/"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session; theme and language stay in this browser for the next sign-in."""
    language, wanted = request.user.language, theme.chosen(request)  # type: ignore[union-attr]  # signed in
    auth.logout(request)
    response = HttpResponseRedirect(reverse("access:sign_in"))
    theme.remember(response, wanted)
    response.set_cookie("django_language", language, max_age=theme.YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
