"""The one normal form under which texts are compared: no accents, no case.

PostgreSQL computes it as `lower(unaccent(x))` (the function `quita_search_key`), Polars and Python by canonical
decomposition, removal of the combining marks, and the table below for the letters and signs that `unaccent` rewrites
although Unicode does not decompose them. The three agree on Latin-1, Latin Extended-A and typographic punctuation,
which is what Brazilian names, addresses and plans are written in; a test compares them character by character.
Whether other scripts match regardless of case is not promised.
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

# The rewriting of PostgreSQL's unaccent.rules that is not the removal of a mark.
# fmt: off
REWRITTEN: dict[str, str] = {
    "¡": "!", "©": "(C)", "ª": "a", "«": "<<", "\u00ad": "-", "®": "(R)", "±": "+/-", "º": "o", "»": ">>",
    "¼": " 1/4", "½": " 1/2", "¾": " 3/4", "¿": "?", "×": "*", "÷": "/", "Æ": "AE", "æ": "ae", "Ð": "D", "ð": "d",
    "Ø": "O", "ø": "o", "Þ": "TH", "þ": "th", "ß": "ss", "ẞ": "SS", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h",
    "ı": "i", "Ĳ": "IJ", "ĳ": "ij", "ĸ": "q", "Ŀ": "L", "ŀ": "l", "Ł": "L", "ł": "l", "ŉ": "'n", "Ŋ": "N", "ŋ": "n",
    "Œ": "OE", "œ": "oe", "Ŧ": "T", "ŧ": "t", "ſ": "s", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-",
    "…": "...", "№": "No", "‘": "'", "’": "'", "‚": ",", "‛": "'", "“": '"', "”": '"', "„": ",,", "‟": '"',
    "′": "'", "″": '"', "‹": "<", "›": ">", "ﬁ": "fi", "ﬂ": "fl",
}
# fmt: on

# Characters that people see as nothing: a text made of them alone counts as empty, in both engines.
BLANKS = " \t\r\n\u00a0"

# How often a text must come back on average before looking it up is cheaper than computing it.
_REPEATS = 4

_MARKS = re.compile("[\u0300-\u0362]")
_TRANSLATION = str.maketrans(REWRITTEN)


def search_key(text: str) -> str:
    """The normal form of one text: `search_key("Praça São José, nº 1") == "praca sao jose, no 1"`."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return bare.translate(_TRANSLATION).lower()


def search_key_expr(text: pl.Expr) -> pl.Expr:
    """The same normal form of a column of texts; missing stays missing."""
    return text.map_batches(search_keys, return_dtype=pl.String, is_elementwise=True)


def search_keys(texts: pl.Series) -> pl.Series:
    """The normal form of many texts. Cities and plans repeat a million times, so each distinct text is done once."""
    distinct = texts.unique()
    if len(distinct) * _REPEATS > len(texts):
        return _direct(texts)
    return texts.replace_strict(distinct, _direct(distinct), return_dtype=pl.String)


def _direct(texts: pl.Series) -> pl.Series:
    bare = texts.str.normalize("NFD").str.replace_all(_MARKS.pattern, "")
    return (
        bare.to_frame("text")
        .select(pl.col("text").str.replace_many(list(REWRITTEN), list(REWRITTEN.values())).str.to_lowercase())
        .to_series()
    )
