"""One worker: batch after batch from the outbox to the channels, several lines at once, until nothing is due.

Reading, deciding and writing letters happen in the calling thread; handing over happens in one thread per line, which
touch neither the database nor the templates. Endings are committed in groups as they come in.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from quita.domain.refusals import Refusal
from quita.messaging import reasons
from quita.messaging.channels import CHANNELS
from quita.messaging.channels.email_smtp import configuration
from quita.messaging.channels.email_smtp.mime import Envelope
from quita.messaging.channels.outcomes import Accepted, InDoubt, LineDown, Outcome, Permanent, Retryable
from quita.messaging.delivery import claims, endings, journal, last_look, recovery, references
from quita.messaging.delivery.last_look import Postpone, Send, Withdraw
from quita.messaging.delivery.limits import LINE_DOWN_PAUSE, MAX_ATTEMPTS, next_attempt
from quita.messaging.models import TemplateVersion
from quita.messaging.texts import letters
from quita.platform import checkpoints, home
from quita.platform.actors import When

log = logging.getLogger("quita.messaging.delivery")

BATCH = 500
LINES = 2
# Letters are written, their leases renewed and their endings committed in groups: a commit each would cost more than
# the mail. What cannot be renewed is not sent.
SETTLE_EVERY = 100


@dataclass(frozen=True, slots=True)
class Parcel:
    """A written message on its way to a line, with what its ending will need."""

    send: Send
    envelope: Envelope
    subject: str


@dataclass
class Tally:
    """What a delivery did: `counts` by ending and reason, e.g. {"sent": 410, "withdrawn:paid": 2}."""

    counts: Counter[str] = field(default_factory=Counter)
    recovered: int = 0
    line_down: str = ""

    def add(self, ended: list[endings.Ending]) -> None:
        """Count endings."""
        for ending in ended:
            name = type(ending).__name__.lower()
            reason = getattr(ending, "reason", "")
            self.counts[f"{name}:{reason}" if reason else name] += 1


def deliver(
    *,
    when_fn: Callable[[], When],
    worker: str | None = None,
    batch_size: int = BATCH,
    lines: int = LINES,
    server: configuration.SmtpServer | None = None,
    journals: Path | None = None,
) -> Tally:
    """Deliver everything that is due and return what was done. Not inside a transaction: claims must be seen at once.

    `when_fn` gives the instant before every batch: hours pass while a large outbox is emptied. `server` and `journals`
    default to the configuration and the data home. Without a mail server messages
    wait, and only those whose time is over are ended.
    """
    tally = Tally()
    server = server or configuration.configured()
    if server is None:
        tally.line_down = "not configured"
    folder = journals or home.data_home() / "delivery"
    name = worker or journal.new_worker_name()
    notes = journal.Journal.create(folder, name)
    try:
        tally.recovered = recovery.recover(worker=name, folder=folder, server=server, when=when_fn())
        while True:
            when = when_fn()
            down = bool(tally.line_down)
            claimed = claims.claim(worker=name, now=when.at, limit=batch_size, only_outdated=down)
            checkpoints.reached("delivery.claimed")
            if not claimed:
                break
            if server is None:
                _end_outdated(claimed, name, when, tally)
                continue
            _Batch(name, server, notes, when_fn, lines, tally).run(claimed, when)
            notes.forget()
    finally:
        notes.close()
    log.info("messaging.delivery.finished worker=%s recovered=%s counts=%s", name, tally.recovered, dict(tally.counts))
    return tally


class _Batch:
    """One claimed batch from the last look to its endings."""

    def __init__(
        self,
        worker: str,
        server: configuration.SmtpServer,
        notes: journal.Journal,
        when_fn: Callable[[], When],
        lines: int,
        tally: Tally,
    ) -> None:
        self._worker, self._server, self._notes = worker, server, notes
        self._when_fn, self._tally = when_fn, tally
        self._parcels: queue.Queue[Parcel | None] = queue.Queue(maxsize=2 * SETTLE_EVERY)
        self._outcomes: queue.SimpleQueue[tuple[Parcel, Outcome | LineDown]] = queue.SimpleQueue()
        self._lost: set[int] = set()
        self._threads = [threading.Thread(target=self._carry, name=f"line-{n}", daemon=True) for n in range(lines)]

    def run(self, claimed: list[claims.Claimed], when: When) -> None:
        """Look, write, hand over, settle."""
        verdicts = last_look.look(claimed, when=when)
        checkpoints.reached("delivery.looked")
        ended: list[endings.Ending] = [
            _without_sending(verdict) for verdict in verdicts if not isinstance(verdict, Send)
        ]
        sends = [verdict for verdict in verdicts if isinstance(verdict, Send)]
        for thread in self._threads:
            thread.start()
        try:
            for start in range(0, len(sends), SETTLE_EVERY):
                written = [self._write(send, when, ended) for send in sends[start : start + SETTLE_EVERY]]
                parcels = [parcel for parcel in written if parcel is not None]
                if start:
                    self._keep_hold([verdict.message.id for verdict in sends])
                self._note_facts(parcels)
                for parcel in parcels:
                    self._parcels.put(parcel)
                ended = self._settle(ended, at_least=SETTLE_EVERY)
        finally:
            for _ in self._threads:
                self._parcels.put(None)
            for thread in self._threads:
                thread.join()
        self._settle(ended, at_least=1)

    def _write(self, send: Send, when: When, ended: list[endings.Ending]) -> Parcel | None:
        message = send.message
        version = _version(message.template_version_id)
        creditor = send.facts.creditor
        try:
            letter = letters.write(version.subject, version.body, send.facts)
            envelope = CHANNELS[message.channel].compose(
                letter,
                reference=references.reference_of(message.id, message.created_at),
                sender=self._server.sender_for(creditor.email),
                sender_name=creditor.name or creditor.legal_name,
                recipient=send.address,
                reply_to=creditor.email,
                at=when.at,
            )
        except Refusal as refusal:
            ended.append(endings.Failed(message.id, reasons.TEMPLATE_ERROR, str(refusal)))
            return None
        except ValueError as error:
            ended.append(endings.Failed(message.id, reasons.RECIPIENT_REFUSED, str(error), message.contact_point_id))
            return None
        checkpoints.reached("delivery.written")
        return Parcel(send, envelope, letter.subject)

    def _note_facts(self, parcels: list[Parcel]) -> None:
        """Keep what the letters say before any of them leaves: whoever recovers after a crash could not know it."""
        endings.note_facts(
            [(p.send.message.id, p.envelope.reference, p.subject, p.send.facts.as_json()) for p in parcels]
        )

    def _carry(self) -> None:
        """One line: take parcels until there are no more. After the line went down the rest is only handed back."""
        down: LineDown | None = None
        with CHANNELS["email"].open_line(self._server, self._notes) as line:
            while (parcel := self._parcels.get()) is not None:
                if parcel.send.message.id in self._lost:
                    continue
                if down is not None:
                    self._outcomes.put((parcel, down))
                    continue
                outcome: Outcome | LineDown
                try:
                    outcome = line.send(parcel.send.message.id, parcel.envelope)
                except LineDown as error:
                    outcome = down = error
                except Exception:
                    # The edge of this thread: a fault of ours must not leave the batch waiting for an answer.
                    log.exception("messaging.delivery.line_failed message=%s", parcel.send.message.id)
                    outcome = InDoubt("a fault while sending")
                self._outcomes.put((parcel, outcome))

    def _settle(self, ended: list[endings.Ending], *, at_least: int) -> list[endings.Ending]:
        """Commit what has ended so far, when it is enough to be worth a commit."""
        if not self._threads[0].is_alive() or self._outcomes.qsize() + len(ended) >= at_least:
            when = self._when_fn()
            ended += [self._ending(parcel, outcome, when) for parcel, outcome in self._drain()]
            endings.settle(ended, worker=self._worker, when=when)
            self._tally.add(ended)
            return []
        return ended

    def _drain(self) -> Iterator[tuple[Parcel, Outcome | LineDown]]:
        while True:
            try:
                yield self._outcomes.get_nowait()
            except queue.Empty:
                return

    def _ending(self, parcel: Parcel, outcome: Outcome | LineDown, when: When) -> endings.Ending:
        message = parcel.send.message
        match outcome:
            case Accepted():
                return endings.Sent(message.id)
            case Permanent(reason, detail, bounced):
                return endings.Failed(message.id, reason, detail, message.contact_point_id if bounced else None)
            case InDoubt(detail):
                return recovery.after_doubt(message.id, message.channel, message.created_at, self._server, when, detail)
            case LineDown():
                self._tally.line_down = str(outcome)
                return endings.Requeued(message.id, when.at + LINE_DOWN_PAUSE, str(outcome), counts=False)
            case Retryable(detail, counts):
                if message.attempts >= MAX_ATTEMPTS:
                    return endings.Failed(message.id, reasons.GAVE_UP, detail)
                return endings.Requeued(message.id, next_attempt(message.attempts, when.at), detail, counts)

    def _keep_hold(self, message_ids: list[int]) -> None:
        """Renew the leases; messages that another worker has taken over meanwhile are not sent."""
        held = claims.renew(worker=self._worker, now=self._when_fn().at)
        settled_or_lost = set(message_ids) - held
        self._lost |= settled_or_lost


def _end_outdated(claimed: list[claims.Claimed], worker: str, when: When, tally: Tally) -> None:
    ended: list[endings.Ending] = [endings.Withdrawn(message.id, reasons.OUTDATED) for message in claimed]
    endings.settle(ended, worker=worker, when=when)
    tally.add(ended)


def _without_sending(verdict: Withdraw | Postpone) -> endings.Ending:
    if isinstance(verdict, Withdraw):
        return endings.Withdrawn(verdict.message.id, verdict.reason, verdict.detail)
    return endings.Requeued(verdict.message.id, verdict.until, counts=False)


@lru_cache(maxsize=512)
def _version(version_id: int) -> TemplateVersion:
    """A version never changes once made, so it is read once per process."""
    return TemplateVersion.objects.get(pk=version_id)
