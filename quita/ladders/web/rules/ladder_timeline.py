"""A ladder as a picture: days from left to right, steps above them, repeats as dots, the end as a flag.

Drawn on the server as SVG without inline styles. The list of steps beside it says the same in words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quita.domain.ladder import rehearsal, sentences
from quita.domain.ladder.drafts import LadderDraft
from quita.ladders import actions
from quita.platform.ui import formats, icons

WIDTH = 1000
LEFT, RIGHT = 26, 34
LANE_HEIGHT = 27
# Closer than this two markers stand one above the other.
MARKER_ROOM = 27
LABEL_ROOM = 40
# Longer ladders are not shaded by weekends: the stripes would be a blur.
SHADED_DAYS = 75
MOST_LANES = 5

# From a day, counted from the due date, to its place in the picture.
Across = Callable[[int], float]


@dataclass(frozen=True)
class _Marker:
    """A step or one of its repeats, placed."""

    x: float
    lane: int
    occurrence: rehearsal.Occurrence
    is_first: bool


def picture(
    draft: LadderDraft,
    rehearsed: Sequence[rehearsal.Occurrence],
    due_on: dt.date,
    place: rehearsal.Place,
    language: str,
) -> SafeString:
    """The picture for one sample title. An empty ladder is an axis with its due date."""
    first = min([0, *(_planned(row, due_on) for row in rehearsed)]) - 2
    last_step = max([0, *(_planned(row, due_on) for row in rehearsed)])
    end = last_step + (draft.end_after_days or 0)
    last = max(end + 2, *(_shown(row, due_on) for row in rehearsed), 8)
    scale = (WIDTH - LEFT - RIGHT) / max(last - first, 1)

    def across(day: int) -> float:
        return LEFT + (day - first) * scale

    markers = _placed(rehearsed, due_on, across)
    lanes = max((marker.lane for marker in markers), default=0) + 1
    axis = 20 + lanes * LANE_HEIGHT
    parts = [
        _shading(first, last, due_on, place, across, axis) if last - first <= SHADED_DAYS else SafeString(""),
        format_html('<line class="axis-line" x1="{}" y1="{}" x2="{}" y2="{}"/>', LEFT, axis, WIDTH - RIGHT, axis),
        format_html(
            '<line class="due-line" x1="{0}" y1="8" x2="{0}" y2="{1}"/>'
            '<text class="due-label" x="{0}" y="{2}">{3}</text>',
            f"{across(0):.1f}", axis + 6, axis + 34, _("due date"),
        ),
        _days(markers, draft, across, axis),
        _end(draft, end, across, axis),
        format_html_join("", "{}", ((_drawn(marker, draft, due_on, across, axis, language),) for marker in markers)),
    ]  # fmt: skip
    label = _("The ladder over time, for a title due on %(day)s") % {"day": formats.day(due_on, language)}
    return format_html(
        '<div class="scroll ladder-picture" tabindex="0" role="region" aria-label="{}">'
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg></div>',
        label, WIDTH, axis + 42, label, mark_safe("".join(parts)),  # noqa: S308  # every part is escaped above
    )  # fmt: skip


def _planned(row: rehearsal.Occurrence, due_on: dt.date) -> int:
    return (row.planned_on - due_on).days


def _shown(row: rehearsal.Occurrence, due_on: dt.date) -> int:
    return ((row.happens_on or row.planned_on) - due_on).days


def _placed(rehearsed: Sequence[rehearsal.Occurrence], due_on: dt.date, across: Across) -> list[_Marker]:
    """First occurrences get a lane where they do not touch another; repeats stand on the axis."""
    ends: list[float] = []
    markers = []
    for row in sorted(rehearsed, key=lambda row: (_shown(row, due_on), row.step)):
        x = across(_shown(row, due_on))
        lane = 0
        if row.number == 0:
            lane = next((n for n, end in enumerate(ends) if x - end >= MARKER_ROOM), len(ends))
            lane = min(lane, MOST_LANES - 1)
            if lane == len(ends):
                ends.append(x)
            ends[lane] = x
        markers.append(_Marker(x, lane, row, row.number == 0))
    return markers


def _shading(first: int, last: int, due_on: dt.date, place: rehearsal.Place, across: Across, axis: int) -> SafeString:
    """Days that are not business days, behind everything."""
    width = across(1) - across(0)
    closed = [
        (f"{across(day) - width / 2:.1f}", f"{width:.1f}", axis)
        for day in range(first, last + 1)
        if not place.calendar.is_business(due_on + dt.timedelta(days=day))
    ]
    return format_html_join("", '<rect class="closed" x="{}" y="8" width="{}" height="{}"/>', closed)


def _days(markers: Sequence[_Marker], draft: LadderDraft, across: Across, axis: int) -> SafeString:
    """The day of each step under the axis, where there is room for it."""
    labels: list[tuple[str, int, str]] = []
    free_from = -100.0
    for marker in markers:
        step = draft.steps[marker.occurrence.step]
        if not marker.is_first or marker.x < free_from or abs(marker.x - across(0)) < 1:
            continue
        labels.append((f"{marker.x:.1f}", axis + 20, sentences.day_mark(step.offset_days)))
        free_from = marker.x + LABEL_ROOM
    return format_html_join("", '<text class="day-label" x="{}" y="{}">{}</text>', labels)


def _end(draft: LadderDraft, end: int, across: Across, axis: int) -> SafeString:
    if not draft.steps or draft.end_after_days is None:
        return SafeString("")
    x = across(end)
    return format_html(
        '<g class="ladder-end"><title>{}</title><line x1="{x}" y1="{}" x2="{x}" y2="{}"/>'
        '<path d="M{x} {} h15 l-5 5 l5 5 h-15z"/><text x="{x}" y="{}">{}</text></g>',
        _("end of the ladder: a task"), axis - 26, axis, axis - 26, axis + 34, _("end"), x=f"{x:.1f}",
    )  # fmt: skip


def _drawn(
    marker: _Marker, draft: LadderDraft, due_on: dt.date, across: Across, axis: int, language: str
) -> SafeString:
    row = marker.occurrence
    step = draft.steps[row.step]
    module = actions.ACTIONS.get(step.action)
    title = f"{step.name or '?'} · {sentences.day_mark(row.offset)}"
    if row.happens_on:
        title += f" · {formats.day(row.happens_on, language)}"
    css = f"step-mark {step.action}{'' if row.happens_on else ' lost'}"
    trail = SafeString("")
    if row.is_moved:
        planned = across(_planned(row, due_on))
        trail = format_html(
            '<line class="trail" x1="{}" y1="{}" x2="{}" y2="{}"/>',
            f"{planned:.1f}", axis, f"{marker.x:.1f}", axis,
        )  # fmt: skip
    if not marker.is_first:
        return format_html(
            '<g class="{}"><title>{}</title>{}<circle cx="{}" cy="{}" r="4"/></g>',
            css, title, trail, f"{marker.x:.1f}", axis,
        )  # fmt: skip
    y = axis - 22 - marker.lane * LANE_HEIGHT
    drawing = mark_safe(icons.drawing(module.ICON)) if module else SafeString("")  # noqa: S308  # Lucide's own markup
    return format_html(
        '<g class="{}"><title>{}</title>{}<line class="stem" x1="{x}" y1="{}" x2="{x}" y2="{}"/>'
        '<circle cx="{x}" cy="{}" r="11"/>'
        '<svg class="icon" x="{}" y="{}" width="13" height="13" viewBox="0 0 24 24" aria-hidden="true">{}</svg></g>',
        css, title, trail, y, axis, y, f"{marker.x - 6.5:.1f}", y - 6.5, drawing, x=f"{marker.x:.1f}",
    )  # fmt: skip
