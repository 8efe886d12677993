"""Tasks and tickets: what people must do on a case."""

from collections.abc import Iterable

from django.db import transaction

from quita.cases.commands import targets
from quita.cases.models import Task, Ticket
from quita.domain.refusals import Refusal
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit


@transaction.atomic
def complete_task(*, task_id: int, outcome: str, scope: Scope, by: Actor, when: When) -> Task:
    """Marks a task as done with what came of it. Refusals: task_unknown, task_done_already, outcome_missing."""
    task: Task = targets.lock_one(Task.objects.all(), task_id, scope, "task")
    if task.done_at is not None:
        raise Refusal("task_done_already", "Somebody has done this task meanwhile. Take the next one.")
    task.outcome = targets.reason_of(outcome, "outcome_missing")
    task.done_at, task.done_by_id = when.at, by.user_id
    task.save(update_fields=["done_at", "done_by", "outcome"])
    audit.record(
        by=by, when=when, verb="cases.task.completed", subject="case", subject_id=task.case_id,
        company_id=task.company_id, task_id=task.pk, kind=task.kind, outcome=task.outcome,
    )  # fmt: skip
    return task


@transaction.atomic
def assign_tasks(*, task_ids: Iterable[int], user_id: int | None, scope: Scope, by: Actor, when: When) -> int:
    """Gives open tasks to a person, or (None) back to everybody; returns how many changed hands.

    Refusals: nothing_chosen, user_unknown, task_unknown.
    """
    wanted = sorted(set(task_ids))
    if not wanted:
        raise Refusal("nothing_chosen", "Nothing is marked. Mark at least one row first.")
    if user_id is not None:
        targets.person(user_id)
    rows = scope.limit(Task.objects.filter(pk__in=wanted)).select_for_update().order_by("id")
    tasks = list(rows)
    if len(tasks) < len(wanted):
        raise Refusal(
            "task_unknown",
            "%(count)s of the chosen tasks do not exist or belong to a company that you do not see. Reload the list.",
            {"count": len(wanted) - len(tasks)},
        )
    changing = [task for task in tasks if task.done_at is None and task.assigned_to_id != user_id]
    Task.objects.filter(pk__in=[task.pk for task in changing]).update(assigned_to=user_id)
    audit.record_many(
        by=by, when=when, verb="cases.task.assigned", subject="task",
        subjects=[(task.pk, task.company_id) for task in changing], user_id=user_id,
    )  # fmt: skip
    return len(changing)


@transaction.atomic
def close_ticket(*, ticket_id: int, scope: Scope, by: Actor, when: When) -> Ticket:
    """Closes a ticket; the next ticket step of the case opens a new one. Refusals: ticket_unknown, ticket_closed."""
    rows = Ticket.objects.select_related("case")
    ticket: Ticket = targets.lock_one(rows, ticket_id, scope, "ticket", "case__company_id")
    if ticket.closed_at is not None:
        raise Refusal("ticket_closed", "This ticket was closed before. Nothing changes.")
    ticket.closed_at, ticket.closed_by_id = when.at, by.user_id
    ticket.save(update_fields=["closed_at", "closed_by"])
    audit.record(
        by=by, when=when, verb="cases.ticket.closed", subject="case", subject_id=ticket.case_id,
        company_id=ticket.case.company_id, ticket_id=ticket.pk,
    )  # fmt: skip
    return ticket
