"""Why, or why not, for this title on that day: sentences with numbers, and the facts they rest on."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quita.cases import queries as cases
from quita.domain.ladder.reasons import Reason
from quita.ladders.models import Run
from quita.ladders.queries import evidence as gathering
from quita.ladders.queries import explanations, reason_names, whereabouts
from quita.ladders.queries.evidence import Evidence
from quita.ladders.queries.explanations import Told
from quita.messaging import queries as messaging
from quita.messaging import reasons as message_reasons
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.ui import formats


@dataclass(frozen=True)
class OutcomeLine:
    """One decision about the title: what it is called, and the whole sentence."""

    code: str
    label: str
    tone: str
    icon: str
    sentence: str


@dataclass(frozen=True)
class MessageLine:
    """What became of a message that concerned the title."""

    message_id: int
    state: str
    label: str
    reason: str
    at: dt.datetime | None
    template: str
    sentence: str


@dataclass(frozen=True)
class Fact:
    """One fact used: its name, its value, and where it stands."""

    label: str
    value: str
    source: str = ""


@dataclass(frozen=True)
class Explanation:
    """The answer. `sentences` says it all in text; the other parts carry the same in pieces, for the page."""

    receivable_id: int
    number: str
    debtor_id: int
    debtor: str
    company: str
    case_id: int | None
    asked_on: dt.date
    day: dt.date
    run_id: int | None
    run_at: dt.datetime | None
    is_live: bool
    opening: str
    outcomes: tuple[OutcomeLine, ...]
    portfolio: whereabouts.PortfolioStory | None
    ladder: str
    ladder_id: int | None
    phase: str
    steps: tuple[whereabouts.StepLine, ...]
    next_step: str
    messages: tuple[MessageLine, ...]
    facts: tuple[Fact, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def sentences(self) -> list[str]:
        """Everything as sentences, the answer first."""
        told = [self.opening, *(line.sentence for line in self.outcomes), *self.notes]
        if self.portfolio:
            told.append(self.portfolio.sentence)
        told += [text for text in (self.ladder, self.phase, self.next_step) if text]
        told += [line.sentence for line in self.messages]
        return [text for text in told if text]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            **asdict(self), "asked_on": self.asked_on.isoformat(), "day": self.day.isoformat(),
            "run_at": self.run_at and self.run_at.isoformat(), "sentences": self.sentences,
            "steps": [asdict(one) | {"planned_on": one.planned_on.isoformat()} for one in self.steps],
            "messages": [asdict(one) | {"at": one.at and one.at.isoformat()} for one in self.messages],
        }  # fmt: skip


def explain(*, receivable_id: int, day: dt.date, scope: Scope, language: str, now: dt.datetime) -> Explanation:
    """Why the title was, or was not, acted upon on `day`: from that day's run, else by deciding now."""
    with translation.override(language.lower()):
        return _told(gathering.gather(receivable_id=receivable_id, day=day, scope=scope, now=now))


def explain_by_number(
    *, number: str, day: dt.date, language: str, now: dt.datetime, scope: Scope = EVERYTHING
) -> Explanation:
    """The same, by the title's number or id."""
    return explain(receivable_id=gathering.title_named(number, scope), day=day, scope=scope, language=language, now=now)


def _told(found: Evidence) -> Explanation:
    title = found.title
    ladder = found.ladder
    return Explanation(
        receivable_id=title.receivable_id,
        number=title.number,
        debtor_id=title.debtor_id,
        debtor=title.debtor,
        company=title.company,
        case_id=title.case_id,
        asked_on=found.asked_on,
        day=found.day,
        run_id=found.run.pk if found.run else None,
        run_at=found.run.started_at if found.run else None,
        is_live=found.is_live,
        opening=_opening(found),
        outcomes=tuple(_outcomes(found)),
        portfolio=whereabouts.portfolio_story(found),
        ladder=_("Ladder: “%(name)s”, version %(number)s.") % {"name": ladder.name, "number": ladder.number}
        if ladder
        else "",
        ladder_id=ladder.ladder_id if ladder else None,
        phase=whereabouts.phase_sentence(found),
        steps=tuple(whereabouts.step_lines(found)),
        next_step=whereabouts.next_sentence(found),
        messages=tuple(_messages(found)),
        facts=tuple(_facts(found)),
        notes=tuple(_notes(found)),
    )


def _opening(found: Evidence) -> str:
    """From where the answer comes."""
    language = explanations.language()
    if found.run is not None:
        at = found.run.started_at or found.run.requested_at
        return _("Run %(run)s of %(day)s, started at %(hour)s.") % {
            "run": found.run.pk, "day": formats.day(found.day, language), "hour": explanations.clock(at),
        }  # fmt: skip
    if found.is_ahead:
        return _("That day is still to come. If the ladder ran on %(day)s with the facts of now:") % {
            "day": formats.day(found.day, language),
        }  # fmt: skip
    if found.asked_on == found.day:
        return _("There has been no run today yet. If the ladder ran now:")
    return _("There is no recorded run of %(asked)s for this title. If the ladder ran now, on %(day)s:") % {
        "asked": formats.day(found.asked_on, language), "day": formats.day(found.day, language),
    }  # fmt: skip


def _outcomes(found: Evidence) -> list[OutcomeLine]:
    if not found.rows:
        return [OutcomeLine("not_looked_at", _("not looked at"), "neutral", "minus", _not_looked_at(found))]
    hold_ids = [row["hold_id"] for row in found.rows if row["hold_id"]]
    holds = whereabouts.holds(hold_ids)
    phases = cases.phase_names(only_active=False)
    lines = []
    for row in found.rows:
        name = reason_names.named(row["decision"])
        told = Told(found, row, holds, phases)
        code = Reason(row["decision"]).name.lower()
        lines.append(OutcomeLine(code, str(name.label), name.tone, name.icon, explanations.sentence(told)))
    return lines


_CLOSED = {
    "paid": lambda: pgettext("title", "it was paid on %(day)s"),
    "cancelled": lambda: pgettext("title", "it was cancelled on %(day)s"),
    "written_off": lambda: pgettext("title", "it was written off on %(day)s"),
    "renegotiated": lambda: pgettext("title", "it was replaced by an agreement on %(day)s"),
}


def _not_looked_at(found: Evidence) -> str:
    """Why a title is not among those decided: settled, not in Quita yet, or far from its due date."""
    title, language = found.title, explanations.language()
    if title.created_on > found.day:
        why = _("it came into Quita later, on %(day)s") % {"day": formats.day(title.created_on, language)}
    elif title.status != "open":
        why = _CLOSED[title.status]() % {"day": formats.day(title.closed_on, language) if title.closed_on else "?"}
    elif title.due_on is not None and title.due_on > found.day:
        why = _("it falls due on %(day)s, and no ladder has a step so long before the due date") % {
            "day": formats.day(title.due_on, language),
        }  # fmt: skip
    else:
        why = _("it was not open, or not in this form, when the run read the facts")
    return _("Title %(number)s was not looked at: %(why)s.") % {"number": title.number, "why": why}


def _notes(found: Evidence) -> list[str]:
    """What has happened since, and other runs of the day."""
    notes = []
    if found.run is not None:
        later = Run.objects.filter(day=found.day, pk__gt=found.run.pk).order_by("id").values_list("pk", flat=True)
        if later:
            notes.append(
                _("The day was run again (%(runs)s): what was settled stayed as it was.")
                % {"runs": ", ".join(str(pk) for pk in later)}
            )
    if found.rows and found.title.status != "open":
        why = _CLOSED[found.title.status]() % {
            "day": formats.day(found.title.closed_on, explanations.language()) if found.title.closed_on else "?",
        }  # fmt: skip
        notes.append(_("Since then: %(what)s.") % {"what": why})
    return notes


_STATES = {
    "queued": lambda: pgettext("message", "waiting"),
    "sending": lambda: pgettext("message", "being sent"),
    "sent": lambda: pgettext("message", "sent"),
    "failed": lambda: pgettext("message", "failed"),
    "withdrawn": lambda: pgettext("message", "withdrawn"),
}


def _messages(found: Evidence) -> list[MessageLine]:
    """What became of the run's messages that list the title."""
    if found.run is None:
        return []
    chosen = messaging.Filter(run_id=found.run.pk, debtor_id=found.title.debtor_id)
    page = messaging.message_page(scope=Scope(frozenset({found.title.company_id})), chosen=chosen)
    lines = []
    for one in page.messages:
        if found.title.receivable_id not in one.receivable_ids:
            continue
        label, reason = _STATES[one.state](), message_reasons.label(one.reason) if one.reason else ""
        at, template = one.ended_at or one.not_before, one.template_version.template.name
        text = (
            _("Message “%(template)s”: %(state)s (%(reason)s).") if reason else _("Message “%(template)s”: %(state)s.")
        ) % {"template": template, "state": label, "reason": reason}
        lines.append(MessageLine(one.pk, one.state, label, reason, at, template, text))
    return lines


def _facts(found: Evidence) -> list[Fact]:
    """The facts used, each with where it stands."""
    title, seen, language = found.title, found.seen, explanations.language()
    of_title = _("title no. %(id)s") % {"id": title.receivable_id}
    of_calendar = _("calendar no. %(id)s") % {"id": seen["calendar_id"]} if seen else ""
    facts = [Fact(_("Title"), title.number, of_title)]
    if seen is not None:
        facts += [
            Fact(_("Due date"), formats.day(seen["due_on"], language), of_title),
            Fact(_("Payable until"), formats.day(seen["payable_until"], language), of_calendar),
            Fact(_("Days late"), str(seen["days_past_due"])),
            Fact(_("Business days late"), str(seen["business_days_past_due"]), of_calendar),
            Fact(_("Balance"), explanations.money(seen["balance_cents"]), of_title),
        ]
        if seen["case_title_count"]:
            case_source = _("case no. %(id)s") % {"id": title.case_id} if title.case_id else ""
            facts.append(Fact(_("Past due in the case"), explanations.money(seen["case_balance_cents"]), case_source))
            facts.append(Fact(_("Titles past due in the case"), str(seen["case_title_count"]), case_source))
    for point in found.known.reach.sort("channel").to_dicts():
        facts.append(
            Fact(
                _("Reached by"),
                explanations.channel_words([point["channel"]]),
                _("contact no. %(id)s") % {"id": point["contact_point_id"]},
            )
        )
    for had in found.known.contacted.sort("channel").to_dicts():
        counts = ", ".join(
            f"{name.removeprefix('n_')} d: {value}" for name, value in had.items() if name.startswith("n_") and value
        )
        facts.append(Fact(_("Contacts before"), counts or "0", explanations.channel_words([had["channel"]])))
    return facts + list(_stop_facts(found))


def _stop_facts(found: Evidence) -> list[Fact]:
    standing, language = found.standing, explanations.language()
    if standing is None:
        return []
    facts = []
    if standing["promise_until"]:
        facts.append(Fact(_("Promise open until"), formats.day(standing["promise_until"], language)))
    if standing["hold_id"]:
        facts.append(
            Fact(
                _("Suspended until"),
                formats.day(standing["hold_until"], language),
                _("suspension no. %(id)s") % {"id": standing["hold_id"]},
            )
        )
    if standing["is_disputed"]:
        facts.append(Fact(_("In dispute"), _("yes"), _("title no. %(id)s") % {"id": found.title.receivable_id}))
    return facts


def run_days(*, around: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The days of the last run before a day and of the first after it: where to look next."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select max(day) filter (where day < %s), min(day) filter (where day > %s) from ladders_run",
            [around, around],
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else (None, None)
