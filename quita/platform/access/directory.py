"""Companies as the user screens need them.

Companies and who may see them are stored with the parties, which stand above this app. They register themselves here
when Django starts, so that users can be edited without this app knowing of them.
"""

from collections.abc import Iterable
from typing import Protocol

from quita.platform.actors import Actor, When


class CompanyDirectory(Protocol):
    """What the parties offer."""

    def choices(self) -> list[tuple[int, str]]:
        """Every active company: id and name, by name."""
        ...

    def granted(self, user_id: int) -> frozenset[int]:
        """The companies granted to a user by name."""
        ...

    def grant(self, *, user_id: int, company_ids: Iterable[int] | None, by: Actor, when: When) -> None:
        """Sets what a user sees; None means every company."""
        ...


_registered: list[CompanyDirectory] = []


def register(directory: CompanyDirectory) -> None:
    """Called once, when the app that owns companies is ready."""
    _registered[:] = [directory]


def companies() -> CompanyDirectory:
    """The registered directory. Raises RuntimeError in an installation without companies."""
    if not _registered:
        raise RuntimeError("No app registered its companies: quita.parties must be installed.")
    return _registered[0]
