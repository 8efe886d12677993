"""The local mailbox: what the demo's mail server received, as the debtor's mail program would show it."""

from __future__ import annotations

from email.message import EmailMessage

from django.http import Http404, HttpRequest, HttpResponse

from quita.messaging.channels import email_smtp
from quita.messaging.local_mail.mailbox import Entry, Mailbox
from quita.messaging.web import framed
from quita.platform import home
from quita.platform.access.web.guards import needs
from quita.platform.ui import answers, paging

ROWS = 50


@needs("system.view")
def mailbox(request: HttpRequest) -> HttpResponse:
    """What arrived, newest first."""
    recipient, start = request.GET.get("to", ""), request.GET.get("start", "0")
    offset = int(start) if start.isdecimal() else 0
    entries, more = _mailbox().newest(recipient=recipient, offset=offset, limit=ROWS)
    bar = paging.Paging(
        previous_url=paging.address(request, start=max(offset - ROWS, 0) or None) if offset else "",
        next_url=paging.address(request, start=offset + ROWS) if more else "",
        first=offset + 1 if entries else None,
        last=offset + len(entries) if entries else None,
    )
    context = {"entries": entries, "bar": bar, "recipient": recipient}
    return answers.page(request, "messaging/mailbox.html", context, part="mails")


@needs("system.view")
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail with its headers."""
    entry, parsed = _found(key)
    context = {
        "entry": entry, "text": _part(parsed, "plain"),
        "headers": [(name, " ".join(str(value).split())) for name, value in parsed.items()],
    }  # fmt: skip
    return answers.page(request, "messaging/mail.html", context)


@needs("system.view")
def mail_letter(request: HttpRequest, key: str) -> HttpResponse:
    """The mail's HTML, for the frame."""
    _entry, parsed = _found(key)
    html = _part(parsed, "html")
    return framed.letter(html) if html else framed.plain(_part(parsed, "plain"))


@needs("system.view")
def server(request: HttpRequest) -> HttpResponse:
    """Whether mail can leave, asked apart: a silent server must not hold up the page."""
    return answers.page(request, "messaging/mailbox.html", {"health": email_smtp.check()}, part="server")


def _mailbox() -> Mailbox:
    return Mailbox(home.data_home() / "mailbox")


def _found(key: str) -> tuple[Entry, EmailMessage]:
    found = _mailbox().read(key)
    if found is None:
        raise Http404
    return found


def _part(parsed: EmailMessage, kind: str) -> str:
    body = parsed.get_body((kind,))
    return str(body.get_content()) if body is not None else ""
