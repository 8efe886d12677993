"""What people and the run do to cases. Every command takes the caller's scope: rows outside it do not exist."""

from quita.cases.commands.disputes import close_dispute, open_dispute
from quita.cases.commands.doubts import open_doubt_task
from quita.cases.commands.holds import lift_hold, place_debtor_hold, place_holds
from quita.cases.commands.moves import assign_cases, move_cases, release_cases
from quita.cases.commands.phases import deactivate_phase, order_phases, save_phase
from quita.cases.commands.promises import make_promise, withdraw_promise
from quita.cases.commands.refreshing import Refreshed, refresh_cases
from quita.cases.commands.stays import release_phase, set_phase
from quita.cases.commands.tasks import assign_tasks, close_ticket, complete_task

__all__ = [
    "Refreshed",
    "assign_cases",
    "assign_tasks",
    "close_dispute",
    "close_ticket",
    "complete_task",
    "deactivate_phase",
    "lift_hold",
    "make_promise",
    "move_cases",
    "open_dispute",
    "open_doubt_task",
    "order_phases",
    "place_debtor_hold",
    "place_holds",
    "refresh_cases",
    "release_cases",
    "release_phase",
    "save_phase",
    "set_phase",
    "withdraw_promise",
]
