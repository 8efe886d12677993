"""The list of messages and one message as the debtor sees it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quita.domain.refusals import Refusal
from quita.messaging import commands, queries, reasons
from quita.messaging.channels import email_smtp
from quita.messaging.commands.messages import RESENDABLE
from quita.messaging.models import Message, MessageState
from quita.messaging.web import forms, framed
from quita.parties import queries as parties
from quita.platform.access.scopes import Scope
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, paging

STATE_LOOKS = {
    "queued": ("info", "clock"),
    "sending": ("info", "send"),
    "sent": ("success", "check"),
    "failed": ("danger", "circle-x"),
    "withdrawn": ("neutral", "undo-2"),
}


@needs("case.view")
def messages(request: HttpRequest) -> HttpResponse:
    """What waits, left, failed or was withdrawn, newest first."""
    scope = parties.scope_for(request.user)
    companies = [(company.pk, str(company)) for company in parties.companies(scope=scope)]
    form = forms.FilterForm(request.GET or None, companies=companies)
    chosen = _chosen(form) if form.is_bound and form.is_valid() else queries.Filter()
    before = request.GET.get("before", "")
    page = queries.message_page(scope=scope, chosen=chosen, before_id=int(before) if before.isdecimal() else None)
    bar = paging.Paging(
        next_url=paging.address(request, before=page.next_before) if page.next_before else "",
        first_url=paging.address(request, before=None) if before else "",
    )
    context = {
        "rows": [_row(message) for message in page.messages], "bar": bar, "form": form, "companies": companies,
        "waiting": queries.waiting_count(scope=scope), "server": _server_notice(request),
    }  # fmt: skip
    return answers.page(request, "messaging/messages.html", context, part="messages")


def _chosen(form: forms.FilterForm) -> queries.Filter:
    value = form.cleaned_data
    return queries.Filter(
        state=value["state"], reason=value["reason"], company_id=value["company"], day=value["day"],
        run_id=value["run"], debtor_id=value["debtor"],
    )  # fmt: skip


def _row(message: Message) -> dict[str, Any]:
    tone, icon = STATE_LOOKS[message.state]
    return {
        "message": message, "tone": tone, "icon": icon, "state": forms.STATES[MessageState(message.state)],
        "reason": reasons.label(message.reason) if message.reason else "",
        "title_count": len(message.receivable_ids), "can_withdraw": message.state == "queued",
    }  # fmt: skip


def _server_notice(request: HttpRequest) -> str:
    """Only what is known without asking the server: the page must not wait for it."""
    try:
        configured = email_smtp.configured()
    except Refusal as refusal:
        return answers.sentence(refusal)
    return "" if configured else _("No mail server is set, so messages wait. Set QUITA_SMTP_URL and start again.")


@needs("case.view")
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message: whom it concerns, what became of it, and the letter."""
    shown = _found(request, message_id)
    when = When.now()
    letter, trouble = _letter(shown, when)
    context = {
        **_row(shown), "letter": letter, "trouble": trouble, "can_resend": _can_resend(shown),
        "was_sent": shown.state == "sent",
    }  # fmt: skip
    return answers.page(request, "messaging/message.html", context)


@needs("case.view")
def letter(request: HttpRequest, message_id: int) -> HttpResponse:
    """The letter itself, for the frame."""
    written, trouble = _letter(_found(request, message_id), When.now())
    if written is None:
        return framed.plain(trouble or _("This message has no text to show."))
    return framed.letter(written.html)


def _letter(shown: Message, when: When) -> tuple[Any, str]:
    try:
        return queries.letter_of(shown, when=when), ""
    except Refusal as refusal:
        return None, answers.sentence(refusal)


def _can_resend(shown: Message) -> bool:
    return shown.state == "failed" and shown.reason in RESENDABLE


@needs("message.withdraw")
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Takes marked messages out of the outbox."""
    ids = [int(value) for value in request.POST.getlist("marked") if value.isdecimal()]
    done = commands.withdraw_messages(
        message_ids=ids,
        why=request.POST.get("why", ""),
        scope=_scope(request),
        by=Actor.of(request.user),
        when=When.now(),
    )
    text = ngettext("%(count)s message withdrawn.", "%(count)s messages withdrawn.", done) % {"count": done}
    return answers.done(request, text, to=_back(request))


@needs("message.withdraw")
@require_POST
def resend(request: HttpRequest, message_id: int) -> HttpResponse:
    """Sends a failed message once more."""
    shown = _found(request, message_id)
    commands.resend_message(message_id=shown.pk, scope=_scope(request), by=Actor.of(request.user), when=When.now())
    return answers.done(
        request, _("The message waits to be sent once more."), to=reverse("messaging:message", args=[shown.pk])
    )


def _back(request: HttpRequest) -> str:
    """Withdrawn on its own page, a message is shown again; from the list, the list."""
    one = request.POST.get("from_message", "")
    return reverse("messaging:message", args=[int(one)]) if one.isdecimal() else reverse("messaging:messages")


def _scope(request: HttpRequest) -> Scope:
    return parties.scope_for(request.user)


def _found(request: HttpRequest, message_id: int) -> Message:
    shown = queries.message(message_id=message_id, scope=_scope(request))
    if shown is None:
        raise Http404
    return shown
