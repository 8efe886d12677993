"""What would go out: a preview, its messages, taking some out, and running the day without them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quita.domain.refusals import Refusal
from quita.ladders import jobs
from quita.ladders.actions.known import CHANNEL_LABELS
from quita.ladders.commands import previews as commands
from quita.ladders.queries import decided, previews, reason_names
from quita.ladders.run import previewed
from quita.ladders.run.previewed import Preview, RemovedKey
from quita.ladders.web.runs import shown
from quita.messaging.queries import drafts
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers, framed


@needs("run.preview")
def create(request: HttpRequest) -> HttpResponse:
    """Makes a preview of today or a later day; small ones at once, large ones in the background."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("ladders:runs"))
    now = When.now()
    day = shown.day(request.POST.get("day")) or now.today
    when = now if day <= now.today else When.on(day)
    asked = commands.request_preview(by=Actor.of(request.user), when=When(when.at, day), today=now.today)
    if commands.is_small():
        commands.carry_out(preview_id=asked.preview_id, clock=lambda: When.now().at)
    else:
        jobs.preview.defer(preview_id=asked.preview_id)
    return answers.done(request, _("Nothing was sent or written."), to=_url(asked.preview_id), tone="info")


def _url(preview_id: str) -> str:
    return reverse("ladders:preview", args=[preview_id])


def _found(preview_id: str) -> Preview:
    found = previews.preview(preview_id)
    if found is None:
        raise Http404
    return found


@needs("run.preview")
def preview(request: HttpRequest, preview_id: str) -> HttpResponse:
    """The preview: sums, who is left out, and the messages."""
    found = _found(preview_id)
    context: dict[str, Any] = {"preview": found, "is_today": found.day == When.now().today}
    if not found.is_ready:
        return answers.page(request, "ladders/runs/preview.html", context)
    scope = shown.scope_of(request)
    chosen = previews.Chosen(
        search=request.GET.get("q", ""), step=shown.number(request.GET.get("step")),
        channel=request.GET.get("channel", ""), portfolio=shown.number(request.GET.get("portfolio")),
        company=shown.number(request.GET.get("company")), only_removed=request.GET.get("removed") == "1",
    )  # fmt: skip
    page = previews.message_page(found, scope=scope, chosen=chosen, page=shown.page_number(request))
    summary = previews.summary(found, scope=scope)
    context |= {
        "summary": summary, "groups": shown.grouped(summary.reasons), "chosen": chosen, "page": page,
        "rows": [{"row": row, "case_url": shown.case_url(row.case_id)} for row in page.rows],
        "bar": shown.bar(request, page), "cuts": _cuts(summary),
        "is_filtered": bool(request.GET.keys() - {"page"}),
    }  # fmt: skip
    return answers.page(request, "ladders/runs/preview.html", context, part="messages")


def _cuts(summary: previews.Summary) -> list[tuple[str, str, tuple[previews.Share, ...]]]:
    """The four tables of the summary: heading, the query parameter that filters by a line, the lines."""
    channels = tuple(
        previews.Share(one.key, str(CHANNEL_LABELS.get(one.key, one.key)), one.messages, one.debtors, one.total_cents)
        for one in summary.by_channel
    )
    return [
        (_("By step"), "step", summary.by_step),
        (_("By portfolio"), "portfolio", summary.by_portfolio),
        (_("By company"), "company", summary.by_company),
        (_("By channel"), "channel", channels),
    ]


@needs("run.preview")
def progress(request: HttpRequest, preview_id: str) -> HttpResponse:
    """How far a preview in the background is."""
    found = _found(preview_id)
    response = answers.page(request, "ladders/runs/preview.html", {"preview": found}, part="progress")
    if found.state in (previewed.READY, previewed.FAILED):
        response.status_code = shown.STOP_POLLING
        response.headers["HX-Redirect"] = _url(preview_id)
    return response


@needs("run.preview")
def titles(request: HttpRequest, preview_id: str) -> HttpResponse:
    """The titles of one outcome, or of all."""
    found = _found(preview_id)
    reason, search = shown.reason(request.GET.get("reason")), request.GET.get("q", "")
    page = decided.title_page(
        found.frame("decisions"), scope=shown.scope_of(request), reason=reason, search=search,
        page=shown.page_number(request),
    )  # fmt: skip
    written = previews.rules_of(found)
    steps = {step.key: step.name for ladder in written.ladders for step in ladder.steps}
    context = {
        "day": found.day, "back_url": _url(preview_id), "preview": found,
        "rows": shown.with_links(page.rows, found.day, steps), "bar": shown.bar(request, page), "page": page,
        "search": search, "reason": reason, "reason_name": reason_names.NAMES[reason] if reason else None,
        "reasons": [(one.name.lower(), name.label) for one, name in reason_names.NAMES.items()],
    }  # fmt: skip
    return answers.page(request, "ladders/runs/titles.html", context, part="titles")


@require_POST
@needs("run.start")
def take_out(request: HttpRequest, preview_id: str) -> HttpResponse:
    """Takes messages out of the preview, or puts them back."""
    is_removed = "restore" not in request.POST and request.POST.get("act") != "restore_marked"
    single = request.POST.get("remove") or request.POST.get("restore")
    keys = [key for text in ([single] if single else request.POST.getlist("marked")) if (key := _key(text))]
    changed = commands.set_removed(
        preview_id=preview_id, keys=keys, is_removed=is_removed, scope=shown.scope_of(request),
        by=Actor.of(request.user), when=When.now(),
    )  # fmt: skip
    if is_removed:
        text = ngettext("%(n)s message taken out.", "%(n)s messages taken out.", changed)
    else:
        text = ngettext("%(n)s message put back.", "%(n)s messages put back.", changed)
    return answers.done(request, text % {"n": changed}, to=_url(preview_id), changed=["preview"])


def _key(text: str) -> RemovedKey | None:
    return previewed.key_of(text)


@require_POST
@needs("run.start")
def run_it(request: HttpRequest, preview_id: str) -> HttpResponse:
    """Starts the day's run without the messages that were taken out."""
    run = commands.run_preview(preview_id=preview_id, by=Actor.of(request.user), when=When.now())
    jobs.share(run.pk, run.shard_count)
    return answers.done(request, _("The run has started."), to=reverse("ladders:run", args=[run.pk]))


@needs("run.preview")
def message(request: HttpRequest, preview_id: str, key: str) -> HttpResponse:
    """One message as it would leave, beside its facts."""
    letter, trouble = _letter(request, preview_id, key)
    context = {"preview": _found(preview_id), "key": key, "letter": letter, "trouble": trouble}
    return answers.page(request, "ladders/runs/message.html", context, part="dialog")


@needs("run.preview")
def letter(request: HttpRequest, preview_id: str, key: str) -> HttpResponse:
    """The letter itself, for the frame of that page."""
    written, trouble = _letter(request, preview_id, key)
    return framed.letter(written.html) if written else framed.plain(trouble)


def _letter(request: HttpRequest, preview_id: str, key: str) -> tuple[Any, str]:
    found, parsed = _found(preview_id), _key(key)
    message = previews.message_of(found, parsed, scope=shown.scope_of(request)) if parsed else None
    if message is None:
        raise Http404
    try:
        written = drafts.draft_letter(message=message, when=When(at=message["not_before"], today=found.day))
    except Refusal as refusal:
        return None, answers.sentence(refusal)
    return written, "" if written else _("Nothing of what it would ask for is open any more.")
