"""Chance that repeats itself: numbers drawn from (seed, row, purpose), a whole column at a time.

SplitMix64 (Steele, Lea and Flood, 2014) written in column arithmetic: the same on every machine and version, which a
library's own random numbers and hashes do not promise.
"""

import zlib
from collections.abc import Sequence

import polars as pl

_GOLDEN = 0x9E3779B97F4A7C15
_WORD = 1 << 64


def draw(rows: pl.Series, purpose: str, seed: int) -> pl.Series:
    """One unsigned 64-bit number per row; another `purpose` gives independent ones."""
    start = ((seed + 1) * _GOLDEN + zlib.crc32(purpose.encode()) * 0xD1342543DE82EF95) % _WORD
    z = _times(rows.cast(pl.UInt64), _GOLDEN) + _constant(start)
    z = _times(z ^ (z // (1 << 30)), 0xBF58476D1CE4E5B9)
    z = _times(z ^ (z // (1 << 27)), 0x94D049BB133111EB)
    return z ^ (z // (1 << 31))


def below(rows: pl.Series, limit: int, purpose: str, seed: int) -> pl.Series:
    """A whole number from 0 to `limit` - 1 per row."""
    return (draw(rows, purpose, seed) % limit).cast(pl.Int64)


def choose(rows: pl.Series, options: Sequence[str], purpose: str, seed: int) -> pl.Series:
    """One of the options per row, all equally likely."""
    return pl.Series(options, dtype=pl.String).gather(below(rows, len(options), purpose, seed))


def weigh(rows: pl.Series, options: dict[str, int], purpose: str, seed: int) -> pl.Series:
    """One of the options per row, as likely as its weight."""
    spread = [name for name, weight in options.items() for _ in range(weight)]
    return choose(rows, spread, purpose, seed)


def _times(column: pl.Series, factor: int) -> pl.Series:
    return column * _constant(factor)


def _constant(value: int) -> pl.Series:
    return pl.Series([value], dtype=pl.UInt64)
