"""Where everything of one cluster lies: lock files, password, data, socket. Pure path arithmetic plus making folders.

    <home>/postgres/                   0700 (as root: 0711, so that the server's account can pass)
        clients.lock start.lock watchdog.lock
        passfile                       0600, libpq format
        binaries/                      only as root: a copy that the server's account can execute
        server/                        0700, owned by the server's account
            data-18/  run/  log/  start.log

As root, a home that the server's account cannot enter (say below /root) keeps its mode, as do all folders above it:
the cluster then lies in /var/lib/quita/<hash of the home>.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from quita.domain.refusals import Refusal
from quita.platform.postgres import accounts

ROLE = "quita"
DATABASE = "quita"
PORT = 5432
SYSTEM_FOLDER = Path("/var/lib/quita")
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, one of them the closing NUL.
SOCKET_PATH_LIMIT_BYTES = 107 if sys.platform == "linux" else 103


class Conninfo(dict[str, str]):
    """libpq connection parameters by keyword; never the password itself, only the path of its file."""

    @property
    def dsn(self) -> str:
        """The same as a `postgresql://` URL; folders are percent-encoded, so spaces and accents are safe."""
        rest = {key: value for key, value in self.items() if key not in {"user", "dbname"}}
        return (
            f"postgresql://{quote(self['user'])}@/{quote(self['dbname'], safe='')}?{urlencode(rest, quote_via=quote)}"
        )

    def to_database(self, name: str) -> Conninfo:
        """The same server, another database."""
        return Conninfo(self | {"dbname": name})


@dataclass(frozen=True)
class Site:
    """The places of one cluster, and the account its server runs under (None: the one we run as)."""

    home: Path
    root: Path
    account: accounts.Account | None

    @property
    def clients_lock(self) -> Path:
        return self.root / "clients.lock"

    @property
    def start_lock(self) -> Path:
        return self.root / "start.lock"

    @property
    def watchdog_lock(self) -> Path:
        return self.root / "watchdog.lock"

    @property
    def passfile(self) -> Path:
        return self.root / "passfile"

    @property
    def binaries(self) -> Path:
        return self.root / "binaries"

    @property
    def server(self) -> Path:
        return self.root / "server"

    @property
    def start_log(self) -> Path:
        return self.server / "start.log"

    def data(self, major: int) -> Path:
        """The cluster's data folder; it carries the major version, because another major cannot read it."""
        return self.server / f"data-{major}"

    def majors(self) -> list[int]:
        """The major versions of which data exists, newest first."""
        found = (path.name.removeprefix("data-") for path in self.server.glob("data-*"))
        return sorted((int(major) for major in found if major.isdigit()), reverse=True)

    @property
    def socket_folder(self) -> Path:
        """Beside the data, or in /tmp where that path would be too long for a socket address.

        Also where it has a comma, which libpq takes for the start of a second host and offers no way to escape.
        """
        beside = self.server / "run"
        length = len(os.fsencode(beside / f".s.PGSQL.{PORT}"))
        if length <= SOCKET_PATH_LIMIT_BYTES and "," not in str(beside):
            return beside
        owner = self.account.uid if self.account else os.geteuid()
        return Path("/tmp") / f"quita-{owner}-{_short_hash(self.root)}"

    @property
    def socket(self) -> Path:
        return self.socket_folder / f".s.PGSQL.{PORT}"

    @property
    def conninfo(self) -> Conninfo:
        return Conninfo(
            host=str(self.socket_folder),
            port=str(PORT),
            user=ROLE,
            dbname=DATABASE,
            passfile=str(self.passfile),
        )


def site_for(home: Path) -> Site:
    """The places of the cluster of this data home. Touches nothing; answers the same before and after it exists."""
    if sys.platform == "win32":
        raise Refusal(
            "postgres.platform",
            "The embedded PostgreSQL needs Linux or macOS. Set DATABASE_URL to a PostgreSQL server, 15 or later.",
        )
    resolved = Path(os.path.realpath(home))
    if any(ord(character) < 32 for character in str(resolved)):
        raise Refusal(
            "postgres.home_name",
            "The data home %(home)s has a control character in its name. Set QUITA_HOME to another folder.",
            {"home": repr(str(resolved))},
        )
    if not accounts.is_root():
        return Site(resolved, resolved / "postgres", None)
    return _site_for_root(resolved)


def conninfo_for(home: Path) -> Conninfo:
    """How to connect to the cluster of this data home, whether or not it runs or exists yet."""
    return site_for(home).conninfo


def _site_for_root(home: Path) -> Site:
    beside, apart = home / "postgres", SYSTEM_FOLDER / _short_hash(home)
    for root in (beside, apart):
        owner = _owner(root / "server")
        if owner is not None:
            # The data decides: a cluster made by an ordinary user keeps running as that user.
            return Site(home, root, accounts.of_uid(owner) if owner else accounts.chosen_by_root())
    account = accounts.chosen_by_root()
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    return Site(home, beside if accounts.can_enter(account, existing) else apart, account)


def prepare(site: Site) -> None:
    """Make the folders and the password file that are missing. The mode of a folder that exists is never changed."""
    passing = 0o700 if site.account is None else 0o711
    try:
        if site.root.parent == site.home:
            _make_folder(site.home, passing, None)
        else:
            _make_folder(site.root.parent, 0o711, None)
        _make_folder(site.root, passing, None)
        if site.root.parent != site.home:
            # Whoever finds it there can tell whose it is, and whether that home still exists.
            (site.root / "home").write_text(f"{site.home}\n", encoding="utf-8", errors="surrogateescape")
        _make_folder(site.server, 0o700, site.account)
        if not os.path.lexists(site.socket_folder):
            _make_folder(site.socket_folder, 0o700, site.account)
        _require_private(site)
        for lock in (site.clients_lock, site.start_lock, site.watchdog_lock):
            os.close(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600))
            _give_to_owner_of_root(site, lock)
    except PermissionError as error:
        raise Refusal(
            "postgres.home_not_ours",
            "The data home %(home)s cannot be used by this account (%(path)s: %(reason)s). "
            "Run Quita as the account that owns it, or set QUITA_HOME to another folder.",
            {"home": str(site.home), "path": str(error.filename), "reason": error.strerror or ""},
        ) from error


def password(site: Site) -> str | None:
    """The password in the passfile; None when there is no such file."""
    try:
        return site.passfile.read_text().strip().rsplit(":", 1)[-1]
    except FileNotFoundError:
        return None


def write_password(site: Site) -> str:
    """Write a new random password, whole or not at all, readable by its owner alone. Returns it."""
    fresh = secrets.token_urlsafe(32)
    draft = site.passfile.with_name(f".passfile-{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"*:*:*:{ROLE}:{fresh}\n")
        file.flush()
        os.fsync(file.fileno())
    _give_to_owner_of_root(site, draft)
    draft.replace(site.passfile)
    return fresh


def _make_folder(folder: Path, mode: int, account: accounts.Account | None) -> None:
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode)
    except FileExistsError:
        # Another process was a moment faster, or something else has the name: the next use tells which.
        return
    folder.chmod(mode)
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def _require_private(site: Site) -> None:
    """/tmp is open to all: a socket folder there counts only if it is ours alone."""
    found = os.lstat(site.socket_folder)
    owner = site.account.uid if site.account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise Refusal(
            "postgres.socket_folder_taken",
            "The folder %(folder)s for the database's socket belongs to someone else or is open to others. "
            "Remove it, or set QUITA_HOME to a folder with a shorter path.",
            {"folder": str(site.socket_folder)},
        )


def _give_to_owner_of_root(site: Site, path: Path) -> None:
    """Root working in an ordinary user's home leaves nothing there that the user could not open afterwards."""
    owner = site.root.stat()
    if accounts.is_root() and owner.st_uid != 0:
        os.chown(path, owner.st_uid, owner.st_gid)


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except (FileNotFoundError, NotADirectoryError):
        return None


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
