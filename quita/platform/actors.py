"""Who acts and when: the two arguments that every command takes."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

HOME_ZONE = ZoneInfo("America/Sao_Paulo")


@dataclass(frozen=True)
class Actor:
    """`user_id` None is the system itself (a schedule, a worker); `name` says which part of it."""

    user_id: int | None
    name: str = ""

    @classmethod
    def of(cls, user: object) -> "Actor":
        """The actor behind a signed-in user."""
        return cls(user_id=user.pk, name=user.get_username())  # type: ignore[attr-defined]  # any AbstractUser


SYSTEM = Actor(user_id=None, name="system")


@dataclass(frozen=True)
class When:
    """An instant and the business day it belongs to. Days are decided at the edge, never recomputed below."""

    at: dt.datetime
    today: dt.date

    @classmethod
    def now(cls, zone: ZoneInfo = HOME_ZONE) -> "When":
        """Reads the clock. Only interfaces (views, jobs, the command line) call this."""
        at = dt.datetime.now(tz=dt.UTC)
        return cls(at=at, today=at.astimezone(zone).date())

    @classmethod
    def on(cls, day: dt.date, hour: int = 9, zone: ZoneInfo = HOME_ZONE) -> "When":
        """A given day at a full hour of the local clock: for scenarios, the demo and `--date`."""
        return cls(at=dt.datetime.combine(day, dt.time(hour), tzinfo=zone), today=day)
