"""Every outcome an occurrence (or an idle title) can have. Codes are stored: never renumber."""

from enum import IntEnum


class Reason(IntEnum):
    """1–19 an effect; 20–39 a permanent no, recorded; 40–59 not today, looked at again; 60+ no step concerned it."""

    SENT = 1
    MERGED = 2
    TASK_OPENED = 3
    TICKET_OPENED = 4
    TICKET_UPDATED = 5
    PHASE_SET = 6

    SUPERSEDED = 20
    BEFORE_VERSION = 21
    PRESCRIBED = 22
    NO_USABLE_CONTACT = 23
    REMOVED_BY_HAND = 24

    AGREEMENT_CURRENT = 40
    PROMISE_OPEN = 41
    DISPUTED = 42
    ON_HOLD = 43
    PROTECTED_PERSON = 44
    STALE_FEED = 45
    DAY_NOT_ALLOWED = 46
    CAP_REACHED = 47
    GAP_TOO_SHORT = 48

    NOTHING_DUE = 60
    NO_LADDER = 61
    BELOW_MINIMUM = 62
    NO_DUE_DATE = 63


# Settled for good: a row in the executions keeps the occurrence from being looked at again.
PERMANENT = tuple(int(reason) for reason in Reason if reason < 40)
EFFECTS = tuple(int(reason) for reason in Reason if reason < 20)
