"""Is there a mail server that takes our messages? Asked by the system page and before a delivery."""

from __future__ import annotations

import dataclasses
import smtplib
from dataclasses import dataclass

from quita.domain.refusals import Refusal
from quita.messaging.channels.email_smtp import configuration, connection
from quita.messaging.channels.outcomes import LineDown

PATIENCE_SECONDS = 5


@dataclass(frozen=True)
class Health:
    """`code` is "ok", "not_configured", "configuration" or "unreachable"; `detail` are the server's words."""

    code: str
    server: str = ""
    detail: str = ""

    @property
    def ok(self) -> bool:
        """True when mail can leave."""
        return self.code == "ok"


def check() -> Health:
    """Connect, sign in and say goodbye within seconds; no message is sent."""
    try:
        server = configuration.configured()
    except Refusal as refusal:
        return Health("configuration", detail=str(refusal))
    if server is None:
        return Health("not_configured")
    try:
        connection.connect(dataclasses.replace(server, timeout_seconds=PATIENCE_SECONDS)).quit()
    except (LineDown, OSError, smtplib.SMTPException) as error:
        return Health("unreachable", server.shown, str(error))
    return Health("ok", server.shown)
