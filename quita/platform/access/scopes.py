"""The companies a caller may see. Every query takes one; there is no query without a scope."""

from dataclasses import dataclass
from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Scope:
    """`company_ids` None means every company of the installation (jobs, administrators)."""

    company_ids: frozenset[int] | None

    def limit(self, rows: "models.QuerySet[Row]", field: str = "company_id") -> "models.QuerySet[Row]":
        """The rows whose `field` is one of the companies."""
        return rows if self.company_ids is None else rows.filter(**{f"{field}__in": self.company_ids})

    def sees(self, company_id: int) -> bool:
        """True when rows of that company may be shown."""
        return self.company_ids is None or company_id in self.company_ids


EVERYTHING = Scope(None)
