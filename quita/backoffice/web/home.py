"""The home page: today's numbers, the run, what goes out, who is left out and why, and whether all is ready."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from quita.backoffice import queries
from quita.backoffice.queries.home import Aging
from quita.backoffice.web import desk, stories
from quita.ladders import queries as ladders
from quita.messaging import reasons
from quita.platform.access.web.guards import needs
from quita.platform.ui import answers, charts, formats

BUCKETS = {
    "not_due": (_("Not due"), "aging-0", "due=upcoming"),
    "d1_30": (_("1–30"), "aging-2", "days_from=1&days_to=30"),
    "d31_60": (_("31–60"), "aging-3", "days_from=31&days_to=60"),
    "d61_90": (_("61–90"), "aging-4", "days_from=61&days_to=90"),
    "d91_180": (_("91–180"), "aging-5", "days_from=91&days_to=180"),
    "d181_360": (_("181–360"), "aging-5", "days_from=181&days_to=360"),
    "over_360": (_("Over 360"), "aging-5", "days_from=361"),
    "no_due_date": (_("No date"), "neutral", "due=undated"),
}
REASONS = {
    "superseded": _("an earlier step, put aside for a later one"),
    "before_version": _("step before the ladder was in force"),
    "prescribed": _("debt prescribed"),
    "no_usable_contact": _("no usable contact"),
    "removed_by_hand": _("taken out by a person"),
    "agreement_current": _("agreement being paid"),
    "promise_open": _("promise to pay in progress"),
    "disputed": _("title in dispute"),
    "on_hold": _("collection suspended"),
    "protected_person": _("protected person"),
    "stale_feed": _("payment data too old"),
    "day_not_allowed": _("day or hour not allowed"),
    "cap_reached": _("contact limit reached"),
    "gap_too_short": _("too soon after the last contact"),
    "nothing_due": _("no step due today"),
    "no_ladder": _("worked by hand, without a ladder"),
    "below_minimum": _("below the smallest balance to chase"),
    "no_due_date": _("without due date"),
    "paid": _("paid"),
    "cancelled": _("cancelled"),
    "written_off": _("written off"),
}
RUN_STATES = {
    "waiting": (_("waiting"), "info"), "running": (_("under way"), "info"), "done": (_("done"), "success"),
    "failed": (_("failed"), "danger"),
}  # fmt: skip
READINESS = {
    ("mail", "ok"): (_("Mail server answers"), ""),
    ("mail", "not_configured"): (_("No mail server is set"), _("Set QUITA_SMTP_URL; until then nothing leaves.")),
    ("mail", "configuration"): (_("The mail server's address is wrong"), _("Correct QUITA_SMTP_URL.")),
    ("mail", "unreachable"): (
        _("The mail server does not answer"),
        _("Messages wait and are tried again. Check the server and the network."),
    ),
    ("worker", "heard"): (_("A worker is at work"), ""),
    ("worker", "never"): (_("No worker has ever reported"), _("Start one: quita work.")),
    ("worker", "silent"): (_("No worker is at work"), _("Start one: quita work. Nothing runs or leaves until then.")),
    ("queue", "flowing"): (_("No message is waiting too long"), ""),
    ("queue", "late"): (
        _("Messages have waited for over half an hour"),
        _("See whether a worker runs and the mail server answers."),
    ),
    ("run", "done"): (_("Today's run is done"), ""),
    ("run", "running"): (_("Today's run is under way"), ""),
    ("run", "waiting"): (_("Today's run is waiting"), ""),
    ("run", "missing"): (
        _("Today's run has not been made"),
        _("It starts by schedule, or from the page of the daily run."),
    ),
    ("run", "never"): (_("There was no run yet"), _("Start one from the page of the daily run.")),
    ("run", "failed"): (_("The last run failed"), _("Open it to see why.")),
    ("import", "done"): (_("The last file came in"), ""),
    ("import", "failed"): (_("The last file failed"), _("Open it to see why and send it again.")),
    ("import", "never"): (_("No file was imported yet"), ""),
    ("feed", "fresh"): (_("Payment data is recent"), ""),
    ("feed", "stale"): (
        _("Payment data is too old for some companies"),
        _("Import the payments: until then they are not chased."),
    ),
    ("faults", "none"): (_("No background work has failed"), ""),
    ("faults", "some"): (_("Some background work failed"), _("Run quita check for the list.")),
}
TONES = {
    "good": ("success", "circle-check"),
    "warning": ("warning", "triangle-alert"),
    "bad": ("danger", "octagon-alert"),
}


@needs("worklist.view")
def home(request: HttpRequest) -> HttpResponse:
    """Everything about today on one page."""
    moment = desk.when(request)
    numbers = queries.home_numbers(scope=desk.scope(request), today=moment.today, now=moment.at)
    outgoing = [
        {"row": row, "channel": stories.CHANNELS.get(row.channel, (row.channel, "mail"))} for row in numbers.outgoing
    ]
    context = {
        "numbers": numbers,
        "today": moment.today,
        "now": moment.at,
        "chart": aging_chart(numbers.aging),
        "outgoing": outgoing,
        "sums": _sums(numbers.outgoing),
        "failures": [(reasons.LABELS.get(code, code), count) for code, count in numbers.failures],
        "today_url": f"{reverse('backoffice:worklist')}?due=today",
        "promised_url": f"{reverse('backoffice:worklist')}?due=any&stop=promised",
        "messages_url": _address("messaging:messages"),
        "exclusions": [
            (REASONS.get(code, code), titles, debtors, code) for code, titles, debtors in numbers.exclusions
        ],
        "promised_cents": sum(promise.amount_cents for promise in numbers.promises_due),
        **_run_card(numbers.run, moment.today),
    }
    return answers.page(request, "backoffice/home.html", context)


@needs("run.view")
def run_card(request: HttpRequest) -> HttpResponse:
    """The state of the run, asked again each second while it goes on; 286 ends the asking."""
    run = ladders.latest_run()
    context = {**_run_card(run, desk.when(request).today), "today": desk.when(request).today}
    going_on = run is not None and run.state in ("waiting", "running")
    return answers.page(request, "backoffice/home.html", context, part="run-card", status=200 if going_on else 286)


@needs("worklist.view")
def ready(request: HttpRequest) -> HttpResponse:
    """Whether everything is there that today's work needs."""
    moment = desk.when(request)
    checks = queries.readiness(scope=desk.scope(request), today=moment.today, now=moment.at)
    told = []
    for check in checks:
        text, remedy = READINESS.get((check.key, check.code), (check.code, ""))
        tone, icon = TONES[check.state]
        told.append({"check": check, "text": text, "remedy": remedy, "tone": tone, "icon": icon})
    return answers.page(request, "backoffice/ready.html", {"checks": told}, part="ready")


def aging_chart(aging: Aging) -> SafeString:
    """The chart of open balance by lateness; each bar leads to its titles."""
    language = translation.get_language() or "pt-br"
    worklist = reverse("backoffice:worklist")
    bars = []
    for bucket in aging.buckets:
        label, tone, query = BUCKETS[bucket.key]
        if bucket.key == "no_due_date" and not bucket.title_count:
            continue
        amount = formats.money(bucket.amount_cents, language, symbol=True)
        text = f"{amount} · {formats.count(bucket.title_count, language)}"
        bars.append(charts.Bar(str(label), bucket.amount_cents, text, tone, f"{worklist}?{query}"))
    heads = (str(_("Days late")), str(_("Open balance · titles")))
    return charts.bars(
        str(_("Open balance by days late")), bars, write=lambda cents: formats.money_short(cents, language), heads=heads
    )


def _sums(outgoing: Any) -> dict[str, int]:
    sums = {name: sum(getattr(row, name) for row in outgoing) for name in ("waiting", "sent", "failed", "withdrawn")}
    return sums | {"total": sum(sums.values())}


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _run_card(run: Any, today: Any) -> dict[str, Any]:
    if run is None:
        return {"run": None, "run_url": "", "run_state": None, "runs_url": _address("ladders:runs")}
    return {
        "run": run, "run_url": _address("ladders:run", run.pk), "run_state": RUN_STATES[run.state],
        "run_is_today": run.day == today, "runs_url": _address("ladders:runs"),
        "reasons_url": _address("ladders:run_titles", run.pk),
    }  # fmt: skip
