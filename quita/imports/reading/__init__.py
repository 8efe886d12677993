"""Files into rows of text, whatever system wrote them: CSV in any usual encoding and separator, and .xlsx.

`open_table` looks at the content and not at the name. Everything is text afterwards: real numbers and dates of a
workbook are written out in the format that the mapping expects. Row numbers are those that a spreadsheet shows.
"""

from pathlib import Path

from quita.imports import reasons
from quita.imports.mappings import Spec
from quita.imports.reading import delimited, limits, workbook
from quita.imports.reading.rows import Batch, RowRefusal, Table

__all__ = ["Batch", "RowRefusal", "Table", "open_table"]


def open_table(path: Path, spec: Spec) -> Table:
    """The file as a table. Refusals of the whole file: the codes of `reasons.FILE`."""
    if not path.is_file():
        raise reasons.file_refusal("file_gone")
    limits.check_size(path)
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise reasons.file_refusal("file_empty")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise reasons.file_refusal("file_old_excel")
    if head.startswith(b"PK\x03\x04"):
        return workbook.open_table(path, spec)
    return delimited.open_table(path, spec)
