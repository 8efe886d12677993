"""News from messaging. Payloads hold ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessagesReleased:
    """These messages went nowhere for a reason of the moment (`reasons.RELEASED`).

    The executions they came from (of their run, on any of their titles) are to be taken back, so that the next run
    decides anew. Their natural key is free again (see the constraint `message_once_per_execution`).
    """

    message_ids: list[int]


@dataclass(frozen=True)
class MessageInDoubt:
    """This message may or may not have left, and nobody can say. A person must look: it is never resent by itself."""

    message_id: int
    company_id: int
    debtor_id: int
    receivable_ids: list[int]
