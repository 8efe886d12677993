"""Where mail goes out: QUITA_SMTP_URL, or the local mail server of the demo when that runs."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.translation import gettext_noop as _

from quita.domain.refusals import Refusal
from quita.platform import home


class Security(StrEnum):
    """How the connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


SCHEMES = {
    "smtp": (Security.NONE, 25),
    "smtp+starttls": (Security.STARTTLS, 587),
    "smtps": (Security.TLS, 465),
}
DEFAULT_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class SmtpServer:
    """One server and how to speak to it. `receipts`: the folder where it keeps what it receives, if it is ours."""

    host: str
    port: int
    security: Security = Security.NONE
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    mail_from: str = ""
    receipts: Path | None = None

    @property
    def shown(self) -> str:
        """The address for people and logs, without user and password."""
        return f"{self.host}:{self.port} ({self.security})"

    def sender_for(self, company_email: str) -> str:
        """The address a company's mail leaves from: the one set, else the account's, else the company's own."""
        return self.mail_from or (self.user if "@" in self.user else "") or company_email or f"quita@{self.host}"


def configured() -> SmtpServer | None:
    """The server mail goes to, or None when none is set and no local one runs.

    QUITA_SMTP_URL: smtp://, smtp+starttls:// or smtps://[user:password@]host[:port][?timeout=seconds].
    QUITA_MAIL_FROM: the address mail leaves from. QUITA_SMTP_RECEIPTS: the folder of a server that keeps its mail.
    """
    url = os.environ.get("QUITA_SMTP_URL", "").strip()
    receipts = os.environ.get("QUITA_SMTP_RECEIPTS", "").strip()
    folder = Path(receipts) if receipts else None
    mail_from = os.environ.get("QUITA_MAIL_FROM", "").strip()
    if url:
        return from_url(url, mail_from=mail_from, receipts=folder)
    mailbox = home.data_home() / "mailbox"
    try:
        local = (mailbox / "address").read_text().strip()
    except FileNotFoundError:
        return None
    return from_url(local, mail_from=mail_from, receipts=mailbox)


def from_url(url: str, *, mail_from: str = "", receipts: Path | None = None) -> SmtpServer:
    """Read a server from its URL. Refusal: smtp_url_invalid."""
    parts = urlsplit(url)
    try:
        security, port = SCHEMES[parts.scheme]
        given_port = parts.port
    except (KeyError, ValueError):
        raise _invalid(url) from None
    if not parts.hostname:
        raise _invalid(url)
    timeout = parse_qs(parts.query).get("timeout", [str(DEFAULT_TIMEOUT_SECONDS)])[0]
    if not timeout.isdecimal() or not 1 <= int(timeout) <= 300:
        raise _invalid(url)
    return SmtpServer(
        host=parts.hostname,
        port=given_port or port,
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        timeout_seconds=int(timeout),
        mail_from=mail_from,
        receipts=receipts,
    )


def _invalid(url: str) -> Refusal:
    # The URL may hold a password: only its scheme is repeated.
    return Refusal(
        "smtp_url_invalid",
        _(
            "QUITA_SMTP_URL (%(scheme)s…) is not a mail server's address. "
            "Write smtp://, smtp+starttls:// or smtps://user:password@host:port."
        ),
        {"scheme": urlsplit(url).scheme or url[:8]},
    )
