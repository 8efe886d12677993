"""A case's happenings in words: what was done, by whom or by which step, and why."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from quita.backoffice.queries import Happening
from quita.cases.queries import people, phase_names, portfolio_names
from quita.messaging import reasons
from quita.platform.ui import formats
from quita.platform.ui.timeline import Fact

CHANNELS = {
    "email": (gettext_lazy("E-mail"), "mail"), "sms": (gettext_lazy("SMS"), "smartphone"),
    "whatsapp": (gettext_lazy("WhatsApp"), "message-circle"), "letter": (gettext_lazy("Letter"), "file-text"),
    "voice": (gettext_lazy("Phone call"), "phone"),
}  # fmt: skip
STATES = {
    "queued": (pgettext_lazy("message", "waiting"), "info"),
    "sending": (pgettext_lazy("message", "being sent"), "info"),
    "sent": (pgettext_lazy("message", "sent"), "success"), "failed": (pgettext_lazy("message", "failed"), "danger"),
    "withdrawn": (pgettext_lazy("message", "withdrawn"), "neutral"),
}  # fmt: skip
# Codes of quita.domain.ladder.reasons.
DECISIONS = {
    2: (gettext_lazy("Part of another message"), "mail", "neutral"),
    3: (gettext_lazy("Task opened"), "list-todo", "info"),
    4: (gettext_lazy("Ticket opened"), "file-text", "info"), 5: (gettext_lazy("Ticket updated"), "file-text", "info"),
    6: (gettext_lazy("Phase set by the ladder"), "milestone", "info"),
    20: (gettext_lazy("Step put aside: a later one was due"), "ban", "neutral"),
    21: (gettext_lazy("Step before the ladder was in force"), "ban", "neutral"),
    22: (gettext_lazy("Debt prescribed: not chased"), "shield-check", "warning"),
    23: (gettext_lazy("No usable contact"), "circle-alert", "warning"),
    24: (gettext_lazy("Taken out by a person"), "ban", "neutral"),
}  # fmt: skip


def facts_of(happenings: list[Happening]) -> list[Fact]:
    """The happenings as entries of the timeline, in their order."""
    tellers: dict[str, Callable[[Happening], Fact]] = {
        "message": _message, "step": _step, "phase": _phase, "payment": _payment,
        "reversal": _reversal,
    }  # fmt: skip
    names: dict[str, dict[int, str]] = {}
    return [tellers[item.kind](item) if item.kind in tellers else _deed(item, names) for item in happenings]


def _titles(facts: dict[str, Any]) -> str:
    numbers = facts.get("titles") or []
    if not numbers:
        return ""
    shown = ", ".join(numbers[:4])
    more = len(numbers) - 4
    return (
        shown
        if more <= 0
        else ngettext("%(shown)s and %(n)s more", "%(shown)s and %(n)s more", more) % {"shown": shown, "n": more}
    )


def _day(text: str | None) -> str:
    return formats.day(dt.date.fromisoformat(text), _language()) if text else ""


def _money(cents: int | None) -> str:
    return formats.money(cents or 0, _language(), symbol=True)


def _language() -> str:
    return translation.get_language() or "pt-br"


def _details(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What led to a machine's doing, for those who want to check it."""
    pairs = [
        (_("Titles"), _titles(facts)),
        (_("Step"), facts.get("step") or ""),
        (_("Days from the due date"), "" if facts.get("offset_days") is None else str(facts["offset_days"])),
        (
            _("Ladder"),
            _("%(name)s, version %(n)s") % {"name": facts["ladder"], "n": facts["version"]}
            if facts.get("ladder")
            else "",
        ),
        (_("Template"), facts.get("template") or ""),
        (_("Due date"), _day(facts.get("due_on"))),
        (_("Business day of the run"), _day(facts.get("day"))),
        (_("Run"), str(facts["run_id"]) if facts.get("run_id") else ""),
    ]
    return [(label, value) for label, value in pairs if value]


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _message(item: Happening) -> Fact:
    facts = item.facts
    channel, icon = CHANNELS.get(facts["channel"], (facts["channel"], "mail"))
    state, tone = STATES[facts["state"]]
    reason = reasons.LABELS.get(facts["reason"], facts["reason"])
    text = _("Step “%(step)s”") % {"step": facts["step"]} if facts["step"] else facts["template"]
    if facts["state"] in ("failed", "withdrawn") and reason:
        text = f"{text}: {reason}"
    return Fact(
        at=item.at, icon=icon, title=str(channel), text=f"{text} · {_titles(facts)}" if _titles(facts) else text,
        tone=tone, badges=[(str(state), tone)], details=_details(facts), href=_address("messaging:message", item.id),
    )  # fmt: skip


def _step(item: Happening) -> Fact:
    title, icon, tone = DECISIONS.get(item.facts["decision"], (_("Step done"), "check", "neutral"))
    text = " · ".join(filter(None, (item.facts.get("step"), _titles(item.facts))))
    return Fact(at=item.at, icon=icon, title=str(title), text=text, tone=tone, details=_details(item.facts))


def _phase(item: Happening) -> Fact:
    title = _("Phase: %(phase)s") % {"phase": item.facts["phase"]}
    return Fact(at=item.at, icon="milestone", title=title, text=_("By lateness") + f" · {_titles(item.facts)}")


def _payment(item: Happening) -> Fact:
    facts = item.facts
    text = _("Paid on %(day)s") % {"day": _day(facts["paid_on"])}
    text = " · ".join(filter(None, (text, facts["method"], _titles(facts))))
    return Fact(
        at=item.at,
        icon="banknote",
        title=_("Payment of %(amount)s") % {"amount": _money(facts["amount_cents"])},
        text=text,
        tone="success",
    )


def _reversal(item: Happening) -> Fact:
    text = " · ".join(filter(None, (item.facts["reason"], _titles(item.facts))))
    title = _("Payment of %(amount)s reversed") % {"amount": _money(item.facts["amount_cents"])}
    return Fact(at=item.at, icon="rotate-ccw", title=title, text=text, tone="danger")


def _deed(item: Happening, names: dict[str, dict[int, str]]) -> Fact:
    """What a person or a command did: from the audit, whose verbs are past tense and dotted."""
    facts = item.facts
    title, icon, tone = DEEDS.get(facts["verb"], (facts["verb"], "history", "neutral"))
    parts = [
        facts.get("reason") or facts.get("resolution") or facts.get("outcome") or "",
        _money(facts["amount_cents"]) if facts.get("amount_cents") else "",
        _("for %(day)s") % {"day": _day(facts["pay_on"])} if facts.get("pay_on") else "",
        _("until %(day)s") % {"day": _day(facts["ends_on"])} if facts.get("ends_on") else "",
        _named(names, "portfolio", portfolio_names, facts.get("portfolio_id")),
        _named(names, "phase", lambda: phase_names(only_active=False), facts.get("phase_id")),
        _named(names, "person", people, facts.get("user_id")),
        _titles(facts),
    ]
    if facts["verb"] == "cases.case.closed":
        parts[0] = str(CLOSINGS.get(facts.get("reason", ""), ""))
    who = item.who or _("Quita")
    return Fact(at=item.at, icon=icon, title=str(title), text=" · ".join(filter(None, parts)), who=who, tone=tone)


def _named(names: dict[str, dict[int, str]], kind: str, read: Callable[[], dict[int, str]], key: int | None) -> str:
    if key is None:
        return ""
    if kind not in names:
        names[kind] = read()
    return names[kind].get(key, "")


CLOSINGS = {
    "paid": gettext_lazy("everything past due was paid"), "agreed": gettext_lazy("renegotiated"),
    "cancelled": gettext_lazy("cancelled at the source"), "written_off": gettext_lazy("written off"),
    "not_due": gettext_lazy("nothing is past due any more"),
}  # fmt: skip
DEEDS = {
    "cases.case.opened": (gettext_lazy("Case opened"), "briefcase", "info"),
    "cases.case.reopened": (gettext_lazy("Case reopened where it stood"), "rotate-ccw", "warning"),
    "cases.case.closed": (gettext_lazy("Case closed"), "circle-check", "success"),
    "cases.case.moved": (gettext_lazy("Moved to a portfolio by hand"), "folders", "info"),
    "cases.case.released": (gettext_lazy("Given back to the rules"), "undo-2", "neutral"),
    "cases.case.assigned": (gettext_lazy("Assigned"), "user", "neutral"),
    "cases.promise.made": (gettext_lazy("Promise to pay"), "calendar-clock", "success"),
    "cases.promise.withdrawn": (gettext_lazy("Promise withdrawn"), "undo-2", "warning"),
    "cases.dispute.opened": (gettext_lazy("Dispute opened"), "message-square", "warning"),
    "cases.dispute.closed": (gettext_lazy("Dispute closed"), "check", "neutral"),
    "cases.hold.placed": (gettext_lazy("Collection suspended"), "pause", "warning"),
    "cases.hold.lifted": (gettext_lazy("Collection resumed"), "play", "neutral"),
    "cases.phase.set": (gettext_lazy("Phase set by hand"), "milestone", "info"),
    "cases.phase.released": (gettext_lazy("Phase given back to lateness"), "milestone", "neutral"),
    "cases.task.completed": (gettext_lazy("Task done"), "circle-check", "success"),
    "cases.ticket.closed": (gettext_lazy("Ticket closed"), "check", "neutral"),
    "receivables.title.changed": (gettext_lazy("Title changed at the source"), "pencil", "neutral"),
    "receivables.title.created": (gettext_lazy("Title created"), "plus", "neutral"),
    "receivables.title.cancelled": (gettext_lazy("Title cancelled"), "ban", "neutral"),
    "receivables.title.written_off": (gettext_lazy("Title written off"), "ban", "warning"),
    "receivables.title.reinstated": (gettext_lazy("Title reinstated"), "rotate-ccw", "warning"),
}  # fmt: skip
