"""The name under which a message travels: its Message-ID, the same at every attempt.

Mail servers and mail programs know a message by it, so that a second copy, should one ever leave, is shown once.
"""

from __future__ import annotations

import datetime as dt
import hashlib

DOMAIN = "quita.invalid"


def reference_of(message_id: int, created_at: dt.datetime) -> str:
    """Return the Message-ID without angle brackets. The instant of creation keeps two installations apart."""
    mark = hashlib.blake2s(f"{message_id}|{created_at.timestamp():.6f}".encode(), digest_size=8).hexdigest()
    return f"m{message_id}.{mark}@{DOMAIN}"
