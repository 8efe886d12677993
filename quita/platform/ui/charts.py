"""Charts as SVG, drawn on the server: no script, no inline style, a title on every mark and the numbers in a table
below.

Colours are classes (`tone-aging-1`, `tone-accent`…), so that a chart follows the theme of the page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 640, 250
LEFT, RIGHT, TOP, BOTTOM = 74, 6, 10, 34
GRID_LINES = 4

Write = Callable[[int], str]


@dataclass(frozen=True)
class Bar:
    """One bar. `text` is its value as people read it; `href` makes the bar a link."""

    label: str
    value: int
    text: str
    tone: str = "accent"
    href: str = ""


@dataclass(frozen=True)
class Line:
    """One series; `texts` are its values as people read them."""

    label: str
    values: Sequence[int]
    texts: Sequence[str]
    tone: str = "accent"


def nice_top(highest: int) -> int:
    """The least round number (1, 2, 2.5, 3, 4, 5, 6, 8 or 10 times a power of ten) that a scale of four steps can
    end with.
    """
    if highest <= 0:
        return 0
    for power in range(19):
        for tenths in (10, 20, 25, 30, 40, 50, 60, 80):
            top = tenths * 10**power // 10
            if top >= highest and top % GRID_LINES == 0:
                return top
    return highest


def _scale(top: int, write: Write) -> SafeString:
    lines = []
    # Nothing to measure: the base line alone, and no scale of invented amounts.
    for step in range(GRID_LINES + 1 if top else 1):
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * step / GRID_LINES
        lines.append(
            (LEFT, f"{y:.1f}", WIDTH - RIGHT, f"{y:.1f}", LEFT - 8, f"{y + 4:.1f}", write(top * step // GRID_LINES))
        )
    return format_html_join(
        "",
        '<line class="rule" x1="{}" y1="{}" x2="{}" y2="{}"/><text class="axis" x="{}" y="{}" '
        'text-anchor="end">{}</text>',
        lines,
    )


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> SafeString:
    head = format_html_join("", '<th scope="col">{}</th>', ((text,) for text in heads))
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((row[0], format_html_join("", '<td class="num">{}</td>', ((cell,) for cell in row[1:]))) for row in rows),
    )
    return format_html(
        '<details class="chart-table"><summary>{}</summary><div class="scroll" tabindex="0" role="region" '
        'aria-label="{}">'
        '<table class="table"><caption class="visually-hidden">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>",
        _("See as a table"),
        caption,
        caption,
        head,
        body,
    )


def _frame(caption: str, marks: SafeString, legend: SafeString, table: SafeString) -> SafeString:
    return format_html(
        '<figure class="chart"><svg viewBox="0 0 {} {}" role="group" aria-label="{}" '
        'preserveAspectRatio="xMidYMid meet">{}</svg>{}{}</figure>',
        WIDTH,
        HEIGHT,
        caption,
        marks,
        legend,
        table,
    )


def bars(caption: str, columns: Sequence[Bar], *, write: Write, heads: tuple[str, str]) -> SafeString:
    """A bar chart. `write` turns a number of the scale into text; `heads` are the table's headings."""
    top = nice_top(max((bar.value for bar in columns), default=0))
    whole = top or 1
    slot = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    span = HEIGHT - TOP - BOTTOM
    marks = []
    for index, bar in enumerate(columns):
        height = max(span * bar.value / whole, 1 if bar.value else 0)
        x, width = LEFT + slot * (index + 0.19), slot * 0.62
        mark = format_html(
            '<g class="bar tone-{}" role="img" aria-label="{}: {}"><title>{}: {}</title>'
            '<rect class="hit" x="{}" y="{}" width="{}" height="{}"/><rect class="mark" x="{}" y="{}" width="{}" '
            'height="{}" rx="2"/></g>',
            bar.tone,
            bar.label,
            bar.text,
            bar.label,
            bar.text,
            f"{LEFT + slot * index:.1f}",
            TOP,
            f"{slot:.1f}",
            span,
            f"{x:.1f}",
            f"{HEIGHT - BOTTOM - height:.1f}",
            f"{width:.1f}",
            f"{height:.1f}",
        )
        marks.append(
            format_html('<a href="{}" aria-label="{}: {}">{}</a>', bar.href, bar.label, bar.text, mark)
            if bar.href
            else mark
        )
        marks.append(
            format_html(
                '<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text>',
                f"{x + width / 2:.1f}",
                HEIGHT - 12,
                bar.label,
            )
        )
    drawing = format_html("{}{}", _scale(top, write), format_html_join("", "{}", ((mark,) for mark in marks)))
    return _frame(caption, drawing, SafeString(""), _table(caption, heads, [(bar.label, bar.text) for bar in columns]))


def _points(values: Sequence[int], top: int) -> list[tuple[str, str]]:
    span, step = HEIGHT - TOP - BOTTOM, (WIDTH - LEFT - RIGHT - 12) / max(len(values) - 1, 1)
    return [
        (f"{LEFT + 6 + step * i:.1f}", f"{HEIGHT - BOTTOM - span * value / (top or 1):.1f}")
        for i, value in enumerate(values)
    ]


def lines(caption: str, labels: Sequence[str], series: Sequence[Line], *, write: Write, first_head: str) -> SafeString:
    """A line chart with up to a few series over the same labels."""
    top = nice_top(max((value for line in series for value in line.values), default=0))
    base = HEIGHT - BOTTOM
    parts = [_scale(top, write)]
    for line in series:
        points = _points(line.values, top)
        path = " ".join(f"{x},{y}" for x, y in points)
        area = f"{points[0][0]},{base} {path} {points[-1][0]},{base}" if points else ""
        dots = format_html_join(
            "",
            '<circle cx="{}" cy="{}" r="3.5" role="img" aria-label="{}, {}: {}"><title>{}, {}: {}</title></circle>',
            (
                (x, y, line.label, lab, t, line.label, lab, t)
                for (x, y), lab, t in zip(points, labels, line.texts, strict=True)
            ),
        )
        parts.append(
            format_html(
                '<g class="line tone-{}"><polygon class="area" points="{}"/><polyline class="stroke" '
                'points="{}"/>{}</g>',
                line.tone,
                area,
                path,
                dots,
            )
        )
    every = max(-(-len(labels) // 8), 1)
    shown = [
        (x, HEIGHT - 12, label)
        for i, ((x, _y), label) in enumerate(zip(_points([0] * len(labels), 1), labels, strict=True))
        if i % every == 0
    ]
    parts.append(format_html_join("", '<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text>', shown))
    legend = format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "", '<li><span class="key tone-{}"></span>{}</li>', ((line.tone, line.label) for line in series)
        ),
    )
    rows = [(label, *(line.texts[i] for line in series)) for i, label in enumerate(labels)]
    table = _table(caption, [first_head, *(line.label for line in series)], rows)
    return _frame(caption, format_html_join("", "{}", ((part,) for part in parts)), legend, table)


def share(caption: str, parts: Sequence[Bar]) -> SafeString:
    """One bar cut into shares of the whole, with a legend that carries every number."""
    total = sum(part.value for part in parts) or 1
    marks, x = [], 0.0
    for part in parts:
        width = 100 * part.value / total
        if part.value:
            marks.append((part.tone, f"{x:.3f}", f"{max(width - 0.3, 0.2):.3f}", part.label, part.text))
        x += width
    rects = format_html_join(
        "",
        '<g class="bar tone-{}"><rect class="mark" x="{}" y="0" width="{}" height="4"><title>{}: {}</title></rect></g>',
        marks,
    )
    legend = format_html_join(
        "",
        '<li><span class="key tone-{}"></span>{} <b>{}</b></li>',
        ((part.tone, part.label, part.text) for part in parts),
    )
    return format_html(
        '<figure class="chart share"><svg viewBox="0 0 100 4" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>'
        '<ul class="legend">{}</ul></figure>',
        caption,
        rects,
        legend,
    )


def sparkline(caption: str, values: Sequence[int], tone: str = "accent") -> SafeString:
    """A small line without axes, for a table cell. The caption says what it shows, for those who do not see it."""
    low, high = min(values, default=0), max(values, default=0)
    reach, step = (high - low) or 1, 94 / max(len(values) - 1, 1)
    path = " ".join(f"{3 + step * i:.1f},{21 - 18 * (value - low) / reach:.1f}" for i, value in enumerate(values))
    return format_html(
        '<svg class="sparkline tone-{}" viewBox="0 0 100 24" role="img" '
        'aria-label="{}"><title>{}</title><polyline points="{}"/></svg>',
        tone,
        caption,
        caption,
        path,
    )
