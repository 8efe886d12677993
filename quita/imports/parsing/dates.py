"""Dates as source systems write them, one by one and in columns. A time of day behind the date is ignored."""

import polars as pl

_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}.*)?$"
_THREE = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})" + _TIME
# Pattern with three groups, and which of them are year, month and day.
_PATTERNS = {
    "dmy": (_THREE, (3, 2, 1)),
    "mdy": (_THREE, (3, 1, 2)),
    "ymd": (r"^([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})" + _TIME, (1, 2, 3)),
    "compact": (r"^([0-9]{4})([0-9]{2})([0-9]{2})$", (1, 2, 3)),
    "dmy_compact": (r"^([0-9]{2})([0-9]{2})([0-9]{4})$", (3, 2, 1)),
}
# Day 0 of spreadsheets' serial dates (the 1900 system, with its leap-year fault, from March 1900 on).
_SERIAL = r"^[0-9]{4,6}(?:[.,][0-9]+)?$"
FIRST_YEAR, LAST_YEAR = 1990, 2100


def expression(column: pl.Expr, style: str) -> pl.Expr:
    """The column of texts as dates; null where a text is no date of that style, as 30/02/2025 is none."""
    if style == "excel":
        days = pl.when(column.str.contains(_SERIAL)).then(
            column.str.extract(r"^([0-9]+)", 1).cast(pl.Int32, strict=False)
        )
        return (pl.lit("1899-12-30").str.to_date() + pl.duration(days=days)).cast(pl.Date)
    pattern, (year, month, day) = _PATTERNS[style]
    groups = column.str.extract_groups(pattern)
    year_text = groups.struct.field(str(year))
    # Two digits: 90 to 99 are the nineties, the rest this century.
    century = pl.when(year_text >= "90").then(pl.lit("19")).otherwise(pl.lit("20"))
    full_year = pl.when(year_text.str.len_chars() == 2).then(century + year_text).otherwise(year_text)
    iso = pl.concat_str(
        [full_year, groups.struct.field(str(month)).str.zfill(2), groups.struct.field(str(day)).str.zfill(2)],
        separator="-",
    )
    return iso.str.to_date("%Y-%m-%d", strict=False)


def out_of_range(column: pl.Expr) -> pl.Expr:
    """True for dates that no debt of ours can have: a typing error in the year."""
    return ~column.dt.year().is_between(FIRST_YEAR, LAST_YEAR)


def reads_all(cells: list[str], style: str) -> bool:
    """True when every text is a possible date of that style."""
    parsed = pl.DataFrame({"text": cells}).select(day=expression(pl.col("text"), style))
    return bool(parsed.select((pl.col("day").is_not_null() & ~out_of_range(pl.col("day"))).all()).item())
