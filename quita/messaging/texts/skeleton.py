"""Markdown with numbered marks → HTML and plain text with the same marks, worked out once per shape and kept."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from quita.messaging.texts import styles, values
from quita.messaging.texts.liquid_setup import MARK, STANDALONE

# No raw HTML: whatever looks like it is shown as it was typed. Tables as people know them from chat and wikis.
MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable("table").disable("image")

_MARKS = re.compile(rf"{MARK}([vb])(\d+)z")
_STANDALONE_PARAGRAPH = re.compile(rf"<p[^>]*>({MARK}{STANDALONE}\d+z)</p>")


@dataclass(frozen=True)
class Skeleton:
    """Fixed pieces with value numbers between them: pieces[0], value numbers[0], pieces[1], …"""

    pieces: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Skeleton:
        """Cut a text at its marks."""
        parts = _MARKS.split(text)
        return cls(tuple(parts[0::3]), tuple(int(number) for number in parts[2::3]))

    def fill(self, written: Sequence[str]) -> str:
        """Put the written values between the pieces."""
        out = [self.pieces[0]]
        for number, piece in zip(self.numbers, self.pieces[1:], strict=True):
            out += (written[number], piece)
        return "".join(out)


@lru_cache(maxsize=4096)
def subject_skeleton(text: str) -> Skeleton:
    """A subject is one line: any run of white space becomes one space."""
    return Skeleton.of(" ".join(text.split()))


@lru_cache(maxsize=4096)
def body_skeletons(markdown: str) -> tuple[Skeleton, Skeleton]:
    """The HTML and the plain-text shape of a body."""
    tokens = MARKDOWN.parse(markdown)
    for token in tokens:
        _style(token)
    rendered: str = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return Skeleton.of(_STANDALONE_PARAGRAPH.sub(r"\1", rendered)), Skeleton.of(_plain(tokens))


def as_html(value: Any) -> str:
    """A value inside HTML: escaped, also for attributes; line breaks kept."""
    if isinstance(value, values.Block):
        return value.html
    return html.escape(as_text(value)).replace("\n", "<br>\n")


def as_text(value: Any) -> str:
    """A value as text: nothing for a missing one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sim" if value else "não"
    return str(value)


def _style(token: Token) -> None:
    """Mail programs read inline styles only; see `styles`."""
    wanted = styles.OF_TAG.get(token.tag)
    if wanted and token.nesting >= 0:
        # Markdown puts the alignment of table cells into `style`: it is kept.
        token.attrSet("style", wanted + str(token.attrGet("style") or ""))
    for child in token.children or []:
        _style(child)


def _plain(tokens: Sequence[Token]) -> str:
    """Write Markdown tokens as text a person reads without a Markdown program."""
    writer = _TextWriter()
    for token in tokens:
        write = getattr(writer, token.type, None)
        if write is not None:
            write(token)
    return "".join(writer.out).strip() + "\n"


class _TextWriter:
    """One method per Markdown token that shows in plain text; the others leave no trace."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.lists: list[int | None] = []
        self.cells: list[str] = []

    def bullet_list_open(self, token: Token) -> None:
        self.lists.append(None)

    def ordered_list_open(self, token: Token) -> None:
        self.lists.append(int(token.attrGet("start") or 1))

    def bullet_list_close(self, token: Token) -> None:
        self.lists.pop()
        if not self.lists:
            self.out.append("\n")

    ordered_list_close = bullet_list_close

    def list_item_open(self, token: Token) -> None:
        number = self.lists[-1]
        self.out.append("  " * (len(self.lists) - 1) + ("- " if number is None else f"{number}. "))
        if number is not None:
            self.lists[-1] = number + 1

    def td_open(self, token: Token) -> None:
        # An empty cell keeps its place; the inline text that may follow replaces it.
        self.cells.append("")

    th_open = td_open

    def inline(self, token: Token) -> None:
        text = _inline(token.children or [])
        if self.cells:
            self.cells[-1] = text
        else:
            self.out.append(text)

    def tr_close(self, token: Token) -> None:
        self.out.append(" | ".join(self.cells) + "\n")
        self.cells.clear()

    def table_close(self, token: Token) -> None:
        self.out.append("\n")

    def paragraph_close(self, token: Token) -> None:
        self.out.append("\n" if self.lists else "\n\n")

    heading_close = paragraph_close

    def hr(self, token: Token) -> None:
        self.out.append("-" * 30 + "\n\n")

    def fence(self, token: Token) -> None:
        self.out.append(token.content + "\n")

    code_block = fence


def _inline(children: Sequence[Token]) -> str:
    out: list[str] = []
    targets: list[tuple[str, int]] = []
    for child in children:
        match child.type:
            case "text" | "code_inline":
                out.append(child.content)
            case "softbreak" | "hardbreak":
                out.append("\n")
            case "link_open":
                targets.append((str(child.attrGet("href") or ""), len(out)))
            case "link_close":
                target, start = targets.pop()
                shown = target.removeprefix("mailto:")
                if "".join(out[start:]).strip() != shown:
                    out.append(f" ({shown})")
    return "".join(out)
