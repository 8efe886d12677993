"""Ladders: the list, one ladder with its versions, the editor, and ladders as files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quita.domain import refusals
from quita.domain.ladder import rehearsal, sentences, validation
from quita.domain.ladder.drafts import LadderDraft
from quita.domain.refusals import Finding, Refusal
from quita.ladders import actions, ladder_files
from quita.ladders.commands import ladders as commands
from quita.ladders.models import Ladder, LadderVersion, Step
from quita.ladders.queries import checking, rules_lists
from quita.ladders.web.rules import ladder_draft, ladder_timeline, ladder_view
from quita.parties import queries as parties
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers

LIST = "ladders/rules/ladders.html"
DETAIL = "ladders/rules/ladder.html"
EDITOR = "ladders/rules/ladder_editor.html"
IMPORT = "ladders/rules/import_ladder.html"


def _language() -> str:
    return translation.get_language() or "pt-br"


@needs("rules.view")
def ladders(request: HttpRequest) -> HttpResponse:
    """Every ladder with the steps of the version in force."""
    rows = rules_lists.ladder_rows(today=When.now().today)
    lines = [(row, [_chip(step) for step in row.steps]) for row in rows]
    context = {
        "active": [line for line in lines if line[0].is_active],
        "resting": [line for line in lines if not line[0].is_active],
    }
    return answers.page(request, LIST, context)


def _chip(step: Step) -> dict[str, Any]:
    """A step as the list shows it: its day, its name, how often it happens."""
    return {
        "action": step.action,
        "icon": actions.ACTIONS[step.action].ICON,
        "mark": sentences.day_mark(step.offset_days),
        "name": step.name,
        "times": step.repeat_at_most + 1 if step.repeat_at_most else None,
    }


@needs("rules.view")
def ladder(request: HttpRequest, ladder_id: int) -> HttpResponse:
    """One ladder: what is in force, as a picture and in words, and what each version changed."""
    found = _found(ladder_id)
    today, language = When.now().today, _language()
    versions = list(found.versions.all())
    current = rules_lists.in_force(versions, today)
    shown = next((one for one in versions if str(one.number) == request.GET.get("versao")), current or versions[0])
    known = rules_lists.known()
    drafts = {one.pk: rules_lists.draft_of(one, found.name) for one in versions}
    place = checking.place_of(None)
    due_on = _sample_due(drafts[shown.pk], today)
    rehearsed = rehearsal.rehearse(drafts[shown.pk], due_on, place)
    typed = ladder_draft.Typed(drafts[shown.pk])
    notes = ladder_view.Notes((), (), is_final=True)
    context = {
        "ladder": found,
        "shown": shown,
        "current": current,
        "coming": rules_lists.coming_next(versions, today),
        "picture": ladder_timeline.picture(drafts[shown.pk], rehearsed, due_on, place, language),
        "steps": ladder_view.steps(typed, rehearsed, known, notes, language),
        "due_on": due_on,
        "head": ladder_view.head(typed, known, notes, language),
        "late_entry": dict(ladder_view.LATE_ENTRIES)[shown.late_entry],
        "end_role": known.roles.get(shown.end_role, shown.end_role),
        "history": _history(versions, drafts, known, language),
        "users": rules_lists.users_of(found.pk),
    }
    return answers.page(request, DETAIL, context)


def _history(
    versions: list[LadderVersion], drafts: dict[int, LadderDraft], known: Any, language: str
) -> list[dict[str, Any]]:
    """Every version, newest first, with what it changed against the one before."""
    history = []
    for version, older in zip(versions, [*versions[1:], None], strict=True):
        before = drafts[older.pk] if older else None
        changes = ladder_view.differences(before, drafts[version.pk], known, language)
        history.append({"version": version, "is_first": older is None, "changes": changes})
    return history


@needs("rules.edit")
def create(request: HttpRequest) -> HttpResponse:
    """A new ladder, or a copy of another (`?de=`)."""
    today = When.now().today
    source = request.GET.get("de", "")
    start = LadderDraft(name="", in_force_from=today)
    if source.isdigit():
        found = _found(int(source))
        copied = rules_lists.draft_of(found.versions.all()[0], _("%(name)s (copy)") % {"name": found.name}, today)
        start = replace(copied, steps=tuple(replace(step, key=None) for step in copied.steps))
    return _edit(request, None, start)


@needs("rules.edit")
def edit(request: HttpRequest, ladder_id: int) -> HttpResponse:
    """The editor of a ladder: it starts from the newest version, or from an older one (`?versao=`)."""
    found = _found(ladder_id)
    versions = list(found.versions.all())
    source = next((one for one in versions if str(one.number) == request.GET.get("versao")), versions[0])
    today = When.now().today
    return _edit(request, found, rules_lists.draft_of(source, found.name, max(today, source.in_force_from)))


@needs("rules.edit")
@require_POST
def set_active(request: HttpRequest, ladder_id: int) -> HttpResponse:
    """Takes a ladder out of use or puts it back."""
    wanted = request.POST.get("active") == "1"
    command = commands.activate_ladder if wanted else commands.deactivate_ladder
    command(ladder_id=ladder_id, by=Actor.of(request.user), when=When.now())
    text = _("Ladder in use again.") if wanted else _("Ladder taken out of use.")
    return answers.done(request, text, to=reverse("ladders:ladders"))


@needs("rules.view")
def export(request: HttpRequest, ladder_id: int) -> HttpResponse:
    """A version as a file; the newest unless another is asked for."""
    found = _found(ladder_id)
    versions = list(found.versions.all())
    version = next((one for one in versions if str(one.number) == request.GET.get("versao")), versions[0])
    text = ladder_files.to_json(rules_lists.draft_of(version, found.name), rules_lists.known())
    name = f"regua-{slugify(found.name) or found.pk}-v{version.number}.json"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@needs("rules.edit")
def import_file(request: HttpRequest) -> HttpResponse:
    """A ladder from a file opens in the editor; nothing is kept until it is saved there."""
    upload = request.FILES.get("file")
    context: dict[str, Any] = {}
    if request.method == "POST" and upload is None:
        context["error"] = _("Choose a file first.")
    elif request.method == "POST" and upload is not None:
        today = When.now().today
        try:
            draft, missing = ladder_files.of_json(upload.read(ladder_files.MAX_BYTES + 1), rules_lists.known(), today)
        except Refusal as refusal:
            context["error"] = answers.sentence(refusal)
        else:
            editing = _Editing.of(request, None, ladder_draft.Typed(draft, list(missing)))
            return answers.page(request, EDITOR, editing.context(is_final=True))
    if "error" in context:
        return answers.invalid(request, IMPORT, context)
    return answers.page(request, IMPORT, context, part="dialog")


def _found(ladder_id: int) -> Ladder:
    found = rules_lists.ladder(ladder_id=ladder_id)
    if found is None or not found.versions.all():
        raise Http404
    return found


def _sample_due(draft: LadderDraft, today: dt.date) -> dt.date:
    """A due date whose first step still lies ahead."""
    return today + dt.timedelta(days=max(5, 2 - draft.first_offset))


@dataclass
class _Editing:
    """One request of the editor."""

    request: HttpRequest
    ladder: Ladder | None
    typed: ladder_draft.Typed
    around: checking.Surroundings
    due_on: dt.date
    calendar_id: int | None
    language: str
    when: When
    refused: tuple[Finding, ...] | None = None

    @classmethod
    def of(cls, request: HttpRequest, ladder: Ladder | None, typed: ladder_draft.Typed) -> _Editing:
        when = When.now()
        asked = request.POST.get("sample_calendar", "")
        calendar_id = int(asked) if asked.isdigit() else None
        around = checking.surroundings(
            ladder_id=ladder.pk if ladder else None, today=when.today, calendar_id=calendar_id
        )
        return cls(
            request, ladder, typed, around, _due_asked(request, typed.draft, when.today), calendar_id, _language(), when
        )

    def context(self, *, is_final: bool) -> dict[str, Any]:
        """Everything the template draws. `is_final`: the ladder was to be saved, so what is missing is a fault."""
        draft, known = self.typed.draft, self.around.known
        checked = checking.check(draft, self.around)
        places = {finding.field for finding in self.typed.unread}
        refused = self.refused if self.refused is not None else checked.refusals
        faults = (*self.typed.unread, *(one for one in refused if one.field not in places))
        notes = ladder_view.Notes(faults, checked.warnings, is_final=is_final)
        rehearsed = self._rehearsed(checked)
        own = reverse("ladders:edit_ladder", args=[self.ladder.pk]) if self.ladder else ""
        return {
            "ladder": self.ladder,
            "address": own or reverse("ladders:create_ladder"),
            "head": ladder_view.head(self.typed, known, notes, self.language),
            "late_entries": ladder_view.LATE_ENTRIES,
            "sides": ladder_view.SIDES,
            "bases": ladder_view.BASES,
            "groupings": ladder_view.GROUPINGS,
            "actions": [(key, module.LABEL, module.ICON) for key, module in actions.ACTIONS.items()],
            "steps": ladder_view.steps(self.typed, rehearsed, known, notes, self.language),
            "picture": ladder_timeline.picture(draft, rehearsed, self.due_on, self.around.around.place, self.language),
            "notes": notes,
            "whole": notes.slot(""),
            "due_on": self.due_on,
            "calendars": [(row.calendar_id, row.name) for row in parties.calendar_rows()],
            "calendar_id": self.calendar_id,
            "is_final": is_final,
        }

    def _rehearsed(self, checked: validation.Checked) -> list[rehearsal.Occurrence]:
        """The sample title's dates. A ladder beyond all limits is not walked through."""
        hopeless = {"ladder_too_long", "step_day_range", "step_repeat_every_range", "step_repeat_times_range"}
        if any(finding.refusal.code in hopeless for finding in checked.refusals):
            return []
        return rehearsal.rehearse(self.typed.draft, self.due_on, self.around.around.place)


def _due_asked(request: HttpRequest, draft: LadderDraft, today: dt.date) -> dt.date:
    """The sample's due date: what was asked, within the calendars, or one ahead."""
    try:
        asked = dt.date.fromisoformat(request.POST.get("sample_due", ""))
    except ValueError:
        return _sample_due(draft, today)
    return asked if 2001 <= asked.year <= 2038 else _sample_due(draft, today)


def _edit(request: HttpRequest, ladder: Ladder | None, start: LadderDraft) -> HttpResponse:
    if request.method != "POST":
        opened = _Editing.of(request, ladder, ladder_draft.Typed(start))
        return answers.page(request, EDITOR, opened.context(is_final=False))
    typed = ladder_draft.of_form(request.POST, _language())
    ladder_draft.act(typed, request.POST.get("act", ""))
    editing = _Editing.of(request, ladder, typed)
    if "part" in request.POST:
        return answers.page(request, EDITOR, editing.context(is_final=False), part="live")
    if "act" in request.POST:
        return answers.page(request, EDITOR, editing.context(is_final=False), part="draft")
    return _publish(request, editing)


def _publish(request: HttpRequest, editing: _Editing) -> HttpResponse:
    draft = editing.typed.draft
    if not editing.typed.unread:
        try:
            version = commands.publish_ladder_version(
                ladder_id=editing.ladder.pk if editing.ladder else None,
                name=draft.name,
                in_force_from=draft.in_force_from,
                late_entry=draft.late_entry,
                minimum_cents=draft.minimum_cents,
                end_after_days=draft.end_after_days,
                end_role=draft.end_role,
                steps=draft.steps,
                by=Actor.of(request.user),
                when=editing.when,
            )
        except refusals.Refused as refused:
            editing.refused = refused.findings
        else:
            return answers.done(request, _published(version), to=reverse("ladders:ladder", args=[version.ladder_id]))
    return answers.invalid(request, EDITOR, editing.context(is_final=True))


def _published(version: LadderVersion) -> str:
    return _("“%(ladder)s”: version %(number)s is in force from %(day)s on.") % {
        "ladder": version.ladder.name,
        "number": version.number,
        "day": version.in_force_from.strftime("%d/%m/%Y"),
    }
