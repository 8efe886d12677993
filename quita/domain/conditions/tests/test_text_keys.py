"""Texts are compared without accents and case, by the same normal form in Python, in frames and in the database."""

from __future__ import annotations

import unicodedata

import polars as pl
import psycopg
import pytest

from quita.domain.conditions.text_keys import REWRITTEN, search_key, search_key_expr

# Latin-1 and Latin Extended-A but the micro sign (Greek to unaccent), and the typographic signs.
PROMISED = sorted({chr(code) for code in range(0x20, 0x180) if not 0x7F <= code < 0xA0} - {"µ"} | set(REWRITTEN))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Praça São José, nº 1", "praca sao jose, no 1"),
        ("AÇAÍ", "acai"),
        ("Sa\u0303o", "sao"),  # the accent as a character of its own, as macOS writes it
        ("Müller & Straße", "muller & strasse"),
        ("D’Ávila – “Matriz”", 'd\'avila - "matriz"'),
        ("", ""),
    ],
)
def test_the_normal_form(written: str, key: str) -> None:
    assert search_key(written) == key


@pytest.mark.parametrize("times", [1, 50])
def test_frames_compute_the_same_form(times: int) -> None:
    """Also where texts come back so often that each is computed only once."""
    words = [f"x{sign}y" for sign in PROMISED] + [unicodedata.normalize("NFD", sign) for sign in PROMISED]
    computed = pl.DataFrame({"word": [*words, None] * times}).select(search_key_expr(pl.col("word")))["word"].to_list()
    assert computed == [*map(search_key, words), None] * times


@pytest.mark.db
def test_the_database_computes_the_same_form(database: psycopg.Connection) -> None:
    words = [f"x{sign}y" for sign in PROMISED] + [f"x{unicodedata.normalize('NFD', sign)}y" for sign in PROMISED]
    query = "select quita_search_key(word) from unnest(%s::text[]) with ordinality as t(word, n) order by n"
    computed = [key for (key,) in database.execute(query, [words])]
    differing = {
        word: (key, search_key(word)) for word, key in zip(words, computed, strict=True) if key != search_key(word)
    }
    assert differing == {}
