"""Reads on runs: which there were, what they decided, and why."""

from quita.ladders.queries.runs import HOME_ZONE, has_run, latest_run, run_history

__all__ = ["HOME_ZONE", "has_run", "latest_run", "run_history"]
