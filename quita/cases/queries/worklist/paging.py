"""Pages by key: a page knows where it begins and ends, not its number."""

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from quita.domain.refusals import Refusal

Row = TypeVar("Row")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Total:
    """How many rows and how much open balance. `at_least`: counting stopped there, there is more.

    `balance_cents` None: not added up.
    """

    count: int
    balance_cents: int | None
    at_least: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in order with the cursors of the neighbour pages ("" = none).

    `gathered` tells how the page was found; whoever counts the list does it the same way.
    """

    rows: tuple[Row, ...]
    after: str = ""
    before: str = ""
    gathered: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Cursor:
    """The sort key of a row, and whether the page lies after it or before it."""

    key: tuple[Any, ...]
    backward: bool = False


def encode(key: tuple[Any, ...]) -> str:
    """A key as an opaque word for an address."""
    plain = [value.isoformat() if isinstance(value, dt.date) else value for value in key]
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(word: str, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    """The key inside a word, checked against the types of the sort in force. Refusal: cursor_damaged."""
    try:
        values = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        key = tuple(
            dt.date.fromisoformat(value) if kind is dt.date else value
            for kind, value in zip(kinds, values, strict=True)
        )
    except (ValueError, TypeError, binascii.Error) as fault:
        raise _damaged() from fault
    # Ids beyond a bigint would be a database error instead of an answer.
    if not all(type(value) is kind for kind, value in zip(kinds, key, strict=True)) or any(
        isinstance(value, int) and abs(value) >= 2**63 for value in key
    ):
        raise _damaged()
    return key


def _damaged() -> Refusal:
    return Refusal(
        "cursor_damaged",
        "The address of this page of the list is incomplete or belongs to another order. Start at the first page.",
    )
