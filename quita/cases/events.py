"""News about cases, for the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CasesOpened:
    """Something of these cases is past due (again): collection begins, or goes on where it stood."""

    case_ids: tuple[int, ...]


@dataclass(frozen=True)
class CasesClosed:
    """Nothing of these cases is past due any more."""

    case_ids: tuple[int, ...]


@dataclass(frozen=True)
class CasesMoved:
    """These cases went to a portfolio by hand, or were given back to the rules (`portfolio_id` None)."""

    case_ids: tuple[int, ...]
    portfolio_id: int | None


@dataclass(frozen=True)
class PromiseMade:
    """The debtor said when they would pay; until then nothing of the case is chased."""

    promise_id: int
    case_id: int


@dataclass(frozen=True)
class PromiseWithdrawn:
    """A promise does not count any more."""

    promise_id: int


@dataclass(frozen=True)
class DisputeOpened:
    """The debtor contests a title."""

    dispute_id: int
    receivable_id: int


@dataclass(frozen=True)
class DisputeClosed:
    """The dispute about a title was decided."""

    dispute_id: int
    receivable_id: int


@dataclass(frozen=True)
class HoldsPlaced:
    """Collection of a title, a case or a debtor is suspended until a day."""

    hold_ids: tuple[int, ...]


@dataclass(frozen=True)
class HoldLifted:
    """A suspension ended before its day."""

    hold_id: int
