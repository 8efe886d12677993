"""Messages that may or may not have left: somebody must find out."""

from django.db import transaction

from quita.cases.models import Case, Task, TaskKind
from quita.platform.actors import When


@transaction.atomic
def open_doubt_task(*, message_id: int, company_id: int, debtor_id: int, when: When) -> Task:
    """A task for the supervisor to find out whether a message left; one for each message, however often asked."""
    open_cases = Case.objects.filter(company_id=company_id, debtor_id=debtor_id, closed_on__isnull=True)
    case = open_cases.order_by("id").first()
    task, _ = Task.objects.get_or_create(
        natural_key=f"send_in_doubt:{message_id}",
        defaults={
            "case": case, "company_id": company_id, "debtor_id": debtor_id, "kind": TaskKind.SEND_IN_DOUBT,
            "title": "", "due_on": when.today, "role": "supervisor", "created_at": when.at,
        },
    )  # fmt: skip
    return task
