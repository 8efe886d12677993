"""Taking back what a message stood for, when it went nowhere for a reason of the moment."""

from collections.abc import Collection

from django.db import connection, transaction

# The leading occurrence of the message, and the occurrences of other titles that were merged into it. An occurrence
# that led a message of its own, or was merged into a call, is not this message's to take back.
_TAKE_BACK = """
delete from ladders_execution e
using messaging_message m
where m.id = any(%s) and m.state = 'withdrawn' and e.run_id = m.run_id
  and ((e.receivable_id = m.lead_receivable_id and e.due_on = m.lead_due_on
        and e.step_key = m.lead_step_key and e.occurrence = m.lead_occurrence and e.decision = 1)
    or (e.decision = 2 and e.receivable_id = any(m.receivable_ids)
        and exists (select 1 from ladders_step s where s.key_id = e.step_key and s.action = 'message')))
"""


@transaction.atomic
def take_back(*, message_ids: Collection[int]) -> int:
    """Forgets that these occurrences were settled; returns how many. Doing it twice changes nothing.

    The flight recorder of the run still says what was decided; the message itself says why it did not leave.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [list(message_ids)])
        return int(cursor.rowcount)
