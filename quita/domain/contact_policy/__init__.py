"""When and how often a person may be contacted: dated rules and caps as data, pure functions over them.

Windows narrow and never widen: every rule that applies is intersected, so adding a rule or tightening one can only
take contacts away. The law counts the person's own clock and place, hence address and phone each bring their state.
"""

from quita.domain.contact_policy.caps import Caps, Contact, caps_in_force, gap_ends_at, reached_cap
from quita.domain.contact_policy.holidays import CivilHolidays
from quita.domain.contact_policy.rules import HOLIDAY, Cap, Policy, Rule
from quita.domain.contact_policy.windows import allowed_window, first_allowed, windows_frame

__all__ = [
    "HOLIDAY",
    "Cap",
    "Caps",
    "CivilHolidays",
    "Contact",
    "Policy",
    "Rule",
    "allowed_window",
    "caps_in_force",
    "first_allowed",
    "gap_ends_at",
    "reached_cap",
    "windows_frame",
]
