"""The folder of the local mail server: one file per Message-ID, written whole or not at all, and an index to list them.

Layout: `mail/<two digits>/<key>.eml`, the key being a hash of the Message-ID, and `index.jsonl`, one line per mail in
the order of arrival.
"""

from __future__ import annotations

import datetime as dt
import email
import email.header
import email.policy
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path

_MESSAGE_ID = re.compile(rb"^message-id:\s*<?([^>\r\n]+)", re.IGNORECASE | re.MULTILINE)
_SUBJECT = re.compile(rb"^subject:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Entry:
    """One kept mail, as a list shows it. `key` names it in addresses of pages."""

    key: str
    received_at: str
    sender: str
    recipient: str
    subject: str

    @property
    def at(self) -> dt.datetime:
        """The instant it was received."""
        return dt.datetime.fromisoformat(self.received_at)


class Mailbox:
    """Mail kept in a folder. Receiving the same Message-ID again changes nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def holds(self, reference: str) -> bool:
        """Tell whether a message with this Message-ID (without angle brackets) has arrived."""
        return self._path(key_of(reference)).exists()

    def keep(self, data: bytes, *, sender: str, recipient: str, at: dt.datetime) -> str:
        """Keep a mail and return its key. Mail without a Message-ID is known by its content."""
        head = data.partition(b"\r\n\r\n")[0]
        found = _MESSAGE_ID.search(head)
        key = key_of(found[1].decode("ascii", "replace").strip() if found else hashlib.sha256(data).hexdigest())
        path = self._path(key)
        if path.exists():
            return key
        path.parent.mkdir(parents=True, exist_ok=True)
        entry = Entry(key, at.isoformat(), sender, recipient, _subject(head))
        with (self.folder / "index.jsonl").open("a", encoding="utf-8") as index:
            index.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        # The mail comes last and in one piece: its file is what says that the message arrived.
        draft = path.with_name(f".{key}.{secrets.token_hex(4)}")
        draft.write_bytes(data)
        os.replace(draft, path)
        return key

    def newest(self, *, recipient: str = "", offset: int = 0, limit: int = 50) -> tuple[list[Entry], bool]:
        """Return a page of entries, newest first, and whether more follow (to that recipient, when given)."""
        page: list[Entry] = []
        skipped = 0
        for entry in self._newest_first(recipient.strip().casefold()):
            if skipped < offset:
                skipped += 1
            elif len(page) < limit:
                page.append(entry)
            else:
                return page, True
        return page, False

    def count(self) -> int:
        """How many mails were kept."""
        return sum(1 for _ in self._newest_first(""))

    def read(self, key: str) -> tuple[Entry, EmailMessage] | None:
        """Return a kept mail, parsed; None when there is none of that key."""
        if not _KEY.fullmatch(key) or not self._path(key).exists():
            return None
        entry = next((entry for entry in self._newest_first("") if entry.key == key), None)
        if entry is None:
            return None
        parsed = email.message_from_bytes(self._path(key).read_bytes(), policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)  # what this policy makes
        return entry, parsed

    def _newest_first(self, recipient: str) -> Iterator[Entry]:
        try:
            lines = (self.folder / "index.jsonl").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        seen: set[str] = set()
        for line in reversed(lines):
            if recipient and recipient not in line.casefold():
                continue
            entry = Entry(**json.loads(line))
            if recipient and recipient not in entry.recipient.casefold():
                continue
            # A line whose mail is missing was cut off by a crash; when the mail came again it got another line.
            if entry.key not in seen and self._path(entry.key).exists():
                seen.add(entry.key)
                yield entry

    def _path(self, key: str) -> Path:
        return self.folder / "mail" / key[:2] / f"{key}.eml"


def key_of(reference: str) -> str:
    """The key of a Message-ID."""
    return hashlib.sha256(reference.strip("<> ").encode("utf-8", "replace")).hexdigest()[:32]


def _subject(head: bytes) -> str:
    found = _SUBJECT.search(head)
    raw = found[1].decode("ascii", "replace") if found else ""
    return " ".join(str(email.header.make_header(email.header.decode_header(raw))).split())
