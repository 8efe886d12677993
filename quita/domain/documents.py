"""CPF and CNPJ: normalise, check, write, mask; one by one and in columns.

CPF has eleven digits. CNPJ has twelve characters, since July 2026 also capital letters (IN RFB 2.229/2024), and two
check digits; existing numbers keep theirs. The value of a character is its ASCII code less 48, so that A is 17: the
usual hexadecimal habit of A = 10 rejects valid numbers. Documents are text everywhere: as numbers they lose leading
zeros and now letters. Only ASCII counts; other scripts' digits look the same on screen and are not the same number.

A valid check digit does not mean that the number exists or is active.
"""

from __future__ import annotations

import re
from typing import Literal

import polars as pl

from quita.domain import refusals

Kind = Literal["cpf", "cnpj"]

_PUNCTUATION = r"[./\- \t\r\n\x{00A0}]"
_STRIP = str.maketrans("", "", "./- \t\r\n\u00a0")
_CPF = re.compile(r"[0-9]{11}")
_CNPJ = re.compile(r"[0-9A-Z]{12}[0-9]{2}")
_CPF_WEIGHTS = (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)
_CNPJ_WEIGHTS = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)


def normalise(text: str) -> str:
    """Strip punctuation and spaces and raise ASCII letters; what is left is what would be stored."""
    stripped = text.translate(_STRIP)
    return stripped.upper() if stripped.isascii() else stripped


def kind(text: str) -> Kind | None:
    """Return whether the text is a valid CPF or a valid CNPJ, in any punctuation; None when neither."""
    document = normalise(text)
    if _CPF.fullmatch(document) and _checks(document, _CPF_WEIGHTS):
        return "cpf"
    if _CNPJ.fullmatch(document) and _checks(document, _CNPJ_WEIGHTS):
        return "cnpj"
    return None


def is_valid_cpf(text: str) -> bool:
    """Tell whether the text is a CPF with right check digits."""
    return kind(text) == "cpf"


def is_valid_cnpj(text: str) -> bool:
    """Tell whether the text is a CNPJ, numeric or alphanumeric, with right check digits."""
    return kind(text) == "cnpj"


def parse(text: str) -> str:
    """Return the document as it is stored. Refusals: document_missing, document_length, document_check_digit."""
    document = normalise(text)
    if not document:
        raise refusals.Refusal("document_missing", "The CPF or CNPJ is missing.")
    if kind(document):
        return document
    if not (_CPF.fullmatch(document) or _CNPJ.fullmatch(document)):
        raise refusals.Refusal(
            "document_length",
            "“%(text)s” is neither a CPF (11 digits) nor a CNPJ (14 characters, the last two digits). "
            "Check whether a spreadsheet removed leading zeros.",
            {"text": text[:30]},
        )
    raise refusals.Refusal(
        "document_check_digit",
        "The check digits of “%(text)s” do not match. Check the number for a typing error.",
        {"text": text[:30]},
    )


def check_digits(base: str) -> str:
    """Return the two check digits that complete nine digits (CPF) or twelve characters (CNPJ)."""
    weights = _CPF_WEIGHTS if len(base) == 9 else _CNPJ_WEIGHTS
    if not re.fullmatch(r"[0-9]{9}|[0-9A-Z]{12}", base):
        raise ValueError("check digits complete nine digits or twelve characters 0-9 A-Z")
    first = _digit(base, weights[1:])
    return first + _digit(base + first, weights)


def root(cnpj: str) -> str:
    """Return the eight characters that all establishments of one company share."""
    return normalise(cnpj)[:8]


def format_document(document: str) -> str:
    """Write with punctuation: 529.982.247-25, 12.ABC.345/01DE-35. Anything else comes back as it is."""
    d = normalise(document)
    if _CPF.fullmatch(d):
        return f"{d[:3]}.{d[3:6]}.{d[6:9]}-{d[9:]}"
    if _CNPJ.fullmatch(d):
        return f"{d[:2]}.{d[2:5]}.{d[5:8]}/{d[8:12]}-{d[12:]}"
    return document


def mask(document: str) -> str:
    """Write so that the holder recognises it and others cannot use it: ***.982.247-**, 12.ABC.345/****-**."""
    d = normalise(document)
    if _CPF.fullmatch(d):
        return f"***.{d[3:6]}.{d[6:9]}-**"
    if _CNPJ.fullmatch(d):
        return f"{d[:2]}.{d[2:5]}.{d[5:8]}/****-**"
    return "*" * len(document)


def check_column(texts: pl.Series) -> pl.DataFrame:
    """Check a whole column: `document` (normalised) and `kind` ("cpf", "cnpj", null when invalid), in the same order.

    Purely numeric documents, nearly all of them, are checked by integer arithmetic on the column; the few with letters
    one by one.
    """
    document = pl.col("text").str.replace_all(_PUNCTUATION, "")
    # Only ASCII is raised: "ı" and "ſ" would otherwise turn into valid letters.
    ascii_only = ~document.str.contains(r"[^\x00-\x7F]")
    normalised = pl.DataFrame({"text": texts.cast(pl.String)}).select(
        document=pl.when(ascii_only).then(document.str.to_uppercase()).otherwise(document)
    )
    checked = normalised.with_columns(
        cpf=pl.when(pl.col("document").str.contains(r"\A[0-9]{11}\z")).then("document").cast(pl.Int64),
        cnpj=pl.when(pl.col("document").str.contains(r"\A[0-9]{14}\z")).then("document").cast(pl.Int64),
    ).select(
        "document",
        kind=pl.when(_column_checks("cpf", _CPF_WEIGHTS))
        .then(pl.lit("cpf"))
        .when(_column_checks("cnpj", _CNPJ_WEIGHTS))
        .then(pl.lit("cnpj")),
    )
    lettered = pl.col("document").str.contains(r"\A[0-9A-Z]{12}[0-9]{2}\z") & pl.col("document").str.contains("[A-Z]")
    valid = [d for d in checked.filter(lettered)["document"].unique() if kind(d)]
    if valid:
        known = pl.Series(valid, dtype=pl.String).implode()
        checked = checked.with_columns(
            kind=pl.when(lettered & pl.col("document").is_in(known)).then(pl.lit("cnpj")).otherwise("kind")
        )
    return checked


def _checks(document: str, weights: tuple[int, ...]) -> bool:
    if len(set(document)) == 1:
        return False
    first = _digit(document[:-2], weights[1:])
    return document[-2:] == first + _digit(document[:-2] + first, weights)


def _digit(characters: str, weights: tuple[int, ...]) -> str:
    remainder = sum((ord(c) - 48) * w for c, w in zip(characters, weights, strict=True)) % 11
    return str(0 if remainder < 2 else 11 - remainder)


def _column_checks(column: str, weights: tuple[int, ...]) -> pl.Expr:
    """Both check digits of a numeric column right, and not one digit repeated; null where the column is null."""
    length = len(weights) + 1
    digits = [(pl.col(column) // int(f"1{'0' * place}")) % 10 for place in reversed(range(length))]

    def expected(upto: int, weighed: tuple[int, ...]) -> pl.Expr:
        remainder = pl.sum_horizontal(d * w for d, w in zip(digits[:upto], weighed, strict=True)) % 11
        digit: pl.Expr = pl.when(remainder < 2).then(0).otherwise(11 - remainder)
        return digit

    repeated = pl.col(column) % int("1" * length) == 0
    first, second = expected(length - 2, weights[1:]), expected(length - 1, weights)
    return (first == digits[-2]) & (second == digits[-1]) & ~repeated
