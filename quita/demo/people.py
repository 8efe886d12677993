"""The people of the town: names, documents, addresses, ways to reach them, and how they pay."""

import polars as pl

from quita.demo import chance, words
from quita.domain import documents

# How people pay, by weight. What each means is in `quita.demo.payments`.
HABITS = {"prompt": 62, "forgetful": 18, "chronic": 12, "disputing": 3, "gone": 5}
# Coprime to 10⁹, so that no two people share the nine digits a CPF is made from.
_SPREAD = 736_338_717
_ORGANIZATION_IN = 40
_LETTERS = "ABCDEFGHJKLMNPRSTVXZ"


def frame(numbers: pl.Series, homes: pl.Series, seed: int) -> pl.DataFrame:
    """One row per person: `person` (its number) and the debtor columns of a title row.

    `homes` gives each person's city as its place in `CITIES`.
    """
    is_company = chance.below(numbers, _ORGANIZATION_IN, "organization", seed) == 0
    names = _names(numbers, is_company, seed)
    people = pl.DataFrame({"person": numbers, "is_company": is_company, "home": homes, "debtor_name": names})
    people = people.with_columns(
        debtor_tax_id=_tax_ids(numbers, is_company, seed),
        debtor_kind=pl.when("is_company").then(pl.lit("organization")).otherwise(pl.lit("person")),
        habit=chance.weigh(numbers, HABITS, "habit", seed),
    )
    return people.with_columns(_reach(people, seed)).with_columns(_addresses(people, seed)).drop("is_company", "home")


CITIES = (
    words.RECIFE, words.OLINDA, words.JABOATAO, words.SAO_PAULO, words.CAMPINAS, words.RIO, words.MANAUS,
)  # fmt: skip


def _names(numbers: pl.Series, is_company: pl.Series, seed: int) -> pl.Series:
    table = pl.DataFrame(
        {
            "is_company": is_company,
            "first": chance.choose(numbers, words.FIRST_NAMES, "first name", seed),
            "middle": chance.choose(numbers, words.SURNAMES, "middle name", seed),
            "last": chance.choose(numbers, words.SURNAMES, "last name", seed),
            "trade": chance.choose(numbers, words.TRADES, "trade", seed),
            "saint": chance.choose(numbers, words.SAINTS, "saint", seed),
        }
    )
    return table.select(
        pl.when("is_company")
        .then(pl.format("{} {} {} Ltda", "trade", "saint", "last"))
        .otherwise(pl.format("{} {} {}", "first", "middle", "last"))
    ).to_series()


def _tax_ids(numbers: pl.Series, is_company: pl.Series, seed: int) -> pl.Series:
    """A valid CPF each; organisations a valid CNPJ, every other one with letters (IN RFB 2.229/2024)."""
    found = []
    for number, company in zip(numbers, is_company, strict=True):
        digits = (number * _SPREAD + seed * 7_919 + 12_345_678) % 10**9
        if company:
            root = f"{digits % 10**8:08d}"
            if number % 2:
                root = f"{_LETTERS[digits % 20]}{root[1:5]}{_LETTERS[digits // 20 % 20]}{root[6:]}"
            base = f"{root}0001"
        else:
            base = f"{digits:09d}"
        found.append(base + documents.check_digits(base))
    return pl.Series(found, dtype=pl.String)


def _reach(people: pl.DataFrame, seed: int) -> list[pl.Series]:
    """E-mail under reserved names (RFC 2606) and phones in a block of numbers that no carrier has been given.

    Nine in ten have an e-mail, nineteen in twenty a phone.
    """
    numbers = people["person"]
    plain = (
        people["debtor_name"]
        .str.to_lowercase()
        .str.normalize("NFKD")
        .str.replace_all(r"[^a-z ]", "")
        .str.replace_all(" ", ".")
    )
    host = chance.choose(numbers, words.MAIL_HOSTS, "mail host", seed)
    has_mail = chance.below(numbers, 10, "has mail", seed) > 0
    has_phone = chance.below(numbers, 20, "has phone", seed) > 0
    ddd = pl.Series([city.ddd for city in CITIES]).gather(people["home"])
    line = chance.below(numbers, 10_000, "line", seed).cast(pl.String).str.zfill(4)
    block = (numbers // 10_000 % 1_000).cast(pl.String).str.zfill(3)
    table = pl.DataFrame(
        {
            "plain": plain,
            "n": numbers,
            "host": host,
            "mail": has_mail,
            "phone": has_phone,
            "ddd": ddd,
            "b": block,
            "l": line,
        }
    )
    reached = table.select(
        emails=pl.when("mail").then(pl.format("{}{}@{}", "plain", "n", "host")).otherwise(pl.lit("")),
        phones=pl.when("phone").then(pl.format("+55{}90{}{}", "ddd", "b", "l")).otherwise(pl.lit("")),
    )
    return [reached["emails"], reached["phones"]]


def _addresses(people: pl.DataFrame, seed: int) -> list[pl.Series]:
    numbers, homes = people["person"], people["home"]
    street = chance.choose(numbers, words.STREETS, "street", seed)
    house = (chance.below(numbers, 1_900, "house", seed) + 10).cast(pl.String)
    code = chance.below(numbers, 1_000_000, "postal code", seed).cast(pl.String).str.zfill(6)
    return [
        (street + ", " + house).alias("address_line"),
        chance.choose(numbers, words.DISTRICTS, "district", seed).alias("district"),
        pl.Series("city", [city.name for city in CITIES]).gather(homes),
        pl.Series("uf", [city.uf for city in CITIES]).gather(homes),
        pl.Series("ibge_code", [city.ibge_code for city in CITIES]).gather(homes),
        (pl.Series([city.postal_prefix for city in CITIES]).gather(homes) + code).alias("postal_code"),
    ]
