"""What each outcome is called on screens, in counts and in exports."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quita.domain.ladder.reasons import Reason


@dataclass(frozen=True)
class ReasonName:
    """A short label with the tone and the icon it is shown in."""

    label: str | Promise
    tone: str
    icon: str


NAMES: dict[Reason, ReasonName] = {
    Reason.SENT: ReasonName(_("message goes out"), "success", "mail"),
    Reason.MERGED: ReasonName(_("goes with another message or call"), "success", "mails"),
    Reason.TASK_OPENED: ReasonName(_("call asked for"), "success", "phone-call"),
    Reason.TICKET_OPENED: ReasonName(_("ticket opened"), "success", "ticket"),
    Reason.TICKET_UPDATED: ReasonName(_("ticket updated"), "success", "ticket"),
    Reason.PHASE_SET: ReasonName(_("phase set"), "success", "milestone"),
    Reason.SUPERSEDED: ReasonName(_("put aside for a later step"), "neutral", "skip-forward"),
    Reason.BEFORE_VERSION: ReasonName(_("from before the ladder was in force"), "neutral", "history"),
    Reason.PRESCRIBED: ReasonName(_("debt prescribed"), "warning", "scale"),
    Reason.NO_USABLE_CONTACT: ReasonName(_("no usable contact"), "danger", "mail-x"),
    Reason.REMOVED_BY_HAND: ReasonName(_("taken out by a person"), "warning", "hand"),
    Reason.AGREEMENT_CURRENT: ReasonName(_("agreement being kept"), "info", "handshake"),
    Reason.PROMISE_OPEN: ReasonName(_("promise to pay in progress"), "info", "calendar-clock"),
    Reason.DISPUTED: ReasonName(_("in dispute"), "info", "message-square-warning"),
    Reason.ON_HOLD: ReasonName(_("collection suspended"), "info", "pause"),
    Reason.PROTECTED_PERSON: ReasonName(_("protected person"), "warning", "shield"),
    Reason.STALE_FEED: ReasonName(_("payment data too old"), "danger", "database-zap"),
    Reason.DAY_NOT_ALLOWED: ReasonName(_("contact not allowed today"), "info", "calendar-off"),
    Reason.CAP_REACHED: ReasonName(_("contact limit reached"), "info", "gauge"),
    Reason.GAP_TOO_SHORT: ReasonName(_("too soon after the last contact"), "info", "timer"),
    Reason.NOTHING_DUE: ReasonName(_("no step due"), "neutral", "minus"),
    Reason.NO_LADDER: ReasonName(_("worked by hand, no ladder"), "neutral", "hand"),
    Reason.BELOW_MINIMUM: ReasonName(_("below the smallest balance to chase"), "neutral", "arrow-down"),
    Reason.NO_DUE_DATE: ReasonName(_("no due date"), "warning", "calendar-x"),
}

# The groups in which counts are shown, in order.
GROUPS: dict[str, Promise] = {
    "done": pgettext_lazy("outcomes", "Something is done"),
    "not_today": _("Not today, looked at again tomorrow"),
    "never": _("Never for this step"),
    "idle": _("No step concerned it"),
}


def group_of(reason: Reason) -> str:
    """To which group an outcome belongs, by its code."""
    if reason < 20:
        return "done"
    if reason < 40:
        return "never"
    return "not_today" if reason < 60 else "idle"


def named(code: int | str | Reason) -> ReasonName:
    """The name of a code (40) or of a stored name ("promise_open")."""
    reason = Reason[code.upper()] if isinstance(code, str) else Reason(code)
    return NAMES[reason]


def reason_label(code: int | str) -> str:
    """The label in the active language; an unknown code is shown as it is, so that nothing is hidden."""
    try:
        return str(named(code).label)
    except (KeyError, ValueError):
        return str(code)
