"""A preview as people look at it: sums, who is left out and why, and every message that would leave."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl

from quita.domain.ladder import rules
from quita.ladders.commands import runs
from quita.ladders.queries import decided, paging
from quita.ladders.run import in_force, plan, previewed, surroundings, trying, writing
from quita.ladders.run.previewed import Preview, RemovedKey
from quita.messaging.queries import drafts
from quita.platform.access.scopes import Scope
from quita.platform.actors import When
from quita.receivables import queries as receivables


@dataclass(frozen=True)
class Share:
    """A line of a summary: messages, debtors and the open balance they ask for. `key` is what to filter by."""

    key: str
    label: str
    messages: int
    debtors: int
    total_cents: int


@dataclass(frozen=True)
class Summary:
    """What would go out, cut in four ways, and who is left out."""

    messages: int
    removed: int
    debtors: int
    total_cents: int
    tasks: int
    looked_at: int
    left_out: int
    by_step: tuple[Share, ...]
    by_channel: tuple[Share, ...]
    by_portfolio: tuple[Share, ...]
    by_company: tuple[Share, ...]
    reasons: tuple[decided.ReasonCount, ...]


@dataclass(frozen=True)
class Chosen:
    """What a list of messages shows; empty values leave everything in."""

    search: str = ""
    step: int | None = None
    channel: str = ""
    portfolio: int | None = None
    company: int | None = None
    only_removed: bool = False


@dataclass(frozen=True)
class MessageLine:
    """One message that would leave."""

    key: RemovedKey
    is_removed: bool
    debtor_id: int
    debtor: str
    company: str
    case_id: int | None
    receivable_ids: tuple[int, ...]
    numbers: tuple[str, ...]
    total_cents: int
    days_past_due: int
    step: str
    template: str
    channel: str
    not_before: dt.datetime

    @property
    def key_text(self) -> str:
        """The key as one word."""
        return previewed.key_text(self.key)


def preview(preview_id: str) -> Preview | None:
    """One preview's stamp."""
    return previewed.load(preview_id)


def latest_previews(limit: int = 5) -> list[Preview]:
    """The newest previews, whoever asked for them."""
    found = (previewed.load(preview_id) for preview_id in previewed.all_ids()[:limit])
    return [one for one in found if one is not None]


def removed_count(preview_id: str) -> int:
    """How many messages were taken out."""
    return len(previewed.removed(preview_id))


def preview_counts(*, when: When) -> dict[str, Any]:
    """What a run at that instant would do, as plain numbers; nothing is kept. For the command line."""
    written = in_force.load(today=when.today, now=when.at)
    extent = receivables.open_extent()
    around = surroundings.load(when.today, extent[3] if extent else None)
    counts = [writing.counts(found.outcome) for found in trying.tried(written, around, plan.ranges(extent))]
    return {"day": when.today.isoformat(), "counts": runs.added(counts)}


def summary(shown: Preview, *, scope: Scope) -> Summary:
    """The sums over the messages that stay, and the reasons over everybody."""
    messages = decided.limited(shown.frame("messages"), scope)
    gone = _removed_frame(shown.preview_id)
    staying = messages.join(gone.lazy(), on=gone.columns, how="anti")
    written = previewed.rules_of(shown.preview_id)
    totals = staying.select(
        pl.len().alias("messages"), pl.col("debtor_id").n_unique().alias("debtors"), pl.col("total_cents").sum()
    ).collect()
    looked_at, left_out = decided.excluded_debtors(shown.frame("decisions"), scope)
    steps = {str(step.key): step.name for ladder in written.ladders for step in ladder.steps}
    portfolios = {str(one.portfolio_id): one.name for one in written.portfolios}
    companies = {str(pk): name for pk, name in decided.company_names().items()}
    return Summary(
        messages=int(totals["messages"][0]),
        removed=int(messages.join(gone.lazy(), on=gone.columns, how="semi").select(pl.len()).collect().item()),
        debtors=int(totals["debtors"][0]),
        total_cents=int(totals["total_cents"][0] or 0),
        tasks=int(decided.limited(shown.frame("tasks"), scope).select(pl.len()).collect().item()),
        looked_at=looked_at,
        left_out=left_out,
        by_step=_shares(staying, "lead_step_key", steps),
        by_channel=_shares(staying, "channel", {}),
        by_portfolio=_shares(staying, "portfolio_id", portfolios),
        by_company=_shares(staying, "company_id", companies),
        reasons=tuple(decided.reason_counts(shown.frame("decisions"), scope)),
    )


def message_page(shown: Preview, *, scope: Scope, chosen: Chosen, page: int = 1) -> paging.Page[MessageLine]:
    """Messages by instant of leaving and lead title. One scan, four statements."""
    gone = _removed_frame(shown.preview_id)
    rows = decided.limited(shown.frame("messages"), scope)
    wanted = {
        "lead_step_key": chosen.step, "channel": chosen.channel or None, "portfolio_id": chosen.portfolio,
        "company_id": chosen.company,
    }  # fmt: skip
    for column, value in wanted.items():
        if value is not None:
            rows = rows.filter(pl.col(column) == value)
    if chosen.only_removed:
        rows = rows.join(gone.lazy(), on=gone.columns, how="semi")
    if chosen.search.strip():
        rows = rows.filter(decided.found_by(chosen.search, scope, "lead_receivable_id"))
    found, total, number = paging.shown(rows, ["not_before", "lead_receivable_id", "lead_step_key"], page)
    return paging.Page(tuple(_lines(found, shown.preview_id)), total, number)


def message_of(shown: Preview, key: RemovedKey, *, scope: Scope) -> dict[str, Any] | None:
    """One message's columns, or None when it is not there or not the reader's to see."""
    receivable_id, due_on, step, occurrence = key
    found = (
        decided.limited(shown.frame("messages"), scope)
        .filter(
            (pl.col("lead_receivable_id") == receivable_id)
            & (pl.col("lead_due_on") == dt.date.fromisoformat(due_on))
            & (pl.col("lead_step_key") == step)
            & (pl.col("lead_occurrence") == occurrence)
        )
        .collect()
    )
    return found.to_dicts()[0] if found.height else None


def rules_of(shown: Preview) -> rules.Rules:
    """The rules that the preview decided by."""
    return previewed.rules_of(shown.preview_id)


def _removed_frame(preview_id: str) -> pl.DataFrame:
    rows = [(lead, dt.date.fromisoformat(due), step, k) for lead, due, step, k in sorted(previewed.removed(preview_id))]
    schema = {
        "lead_receivable_id": pl.Int64, "lead_due_on": pl.Date, "lead_step_key": pl.Int32, "lead_occurrence": pl.Int16,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _shares(messages: pl.LazyFrame, column: str, names: dict[str, str]) -> tuple[Share, ...]:
    """Messages by one column, the largest first."""
    rows = (
        messages.group_by(pl.col(column).cast(pl.String).alias("key"))
        .agg(
            pl.len().alias("messages"),
            pl.col("debtor_id").n_unique().alias("debtors"),
            pl.col("total_cents").sum(),
        )
        .sort(["messages", "key"], descending=[True, False])
        .collect()
    )
    return tuple(Share(key or "", names.get(key or "", key or ""), *numbers) for key, *numbers in rows.iter_rows())


def _lines(found: pl.DataFrame, preview_id: str) -> list[MessageLine]:
    listed = {number for numbers in found["receivable_ids"] for number in numbers}
    names = decided.names_of(listed)
    written = previewed.rules_of(preview_id)
    steps = {step.key: step.name for ladder in written.ladders for step in ladder.steps}
    templates = drafts.template_names(found["template_version_id"].to_list())
    gone = previewed.removed(preview_id)
    lines = []
    for row in found.iter_rows(named=True):
        lead, due_on = row["lead_receivable_id"], row["lead_due_on"].isoformat()
        key: RemovedKey = (lead, due_on, row["lead_step_key"], row["lead_occurrence"])
        lines.append(
            MessageLine(
                key=key,
                is_removed=key in gone,
                debtor_id=row["debtor_id"],
                debtor=names.debtors.get(row["debtor_id"], ""),
                company=names.companies.get(row["company_id"], ""),
                case_id=names.cases.get(lead),
                receivable_ids=tuple(row["receivable_ids"]),
                numbers=tuple(names.numbers.get(one, str(one)) for one in row["receivable_ids"]),
                total_cents=row["total_cents"],
                days_past_due=row["days_past_due"],
                step=steps.get(row["lead_step_key"], ""),
                template=templates.get(row["template_version_id"], ""),
                channel=row["channel"],
                not_before=row["not_before"],
            )
        )
    return lines
