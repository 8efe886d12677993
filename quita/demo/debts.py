"""What is owed in the town: contracts of four kinds, and the titles they give rise to month by month."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from quita.demo import chance, people, words

# Months from the oldest titles to those not yet due.
OLDEST_MONTH, NEWEST_MONTH = -17, 1


@dataclass(frozen=True)
class Line:
    """A kind of business: its share of all titles (per cent), how many titles a contract has, what they cost."""

    key: str
    share: int
    titles_per_contract: tuple[int, int]
    cents: tuple[int, int]
    contract_kind: str
    origin: str
    document_type: str
    billing_method: str
    homes: tuple[int, ...]


def _at(*cities: words.City) -> tuple[int, ...]:
    return tuple(people.CITIES.index(city) for city in cities)


_PERNAMBUCO = _at(words.RECIFE, words.OLINDA, words.JABOATAO)
LINES = (
    Line("aurora", 9, (19, 19), (48_000, 92_000), "condominium_unit", "condo_fee", "Cota condominial", "Boleto",
         _at(words.RECIFE)),
    Line("mar", 9, (19, 19), (85_000, 190_000), "condominium_unit", "condo_fee", "Cota condominial", "Boleto",
         _at(words.RECIFE)),
    Line("palmeiras", 6, (19, 19), (60_000, 140_000), "condominium_unit", "condo_fee", "Cota condominial", "Boleto",
         _at(words.SAO_PAULO)),
    Line("solar", 6, (19, 19), (32_000, 60_000), "condominium_unit", "condo_fee", "Cota condominial", "Boleto",
         _at(words.OLINDA)),
    Line("fibra", 35, (1, 5), (7_990, 24_990), "subscription", "subscription", "Fatura", "Boleto e Pix", _PERNAMBUCO),
    Line("sale", 9, (12, 12), (120_000, 480_000), "sale", "sale", "Parcela", "Boleto",
         _at(words.CAMPINAS, words.SAO_PAULO)),
    Line("rent", 6, (14, 14), (110_000, 360_000), "rental", "rental", "Aluguel", "Boleto",
         _at(words.CAMPINAS, words.SAO_PAULO)),
    Line("shop", 20, (1, 4), (8_900, 78_000), "sale", "sale", "Crediário", "Carnê", _at(words.RIO, words.MANAUS)),
)  # fmt: skip
COMPANY_OF = {line.key: {"sale": "vale", "rent": "vale", "shop": "casa"}.get(line.key, line.key) for line in LINES}
_PLANS = ("Fibra 300", "Fibra 500", "Fibra 700", "Fibra 1 Giga")
# One customer in eight of the provider also owns a flat, one of the shop in ten has the provider's internet.
_NEIGHBOURS = {"fibra": 8, "shop": 10}


def frames(size: int, today: dt.date, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The people, and exactly `size` titles, each with its line, its person and its habit (see `people.HABITS`)."""
    quotas = [size * line.share // 100 for line in LINES]
    quotas[-1] += size - sum(quotas)
    contracts, first_person, first_contract = [], 0, 0
    known: list[tuple[int, int]] = []
    for line, quota in zip(LINES, quotas, strict=True):
        of_line = _contracts(line, quota, first_contract, first_person, known, seed)
        contracts.append(of_line)
        known.append((first_person, of_line.height))
        first_person += of_line.height
        first_contract += of_line.height
    table = pl.concat(contracts)
    homes = table.group_by("person").agg(pl.col("home").first()).sort("person")
    folk = people.frame(homes["person"], homes["home"], seed)
    return folk, _titles(table, quotas, today).join(folk.select("person", "habit"), on="person", maintain_order="left")


def _contracts(
    line: Line, quota: int, first_contract: int, first_person: int, known: list[tuple[int, int]], seed: int
) -> pl.DataFrame:
    """Contracts enough for the line's titles; some belong to people who already have a contract elsewhere."""
    low, high = line.titles_per_contract
    # More than enough of them, of which as many are kept as the quota takes.
    rows = pl.Series(range(first_contract, first_contract + quota // low + 1), dtype=pl.Int64)
    titles = low + chance.below(rows, high - low + 1, "titles", seed)
    count = int((titles.cum_sum() - titles < quota).sum())
    rows, titles = rows.head(count), titles.head(count)
    person = pl.Series(range(first_person, first_person + count), dtype=pl.Int64)
    one_in = _NEIGHBOURS.get(line.key)
    if one_in and known:
        start, many = known[4] if line.key == "shop" else (0, sum(height for _, height in known))
        is_neighbour = chance.below(rows, one_in, "neighbour", seed) == 0
        person = person.zip_with(~is_neighbour, start + chance.below(rows, many, "which neighbour", seed))
    home = pl.Series(line.homes, dtype=pl.Int64).gather(chance.below(rows, len(line.homes), "home", seed))
    cents = line.cents[0] + chance.below(rows, line.cents[1] - line.cents[0], "cents", seed) // 10 * 10
    last = NEWEST_MONTH - chance.below(rows, 2, "last month", seed) if line.key == "fibra" else None
    first = -chance.below(rows, 16, "first month", seed) if line.key == "shop" else None
    table = pl.DataFrame({"contract": rows, "person": person, "title_count": titles, "home": home, "cents": cents})
    months = pl.Series([NEWEST_MONTH] * count, dtype=pl.Int64) if last is None else last
    start_month = first if first is not None else months - titles + 1
    return table.with_columns(
        first_month=start_month.clip(OLDEST_MONTH, None).cast(pl.Int64),
        due_day=5 + chance.below(rows, 5, "due day", seed) * 5,
        line=pl.lit(line.key),
        contract_number=f"{line.key.upper()}-" + rows.cast(pl.String).str.zfill(6),
        contract_plan=chance.choose(rows, _PLANS, "plan", seed) if line.key == "fibra" else pl.lit(""),
        contract_unit=_units(line, rows, first_contract),
    )


def _units(line: Line, rows: pl.Series, first: int) -> pl.Expr | pl.Series:
    if line.contract_kind != "condominium_unit" and line.key not in ("sale", "rent"):
        return pl.lit("")
    place = rows - first
    floor, door = place // 4 % 20 + 1, place % 4 + 1
    block = pl.Series([chr(ord("A") + number % 26) for number in range(26)]).gather(place // 80 % 26)
    word = "Lote" if line.key == "sale" else "Apto"
    return f"{word} " + block + "-" + (floor * 100 + door).cast(pl.String)


def _titles(contracts: pl.DataFrame, quotas: list[int], today: dt.date) -> pl.DataFrame:
    """One row per month of each contract, cut to the quota of its line."""
    monthly = contracts.with_columns(month=pl.int_ranges(0, "title_count")).explode("month")
    parts = [monthly.filter(pl.col("line") == line.key).head(quota) for line, quota in zip(LINES, quotas, strict=True)]
    rows = pl.concat(parts)
    missing = sum(quotas) - rows.height
    if missing:
        raise AssertionError(f"the town is {missing} titles short: a line has too few contracts")
    this_month = today.replace(day=1)
    offset = pl.format("{}mo", pl.col("first_month") + pl.col("month"))
    rows = rows.with_columns(title=pl.int_range(pl.len(), dtype=pl.Int64)).with_columns(
        due_on=pl.lit(this_month, dtype=pl.Date).dt.offset_by(offset) + pl.duration(days=pl.col("due_day") - 1)
    )
    number = pl.format("{}/{}", "contract_number", (pl.col("month") + 1).cast(pl.String).str.zfill(2))
    return rows.with_columns(
        issue_on=pl.col("due_on") - pl.duration(days=12),
        external_id=number,
        number=number,
        original_cents=pl.col("cents"),
    )
