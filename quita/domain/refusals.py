"""A refusal is an anticipated "no": typed, with a stable code and a sentence for people.

The sentence says what was asked, what the limit is and what to do about it. It is kept as an English source string
with named parameters (`%(limit)s`), so that the edge can translate the string first and fill the parameters
afterwards: `gettext(refusal.message) % refusal.params`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


def worded(text: str) -> str:
    """Marks a sentence kept apart from its Refusal, in a table or under a name: its Portuguese is asked for, too."""
    return text


class Refusal(Exception):
    """A typed "no". `code` is stable and public (forms, API, import reports); `message` is the English source."""

    def __init__(self, code: str, message: str, params: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.message = message
        self.params: dict[str, Any] = dict(params or {})
        super().__init__(code, message, self.params)

    def __str__(self) -> str:
        """The English sentence with its parameters filled in."""
        return self.message % self.params if self.params else self.message.replace("%%", "%")

    def __reduce__(self) -> tuple[type[Refusal], tuple[str, str, dict[str, Any]]]:
        return type(self), (self.code, self.message, self.params)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Refusal):
            return NotImplemented
        return (self.code, self.message, self.params) == (other.code, other.message, other.params)

    def __hash__(self) -> int:
        return hash((self.code, self.message))


@dataclass(frozen=True)
class Finding:
    """A refusal tied to the place it concerns: a form field, and in a file the row (1 = first data row)."""

    refusal: Refusal
    field: str | None = None
    row: int | None = None


class Refused(Refusal):
    """Several refusals at once. It carries the first one's code and text, and all of them in `findings`."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        if not findings:
            raise ValueError("Refused needs at least one finding")
        first = findings[0].refusal
        super().__init__(first.code, first.message, first.params)
        self.findings = findings

    def __reduce__(self) -> tuple[type[Refused], tuple[Any, ...]]:
        return type(self), (self.findings,)


@dataclass
class Refusals:
    """Collects refusals, so that a person sees everything that is wrong at once and not one thing at a time."""

    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        message: str,
        params: Mapping[str, Any] | None = None,
        *,
        field: str | None = None,
        row: int | None = None,
    ) -> None:
        """Note one refusal, tied to a field and a row where that is known."""
        self.findings.append(Finding(Refusal(code, message, params), field, row))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def raise_if_any(self) -> None:
        """Raise `Refused` with everything collected; do nothing when nothing was refused."""
        if self.findings:
            raise Refused(tuple(self.findings))
