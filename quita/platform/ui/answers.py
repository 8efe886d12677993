"""The few ways a view answers after a form or a button, the same with and without htmx.

return answers.done(request, _("Contact recorded."), to=case_url, changed=["case"])
return answers.invalid(request, "cases/contact.html#dialog", {"form": form})
except refusals.Refusal as refusal:
    answers.onto(form, refusal)
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from quita.domain import refusals
from quita.platform.ui import formats

TONES = {"success": messages.SUCCESS, "info": messages.INFO, "warning": messages.WARNING, "danger": messages.ERROR}


def _localised(value: Any) -> Any:
    if isinstance(value, dt.date):
        return formats.day(value, translation.get_language() or "pt-br")
    # Parameters may themselves be source strings (a state's name, a rule's name) marked by gettext_lazy.
    return str(value) if hasattr(value, "_proxy____cast") else value


def sentence(refusal: refusals.Refusal) -> str:
    """The refusal's sentence in the language of the page: translated first, filled afterwards."""
    text = gettext(refusal.message)
    params = {name: _localised(value) for name, value in refusal.params.items()}
    return text % params if params else text.replace("%%", "%")


def onto(form: forms.BaseForm, refusal: refusals.Refusal) -> None:
    """Puts a refusal, or each of several, beside the field it concerns; the rest above the form."""
    findings = getattr(refusal, "findings", None) or (refusals.Finding(refusal),)
    for finding in findings:
        field = finding.field if finding.field in form.fields else None
        form.add_error(field, forms.ValidationError(sentence(finding.refusal), code=finding.refusal.code))


def is_fragment(request: HttpRequest) -> bool:
    """True when htmx asks for a part of a page; boosted links and history want the whole page."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def toast(response: HttpResponse, text: str, tone: str = "success") -> HttpResponse:
    """Adds a notice to an htmx answer."""
    return trigger(response, {"toast": {"text": str(text), "tone": tone}})


def trigger(response: HttpResponse, events: Mapping[str, Any]) -> HttpResponse:
    """Adds client events to an answer; later calls add to earlier ones. Header values must be ASCII: JSON escapes
    do it.
    """
    before = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps({**before, **events})
    return response


def done(
    request: HttpRequest,
    text: str,
    *,
    to: str,
    changed: Iterable[str] = (),
    tone: str = "success",
    stay: bool | None = None,
) -> HttpResponse:
    """After a command succeeded.

    With htmx and `changed`: 204 that closes the dialog, shows the notice and fires `changed:<name>` for each name,
    so that
    the parts of the page that listen (`hx-trigger="changed:case from:body"`) reload. Otherwise a redirect to `to`,
    where
    the notice appears.
    """
    names = list(changed)
    if is_fragment(request) and (stay if stay is not None else bool(names)):
        events: dict[str, Any] = {"dialog:close": True, **{f"changed:{name}": True for name in names}}
        return toast(trigger(HttpResponse(status=204), events), text, tone)
    messages.add_message(request, TONES[tone], str(text))
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponseRedirect(to)


def invalid(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """The form again, with what is wrong: 422, which htmx is told to swap in."""
    return render(request, template, dict(context), status=422)


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or only its partial `part` when htmx asks. Caches are told that both exist."""
    name = f"{template}#{part}" if part and is_fragment(request) else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
