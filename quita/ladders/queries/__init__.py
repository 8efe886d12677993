"""Reads on runs: which there were, what they decided, and why."""

from quita.ladders.queries.reason_names import reason_label
from quita.ladders.queries.runs import HOME_ZONE, has_run, latest_run, run_history

__all__ = ["HOME_ZONE", "has_run", "latest_run", "reason_label", "run_history"]
