"""A ladder as a file: to keep, to compare, to take to another installation.

Templates and phases are named, not numbered, since numbers mean nothing elsewhere. What the other installation does not
have is left empty and said.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from quita.domain.ladder import rules
from quita.domain.ladder.drafts import LadderDraft, StepDraft
from quita.domain.refusals import Finding, Refusal
from quita.ladders.actions.known import Known

FORMAT = "quita-ladder"
FORMAT_VERSION = 1
MAX_BYTES = 256 * 1024
MAX_STEPS = 200


def to_json(draft: LadderDraft, known: Known) -> str:
    """The ladder as text. Keys of steps stay behind: elsewhere they would be somebody else's."""
    kept = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "name": draft.name,
        "late_entry": draft.late_entry,
        "minimum_cents": draft.minimum_cents,
        "end_after_days": draft.end_after_days,
        "end_role": draft.end_role,
        "steps": [_step_out(step, known) for step in draft.steps],
    }
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def _step_out(step: StepDraft, known: Known) -> dict[str, Any]:
    out: dict[str, Any] = {"name": step.name, "action": step.action, "day": step.offset_days, "counted_in": step.basis}
    if step.repeat_every_days is not None:
        out["repeat"] = {"every_days": step.repeat_every_days, "at_most": step.repeat_at_most}
    if step.priority:
        out["priority"] = step.priority
    if step.action == rules.MESSAGE:
        out["grouping"] = step.grouping
        out["channels"] = [
            {"channel": channel, "template": known.templates[chosen].name if chosen in known.templates else None}
            for channel in step.channels
            for chosen in [step.templates.get(channel, 0)]
        ]
    params = dict(step.params)
    if "phase_id" in params:
        phase = known.phases.get(params.pop("phase_id"))
        params["phase"] = phase.name if phase else None
    return out | ({"params": params} if params else {})


def of_json(content: bytes, known: Known, in_force_from: dt.date) -> tuple[LadderDraft, tuple[Finding, ...]]:
    """The ladder in a file as a draft to look at, and what this installation does not have.

    Refusals: ladder_file_too_large, ladder_file_unreadable, ladder_file_other.
    """
    if len(content) > MAX_BYTES:
        raise Refusal(
            "ladder_file_too_large",
            "The file has %(size)s KB; a ladder has at most %(limit)s KB. Choose a file that Quita saved.",
            {"size": len(content) // 1024, "limit": MAX_BYTES // 1024},
        )
    try:
        kept = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refusal(
            "ladder_file_unreadable", "The file is not readable as JSON. Choose a ladder that was saved as a file."
        ) from error
    if not isinstance(kept, dict) or kept.get("format") != FORMAT or kept.get("version") != FORMAT_VERSION:
        raise Refusal(
            "ladder_file_other",
            "The file is not a ladder of Quita, or one of a version this installation does not know.",
        )
    return _Reading(known).draft(kept, in_force_from)


class _Reading:
    def __init__(self, known: Known) -> None:
        self.known = known
        self.missing: list[Finding] = []

    def draft(self, kept: Mapping[str, Any], in_force_from: dt.date) -> tuple[LadderDraft, tuple[Finding, ...]]:
        steps = kept.get("steps")
        raw = [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []
        draft = LadderDraft(
            name=_text(kept.get("name")),
            in_force_from=in_force_from,
            late_entry=_text(kept.get("late_entry")) or rules.LATEST,
            minimum_cents=_whole(kept.get("minimum_cents")) or 0,
            end_after_days=_whole(kept.get("end_after_days")),
            end_role=_text(kept.get("end_role")),
            steps=tuple(self._step(one, place) for place, one in enumerate(raw[:MAX_STEPS])),
        )
        return draft, tuple(self.missing)

    def _step(self, raw: Mapping[str, Any], place: int) -> StepDraft:
        repeat = raw.get("repeat") if isinstance(raw.get("repeat"), dict) else {}
        channels, templates = self._channels(raw, place)
        return StepDraft(
            name=_text(raw.get("name")),
            action=_text(raw.get("action")),
            offset_days=_whole(raw.get("day")),
            basis=_text(raw.get("counted_in")) or rules.CALENDAR,
            repeat_every_days=_whole((repeat or {}).get("every_days")),
            repeat_at_most=_whole((repeat or {}).get("at_most")),
            grouping=_text(raw.get("grouping")) or rules.PER_DEBTOR,
            priority=_whole(raw.get("priority")) or 0,
            channels=channels,
            templates=templates,
            params=self._params(raw.get("params"), place),
        )

    def _channels(self, raw: Mapping[str, Any], place: int) -> tuple[tuple[str, ...], dict[str, int]]:
        channels: list[str] = []
        templates: dict[str, int] = {}
        listed = raw.get("channels")
        for one in listed if isinstance(listed, list) else []:
            if not isinstance(one, dict) or not _text(one.get("channel")):
                continue
            channel, name = _text(one["channel"]), _text(one.get("template"))
            channels.append(channel)
            found = [choice for choice in self.known.templates_for(channel) if choice.name.lower() == name.lower()]
            if found:
                templates[channel] = found[0].template_id
            else:
                self._miss("template", name, f"steps.{place}.templates.{channel}")
        return tuple(dict.fromkeys(channels)), templates

    def _params(self, raw: object, place: int) -> dict[str, Any]:
        params = {str(key): value for key, value in raw.items()} if isinstance(raw, dict) else {}
        if "phase" in params:
            name = _text(params.pop("phase"))
            found = [phase for phase in self.known.phases.values() if phase.name.lower() == name.lower()]
            if found:
                params["phase_id"] = found[0].phase_id
            else:
                self._miss("phase", name, f"steps.{place}.params.phase_id")
        params.pop("phase_id" if not isinstance(params.get("phase_id"), int) else "", None)
        return {key: value for key, value in params.items() if isinstance(value, str | int)}

    def _miss(self, what: str, name: str, field: str) -> None:
        refusal = (
            Refusal(
                "ladder_file_template_missing",
                "There is no active template “%(name)s” here. Choose one of yours, or write it first.",
                {"name": name},
            )
            if what == "template"
            else Refusal(
                "ladder_file_phase_missing",
                "There is no phase “%(name)s” here. Choose one of yours, or make it first.",
                {"name": name},
            )
        )
        self.missing.append(Finding(refusal, field))


def _text(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    """An integer small enough for the database; anything else is as if nothing had been written."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**11 else None
