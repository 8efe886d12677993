"""Amounts of money in columns: texts to integer centavos. Reads exactly what quita.domain.money.parse_cents reads."""

import polars as pl

from quita.domain import money

EXAMPLES = {"comma": "1.234,56", "point": "1,234.56", "centavos": "123456"}
_NUMBER = {
    "comma": r"^(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]*)(?:,[0-9]*)?$",
    "point": r"^(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]*)?$",
    "centavos": r"^[0-9]+$",
}
# How nearly all amounts are written: no sign, no currency, two decimals.
_USUAL = {
    "comma": r"^(?:[0-9]{1,3}(?:\.[0-9]{3}){1,3}|[0-9]{1,12}),[0-9]{2}$",
    "point": r"^(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,12})\.[0-9]{2}$",
    "centavos": r"^[0-9]{1,14}$",
}
_MARK = {"comma": (",", "."), "point": (".", ",")}
# More digits than this may not even fit the integer that they are about to become.
_MAX_WHOLE_DIGITS = 15


def _unsigned(text: pl.Expr) -> pl.Expr:
    return text.str.replace(r"^([-+\x{2212}]?)\s*(?:(?i)R\$|BRL|\$)?\s*([-+\x{2212}]?)\s*", "${1}${2}").str.replace(
        r"^[-+\x{2212}]|\s*-$", ""
    )


def usual(text: pl.Expr, style: str) -> pl.Expr:
    """True where nothing can be wrong with the amount but that it is zero."""
    return text.str.contains(_USUAL[style])


def usual_cents(text: pl.Expr) -> pl.Expr:
    """The centavos of usual amounts, in any style; null elsewhere or meaningless."""
    return text.str.replace_all(r"[.,]", "").cast(pl.Int64, strict=False)


def negative(text: pl.Expr) -> pl.Expr:
    """True where a minus stands before or behind the number and it is not zero."""
    return text.str.contains(r"^(?:(?i)R\$|BRL|\$)?\s*[-\x{2212}]|-$") & text.str.contains("[1-9]")


def malformed(text: pl.Expr, style: str) -> pl.Expr:
    """True where the text is no amount of that style at all."""
    number = _unsigned(text)
    return ~(number.str.contains(_NUMBER[style]) & number.str.contains("[0-9]"))


def too_precise(text: pl.Expr, style: str) -> pl.Expr:
    """True where more than two decimals say something."""
    if style == "centavos":
        return pl.lit(False)
    return text.str.contains(rf"\{_MARK[style][0]}[0-9]{{2}}[0-9]*[1-9]")


def too_large(text: pl.Expr, style: str) -> pl.Expr:
    """True beyond the largest amount of the money module."""
    whole = _whole(text, style).str.strip_chars_start("0")
    return (whole.str.len_chars() > _MAX_WHOLE_DIGITS) | (cents(text, style) > money.MAX_CENTS)


def cents(text: pl.Expr, style: str) -> pl.Expr:
    """The amount in centavos, without its sign; null where it is no number or too long to be one."""
    whole = (
        pl.when(_whole(text, style) == "").then(pl.lit("0")).otherwise(_whole(text, style)).cast(pl.Int64, strict=False)
    )
    if style == "centavos":
        return whole
    mark = _MARK[style][0]
    fraction = _unsigned(text).str.extract(rf"\{mark}([0-9]{{0,2}})", 1).fill_null("").str.pad_end(2, "0")
    return whole * 100 + fraction.cast(pl.Int64, strict=False)


def _whole(text: pl.Expr, style: str) -> pl.Expr:
    number = _unsigned(text)
    if style == "centavos":
        return number
    mark, thousands = _MARK[style]
    return number.str.replace(rf"\{mark}.*$", "").str.replace_all(thousands, "", literal=True)
