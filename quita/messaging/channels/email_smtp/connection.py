"""A line to an SMTP server over which several messages go, with the journal's two notes at the point of no return."""

from __future__ import annotations

import smtplib
import socket
import ssl
from types import TracebackType
from typing import Protocol, Self

from quita.messaging import reasons
from quita.messaging.channels.email_smtp.configuration import Security, SmtpServer
from quita.messaging.channels.email_smtp.mime import Envelope
from quita.messaging.channels.outcomes import Accepted, InDoubt, LineDown, Outcome, Permanent, Retryable
from quita.platform import checkpoints

# Servers drop lines that carry too much; a new one costs little.
MESSAGES_PER_LINE = 200
# Replies about the address itself (RFC 3463 x.1.x; RFC 5321 550, 551, 553), not about us or the text.
_ADDRESS_CODES = frozenset({550, 551, 553})
_NOT_THE_ADDRESS = ("5.7.", "5.2.", "5.3.", "5.4.")


class Notes(Protocol):
    """What the line writes down around the final dot (see `delivery.journal`)."""

    def begin(self, message_id: int) -> None: ...
    def accepted(self, message_id: int) -> None: ...
    def refused(self, message_id: int) -> None: ...


class Line:
    """One connection at a time, opened when first needed, renewed when it broke or carried enough."""

    def __init__(self, server: SmtpServer, notes: Notes) -> None:
        self._server = server
        self._notes = notes
        self._smtp: smtplib.SMTP | None = None
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye; a server that has gone already is no loss."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()

    def send(self, message_id: int, envelope: Envelope) -> Outcome:
        """Hand one message over. Raises LineDown when there is no server to hand it to."""
        if self._smtp is not None and self._carried >= MESSAGES_PER_LINE:
            self.close()
        if self._smtp is None:
            self._smtp, self._carried = connect(self._server), 0
        self._carried += 1
        try:
            outcome = self._up_to_the_body(self._smtp, envelope)
        except (OSError, smtplib.SMTPException) as error:
            # Nothing was confirmed and the final dot not said: it cannot have left.
            self._drop()
            return Retryable(_shown(error))
        if outcome is not None:
            return outcome
        return self._final_dot(self._smtp, message_id)

    def _up_to_the_body(self, smtp: smtplib.SMTP, envelope: Envelope) -> Outcome | None:
        """Everything before the final dot; an outcome when the server said no, None when the body is through."""
        checkpoints.reached("delivery.before_mail")
        code, reply = smtp.docmd("MAIL", f"FROM:<{envelope.sender}>")
        if code != 250:
            self._drop()
            raise LineDown(f"{code} {_text(reply)}")
        code, reply = smtp.docmd("RCPT", f"TO:<{envelope.recipient}>")
        if code not in (250, 251):
            return self._refused_recipient(smtp, code, _text(reply))
        code, reply = smtp.docmd("DATA")
        if code != 354:
            self._drop()
            return Retryable(f"{code} {_text(reply)}")
        assert smtp.sock is not None  # a reply was just read from it
        smtp.sock.sendall(envelope.data)
        checkpoints.reached("delivery.body_sent")
        return None

    def _final_dot(self, smtp: smtplib.SMTP, message_id: int) -> Outcome:
        self._notes.begin(message_id)
        checkpoints.reached("delivery.begin_noted")
        try:
            assert smtp.sock is not None  # the body went through it
            smtp.sock.sendall(b".\r\n")
            checkpoints.reached("delivery.dot_sent")
            code, reply = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return InDoubt(_shown(error))
        checkpoints.reached("delivery.reply_read")
        if code == 250:
            self._notes.accepted(message_id)
            checkpoints.reached("delivery.accepted_noted")
            return Accepted()
        self._notes.refused(message_id)
        if code == 421:
            self._drop()
        if code >= 500:
            return Permanent(reasons.MESSAGE_REFUSED, f"{code} {_text(reply)}")
        return Retryable(f"{code} {_text(reply)}")

    def _refused_recipient(self, smtp: smtplib.SMTP, code: int, reply: str) -> Outcome:
        detail = f"{code} {reply}"
        if code == 421:
            self._drop()
            return Retryable(detail)
        smtp.rset()
        if code < 500:
            return Retryable(detail)
        bounced = code in _ADDRESS_CODES and not reply.startswith(_NOT_THE_ADDRESS)
        return Permanent(reasons.RECIPIENT_REFUSED, detail, bounced=bounced)

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def open_line(server: SmtpServer, notes: Notes) -> Line:
    """A line for one thread; it connects with the first message."""
    return Line(server, notes)


def connect(server: SmtpServer) -> smtplib.SMTP:
    """Connect, protect, sign in. Raises LineDown with the server's words, never with the password."""
    try:
        if server.security is Security.TLS:
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout_seconds, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
    except (OSError, smtplib.SMTPException) as error:
        raise LineDown(_shown(error)) from error
    try:
        smtp.ehlo()
        if server.security is Security.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
    except (OSError, smtplib.SMTPException) as error:
        smtp.close()
        raise LineDown(_shown(error)) from error
    if smtp.sock is not None:
        # The final dot is a write of three bytes: without this it would wait for the acknowledgement of the body.
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return smtp


def _text(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:200]


def _shown(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
