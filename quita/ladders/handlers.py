"""Reactions to news from below: one command each, safe to repeat."""

import datetime as dt
from collections.abc import Collection

from quita.ladders.commands import executions


def messages_released(*, message_ids: Collection[int], at: dt.datetime) -> None:
    """Messages went nowhere for a reason of the moment: what they stood for is looked at again by the next run."""
    executions.take_back(message_ids=message_ids)
