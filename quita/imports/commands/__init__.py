"""What can be done with files and mappings."""

from quita.imports.commands.files import choose_mapping, receive_file, run_import, start_import
from quita.imports.commands.mappings import delete_mapping, ensure_reference_mappings, save_mapping

__all__ = [
    "choose_mapping",
    "delete_mapping",
    "ensure_reference_mappings",
    "receive_file",
    "run_import",
    "save_mapping",
    "start_import",
]
