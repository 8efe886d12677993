"""Deciding without writing: the day as a run would decide it now, in one snapshot that refuses writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quita.domain.ladder import decide, facts, rules
from quita.ladders.run import reading
from quita.platform import arrow


@dataclass(frozen=True)
class Tried:
    """One range of debtors, what is known about them, and what would be decided."""

    number: int
    known: facts.Facts
    outcome: decide.Outcome


def tried(in_force: rules.Rules, around: decide.Surroundings, spans: Sequence[reading.Range]) -> Iterator[Tried]:
    """Decides range after range; only one is in memory at a time."""
    with arrow.session() as session:
        session.run("set transaction read only")
        for number, span in enumerate(spans):
            known = reading.read(session, span, in_force, around.policy)
            yield Tried(number, known, decide.decide(known, in_force, around))
