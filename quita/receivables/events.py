"""News about titles and payments, for the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TitlesChanged:
    """These titles are new, or something that was agreed about them changed at the source."""

    receivable_ids: tuple[int, ...]


@dataclass(frozen=True)
class TitlesClosed:
    """These titles are no longer open: paid, cancelled or written off. Nothing about them is chased any more."""

    receivable_ids: tuple[int, ...]


@dataclass(frozen=True)
class TitlesReopened:
    """These titles were closed and are open again: a payment was taken back, a cancellation undone."""

    receivable_ids: tuple[int, ...]


@dataclass(frozen=True)
class PaymentsRecorded:
    """Payments came in, were corrected or were taken back."""

    payment_ids: tuple[int, ...]


@dataclass(frozen=True)
class PolicyPublished:
    """A charge policy has new terms for titles due from a day on."""

    policy_id: int
    version_id: int
