"""Works on the Portuguese catalogue.

python scripts/translations.py missing [--area quita/imports]   what has no Portuguese yet, as PO text to paste
python scripts/translations.py merge                            fragments into the catalogue, and compile it
python scripts/translations.py check                            fails when something is missing or does not agree
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402  # the path comes first
from django.conf import settings  # noqa: E402

# Extraction needs Django's template lexer and nothing of the product's settings.
settings.configure(USE_I18N=True, LOCALE_PATHS=[])
django.setup()

from quita.platform.ui import translations  # noqa: E402


def quoted(text: str) -> str:
    """A PO string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def show_missing(area: Path) -> int:
    """Prints what is missing, ready for a fragment."""
    entries = translations.missing(area)
    for entry in entries:
        print(f"#: {' '.join(entry.places[:3])}")
        if entry.context:
            print(f"msgctxt {quoted(entry.context)}")
        if isinstance(entry.text, tuple):
            print(f'msgid {quoted(entry.text[0])}\nmsgid_plural {quoted(entry.text[1])}\nmsgstr[0] ""\nmsgstr[1] ""\n')
        else:
            print(f'msgid {quoted(entry.text)}\nmsgstr ""\n')
    print(f"{len(entries)} without Portuguese", file=sys.stderr)
    return len(entries)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["missing", "merge", "check"])
    parser.add_argument("--area", type=Path, default=translations.SOURCE)
    chosen = parser.parse_args()
    if chosen.task == "missing":
        show_missing(chosen.area.resolve())
        return 0
    if chosen.task == "merge":
        count = translations.merge()
        translations.compile_if_stale()
        print(f"{count} messages in {translations.CATALOGUE.relative_to(ROOT)}")
        return 0
    wrong = translations.mismatched()
    print("\n".join(wrong))
    return 1 if show_missing(chosen.area.resolve()) or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
