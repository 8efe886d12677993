"""Asking a mail server that keeps its mail in a folder of ours whether a message arrived."""

from __future__ import annotations

from quita.messaging.channels.email_smtp.configuration import SmtpServer
from quita.messaging.local_mail import mailbox


def was_delivered(server: SmtpServer, reference: str) -> bool | None:
    """True or False when the server is one that keeps its mail where we can look; None when nobody can say.

    False may be acted on: such a server keeps one copy per Message-ID, so that sending again cannot make two.
    """
    if server.receipts is None or not server.receipts.is_dir():
        return None
    return mailbox.Mailbox(server.receipts).holds(reference)
