"""Why a message ended, or waits: stable codes, each with a sentence for people.

A message that is *released* went nowhere for a reason of that moment (a promise, a cap, closed hours). Its executions
are taken back, so that the next run looks at the same titles anew; every other end is final for that occurrence.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAID = "paid"
CANCELLED = "cancelled"
WRITTEN_OFF = "written_off"
RENEGOTIATED = "renegotiated"
PRESCRIBED = "prescribed"
DUE_DATE_CHANGED = "due_date_changed"
LEAD_CHANGED = "lead_changed"
PROMISE_OPEN = "promise_open"
DISPUTED = "disputed"
ON_HOLD = "on_hold"
PROTECTED_PERSON = "protected_person"
STALE_FEED = "stale_feed"
DAY_NOT_ALLOWED = "day_not_allowed"
CAP_REACHED = "cap_reached"
GAP_TOO_SHORT = "gap_too_short"
CONTACT_UNUSABLE = "contact_unusable"
OUTDATED = "outdated"
AMOUNT_UNKNOWN = "amount_unknown"
CHANNEL_UNAVAILABLE = "channel_unavailable"
COMPANY_INACTIVE = "company_inactive"
COMPANY_INCOMPLETE = "company_incomplete"
BY_HAND = "by_hand"
RECIPIENT_REFUSED = "recipient_refused"
MESSAGE_REFUSED = "message_refused"
TEMPLATE_ERROR = "template_error"
GAVE_UP = "gave_up"
IN_DOUBT = "in_doubt"

LABELS: dict[str, str | Promise] = {
    PAID: _("paid"),
    CANCELLED: _("title cancelled"),
    WRITTEN_OFF: _("title written off"),
    RENEGOTIATED: _("title renegotiated"),
    PRESCRIBED: _("debt prescribed"),
    DUE_DATE_CHANGED: _("due date changed"),
    LEAD_CHANGED: _("the title that set the tone is settled or stopped"),
    PROMISE_OPEN: _("promise to pay in progress"),
    DISPUTED: _("title in dispute"),
    ON_HOLD: _("collection suspended"),
    PROTECTED_PERSON: _("protected person"),
    STALE_FEED: _("payment data too old"),
    DAY_NOT_ALLOWED: _("outside the allowed hours"),
    CAP_REACHED: _("contact limit reached"),
    GAP_TOO_SHORT: _("too soon after the last contact"),
    CONTACT_UNUSABLE: _("address bounced, changed or opted out"),
    OUTDATED: _("belongs to an earlier day"),
    AMOUNT_UNKNOWN: _("the updated amount could not be worked out"),
    CHANNEL_UNAVAILABLE: _("no way of sending on this channel yet"),
    COMPANY_INACTIVE: _("company is inactive"),
    COMPANY_INCOMPLETE: _("company identification incomplete"),
    BY_HAND: _("withdrawn by a person"),
    RECIPIENT_REFUSED: _("recipient refused"),
    MESSAGE_REFUSED: _("message refused by the mail server"),
    TEMPLATE_ERROR: _("the text could not be filled in"),
    GAVE_UP: _("gave up after several attempts"),
    IN_DOUBT: _("may or may not have left"),
}

RELEASED = frozenset(
    {
        LEAD_CHANGED, PROMISE_OPEN, DISPUTED, ON_HOLD, PROTECTED_PERSON, STALE_FEED, DAY_NOT_ALLOWED, CAP_REACHED,
        GAP_TOO_SHORT, CONTACT_UNUSABLE, AMOUNT_UNKNOWN, CHANNEL_UNAVAILABLE, OUTDATED, COMPANY_INACTIVE,
        COMPANY_INCOMPLETE,
    }
)  # fmt: skip


def label(code: str) -> str:
    """The reason in the reader's language; the code itself when it is unknown, so that nothing is hidden."""
    return str(LABELS.get(code, code))
