"""What a person may filter and sort a worklist by."""

from dataclasses import dataclass, field
from typing import Any, Literal

Due = Literal["late", "today", "late_or_today", "upcoming", "undated", "any"]
DUE_CHOICES: tuple[Due, ...] = ("late", "today", "late_or_today", "upcoming", "undated", "any")
# A leading minus is "most first": "-days" begins with what is latest.
TITLE_SORTS = ("-days", "days", "-balance", "balance", "name", "-name")
# Cases are found through their oldest late title, which only the oldest-first order meets early.
CASE_SORTS = ("-days", "name", "-name")


@dataclass(frozen=True)
class Filters:
    """Empty means no filter. Days are calendar days past due, amounts the open balance in centavos.

    `portfolio_id` and `assigned_to_id` 0 mean "none". `condition` is a condition tree as JSON (a saved portfolio's),
    asked of each title as it stands now, not of how the last run allocated it.
    """

    due: Due = "late"
    search: str = ""
    company_id: int | None = None
    portfolio_id: int | None = None
    phase_id: int | None = None
    days_from: int | None = None
    days_to: int | None = None
    amount_from_cents: int | None = None
    amount_to_cents: int | None = None
    city: str = ""
    uf: str = ""
    on_hold: bool | None = None
    disputed: bool | None = None
    promised: bool | None = None
    has_task: bool | None = None
    assigned_to_id: int | None = None
    condition: dict[str, Any] | None = field(default=None, hash=False)

    @property
    def is_plain(self) -> bool:
        """True when only the title's own row decides, so that counting needs no other table."""
        others = (self.portfolio_id, self.phase_id, self.on_hold, self.disputed, self.promised, self.has_task)
        return not self.search and not self.city and not self.uf and self.condition is None and (
            self.assigned_to_id is None and all(value is None for value in others)
        )  # fmt: skip
