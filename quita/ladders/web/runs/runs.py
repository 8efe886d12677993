"""The list of runs, one run live and afterwards, its titles by outcome, its replay, and giving it up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from quita.domain.refusals import Refusal
from quita.ladders import jobs
from quita.ladders.commands import runs as commands
from quita.ladders.models import RunState
from quita.ladders.queries import decided, history, previews, reason_names
from quita.ladders.run import replaying
from quita.ladders.web.runs import shown
from quita.messaging import reasons as message_reasons
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, paging

PAGE_RUNS = 30


class AbandonForm(forms.Form):
    """Why a run is given up."""

    reason = forms.CharField(label=gettext_lazy("Why is it given up?"), max_length=300)


@needs("run.view")
def runs(request: HttpRequest) -> HttpResponse:
    """Every run, newest first, and what can be done today."""
    page = Paginator(history.runs_by_day(), PAGE_RUNS).get_page(request.GET.get("page"))
    today = When.now().today
    rows = [_history_row(run) for run in page.object_list]
    context = {
        "rows": rows,
        "bar": paging.of_page(request, page),
        "today": today,
        "ran_today": any(row["run"].day == today and row["run"].state == RunState.DONE for row in rows),
        "under_way": next((row["run"] for row in rows if row["run"].state == RunState.RUNNING), None),
        "previews": previews.latest_previews(),
    }
    return answers.page(request, "ladders/runs/runs.html", context, part="runs")


def _history_row(run: Any) -> dict[str, Any]:
    label, tone, icon = shown.STATES[run.state]
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at and run.started_at else None
    return {
        "run": run, "label": label, "tone": tone, "icon": icon, "trigger": shown.TRIGGERS.get(run.trigger, run.trigger),
        "messages": sum(run.counts.get("messages", {}).values()), "seconds": seconds,
    }  # fmt: skip


@require_POST
@needs("run.start")
def start(request: HttpRequest) -> HttpResponse:
    """Starts today's run; workers share its parts."""
    started = commands.start_run(by=Actor.of(request.user), when=When.now(), trigger="page")
    jobs.share(started.pk, started.shard_count)
    return answers.done(request, _("The run has started."), to=reverse("ladders:run", args=[started.pk]))


def _detail(run_id: int) -> history.RunDetail:
    found = history.run_detail(run_id=run_id)
    if found is None:
        raise Http404
    return found


def _progress_context(detail: history.RunDetail) -> dict[str, Any]:
    return {
        "detail": detail, "run": detail.run, "stage": shown.STAGES.get(detail.stage, detail.stage),
        "shards": [{"line": line, "stage": shown.STAGES.get(line.stage, line.stage)} for line in detail.shards],
        "is_silent": detail.is_silent(When.now().at),
    }  # fmt: skip


@needs("run.view")
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: live while it is under way, afterwards all that it decided."""
    detail = _detail(run_id)
    label, tone, icon = shown.STATES[detail.run.state]
    context = _progress_context(detail) | {
        "label": label, "tone": tone, "icon": icon,
        "trigger": shown.TRIGGERS.get(detail.run.trigger, detail.run.trigger),
        "log": [(line, shown.VERBS.get(line.verb, line.verb)) for line in detail.log],
    }  # fmt: skip
    if not detail.is_under_way:
        context |= _results(request, detail)
    return answers.page(request, "ladders/runs/run.html", context)


def _results(request: HttpRequest, detail: history.RunDetail) -> dict[str, Any]:
    """Counts in the reader's companies; from the run's row when the recorder is gone and all companies are seen."""
    scope, missing, counts = shown.scope_of(request), None, []
    looked_at = left_out = None
    if detail.run.shard_count:
        try:
            decisions = history.run_decisions(detail.run)
            counts = decided.reason_counts(decisions, scope)
            looked_at, left_out = decided.excluded_debtors(decisions, scope)
        except Refusal as refusal:
            missing = answers.sentence(refusal)
    totals = detail.run.counts
    return {
        "groups": shown.grouped(counts), "missing": missing, "looked_at": looked_at, "left_out": left_out,
        "effects": [(totals.get(key, 0), label, icon) for key, label, icon in shown.EFFECTS],
        "message_count": sum(totals.get("messages", {}).values()),
        "timings": [(shown.STAGES.get(stage, stage), detail.run.timings.get(stage, 0)) for stage in history.STAGES],
        "is_partial": scope.company_ids is not None,
        **_states(request, detail.run.pk),
    }  # fmt: skip


def _states(request: HttpRequest, run_id: int) -> dict[str, Any]:
    lines = []
    for found in history.message_states(run_id=run_id, scope=shown.scope_of(request)):
        label, tone = shown.MESSAGE_STATES[found.state]
        reason = message_reasons.label(found.reason) if found.reason else ""
        lines.append({"label": label, "tone": tone, "reason": reason, "count": found.count, "state": found.state})
    return {"states": lines, "is_delivering": any(line["state"] in ("queued", "sending") for line in lines)}


@needs("run.view")
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far the run is; the last answer stops the asking and shows the result."""
    detail = _detail(run_id)
    response = answers.page(request, "ladders/runs/run.html", _progress_context(detail), part="progress")
    if not detail.is_under_way:
        response.status_code = shown.STOP_POLLING
        response.headers["HX-Redirect"] = reverse("ladders:run", args=[run_id])
    return response


@needs("run.view")
def messages(request: HttpRequest, run_id: int) -> HttpResponse:
    """What became of the run's messages so far."""
    detail = _detail(run_id)
    context = {"run": detail.run, **_states(request, run_id)}
    return answers.page(request, "ladders/runs/run.html", context, part="messages")


@needs("run.view")
def titles(request: HttpRequest, run_id: int) -> HttpResponse:
    """The titles of one outcome, or of all."""
    detail = _detail(run_id)
    reason, search = shown.reason(request.GET.get("reason")), request.GET.get("q", "")
    page = decided.title_page(
        history.run_decisions(detail.run), scope=shown.scope_of(request), reason=reason, search=search,
        page=shown.page_number(request),
    )  # fmt: skip
    context = {
        "day": detail.run.day, "back_url": reverse("ladders:run", args=[run_id]), "run": detail.run,
        "rows": shown.with_links(page.rows, detail.run.day, history.step_names(detail.run.rules)),
        "bar": shown.bar(request, page), "page": page,
        "search": search, "reason": reason,
        "reason_name": reason_names.NAMES[reason] if reason else None,
        "reasons": [(one.name.lower(), name.label) for one, name in reason_names.NAMES.items()],
    }  # fmt: skip
    return answers.page(request, "ladders/runs/titles.html", context, part="titles")


@require_POST
@needs("run.view")
def replay(request: HttpRequest, run_id: int) -> HttpResponse:
    """Decides the run again from its recorder and says whether the same bytes come out."""
    detail = _detail(run_id)
    result = replaying.replay(run_id=run_id)
    differing = [row for shard in result.shards for row in shard.differing][: replaying.MOST_SHOWN]
    named = [
        {
            "row": row,
            "label": reason_names.reason_label(row["decision"]),
            "step": history.step_names(detail.run.rules).get(row["step_key"], ""),
        }
        for row in differing
    ]
    return answers.page(
        request, "ladders/runs/replay.html", {"result": result, "run": detail.run, "differing": named}, part="replay"
    )


@needs("run.start")
def abandon(request: HttpRequest, run_id: int) -> HttpResponse:
    """Gives up a run that cannot be finished."""
    detail = _detail(run_id)
    form = AbandonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commands.abandon_run(
            run_id=run_id, by=Actor.of(request.user), when=When.now(), reason=form.cleaned_data["reason"]
        )
        return answers.done(request, _("The run was given up."), to=reverse("ladders:run", args=[run_id]))
    template = "ladders/runs/abandon.html"
    if request.method == "POST":
        name = f"{template}#dialog" if answers.is_fragment(request) else template
        return answers.invalid(request, name, {"form": form, "run": detail.run})
    return answers.page(request, template, {"form": form, "run": detail.run}, part="dialog")
