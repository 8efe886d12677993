"""The server's settings, written at every start so that an upgrade of Quita brings its own."""

from __future__ import annotations

import os
from pathlib import Path

from quita.platform.postgres import accounts, places

# For a laptop or a small server that also runs the web and the workers. A bigger installation uses DATABASE_URL.
SETTINGS = {
    "listen_addresses": "",
    "port": str(places.PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "1GB",
    "synchronous_commit": "on",
    # Compiling a query pays off only for ones that run for seconds; ours are many and short.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A week of logs, a file per weekday, overwritten.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    # Personal data must not reach a log: neither the failing statement nor the key it failed on.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# For tests only: nothing waits for the disk. A crash of the machine may destroy the cluster, one of the server not.
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}
SMALL_SHARED_MEMORY_BYTES = 512 * 1024 * 1024


def write_configuration(site: places.Site, data: Path, *, durable: bool) -> None:
    """Write quita.conf, which postgresql.conf includes last; `ALTER SYSTEM` still has the final word."""
    settings = dict(SETTINGS)
    settings["unix_socket_directories"] = _quoted_folder(site.socket_folder)
    settings["log_directory"] = str(site.server / "log")
    if _shared_memory_is_small():
        # Containers often allow 64 MB, too little for a parallel query.
        settings["dynamic_shared_memory_type"] = "mmap"
    if not durable:
        settings |= FORGETFUL
    lines = ["# Written by Quita at every start. Own settings belong in postgresql.auto.conf (ALTER SYSTEM)."]
    lines += [f"{name} = '{_escaped(value)}'" for name, value in settings.items()]
    draft = data / ".quita.conf.draft"
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if site.account is not None and accounts.is_root():
        os.chown(draft, site.account.uid, site.account.gid)
    draft.replace(data / "quita.conf")


def _quoted_folder(folder: Path) -> str:
    """One entry of a list setting: in double quotes a comma or a space is part of the name."""
    return '"' + str(folder).replace('"', '""') + '"'


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _shared_memory_is_small() -> bool:
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return False
    return found.f_frsize * found.f_blocks < SMALL_SHARED_MEMORY_BYTES
