"""Which encoding and separator a text file has, found from its bytes."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from quita.imports import reasons

SEPARATORS = (";", ",", "\t", "|")
_BLOCK = 1 << 20
# Enough to tell encodings apart; the same systems write all of a file.
_MAX_BLOCKS = 4
_UTF8_PAIR = re.compile(rb"[\xc3\xc2][\x80-\xbf]|[\xe2][\x80-\xbf]{2}")
_HIGH = re.compile(rb"[\x80-\xff]")
# Bytes that Windows-1252 leaves undefined; Latin-1 has control characters there.
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def scan(path: Path, wanted: str = "auto") -> tuple[str, bool]:
    """The codec to open the file with, and whether it has quotation marks. Looks at the whole file.

    Refused when the file is not text at all (file_not_text).
    """
    codec = encoding(path, wanted)
    return codec, codec == "utf-16" or _contains(path, b'"')


def encoding(path: Path, wanted: str = "auto") -> str:
    """The codec alone. Refused when the file is not text at all (file_not_text)."""
    with path.open("rb") as file:
        head = file.read(65_536)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wanted == "utf-16":
        return wanted
    if _contains(path, b"\x00"):
        raise reasons.file_refusal("file_not_text")
    if head.startswith(codecs.BOM_UTF8) and wanted in ("auto", "utf-8"):
        return "utf-8-sig"
    if wanted != "auto":
        return wanted
    return "utf-8" if _is_utf8(path) else _nearest(path)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _contains(path: Path, byte: bytes) -> bool:
    return any(byte in block for block in _blocks(path))


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _nearest(path: Path) -> str:
    """UTF-8 when most of its accents are UTF-8: then single rows are damaged and get refused. Else Windows-1252."""
    high = paired = 0
    undefined = False
    accented = (block for block in _blocks(path) if not block.isascii())
    for block in islice(accented, _MAX_BLOCKS):
        high += len(_HIGH.findall(block))
        paired += sum(map(len, _UTF8_PAIR.findall(block)))
        undefined = undefined or bool(_NOT_CP1252.search(block))
    if paired * 2 > high:
        return "utf-8"
    return "latin-1" if undefined else "cp1252"


def sample(path: Path, codec: str, characters: int = 65_536) -> list[str]:
    """The first whole lines."""
    with path.open(encoding=codec, errors="replace", newline="") as file:
        text = file.read(characters)
    lines = text.splitlines(keepends=True)
    return lines[:-1] if len(text) == characters and len(lines) > 1 else lines


def separator(lines: list[str], wanted: str = "auto") -> str:
    """The character between cells: the one that splits most lines into the same number of cells, at least two."""
    if wanted != "auto":
        return "\t" if wanted == "tab" else wanted
    return max(SEPARATORS, key=lambda candidate: _fit(lines[:50], candidate))


def _fit(lines: list[str], candidate: str) -> tuple[int, int]:
    """(lines of the usual width, that width). Counted with and without quotation marks: one left open hides
    the rest."""
    quoted = Counter(len(row) for row in csv.reader(lines, delimiter=candidate))
    plain = Counter(line.count(candidate) + 1 for line in lines)
    return max(
        ((count, width) for widths in (quoted, plain) for width, count in widths.items() if width > 1), default=(0, 0)
    )


def header_row(lines: list[str], separating: str) -> int:
    """The first row as wide as most: what stands above it is a report's title."""
    rows = list(csv.reader(lines[:60], delimiter=separating))
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 1
    usual = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    return next((number for number, row in enumerate(rows, 1) if len(row) == usual and all(row)), 1)
