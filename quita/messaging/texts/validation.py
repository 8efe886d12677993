"""What is checked when a template is saved: all that would otherwise fail, or offend, on a morning of sending."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _
from liquid.ast import Node
from liquid.builtin.expressions import Path
from liquid.builtin.tags.for_tag import ForNode
from liquid.expression import Expression

from quita.domain.refusals import Refusal, Refusals
from quita.messaging import placeholders
from quita.messaging.texts import letters, liquid_setup, sample, skeleton, wording

MAX_BODY = 20_000
MAX_SUBJECT = 200

_AMOUNT = re.compile(r"R\$|\bBRL\b|\d+,\d{2}\b")
_TAG = re.compile(r"\{%-?\s*(\w+|#)")
_ENDINGS = re.compile(r"^(?:end\w+|else|elsif|when)$")
_STANDALONE = re.compile(r"\{\{-?\s*titles_table\s*-?\}\}")


def check(*, subject: str, body: str, needs_subject: bool, today: date) -> Refusals:
    """Collect everything wrong with a template's text, each finding tied to `subject` or `body`."""
    found = Refusals()
    _check_subject(subject, found, needs_subject=needs_subject)
    if not body.strip():
        found.add("text_missing", _("The text is empty. Write what the debtor should read."), field="body")
    if len(body) > MAX_BODY:
        found.add(
            "text_too_long",
            _("The text has %(length)s characters and the limit is %(limit)s. Shorten it."),
            {"length": len(body), "limit": MAX_BODY},
            field="body",
        )
    for name, source in (("subject", subject), ("body", body)):
        _check_words(source, name, found)
        _check_liquid(source, name, found)
    if not len(found):
        _check_shape(body, found)
    if not len(found):
        _check_sample(subject, body, today, found)
    return found


def _check_subject(subject: str, found: Refusals, *, needs_subject: bool) -> None:
    if needs_subject and not subject.strip():
        found.add(
            "subject_missing",
            _("The subject is empty. Write a neutral one, like “Lembrete de pagamento”."),
            field="subject",
        )
    if "\r" in subject or "\n" in subject:
        found.add(
            "subject_line_break",
            _("The subject has a line break, which mail servers refuse. Write it on one line."),
            field="subject",
        )
    if len(subject) > MAX_SUBJECT:
        found.add(
            "subject_too_long",
            _("The subject has %(length)s characters and the limit is %(limit)s. Shorten it."),
            {"length": len(subject), "limit": MAX_SUBJECT},
            field="subject",
        )
    if _AMOUNT.search(subject):
        found.add(
            "subject_has_amount",
            _("The subject shows an amount, which others may read on a locked screen. Move it into the text."),
            field="subject",
        )


def _check_words(source: str, name: str, found: Refusals) -> None:
    for shown in wording.forbidden_in(source):
        found.add(
            "forbidden_wording",
            _(
                "The text says “%(words)s”, or words like it. "
                "The law forbids threats and exposure (CDC, arts. 42 and 71): state the facts instead."
            ),
            {"words": shown},
            field=name,
        )
    if liquid_setup.MARK in source:
        found.add(
            "reserved_word",
            _("The text holds “%(word)s”, which the program uses inside. Write it another way."),
            {"word": liquid_setup.MARK},
            field=name,
        )


def _check_liquid(source: str, name: str, found: Refusals) -> None:
    for tag in dict.fromkeys(_TAG.findall(source)):
        if tag not in liquid_setup.TAGS and not _ENDINGS.match(tag):
            found.add(
                "tag_not_allowed",
                _("“%(tag)s” cannot be used in a template. Use one of: %(allowed)s."),
                {"tag": tag, "allowed": ", ".join(sorted(liquid_setup.TAGS - {"#"}))},
                field=name,
            )
            return
    try:
        template = liquid_setup.parse(source)
        filters = template.filter_names()
    except liquid_setup.LiquidError as error:
        found.add(
            "template_syntax",
            _("The text cannot be read as a template: %(reason)s. Check the braces near it."),
            {"reason": _reason(error)},
            field=name,
        )
        return
    for used in sorted(set(filters) - liquid_setup.FILTER_NAMES):
        found.add(
            "filter_unknown",
            _("There is no filter “%(name)s”.%(hint)s"),
            {"name": used, "hint": _hint(used, liquid_setup.FILTER_NAMES)},
            field=name,
        )
    for path in dict.fromkeys(_unknown_paths(template.nodes, {})):
        known = placeholders.BY_PATH.keys() | {
            "titulo." + p.path.removeprefix("titles[].") for p in placeholders.of_titles()
        }
        found.add(
            "placeholder_unknown",
            _("There is no placeholder “%(path)s”.%(hint)s"),
            {"path": path, "hint": _hint(path, known)},
            field=name,
        )
    if name == "subject":
        _check_subject_placeholders(template.nodes, found)


def _check_subject_placeholders(nodes: list[Node], found: Refusals) -> None:
    for path in dict.fromkeys(".".join(map(str, path.path)) for path in _paths_of(nodes)):
        placeholder = placeholders.BY_PATH.get(path)
        if placeholder is None or not placeholder.in_subject:
            found.add(
                "subject_placeholder",
                _(
                    "“%(path)s” may not stand in a subject, which others may read on a locked screen. "
                    "Move it into the text."
                ),
                {"path": path},
                field="subject",
            )


def _check_shape(body: str, found: Refusals) -> None:
    for line in body.splitlines():
        if _STANDALONE.search(line) and _STANDALONE.sub("", line).strip():
            found.add(
                "table_not_alone",
                _(
                    "The table of titles stands inside a sentence. "
                    "Give it a line of its own, with blank lines around it."
                ),
                field="body",
            )
            return
    marked = re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", f"{liquid_setup.MARK}v0z", body), flags=re.DOTALL)
    for token in skeleton.MARKDOWN.parse(marked):
        for child in token.children or []:
            target = str(child.attrGet("href") or "") if child.type == "link_open" else ""
            if child.type == "link_open" and not target.startswith(("https://", "http://", "mailto:", "tel:")):
                found.add(
                    "link_target",
                    _("A link leads to “%(target)s”. Links start with https://, mailto: or tel:."),
                    {"target": target.replace(f"{liquid_setup.MARK}v0z", "…")[:80] or "…"},
                    field="body",
                )


def _check_sample(subject: str, body: str, today: date, found: Refusals) -> None:
    """A template that reads well with one title and with three is one that can be sent."""
    for count in (1, 3):
        try:
            written = letters.write(subject, body, sample.sample_facts(today, title_count=count))
        except Refusal as refusal:
            found.add(refusal.code, refusal.message, refusal.params, field="body")
            return
        if subject and not written.subject:
            found.add(
                "subject_missing",
                _("The subject comes out empty. Write a neutral one, like “Lembrete de pagamento”."),
                field="subject",
            )
            return


def _unknown_paths(nodes: list[Node] | Any, scope: Mapping[str, str]) -> Iterator[str]:
    """Yield every path that is no placeholder. `scope` maps names that the text itself made to what they stand for."""
    inner = dict(scope)
    for node in nodes:
        for expression in node.expressions():
            for path in _paths(expression):
                name = _resolve(path, inner)
                if name is not None and name not in placeholders.BY_PATH and not _is_group(name):
                    yield ".".join(map(str, path.path))
        inner.update({str(name): "*" for name in node.template_scope()})
        below = dict(inner)
        if isinstance(node, ForNode):
            iterated = node.expression.iterable
            source = _resolve(iterated, inner) if isinstance(iterated, Path) else None
            below[node.expression.identifier] = f"{source}[]" if source in placeholders.BY_PATH else "*"
        below.update({str(name): "*" for name in node.block_scope() if str(name) == "forloop"})
        yield from _unknown_paths(node.children(None), below)  # type: ignore[arg-type]  # no partials, so no context


def _resolve(path: Path, scope: Mapping[str, str]) -> str | None:
    """The registry path that a written path stands for; None when it hangs on a value the text computed itself."""
    head, *rest = path.path
    stands_for = scope.get(str(head), str(head))
    if stands_for == "*":
        return None
    parts = [stands_for]
    for segment in rest:
        of_titles = ".".join(parts) == "titles"
        if isinstance(segment, int | Path) or (of_titles and segment in {"first", "last"}):
            parts[-1] += "[]"
        elif of_titles and segment == "size":
            return None
        else:
            parts.append(str(segment))
    return ".".join(parts)


def _is_group(name: str) -> bool:
    return name == "titles[]"


def _paths_of(nodes: Any) -> Iterator[Path]:
    for node in nodes:
        for expression in node.expressions():
            yield from _paths(expression)
        yield from _paths_of(node.children(None))


def _paths(expression: Expression) -> Iterator[Path]:
    if isinstance(expression, Path):
        yield expression
    for child in expression.children():
        yield from _paths(child)


def _hint(written: str, known: Any) -> str:
    close = difflib.get_close_matches(written, list(known), n=1, cutoff=0.5)
    return f" → “{close[0]}”?" if close else ""


def _reason(error: liquid_setup.LiquidError) -> str:
    return str(error.message or error)[:200]
