"""The timeline component: what was done, when, by whom and why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One entry. `tone` neutral, success, info, warning or danger; `badges` are (text, tone); `details` are
    (label, value).
    """

    at: dt.datetime
    icon: str
    title: str
    text: str = ""
    who: str = ""
    tone: str = "neutral"
    badges: Sequence[tuple[str, str]] = ()
    details: Sequence[tuple[str, str]] = ()
    href: str = ""
