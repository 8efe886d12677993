"""Where Quita keeps what it must not lose: the data home, its secret key and the address of its database."""

import os
import secrets
from pathlib import Path


def data_home() -> Path:
    """The folder that holds the embedded cluster, uploaded files, recorders and secrets (QUITA_HOME)."""
    chosen = os.environ.get("QUITA_HOME")
    if chosen:
        return Path(chosen).absolute()
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "quita"


def secret_key(folder: Path) -> str:
    """Django's signing key: from QUITA_SECRET_KEY, else a random one written once with mode 0600."""
    given = os.environ.get("QUITA_SECRET_KEY")
    if given:
        return given
    path = folder / "secret-key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    # Written whole under another name and linked into place: two processes that start at once agree on one key.
    draft = folder / f".secret-key-{os.getpid()}-{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        # Another process was first: its key is the key.
        return path.read_text().strip()
    finally:
        draft.unlink(missing_ok=True)
    return path.read_text().strip()


def database_url(folder: Path) -> str:
    """DATABASE_URL when set, else the address of the embedded cluster (which this does not start)."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    # Imported late: with an external database nothing of the supervisor is needed.
    from quita.platform import postgres

    return postgres.conninfo_for(folder).dsn
