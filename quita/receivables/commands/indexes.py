"""Loading published index values. A value that was published never changes silently: the audit keeps old and new."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.receivables import index_files
from quita.receivables.models import IndexValue

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "index_values.csv"


@dataclass(frozen=True)
class Loaded:
    """What a load did, in months."""

    added_count: int
    changed_count: int
    unchanged_count: int


@transaction.atomic
def load_index_values(*, rows: Iterable[index_files.IndexRow], source: str, by: Actor, when: When) -> Loaded:
    """Adds new months and corrects known ones; the same file twice changes nothing.

    `source` says who published the values where a row does not say it itself.
    """
    incoming = {(row.series, row.month): row for row in rows}
    series = {name for name, _ in incoming}
    known = {
        (value.series, value.month): value
        for value in IndexValue.objects.select_for_update().filter(series__in=series).order_by("series", "month")
    }
    added, changed = [], []
    for key, row in sorted(incoming.items()):
        value = known.get(key)
        if value is None:
            added.append(
                IndexValue(
                    series=row.series, month=row.month, rate_e8=row.rate_e8, published_on=row.published_on,
                    source=row.source or source,
                )
            )  # fmt: skip
        elif value.rate_e8 != row.rate_e8:
            changed.append(
                {"series": row.series, "month": row.month.isoformat(), "was": value.rate_e8, "is": row.rate_e8}
            )
            value.rate_e8, value.source = row.rate_e8, row.source or source
            value.published_on = row.published_on or value.published_on
            value.save(update_fields=["rate_e8", "source", "published_on"])
    IndexValue.objects.bulk_create(added)
    if added or changed:
        audit.record(
            by=by, when=when, verb="receivables.index_values.loaded", subject="index", subject_id=None,
            source=source[:80], added=len(added), changed=changed[:100],
        )  # fmt: skip
    return Loaded(len(added), len(changed), len(incoming) - len(added) - len(changed))


def load_index_file(*, content: bytes, series: str = "", source: str, by: Actor, when: When) -> Loaded:
    """The same from a file as the Central Bank serves it, or a table; see `index_files.read` for its refusals."""
    return load_index_values(rows=index_files.read(content, series), source=source, by=by, when=when)


def ensure_reference_index_values(*, by: Actor, when: When) -> Loaded:
    """Loads the small set that ships with Quita, without touching what was loaded since.

    Each value says where it comes from: published ones name the institute, and those made up so that the demonstration
    has something to reckon with say "demonstration". Load the published series before charging anybody by them.
    """
    known = set(IndexValue.objects.values_list("series", "month"))
    shipped = index_files.read(REFERENCE.read_bytes())
    missing = [row for row in shipped if (row.series, row.month) not in known]
    return load_index_values(rows=missing, source="demonstration", by=by, when=when)
