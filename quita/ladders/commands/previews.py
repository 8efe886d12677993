"""What would go out on a day: decided like a run, kept to be looked at, and nothing written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

import polars as pl

from quita.domain.ladder import decide
from quita.domain.refusals import Refusal
from quita.ladders.commands import runs
from quita.ladders.models import Run
from quita.ladders.run import in_force, plan, previewed, surroundings, trying, writing
from quita.ladders.run.previewed import Preview, RemovedKey
from quita.platform.access.scopes import Scope
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.receivables import queries as receivables

# Above this many open titles a preview is decided in the background.
INLINE_TITLES = 100_000
# How far ahead a preview makes sense: new debts and payments make later days mere guesses.
MOST_DAYS_AHEAD = 60


def request_preview(*, by: Actor, when: When, today: dt.date) -> Preview:
    """A preview of `when.today` as a run at `when.at` would decide it, waiting to be carried out. Old ones go.

    Refuses a day before `today`, the day of asking, and one too far ahead of it.
    """
    _check_day(when.today, today)
    previewed.forget_old(when.at)
    spans = plan.ranges(receivables.open_extent())
    return previewed.create(day=when.today, now=when.at, user_id=by.user_id, user_name=by.name, total=len(spans))


def build_preview(*, by: Actor, when: When, today: dt.date | None = None) -> Preview:
    """Requests a preview and carries it out at once."""
    asked = request_preview(by=by, when=when, today=today or when.today)
    return carry_out(preview_id=asked.preview_id, clock=lambda: when.at)


def is_small() -> bool:
    """True when a preview is decided quickly enough for a person to wait for it."""
    extent = receivables.open_extent()
    return extent is None or extent[2] < INLINE_TITLES


def carry_out(*, preview_id: str, clock: Callable[[], dt.datetime]) -> Preview:
    """Decides a preview and keeps what was decided. Carried out twice it is decided twice, with the facts of then."""
    asked = loaded(preview_id)
    previewed.forget(preview_id)
    written = in_force.load(today=asked.day, now=asked.now)
    previewed.keep_rules(preview_id, written)
    extent = receivables.open_extent()
    spans = plan.ranges(extent)
    working = previewed.advanced(asked, state=previewed.WORKING, done=0, total=len(spans))
    around = surroundings.load(asked.day, extent[3] if extent else None)
    counts = []
    for found in trying.tried(written, around, spans):
        _keep(preview_id, found.number, found.outcome)
        counts.append(writing.counts(found.outcome))
        working = previewed.advanced(working, done=found.number + 1)
    return previewed.advanced(working, state=previewed.READY, built_at=clock(), counts=runs.added(counts))


def mark_broken(*, preview_id: str, fault: str) -> None:
    """Says that a preview could not be decided, and why."""
    asked = previewed.load(preview_id)
    if asked is not None:
        previewed.advanced(asked, state=previewed.FAILED, error=fault)


def set_removed(
    *, preview_id: str, keys: Collection[RemovedKey], is_removed: bool, scope: Scope, by: Actor, when: When
) -> int:
    """Takes messages out of the preview, or puts them back; returns how many changed. Only those of the scope."""
    preview = loaded(preview_id)
    before = previewed.removed(preview_id)
    wanted = [key for key in keys if (key in before) is not is_removed]
    companies = _companies(preview, wanted)
    changed = 0
    for key in wanted:
        company_id = companies.get(key)
        if company_id is None or not scope.sees(company_id):
            continue
        previewed.set_removed(preview_id, key, is_removed=is_removed)
        changed += 1
        audit.record(
            by=by, when=when, verb=f"ladders.preview.message_{'removed' if is_removed else 'restored'}",
            subject="receivable", subject_id=key[0], company_id=company_id, day=preview.day.isoformat(),
            step_key=key[2],
        )  # fmt: skip
    return changed


def run_preview(*, preview_id: str, by: Actor, when: When) -> Run:
    """Starts the day's run without the messages that were taken out. It decides anew, by the facts of now."""
    preview = loaded(preview_id)
    if preview.day != when.today:
        raise Refusal(
            "preview_of_another_day",
            "This preview is of %(day)s and today is %(today)s. Make a preview of today and start from there.",
            {"day": preview.day, "today": when.today},
        )
    return runs.start_run(by=by, when=when, trigger="preview", removed=sorted(previewed.removed(preview_id)))


def loaded(preview_id: str) -> Preview:
    """The preview, or a refusal when it is gone."""
    found = previewed.load(preview_id)
    if found is None:
        raise Refusal(
            "preview_gone",
            "This preview is not kept any more: previews are kept for %(days)s days. Make a new one.",
            {"days": previewed.KEEP_DAYS},
        )
    return found


def _check_day(day: dt.date, today: dt.date) -> None:
    if day < today:
        raise Refusal(
            "preview_in_the_past",
            "Nothing goes out on %(day)s any more: it is past. Choose today or a later day, or open that day's run.",
            {"day": day},
        )
    if (day - today).days > MOST_DAYS_AHEAD:
        raise Refusal(
            "preview_too_far_ahead",
            "%(day)s is more than %(limit)s days ahead: payments and new titles would change it. Choose an "
            "earlier day.",
            {"day": day, "limit": MOST_DAYS_AHEAD},
        )


def _keep(preview_id: str, number: int, outcome: decide.Outcome) -> None:
    decisions = outcome.decisions
    balances = decisions.select("receivable_id", "balance_cents").unique("receivable_id")
    lead = decisions.filter(pl.col("step_key").is_not_null()).select(
        pl.col("receivable_id").alias("lead_receivable_id"),
        pl.col("step_key").alias("lead_step_key"),
        pl.col("occurrence").alias("lead_occurrence"),
        "days_past_due",
        "portfolio_id",
    )
    sums = (
        outcome.messages.select("group_id", pl.col("receivable_ids").alias("receivable_id"))
        .explode("receivable_id")
        .join(balances, on="receivable_id", how="left")
        .group_by("group_id")
        .agg(pl.col("balance_cents").sum().alias("total_cents"))
    )
    messages = outcome.messages.join(sums, on="group_id", how="left", maintain_order="left").join(
        lead, on=["lead_receivable_id", "lead_step_key", "lead_occurrence"], how="left", maintain_order="left"
    )
    previewed.keep(preview_id, "decisions", number, decisions)
    previewed.keep(preview_id, "messages", number, messages)
    previewed.keep(preview_id, "tasks", number, outcome.tasks)


def _companies(preview: Preview, keys: Collection[RemovedKey]) -> dict[RemovedKey, int]:
    """Key → company of the preview's messages among `keys`."""
    leads = [key[0] for key in keys]
    rows = (
        preview.frame("messages")
        .filter(pl.col("lead_receivable_id").is_in(leads))
        .select("lead_receivable_id", "lead_due_on", "lead_step_key", "lead_occurrence", "company_id")
        .collect()
    )
    return {(lead, due.isoformat(), step, k): company for lead, due, step, k, company in rows.iter_rows()}
