"""Each outcome as a sentence with its numbers, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quita.domain.ladder import rules, sentences
from quita.domain.ladder.reasons import Reason
from quita.ladders.actions.known import CHANNEL_LABELS
from quita.ladders.queries import limits
from quita.ladders.queries.evidence import Evidence
from quita.platform.access.roles import Role
from quita.platform.actors import HOME_ZONE
from quita.platform.ui import formats


@dataclass(frozen=True)
class Told:
    """One decision about the title with the evidence around it. `named` looks things up that the facts only number."""

    evidence: Evidence
    row: dict[str, Any]
    holds: dict[int, tuple[str, dt.date]]
    phases: dict[int, str]

    @property
    def step(self) -> rules.Step | None:
        """The step decided about."""
        return self.evidence.step(self.row["step_key"])

    @property
    def day(self) -> dt.date:
        """The business day decided."""
        return self.evidence.day


def language() -> str:
    """The active language as `formats` takes it."""
    return translation.get_language() or "pt-br"


def day_words(day: dt.date, today: dt.date) -> str:
    """23/11, or 23/11/2025 in another year."""
    return formats.day_short(day, language()) if day.year == today.year else formats.day(day, language())


def due_words(day: dt.date, today: dt.date) -> str:
    """When a step's day came, or comes."""
    days = (today - day).days
    if days == 0:
        return _("fell due today")
    if days == 1:
        return _("fell due yesterday")
    return _("fell due on %(day)s") % {"day": day_words(day, today)}


def money(cents: int) -> str:
    """R$ 1.234,56."""
    return formats.money(cents, language(), symbol=True)


def clock(at: dt.datetime) -> str:
    """The hour in the installation's zone."""
    return f"{at.astimezone(HOME_ZONE):%H:%M}"


def channel_words(channels: tuple[str, ...] | list[str]) -> str:
    """ "e-mail, SMS"."""
    names = (str(CHANNEL_LABELS.get(one, one)) for one in channels)
    # Proper names keep their capitals in the middle of a sentence.
    kept = ("SMS", "WhatsApp")
    return ", ".join(name if name in kept else name[:1].lower() + name[1:] for name in names)


def step_words(step: rules.Step | None, occurrence: int | None) -> str:
    """The step by name and day: «2º aviso» (D+10), with the number of the repeat."""
    if step is None:
        return _("a step")
    every = step.repeat_every_days or 0
    mark = sentences.day_mark(step.offset_days + (occurrence or 0) * every)
    if occurrence:
        return _("step “%(name)s” (%(mark)s, repeat %(number)s)") % {
            "name": step.name, "mark": mark, "number": occurrence,
        }  # fmt: skip
    return _("step “%(name)s” (%(mark)s)") % {"name": step.name, "mark": mark}


def lateness_words(days: int | None) -> str:
    """ "12 days late", "due today", "due in 3 days"."""
    if days is None:
        return _("without a due date")
    if days > 0:
        return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": formats.count(days, language())}
    if days == 0:
        return _("still payable without charges today")
    return ngettext("due in %(n)s day", "due in %(n)s days", -days) % {"n": formats.count(-days, language())}


def sentence(told: Told) -> str:
    """The whole sentence: which title, how late, what was decided and why."""
    head = _("Title %(number)s, %(late)s") % {
        "number": told.evidence.title.number, "late": lateness_words(told.row["days_past_due"]),
    }  # fmt: skip
    return f"{head}: {CLAUSES[Reason(told.row['decision'])](told)}"


def _came(told: Told) -> str:
    """ "step “2nd notice” (D+10) fell due yesterday"."""
    words = step_words(told.step, told.row["occurrence"])
    return f"{words} {due_words(told.row['day'], told.day)}" if told.row["day"] else words


def _again(day: dt.date | None, told: Told) -> str:
    """When it is looked at with a chance again."""
    if day is None:
        return ""
    return " " + _("Next try on %(day)s.") % {"day": day_words(day, told.day)}


def _sent(told: Told) -> str:
    message = limits.message_of(told.evidence, told.row)
    count = len(message["receivable_ids"]) if message else 1
    return ngettext(
        "%(came)s; one message by %(channel)s, from %(hour)s on, about this title.",
        "%(came)s; one message by %(channel)s, from %(hour)s on, about %(n)s titles of the same debtor.",
        count,
    ) % {
        "came": _came(told), "channel": channel_words([message["channel"]]) if message else "?",
        "hour": clock(message["not_before"]) if message else "?", "n": count,
    }  # fmt: skip


def _merged(told: Told) -> str:
    lead = limits.lead_of(told.evidence, told.row)
    if lead is None:
        return _("%(came)s; it goes together with a higher step of the same debtor.") % {"came": _came(told)}
    kind = told.step.action if told.step else rules.MESSAGE
    text = {
        rules.MESSAGE: _("%(came)s; it goes inside the message of the %(lead)s, so that the debtor gets only one."),
        rules.CALL_TASK: _("%(came)s; one call is enough, and the one for the %(lead)s covers this title too."),
    }.get(kind, _("%(came)s; the %(lead)s of the same case covers this title too."))
    return text % {"came": _came(told), "lead": step_words(told.evidence.step(lead["step_key"]), lead["occurrence"])}


def _task_opened(told: Told) -> str:
    role = str(told.step.params.get("role", "operator")) if told.step else "operator"
    label = dict(Role.choices).get(role, role)
    return _("%(came)s; a phone call was asked of: %(role)s.") % {"came": _came(told), "role": label}


def _ticket(told: Told, text: str) -> str:
    params = told.step.params if told.step else {}
    return text % {"came": _came(told), "kind": params.get("ticket_type", "?"), "team": params.get("group", "?")}


def _ticket_opened(told: Told) -> str:
    return _ticket(told, _("%(came)s; ticket “%(kind)s” opened for the team %(team)s."))


def _ticket_updated(told: Told) -> str:
    return _ticket(told, _("%(came)s; the open ticket “%(kind)s” of the team %(team)s was updated, not doubled."))


def _phase_set(told: Told) -> str:
    phase = told.phases.get(int(told.step.params.get("phase_id", 0)) if told.step else 0, "?")
    return _("%(came)s; the title goes to the phase “%(phase)s”.") % {"came": _came(told), "phase": phase}


def _superseded(told: Told) -> str:
    return _(
        "%(came)s, before the title was in Quita (%(created)s); this ladder waits for its next step instead "
        "of catching up."
    ) % {"came": _came(told), "created": day_words(told.evidence.title.created_on, told.day)}


def _before_version(told: Told) -> str:
    since = told.step.since_on if told.step else told.day
    return _("%(came)s, before the step was in force as it is (%(since)s); what lies before that never fires.") % {
        "came": _came(told), "since": day_words(since, told.day),
    }  # fmt: skip


def _prescribed(told: Told) -> str:
    evidence = told.evidence
    policy = (evidence.standing or {}).get("policy_id") or 0
    years = evidence.in_force.prescription_years.get((evidence.title.company_id, policy), 5)
    return ngettext(
        "the debt prescribed: more than %(n)s year since %(due)s (Civil Code, arts. 205 and 206). It is not chased.",
        "the debt prescribed: more than %(n)s years since %(due)s (Civil Code, arts. 205 and 206). It is not chased.",
        years,
    ) % {"n": years, "due": formats.day(told.row["due_on"], language())}


def _no_usable_contact(told: Told) -> str:
    step = told.step
    channels = ("voice",) if step and step.action == rules.CALL_TASK else (step.channels if step else ())
    return _(
        "%(came)s, but %(debtor)s has no usable contact for it (%(channels)s): none on file, bounced, of another "
        "person or opted out. A task asks for one."
    ) % {"came": _came(told), "debtor": told.evidence.title.debtor, "channels": channel_words(channels)}


def _removed_by_hand(told: Told) -> str:
    run = told.evidence.run
    who = (run.requested_by.get_full_name() or run.requested_by.get_username()) if run and run.requested_by else ""
    if who:
        return _("%(came)s, but %(who)s took the message out in the preview of the run.") % {
            "came": _came(told), "who": who,
        }  # fmt: skip
    return _("%(came)s, but the message was taken out in the preview of the run.") % {"came": _came(told)}


def _agreement_current(told: Told) -> str:
    return _("%(came)s, but the title is part of an agreement that is being kept.") % {"came": _came(told)}


def _promise_open(told: Told) -> str:
    until = told.row["promise_until"]
    return _(
        "%(came)s, but %(debtor)s has promised to pay by %(until)s; until then nothing goes out. If it is not kept the "
        "ladder goes on on %(next)s."
    ) % {
        "came": _came(told), "debtor": told.evidence.title.debtor, "until": day_words(until, told.day),
        "next": day_words(until + dt.timedelta(days=1), told.day),
    }  # fmt: skip


def _disputed(told: Told) -> str:
    return _(
        "%(came)s, but this title is in dispute; the debtor's other titles go on. It is looked at again when the "
        "dispute is closed."
    ) % {"came": _came(told)}


def _on_hold(told: Told) -> str:
    reason, until = told.holds.get(told.row["hold_id"] or 0, ("?", told.day))
    return _("%(came)s, but collection is suspended until %(until)s (%(reason)s).%(again)s") % {
        "came": _came(told), "until": day_words(until, told.day), "reason": reason,
        "again": _again(until + dt.timedelta(days=1), told),
    }  # fmt: skip


def _protected_person(told: Told) -> str:
    return _(
        "%(came)s, but %(debtor)s is marked as a protected person (%(kind)s): nobody is contacted until a "
        "person lifts it."
    ) % {
        "came": _came(told), "debtor": told.evidence.title.debtor,
        "kind": limits.protection_label((told.evidence.standing or {}).get("protection") or ""),
    }  # fmt: skip


def _stale_feed(told: Told) -> str:
    return _(
        "%(came)s, but the payments of %(company)s known on %(day)s were older than its limit: somebody who has paid "
        "could be chased. Bring the newest payments in and run again."
    ) % {"came": _came(told), "company": told.evidence.title.company, "day": day_words(told.day, told.day)}


def _day_not_allowed(told: Told) -> str:
    why = limits.closed_day(told.evidence, told.row)
    text = {
        limits.HOLIDAY: _("%(came)s, but today is a holiday where the debtor lives (%(place)s).%(again)s"),
        limits.CLOSED: _("%(came)s, but this channel (%(channel)s) is not allowed on this weekday.%(again)s"),
        limits.HOURS_OVER: _(
            "%(came)s, but the allowed hours (%(channel)s, until %(until)s) were over at %(now)s.%(again)s"
        ),
    }[why.kind]
    return text % {
        "came": _came(told), "place": why.place or "BR", "channel": channel_words([why.channel]),
        "until": why.until, "now": clock(told.evidence.in_force.now), "again": _again(why.next_on, told),
    }  # fmt: skip


def _cap_reached(told: Told) -> str:
    cap = limits.reached_cap(told.evidence, told.row)
    return ngettext(
        "%(came)s, but %(debtor)s has had %(had)s contacts in the last %(n)s day (limit %(limit)s).%(again)s",
        "%(came)s, but %(debtor)s has had %(had)s contacts in the last %(n)s days (limit %(limit)s).%(again)s",
        cap.window_days,
    ) % {
        "came": _came(told), "debtor": told.evidence.title.debtor, "had": cap.had, "n": cap.window_days,
        "limit": cap.at_most, "again": _again(cap.next_on, told),
    }  # fmt: skip


def _gap_too_short(told: Told) -> str:
    gap = limits.gap(told.evidence, told.row)
    return _(
        "%(came)s, but the last contact was on %(last)s and %(hours)s hours must pass between two: today's hours end "
        "before that.%(again)s"
    ) % {"came": _came(told), "last": gap.last_at, "hours": gap.hours, "again": _again(gap.next_on, told)}


def _nothing_due(told: Told) -> str:
    coming = limits.next_step(told.evidence)
    if coming is None:
        if told.evidence.ladder is None:
            return _("no step was due.")
        return _("no step was due, and the ladder “%(ladder)s” has no further step for it.") % {
            "ladder": told.evidence.ladder.name,
        }  # fmt: skip
    return _("no step was due. The next one is the %(step)s, on %(day)s.") % {
        "step": step_words(coming.step, coming.occurrence), "day": day_words(coming.planned_on, told.day),
    }  # fmt: skip


def _no_ladder(told: Told) -> str:
    portfolio_id = (told.evidence.standing or {}).get("portfolio_id")
    name = next((one.name for one in told.evidence.in_force.portfolios if one.portfolio_id == portfolio_id), "")
    if not name:
        return _("no portfolio takes it, so no ladder applies. Make a default portfolio.")
    return _("the portfolio “%(portfolio)s” is worked by hand: no ladder applies.") % {"portfolio": name}


def _below_minimum(told: Told) -> str:
    standing = told.evidence.standing or {}
    ladder = told.evidence.ladder
    late = (standing.get("days_past_due") or 0) > 0
    at_stake = standing.get("case_balance_cents" if late else "balance_cents") or 0
    return _("the open balance, %(balance)s, is below the least that the ladder “%(ladder)s” chases (%(least)s).") % {
        "balance": money(at_stake), "ladder": ladder.name if ladder else "?",
        "least": money(ladder.minimum_cents if ladder else 0),
    }  # fmt: skip


def _no_due_date(told: Told) -> str:
    return _("it has no due date, so nothing can be late. Correct the title or its import.")


CLAUSES: dict[Reason, Callable[[Told], str]] = {
    Reason.SENT: _sent,
    Reason.MERGED: _merged,
    Reason.TASK_OPENED: _task_opened,
    Reason.TICKET_OPENED: _ticket_opened,
    Reason.TICKET_UPDATED: _ticket_updated,
    Reason.PHASE_SET: _phase_set,
    Reason.SUPERSEDED: _superseded,
    Reason.BEFORE_VERSION: _before_version,
    Reason.PRESCRIBED: _prescribed,
    Reason.NO_USABLE_CONTACT: _no_usable_contact,
    Reason.REMOVED_BY_HAND: _removed_by_hand,
    Reason.AGREEMENT_CURRENT: _agreement_current,
    Reason.PROMISE_OPEN: _promise_open,
    Reason.DISPUTED: _disputed,
    Reason.ON_HOLD: _on_hold,
    Reason.PROTECTED_PERSON: _protected_person,
    Reason.STALE_FEED: _stale_feed,
    Reason.DAY_NOT_ALLOWED: _day_not_allowed,
    Reason.CAP_REACHED: _cap_reached,
    Reason.GAP_TOO_SHORT: _gap_too_short,
    Reason.NOTHING_DUE: _nothing_due,
    Reason.NO_LADDER: _no_ladder,
    Reason.BELOW_MINIMUM: _below_minimum,
    Reason.NO_DUE_DATE: _no_due_date,
}
