"""E-mail addresses and phones in columns: a cell may hold several. Each distinct cell is looked at once."""

import re
from collections.abc import Callable

import polars as pl

from quita.domain import phones
from quita.domain.refusals import Refusal
from quita.parties import identity
from quita.parties.bulk import SEPARATOR

MAX_PER_CELL = 10
_EMAIL_GAPS = re.compile(r"[;,\s]+")
_PHONE_GAPS = re.compile(r"[;,|]|\s/\s|\s{2,}")
# The usual shapes, settled in the column; everything else goes through the full rules one by one.
_PLAIN_EMAIL = r"^[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*\.[a-z]{2,}$"
_PLAIN_PHONE = r"^(?:\+?55 ?)?\(?[1-9][0-9]\)? ?(?:9[0-9]{4}|[2-5][0-9]{3})[ -]?[0-9]{4}$"


def emails(cells: pl.Series) -> pl.DataFrame:
    """`value`: the cell's addresses joined by SEPARATOR; `bad`: the first piece that is none, else null; "
    "`dropped`: count."""
    frame = pl.DataFrame({"cell": cells})
    plain = pl.col("cell").str.contains(_PLAIN_EMAIL) & (pl.col("cell").str.len_chars() <= 200)
    return _mixed(frame, plain, pl.col("cell"), lambda cell: _each(_EMAIL_GAPS.split(cell), identity.email))


def numbers(cells: pl.Series) -> pl.DataFrame:
    """Like `emails`, for phone numbers in E.164."""
    frame = pl.DataFrame({"cell": cells})
    digits = pl.col("cell").str.replace_all("[^0-9]", "")
    # Eleven digits that start with 55 are an area code of Rio Grande do Sul, not the country.
    local = pl.when(digits.str.len_chars() >= 12).then(digits.str.slice(2)).otherwise(digits)
    plain = pl.col("cell").str.contains(_PLAIN_PHONE) & local.str.slice(0, 2).is_in(list(phones.DDD_UF))
    return _mixed(frame, plain, pl.lit("+55") + local, lambda cell: _each(_PHONE_GAPS.split(cell), _e164))


def _e164(text: str) -> str:
    return phones.parse(text).e164


def _mixed(
    frame: pl.DataFrame, plain: pl.Expr, fast: pl.Expr, slow: Callable[[str], tuple[str, str | None, int]]
) -> pl.DataFrame:
    first = frame.select(
        "cell", plain=plain, value=pl.when(pl.col("cell") == "").then(pl.lit("")).when(plain).then(fast)
    )
    odd = first.filter(pl.col("value").is_null())["cell"].unique(maintain_order=True).to_list()
    read = [(cell, *slow(cell)) for cell in odd]
    table = pl.DataFrame(
        read, schema={"cell": pl.String, "slow": pl.String, "bad": pl.String, "dropped": pl.Int64}, orient="row"
    )
    return first.join(table, on="cell", how="left", maintain_order="left").select(
        value=pl.coalesce("value", "slow"), bad="bad", dropped=pl.col("dropped").fill_null(0)
    )


def _each(pieces: list[str], read: Callable[[str], str]) -> tuple[str, str | None, int]:
    """The good pieces joined, the first bad one, and how many are bad."""
    good: list[str] = []
    bad: list[str] = []
    for piece in pieces[:MAX_PER_CELL]:
        if not piece.strip():
            continue
        try:
            value = read(piece.strip())
        except Refusal:
            bad.append(piece.strip()[:200])
            continue
        if value.lower() not in (known.lower() for known in good):
            good.append(value)
    # Where nothing is right the whole cell is shown: “nao tem” is not two addresses.
    shown = (bad[0] if good else " ".join(pieces)[:200]) if bad else None
    return SEPARATOR.join(good), shown, len(bad)
