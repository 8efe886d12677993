"""How the debtors are split: equal ranges of ids, each small enough for one worker's memory."""

from __future__ import annotations

import datetime as dt

from quita.ladders.run.reading import Range

# Titles that one worker holds in memory at a time: well under 1 GB. Fewer shards read the big tables fewer times.
TITLES_PER_SHARD = 500_000
MOST_SHARDS = 256

# First and last debtor with open titles, how many titles, the earliest due date; None when nothing is open.
Extent = tuple[int, int, int, dt.date | None]


def ranges(extent: Extent | None, shard_count: int | None = None) -> list[Range]:
    """The ranges that together hold every debtor with open titles."""
    if extent is None:
        return []
    first, last, titles, _ = extent
    wanted = shard_count or min(MOST_SHARDS, -(-titles // TITLES_PER_SHARD))
    count = max(1, min(wanted, last - first + 1))
    width = -(-(last - first + 1) // count)
    starts = [first + number * width for number in range(count) if first + number * width <= last]
    return [Range(start, min(start + width - 1, last)) for start in starts]
