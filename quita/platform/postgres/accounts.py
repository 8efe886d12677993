"""Under which account the server runs: PostgreSQL refuses to run as root, so root hands it to an ordinary account."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quita.domain.refusals import Refusal

# Tried in this order when root has not chosen one; `nobody` exists practically everywhere.
USUAL_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int

    def demotion(self) -> dict[str, Any]:
        """Arguments for `subprocess` that drop every privilege of root for good."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def is_root() -> bool:
    """Whether this process runs as the superuser of the machine."""
    return os.geteuid() == 0


def of_uid(uid: int) -> Account:
    """The account with this number; a number without a name is refused, because `initdb` refuses it too."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise Refusal(
            "postgres.nameless_account",
            "PostgreSQL cannot run as uid %(uid)s, which has no name on this machine. "
            "Add it to the password file, or set DATABASE_URL to a PostgreSQL server.",
            {"uid": uid},
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def chosen_by_root() -> Account:
    """The account that root gives a new cluster to: QUITA_PG_USER, else the first of the usual ones that exists."""
    asked = os.environ.get("QUITA_PG_USER")
    for name in (asked,) if asked else USUAL_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise Refusal(
        "postgres.no_account",
        "Quita runs as root and PostgreSQL refuses to: an ordinary account is needed and %(tried)s cannot be used. "
        "Set QUITA_PG_USER to an existing account that is not root, or run Quita as an ordinary user.",
        {"tried": asked or ", ".join(USUAL_ACCOUNTS)},
    )


def can_enter(account: Account, folder: Path) -> bool:
    """Whether the account may pass through `folder` and every folder above it, by their mode bits."""
    return all(_may(account, step, stat.S_IXUSR) for step in (folder, *folder.parents))


def can_read(account: Account, path: Path) -> bool:
    """Whether the account may read this one file or list this one folder (not looking at what lies above)."""
    return _may(account, path, stat.S_IRUSR)


def _may(account: Account, path: Path, owner_bit: int) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & owner_bit)
    if found.st_gid == account.gid:
        return bool(found.st_mode & (owner_bit >> 3))
    return bool(found.st_mode & (owner_bit >> 6))
