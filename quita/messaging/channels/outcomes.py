"""What came of handing a message to a channel. A channel maps the errors of its library to these, once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side took responsibility for the message."""


@dataclass(frozen=True, slots=True)
class Retryable:
    """It certainly did not leave and may be tried again. `counts` is False when the message had no part in it."""

    detail: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Permanent:
    """It will never be accepted. `bounced`: the address itself is the trouble."""

    reason: str
    detail: str
    bounced: bool = False


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The last word was said and no answer came: it may have left."""

    detail: str


Outcome = Accepted | Retryable | Permanent | InDoubt


class LineDown(Exception):
    """The channel cannot be reached or refuses us as a sender; no message is to blame."""
