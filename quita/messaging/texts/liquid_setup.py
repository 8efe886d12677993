"""Liquid as templates may use it: a few tags, Brazilian filters, nothing that reads files or runs away.

Output is collected instead of written: where a template prints a value, the rendered text carries a numbered mark and
the value waits beside it. So values never pass through Markdown (nothing a debtor is called can become formatting or
HTML), and the shape of a text, which few messages differ in, is worked out once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from io import StringIO
from typing import Any, TextIO, cast

import liquid
from liquid.builtin.output import Output, OutputNode
from liquid.context import RenderContext
from liquid.exceptions import LiquidError

from quita.messaging.texts import values

MARK = "zqPH"
INLINE, STANDALONE = "v", "b"
_VALUES = "__values"

TAGS = frozenset({"if", "unless", "case", "for", "break", "continue", "assign", "comment", "raw", "#"})
FILTERS = frozenset(
    {
        "upcase", "downcase", "capitalize", "strip", "append", "prepend", "replace", "truncate", "default", "size",
        "first", "last", "where", "join", "map", "sort", "plus", "minus", "times", "divided_by", "modulo", "at_most",
        "at_least",
    }
)  # fmt: skip


class _MarkingNode(OutputNode):
    """Writes a numbered mark and keeps the value for later."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.expression.evaluate(context)
        collected = cast(list[Any], context.globals[_VALUES])
        kind = STANDALONE if isinstance(value, values.Block) else INLINE
        collected.append(value)
        return buffer.write(f"{MARK}{kind}{len(collected) - 1}z")


class _MarkingOutput(Output):
    node_class = _MarkingNode


class _Environment(liquid.Environment):
    loop_iteration_limit = 5_000
    output_stream_limit = 200_000
    local_namespace_limit = 100_000
    # Two renderings with the same branches must give the same skeleton.
    suppress_blank_control_flow_blocks = False


def _environment() -> liquid.Environment:
    environment = _Environment(tolerance=liquid.Mode.STRICT, undefined=liquid.StrictUndefined, strict_filters=True)
    environment.add_tag(_MarkingOutput)
    for name in set(environment.filters) - FILTERS:
        del environment.filters[name]
    environment.add_filter("money", lambda cents: str(values.Money(cents)))
    environment.add_filter("number", lambda cents: str(values.Money(cents)).removeprefix("R$ "))
    environment.add_filter("date_long", lambda day: values.long_date(day) if isinstance(day, dt.date) else day)
    environment.add_filter("date_short", lambda day: str(values.Day.of(day)) if isinstance(day, dt.date) else day)
    return environment


ENVIRONMENT = _environment()
FILTER_NAMES = frozenset({*FILTERS, "money", "number", "date_long", "date_short"})


@lru_cache(maxsize=512)
def parse(source: str) -> liquid.BoundTemplate:
    """Parse a template; raises liquid's syntax errors. Parsed sources are kept: they are few and used in millions."""
    return ENVIRONMENT.from_string(source)


def collect(source: str, context: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return the text with numbered marks and the values behind them."""
    collected: list[Any] = []
    buffer = StringIO()
    template = parse(source)
    rendering = RenderContext(template, globals={**context, _VALUES: collected})
    template.render_with_context(rendering, buffer)
    return buffer.getvalue(), collected


__all__ = ["ENVIRONMENT", "FILTER_NAMES", "MARK", "STANDALONE", "TAGS", "LiquidError", "collect", "parse"]
