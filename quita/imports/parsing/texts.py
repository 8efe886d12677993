"""Texts in columns: cleaning, and what makes a text unfit to be shown to a person or stored.

Formula injection: a name like `=HYPERLINK(…)` would run in the spreadsheet of whoever exports it later, so texts that
start like a formula are refused. Plain signed numbers are let through. The file of refused rows puts an apostrophe
before such cells, and that apostrophe is taken off again when the corrected file comes back.
"""

import polars as pl

_CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9F}]"
# UTF-8 read as Windows-1252: "ã" becomes "Ã£", "ç" "Ã§", "º" "Âº". Portuguese never has Ã or Â before such a sign.
_GARBLED = r"[ÃÂ][\x{80}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_FORMULA = r"^(?:[=@\t\r]|[+-][^0-9]|[+-][0-9 .,/-]*[^0-9 .,/-])"
_GUARDED = r"^'[=+\-@]"


def clean(column: pl.Expr) -> pl.Expr:
    """Without blanks at the ends, with single spaces inside, without the guard that our own exports put."""
    stripped = column.str.strip_chars()
    unguarded = pl.when(stripped.str.contains(_GUARDED)).then(stripped.str.slice(1)).otherwise(stripped)
    return unguarded.str.replace_all(r"[ \t\r\n\x{A0}]{2,}|[\t\r\n\x{A0}]", " ")


def stripped(column: pl.Expr) -> pl.Expr:
    """Without blanks at the ends, non-breaking ones too: for numbers and dates."""
    return column.str.strip_chars(" \t\r\n\u00a0")


def undecodable(column: pl.Expr) -> pl.Expr:
    """True where the decoder had to put U+FFFD for bytes that are nothing in the file's encoding."""
    return column.str.contains("\ufffd", literal=True)


def control(column: pl.Expr) -> pl.Expr:
    """True where characters that nobody can see are left after cleaning."""
    return column.str.contains(_CONTROL)


def garbled(column: pl.Expr) -> pl.Expr:
    """True where the text was once saved in one encoding and read in another."""
    return column.str.contains(_GARBLED)


def formula(column: pl.Expr) -> pl.Expr:
    """True where a spreadsheet would take the text for a formula."""
    return column.str.contains(_FORMULA)


def guard(cell: str) -> str:
    """A cell for an export: what a spreadsheet could take for a formula gets an apostrophe (OWASP, CSV injection)."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
