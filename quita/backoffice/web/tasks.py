"""The call list and the other things that people must do."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from quita.backoffice.web import desk, lists
from quita.cases import commands, queries
from quita.platform.access.web.guards import needs
from quita.platform.ui import answers, paging

DUES = {
    "now": _("To do now"), "late": _("Overdue"), "today": _("Today"), "later": _("Later"), "all": _("All tasks"),
}  # fmt: skip
KINDS = {
    "call": _("Call"), "exhausted": _("End of the ladder"), "no_contact": _("No usable contact"),
    "send_in_doubt": _("Check whether a message left"),
}  # fmt: skip


@needs("task.do")
def tasks(request: HttpRequest) -> HttpResponse:
    """Open tasks, the oldest first: whom to call, at which number, about how much."""
    scope, today = desk.scope(request), desk.when(request).today
    due = request.GET.get("due") if request.GET.get("due") in DUES else "now"
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in KINDS else ""
    mine = request.GET.get("mine") == "1"
    page = queries.open_tasks(
        scope=scope, today=today, due=due, kind=kind,  # type: ignore[arg-type]  # one of DUES
        assigned_to_id=request.user.pk if mine else None, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    counts = queries.open_task_counts(scope=scope, today=today)
    counts |= {"now": counts["late"] + counts["today"], "all": counts["late"] + counts["today"] + counts["later"]}
    names = queries.people()
    context = {
        "page": page,
        "rows": [
            {
                **vars(row),
                "person": names.get(row.assigned_to_id or 0, ""),
                "kind_label": KINDS.get(row.kind, row.kind),
                "href": lists.with_id("backoffice:case", row.case_id) if row.case_id else "",
                "done_href": lists.with_id("backoffice:complete_task", row.id),
            }
            for row in page.rows
        ],
        "due": due, "kind": kind, "mine": mine, "counts": counts, "today": today,
        "dues": [
            (key, label, counts[key], paging.address(request, due=key, after=None, before=None))
            for key, label in DUES.items()
        ],
        "kinds": KINDS.items(),
        "bar": paging.Paging(
            previous_url=paging.address(request, before=page.before, after=None) if page.before else "",
            next_url=paging.address(request, after=page.after, before=None) if page.after else "",
        ),
    }  # fmt: skip
    return answers.page(request, "backoffice/tasks.html", context, part="list")


@require_POST
@needs("task.do")
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """The person takes a task for themselves."""
    commands.assign_tasks(task_ids=[task_id], user_id=request.user.pk, **desk.signs(request))
    return answers.done(request, str(_("The task is yours.")), to=reverse("backoffice:tasks"), changed=["tasks"])
