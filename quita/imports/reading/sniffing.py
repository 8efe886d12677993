"""Which encoding and separator a text file has, found from its bytes."""

import codecs
import csv
import re
from collections import Counter
from pathlib import Path

from quita.imports import reasons

SEPARATORS = (";", ",", "\t", "|")
_BLOCK = 1 << 20
_UTF8_PAIR = re.compile(rb"[\xc3\xc2][\x80-\xbf]|[\xe2][\x80-\xbf]{2}")
_HIGH = re.compile(rb"[\x80-\xff]")
# Bytes that Windows-1252 leaves undefined; Latin-1 has control characters there.
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def encoding(path: Path, wanted: str = "auto") -> str:
    """The codec to open the file with. Refused when the file is not text at all (file_not_text)."""
    with path.open("rb") as file:
        head = file.read(65_536)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head and wanted != "utf-16":
        raise reasons.file_refusal("file_not_text")
    if head.startswith(codecs.BOM_UTF8) and wanted in ("auto", "utf-8"):
        return "utf-8-sig"
    return _guess(path) if wanted == "auto" else wanted


def _guess(path: Path) -> str:
    """UTF-8 when all of it decodes, or nearly all: then single rows are damaged and get refused. Else Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    valid = True
    high = paired = 0
    undefined = False
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if valid:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    valid = False
            found = len(_HIGH.findall(block))
            if found:
                high += found
                paired += sum(len(pair) for pair in _UTF8_PAIR.findall(block))
                undefined = undefined or bool(_NOT_CP1252.search(block))
    if valid or paired * 2 > high:
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
    """(lines of the usual width, that width). Counted with and without quotation marks: one left open hides the rest."""
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
