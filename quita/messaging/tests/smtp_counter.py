"""A mail server in a process of its own that writes down everything it says yes to: run with a port and a folder.

Unlike the product's local mail server it does not fold copies together: a message accepted twice is counted twice.
"""

import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from quita.messaging.local_mail.mailbox import _MESSAGE_ID, Mailbox


class Counter:
    def __init__(self, folder: Path, *, keeps: bool) -> None:
        self.accepted = (folder / "accepted").open("a", buffering=1)
        self.mailbox = Mailbox(folder) if keeps else None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        found = _MESSAGE_ID.search(content)
        assert found is not None
        if self.mailbox is not None:
            import datetime as dt

            self.mailbox.keep(content, sender="", recipient=envelope.rcpt_tos[0], at=dt.datetime.now(tz=dt.UTC))
        self.accepted.write(found[1].decode().strip() + "\n")
        return "250 OK"


if __name__ == "__main__":
    port, folder, keeps = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "keeps"
    folder.mkdir(parents=True, exist_ok=True)
    Controller(Counter(folder, keeps=keeps), hostname="127.0.0.1", port=port).start()
    (folder / "ready").touch()
    while True:
        time.sleep(3600)
