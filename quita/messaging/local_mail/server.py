"""The local mail server: aiosmtpd in a thread, on this machine only, keeping what it receives."""

from __future__ import annotations

import datetime as dt
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from quita.messaging.local_mail.mailbox import Mailbox

MAX_MESSAGE_BYTES = 10_000_000


class _Keeper:
    """Takes every message but those to addresses that begin with "bounce"."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse addresses that begin with "bounce": the demo needs some that do not exist."""
        if address.casefold().startswith("bounce"):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail, and only then say yes."""
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            self._mailbox.keep(
                content, sender=envelope.mail_from or "", recipient=recipient, at=dt.datetime.now(tz=dt.UTC)
            )
        return "250 OK kept"


@dataclass(frozen=True)
class Running:
    """A running server: its URL for QUITA_SMTP_URL and the folder for QUITA_SMTP_RECEIPTS."""

    url: str
    folder: Path
    controller: Controller

    def stop(self) -> None:
        """Stop taking mail and take the address away; once is enough."""
        address = self.folder / "address"
        if address.exists():
            address.unlink()
            self.controller.stop()


def start(folder: Path, *, port: int = 0) -> Running:
    """Start the server in a thread of this process and write its address where `configuration` finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = port or _free_port()
    controller = Controller(
        _Keeper(Mailbox(folder)), hostname="127.0.0.1", port=chosen, data_size_limit=MAX_MESSAGE_BYTES,
        ident="Quita local mail",
    )  # fmt: skip
    controller.start()
    url = f"smtp://127.0.0.1:{chosen}"
    draft = folder / f".address-{os.getpid()}"
    draft.write_text(url)
    draft.rename(folder / "address")
    return Running(url, folder, controller)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
