"""The Portuguese catalogue: extracted from code and templates, merged from one fragment per area, compiled when stale.

People write `quita/locale/fragments/<area>.pt_BR.po`. Everything under `quita/locale/pt_BR` is made of them: the
compiled catalogue on the first start after a fragment changed, with Babel and without gettext; and, for tools that
want one file, `django.po` by `scripts/translations.py merge`. Neither is kept in the repository.
"""

import io
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from babel.messages import extract, mofile, pofile
from babel.messages.catalog import Catalog, Message
from django.utils import translation
from django.utils.translation import reloader

LOCALE = Path(__file__).resolve().parents[2] / "locale"
SOURCE = Path(__file__).resolve().parents[2]
CATALOGUE = LOCALE / "pt_BR" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
FRAGMENTS = LOCALE / "fragments"
log = logging.getLogger("quita.ui")
HEADER = "# Made from quita/locale/fragments by scripts/translations.py merge: change the fragments, not this file."

# Besides gettext's own names: a refusal's sentence is its second argument, wherever it is made, or marked by `worded`.
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
    "Refusal": (2,), "add": (2,), "refuse": (2,), "worded": None,
}  # fmt: skip
# A code of a refusal never has a space, a sentence always has: that tells `refusals.add` from other two-argument calls.
SENTENCE_ONLY = frozenset({"Refusal", "add", "refuse"})
PLACEHOLDER = re.compile(r"%\([a-zA-Z_]\w*\)[sd]|%[sd]|\{\w+\}")

Key = tuple[str | None, str | tuple[str, ...]]


@dataclass
class Found:
    """A source string: its context, its text (one, or singular and plural) and where it stands."""

    context: str | None
    text: str | tuple[str, ...]
    places: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What makes it one message."""
        return (self.context, self.text)


def _python_of_template(text: str) -> bytes:
    """Django's own rewriting of a template into something an extractor of Python reads."""
    return translation.templatize(text, origin="template").encode()


def _messages(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    content = path.read_text(encoding="utf-8")
    body = content.encode() if path.suffix == ".py" else _python_of_template(content)
    for line, name, messages, _comments in extract.extract_python(io.BytesIO(body), cast(Any, KEYWORDS), (), {}):
        # Babel types what it yields as for its whole pipeline; this extractor gives a name and its arguments' texts.
        name = cast(str, name)
        spec = KEYWORDS[name]
        given = cast(tuple[str | None, ...], messages if isinstance(messages, tuple) else (messages,))
        picked = _pick(given, spec)
        if picked is None:
            continue
        text, context = picked
        if name in SENTENCE_ONLY and (isinstance(text, tuple) or " " not in text):
            continue
        yield line, text, context


def _pick(given: tuple[str | None, ...], spec: tuple | None) -> tuple[str | tuple[str, ...], str | None] | None:
    """The text and context among a call's arguments; None for a call whose text is not written out."""
    context, texts = None, []
    for position in spec or (1,):
        index, is_context = (position[0], True) if isinstance(position, tuple) else (position, False)
        value = given[index - 1] if index <= len(given) else None
        if not isinstance(value, str) or not value:
            return None
        if is_context:
            context = value
        else:
            texts.append(value)
    return (texts[0] if len(texts) == 1 else tuple(texts)), context


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(SOURCE).parts if path.is_relative_to(SOURCE) else path.parts
        if "tests" in parts or "migrations" in parts or "__pycache__" in parts:
            continue
        if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in parts):
            yield path


def source_strings(root: Path = SOURCE) -> dict[Key, Found]:
    """Every string to be translated below a folder."""
    found: dict[Key, Found] = {}
    for path in _files(root):
        for line, text, context in _messages(path):
            entry = found.setdefault((context, text), Found(context, text))
            place = path.relative_to(SOURCE.parent) if path.is_relative_to(SOURCE.parent) else path
            entry.places.append(f"{place}:{line}")
    return found


def read(path: Path) -> Catalog:
    """A PO file."""
    with path.open("rb") as stream:
        return pofile.read_po(stream, locale="pt_BR")


def _key(message: Message) -> Key:
    text = tuple(message.id) if isinstance(message.id, list | tuple) else message.id
    return (message.context or None, text)


def is_complete(message: Message) -> bool:
    """True when every form of a message is translated."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(forms) and not message.fuzzy


def translations(path: Path = CATALOGUE) -> dict[Key, Message]:
    """The messages of a PO file by key."""
    return {_key(message): message for message in read(path) if message.id}


class Contradiction(Exception):
    """Two fragments translate one string differently."""


def fragments() -> list[Path]:
    """The fragments, in the order in which they win."""
    return sorted(FRAGMENTS.glob("*.pt_BR.po"))


def merged(*, strict: bool = True) -> Catalog:
    """One catalogue out of every fragment. Where two disagree: Contradiction when strict, else the first one wins."""
    catalogue = Catalog(locale="pt_BR", project="Quita", fuzzy=False, charset="utf-8")
    seen: dict[Key, tuple[str, Message]] = {}
    for path in fragments():
        for message in read(path):
            if not message.id or not is_complete(message):
                continue
            before = seen.get(_key(message))
            if before and not strict:
                continue
            if before and before[1].string != message.string:
                raise Contradiction(
                    f"{before[0]} and {path.name} disagree on {message.id!r}: "
                    f"{before[1].string!r} or {message.string!r}. "
                    "Choose one, or give one of them a context."
                )
            seen[_key(message)] = (path.name, message)
    for _name, message in sorted(seen.values(), key=lambda pair: (str(pair[1].id), pair[1].context or "")):
        catalogue.add(message.id, message.string, context=message.context)
    return catalogue


def merge(path: Path = CATALOGUE) -> int:
    """Writes the catalogue from the fragments and returns how many messages it has. The same fragments give the
    same bytes.
    """
    catalogue = merged()
    stream = io.BytesIO()
    pofile.write_po(stream, catalogue, omit_header=True, width=110)
    forms = catalogue.plural_forms
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: pt_BR\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: '
        f'{forms}\\n"\n\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, head.encode() + stream.getvalue())
    return len(catalogue)


def missing(root: Path = SOURCE) -> list[Found]:
    """Source strings without Portuguese in any fragment, in reading order. Django's own translations do not count:
    they may say something else ("May" is a month there)."""
    catalogue = merged()
    known = {_key(message) for message in catalogue if message.id}
    return [entry for key, entry in source_strings(root).items() if key not in known]


def mismatched() -> list[str]:
    """Translations whose placeholders differ from their source's."""
    wrong = []
    for message in merged():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, list | tuple) else [message.id]
        texts = message.string if isinstance(message.string, list | tuple) else [message.string]
        allowed = {frozenset(PLACEHOLDER.findall(text)) for text in ids}
        # A singular may leave its number out ("one day"), in both languages.
        widest = frozenset().union(*allowed)
        for text in texts:
            if frozenset(PLACEHOLDER.findall(text or "")) not in allowed | {widest}:
                wrong.append(f"{ids[0]!r} → {text!r}")
    return wrong


def compile_if_stale(path: Path = COMPILED) -> bool:
    """Compiles the fragments when the compiled catalogue is missing or older than one of them. False when nothing
    was to do.

    Called at every start. A contradiction is for the tests to find and must not keep anybody from starting; and an
    installation in a folder that cannot be written keeps the catalogue that it was delivered with.
    """
    newest = max((fragment.stat().st_mtime_ns for fragment in fragments()), default=0)
    if not newest or (path.exists() and path.stat().st_mtime_ns >= newest):
        return False
    stream = io.BytesIO()
    mofile.write_mo(stream, merged(strict=False))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, stream.getvalue())
    except PermissionError:
        log.warning("ui.translations.not_written path=%s", path)
        return False
    # Django may have looked for a catalogue already while it loaded the apps: it shall look again.
    reloader.translation_file_changed(sender=None, file_path=path)
    return True


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: several processes may start at once."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)
