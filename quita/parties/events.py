"""News about places: what apps above must know because days past due hang on it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DebtorsMoved:
    """The municipality of these debtors changed, and with it perhaps the calendar of their titles."""

    debtor_ids: tuple[int, ...]


@dataclass(frozen=True)
class BranchCalendarChanged:
    """A branch now follows another calendar."""

    branch_id: int


@dataclass(frozen=True)
class MunicipalityCalendarAdded:
    """A municipality now has a calendar of its own; payers who live there follow it from now on."""

    calendar_id: int
    ibge_code: str


@dataclass(frozen=True)
class CalendarDaysChanged:
    """A day was added to a calendar or taken out, and its business days were written anew."""

    calendar_id: int
    day: str
