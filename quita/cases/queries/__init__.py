"""Reads on cases. Every one takes the reader's scope; other companies' rows do not exist for it."""

from quita.cases.queries.detail import (
    CaseDetail,
    CaseTitle,
    case_detail,
    case_of_title,
    case_or_none,
    cases_of_titles,
    holds_in_force,
)
from quita.cases.queries.names import people, phase_names, phases, portfolio_condition, portfolio_names
from quita.cases.queries.promises import PromiseState, open_promises, promises_due, promises_of_case
from quita.cases.queries.tasks import TASK_DUES, TaskRow, open_task_counts, open_tasks, task_or_none

__all__ = [
    "TASK_DUES",
    "CaseDetail",
    "CaseTitle",
    "PromiseState",
    "TaskRow",
    "case_detail",
    "case_of_title",
    "case_or_none",
    "cases_of_titles",
    "holds_in_force",
    "open_promises",
    "open_task_counts",
    "open_tasks",
    "people",
    "phase_names",
    "phases",
    "portfolio_condition",
    "portfolio_names",
    "promises_due",
    "promises_of_case",
    "task_or_none",
]
