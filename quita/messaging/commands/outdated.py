"""Messages of days that are over: the run of a new day puts them aside before it looks at the titles again."""

import datetime as dt

from django.db import connection, transaction

from quita.messaging import reasons

_WITHDRAW = """
update messaging_message
set state = 'withdrawn', reason = %(reason)s, ended_at = %(at)s, lease_until = null, lease_by = ''
where state = 'queued' and day < %(today)s
returning id
"""


@transaction.atomic
def withdraw_outdated(*, today: dt.date, at: dt.datetime) -> list[int]:
    """Ends what still waits from earlier days and returns its ids; one in a worker's hands is left to that worker."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, {"reason": reasons.OUTDATED, "at": at, "today": today})
        return [message_id for (message_id,) in cursor.fetchall()]
