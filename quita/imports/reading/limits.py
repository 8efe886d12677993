"""How large a file may be, and the checks that keep a small file from unpacking into an enormous one."""

import re
import zipfile
from pathlib import Path

from quita.imports import reasons

MB = 1_000_000
MAX_FILE_BYTES = 2_000 * MB
MAX_COLUMNS = 300
MAX_LINE_CHARACTERS = 100_000
MAX_WORKBOOK_BYTES = 500 * MB
# A table of numbers packs about 10 to 1, repeated text up to about 100 to 1; deflate can reach 1,000 to 1.
MAX_RATIO = 200
# A library lays a sheet out as a full rectangle: one forgotten cell at XFD1048576 would take 17 billion cells.
MAX_CELLS = 30_000_000

_CELL = re.compile(rb'\sr="([A-Z]{1,3})?([0-9]{1,7})"')
_TAIL = 64


def check_size(path: Path) -> None:
    """Refuses a file past the limit (file_too_large)."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise reasons.file_refusal("file_too_large", size=size // MB, limit=MAX_FILE_BYTES // MB)


def check_workbook(path: Path) -> None:
    """Refuses a workbook that unpacks to too much or spans too many cells (file_damaged, zip_bomb, sheet_too_big)."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_unpacked(sum(entry.file_size for entry in entries), path.stat().st_size)
            for entry in entries:
                if entry.flag_bits & 1:
                    raise reasons.file_refusal("file_old_excel")
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                    _check_extent(archive, entry, path.stat().st_size)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as fault:
        raise reasons.file_refusal("file_damaged") from fault
    except Exception as fault:
        # zlib.error has no common base with the others.
        if type(fault).__name__ == "error":
            raise reasons.file_refusal("file_damaged") from fault
        raise


def _check_unpacked(unpacked: int, packed: int) -> None:
    limit = min(MAX_WORKBOOK_BYTES, max(packed * MAX_RATIO, 10 * MB))
    if unpacked > limit:
        raise reasons.file_refusal("zip_bomb", size=unpacked // MB, packed=f"{packed / MB:.1f}", limit=limit // MB)


def _check_extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, packed: int) -> None:
    """Reads the sheet as a stream, so that sizes declared in the archive's directory need not be believed."""
    rows = columns = seen = 0
    widest = b""
    with archive.open(entry) as sheet:
        rest = b""
        while block := sheet.read(1 << 20):
            seen += len(block)
            _check_unpacked(seen, packed)
            text = rest + block
            references = set(_CELL.findall(text))
            if references:
                rows = max(rows, max(int(number) for _, number in references))
                widest = max((letters for letters, _ in references), key=lambda found: (len(found), found), default=b"")
                columns = max(columns, _column_number(widest))
            rest = text[-_TAIL:]
    if rows * max(columns, 1) > MAX_CELLS or columns > 16_384:
        raise reasons.file_refusal("sheet_too_big", rows=rows, columns=columns, limit=MAX_CELLS)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
