"""Is everything there that today's work needs? Checked before it fails, and said with what to do about it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from quita.ladders import queries as ladders
from quita.messaging import channels
from quita.platform.access.scopes import Scope

# Workers report every ten seconds; one that is silent for this long is dead or stuck.
SILENT_SECONDS = 60

_SQL = """
select (select max(last_heartbeat) from procrastinate_workers),
       (select count(*) from procrastinate_jobs where status = 'failed' and id > coalesce(
           (select max(id) - 10000 from procrastinate_jobs), 0)),
       (select count(*) from outbox_event where handled_at is null and attempts >= 8),
       (select min(next_attempt_at) from messaging_message where state in ('queued', 'sending')
           and not_after > %(now)s),
       f.id, f.name, f.state, f.finished_at, f.uploaded_at, f.counts
from (select 1) one
left join lateral (
    select * from imports_importfile i
    where i.state in ('done', 'failed') and (%(companies)s::bigint[] is null
        or i.company_id = any(%(companies)s::bigint[]))
    order by i.id desc limit 1) f on true
"""
_STALE = """
select count(*) from parties_company c
where c.is_active and c.feed_lease_days is not null
  and (c.payments_known_until is null or c.payments_known_until < %(today)s::date - 2 * c.feed_lease_days - 3)
  and (%(companies)s::bigint[] is null or c.id = any(%(companies)s::bigint[]))
"""


@dataclass(frozen=True)
class Check:
    """One thing looked at. `state` is good, warning or bad; `code` and `facts` are put into words by the page."""

    key: str
    state: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def readiness(*, scope: Scope, today: dt.date, now: dt.datetime) -> list[Check]:
    """Mail, workers, today's run, the latest import, payment data, events that nobody could handle.

    Connects to the mail server.
    """
    companies = None if scope.company_ids is None else sorted(scope.company_ids)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"now": now, "companies": companies})
        beat, failed_jobs, stuck_events, oldest, *file = cursor.fetchone()
        cursor.execute(_STALE, {"today": today, "companies": companies})
        stale = cursor.fetchone()[0]
    mail = channels.CHANNELS["email"].check()
    return [
        Check("mail", "good" if mail.ok else "bad", mail.code, {"server": mail.server, "detail": mail.detail}),
        _workers(beat, now),
        _queue(oldest, now),
        _run(today),
        _import(file),
        Check("feed", "warning" if stale else "good", "stale" if stale else "fresh", {"count": stale}),
        Check("faults", "warning" if failed_jobs or stuck_events else "good",
              "some" if failed_jobs or stuck_events else "none", {"jobs": failed_jobs, "events": stuck_events}),
    ]  # fmt: skip


def _workers(beat: dt.datetime | None, now: dt.datetime) -> Check:
    if beat is None:
        return Check("worker", "bad", "never")
    silent = (now - beat).total_seconds()
    return Check(
        "worker",
        "good" if silent < SILENT_SECONDS else "bad",
        "heard" if silent < SILENT_SECONDS else "silent",
        {"at": beat},
    )


def _queue(oldest: dt.datetime | None, now: dt.datetime) -> Check:
    late = oldest is not None and (now - oldest) > dt.timedelta(minutes=30)
    return Check("queue", "warning" if late else "good", "late" if late else "flowing", {"at": oldest})


def _run(today: dt.date) -> Check:
    run = ladders.latest_run()
    if run is None:
        return Check("run", "warning", "never")
    if run.state == "failed":
        return Check("run", "bad", "failed", {"day": run.day})
    if run.day < today:
        return Check("run", "warning", "missing", {"day": run.day})
    return Check("run", "good", run.state, {"day": run.day, "at": run.finished_at})


def _import(file: list[Any]) -> Check:
    number, name, state, finished_at, uploaded_at, _counts = file
    if number is None:
        return Check("import", "good", "never")
    facts = {"id": number, "name": name, "at": finished_at or uploaded_at}
    return Check("import", "good" if state == "done" else "warning", state, facts)
