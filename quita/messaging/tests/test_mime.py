"""Messages on the wire: the standard library must read back exactly what was meant."""

from __future__ import annotations

import datetime as dt
import email
import email.header
import email.policy
import email.utils

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quita.messaging.channels.email_smtp import configuration, mime
from quita.messaging.texts.letters import Letter

AT = dt.datetime(2026, 11, 24, 13, 5, tzinfo=dt.UTC)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=120)
prose = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.just("\n"), max_size=600)


def compose(letter: Letter, **changes: str) -> mime.Envelope:
    usual = {
        "reference": "m1.abc@quita.invalid", "sender": "financeiro@acacias.example", "sender_name": "Acácias",
        "recipient": "ana@exemplo.example", "reply_to": "",
    }  # fmt: skip
    return mime.compose(letter, **(usual | changes), at=AT)


def parsed(envelope: mime.Envelope) -> email.message.EmailMessage:
    assert b"\r\n.\r\n" not in envelope.data, "nothing in a message may look like its end"
    unstuffed = envelope.data.replace(b"\r\n..", b"\r\n.")
    return email.message_from_bytes(unstuffed, policy=email.policy.default)  # type: ignore[return-value]


@settings(deadline=None)
@given(words, words, prose, prose)
def test_what_is_written_is_what_is_read(subject: str, sender_name: str, text: str, html: str) -> None:
    envelope = compose(Letter(subject, html, text), sender_name=sender_name)
    mail = parsed(envelope)
    assert mail["Subject"] == " ".join(subject.split())
    # The library's reader of names puts a space between the words of a folded name; its plain reader does it right.
    raw = email.message_from_bytes(envelope.data)["From"]
    name, _address = email.utils.parseaddr(raw)
    assert str(email.header.make_header(email.header.decode_header(name))) == " ".join(sender_name.split())
    assert mail["From"].addresses[0].addr_spec == "financeiro@acacias.example"
    for kind, wanted in (("plain", text), ("html", html)):
        part = mail.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n").rstrip("\n") == wanted.rstrip("\n")
    assert not mail.defects


@settings(deadline=None)
@given(words, prose)
def test_lines_are_short_and_ascii(subject: str, text: str) -> None:
    data = compose(Letter(subject, text, text), sender_name=subject).data
    assert data.isascii()
    # 78 is what is asked of lines, 998 what is demanded; a header's first word may be long without a place to fold.
    assert max(len(line) for line in data.split(b"\r\n")) <= 200
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")


def test_a_message_can_be_answered_and_unsubscribed() -> None:
    mail = parsed(compose(Letter("s", "<p>h</p>", "t"), reply_to="cobranca@acacias.example"))
    assert mail["Reply-To"] == "cobranca@acacias.example"
    assert mail["List-Unsubscribe"] == "<mailto:cobranca@acacias.example?subject=SAIR>"
    assert mail["Message-ID"] == "<m1.abc@quita.invalid>"
    assert mail["Date"].datetime == AT
    assert mail.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    "address",
    ["", "ana", "ana@", "@x.example", "a\r\nBcc: b@x.example", "a b@x.example", "<a>@x.example", "ção@x.example"],
)
def test_addresses_that_no_server_carries_are_refused_before_the_wire(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        compose(Letter("s", "h", "t"), recipient=address)


def test_a_domain_with_accents_travels_in_its_ascii_form() -> None:
    recipient = compose(Letter("s", "h", "t"), recipient="ana@ação.example").recipient
    assert recipient.isascii()
    assert recipient.partition("@")[2].encode().decode("idna") == "ação.example"


def test_dots_at_the_start_of_lines_survive() -> None:
    text = "um\n.\n..dois\n...três\n"
    mail = parsed(compose(Letter("s", "h", text)))
    part = mail.get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") == text


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://mail.example", ("mail.example", 25, "none", "")),
        ("smtp+starttls://u%40x.example:s%3Aecret@mail.example", ("mail.example", 587, "starttls", "u@x.example")),
        ("smtps://u:p@mail.example:4465?timeout=5", ("mail.example", 4465, "tls", "u")),
    ],
)
def test_servers_are_read_from_their_address(url: str, wanted: tuple[str, int, str, str]) -> None:
    server = configuration.from_url(url)
    assert (server.host, server.port, server.security, server.user) == wanted
    assert "secret" not in repr(server)


@pytest.mark.parametrize("url", ["mail.example", "http://x", "smtp://", "smtp://x:99999", "smtp://x?timeout=0"])
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Exception, match="QUITA_SMTP_URL"):
        configuration.from_url(url)
