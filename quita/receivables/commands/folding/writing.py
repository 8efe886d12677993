"""Writing what a fold changed, and nothing else."""

from dataclasses import dataclass

import polars as pl
from django.db import connection

from quita.platform import staging
from quita.platform.actors import When
from quita.platform.outbox import commands as outbox
from quita.receivables import events, frames
from quita.receivables.commands.folding import deciding
from quita.receivables.commands.folding.facts import Facts

# Ids in one event: an event is one row of JSON, and its handlers' transaction should stay short.
EVENT_IDS = 5_000
_STORED_CREDITS = {"payment_id": pl.Int64(), "amount_cents": pl.Int64(), "value_on": pl.Date()}
_POSITION_TYPES = {
    "receivable_id": "bigint", "status": "text", "closed_on": "date", "balance_cents": "bigint",
    "correction_open_cents": "bigint", "interest_open_cents": "bigint", "fine_open_cents": "bigint",
    "fine_assessed": "boolean", "position_on": "date",
}  # fmt: skip


@dataclass(frozen=True)
class Refolded:
    """Counts: titles looked at, titles whose position changed, of those closed and reopened, rows written."""

    title_count: int = 0
    changed_count: int = 0
    closed_count: int = 0
    reopened_count: int = 0
    allocation_count: int = 0
    credit_count: int = 0


def write(facts: Facts, outcome: deciding.Outcome, chosen: str, when: When) -> Refolded:
    """Brings allocations, credits and positions to what was decided; tells whose titles closed or opened."""
    allocation_count = _write_allocations(outcome.allocations, chosen)
    credit_count = _write_credits(facts, outcome.credits, chosen)
    moved = changed(facts.titles, outcome.positions)
    _write_positions(moved, when)
    closed = moved.filter((pl.col("was") == "open") & (pl.col("status") != "open"))["receivable_id"].to_list()
    reopened = moved.filter((pl.col("was") != "open") & (pl.col("status") == "open"))["receivable_id"].to_list()
    for start in range(0, len(closed), EVENT_IDS):
        outbox.emit(events.TitlesClosed(tuple(closed[start : start + EVENT_IDS])), when.at)
    for start in range(0, len(reopened), EVENT_IDS):
        outbox.emit(events.TitlesReopened(tuple(reopened[start : start + EVENT_IDS])), when.at)
    return Refolded(facts.titles.height, moved.height, len(closed), len(reopened), allocation_count, credit_count)


def changed(stored: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """The positions that differ from the stored ones, with the status before as `was`."""
    before = stored.select("receivable_id", *(pl.col(name).alias(f"was_{name}") for name in deciding.POSITION))
    both = decided.join(before, on="receivable_id", how="left", maintain_order="left")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"was_{name}")) for name in deciding.POSITION)
    return both.filter(differs).select("receivable_id", *deciding.POSITION, was="was_status")


def _write_positions(moved: pl.DataFrame, when: When) -> None:
    if moved.is_empty():
        return
    names = [name for name in _POSITION_TYPES if name != "receivable_id"]
    with staging.table("positions", _POSITION_TYPES) as work, connection.cursor() as cursor:
        staging.fill(work, moved.select(list(_POSITION_TYPES)))
        cursor.execute(
            f"""
            update receivables_receivable r set {", ".join(f"{name} = w.{name}" for name in names)}, changed_at = %s
            from {work} w where w.receivable_id = r.id
            """,
            [when.at],
        )


def _write_allocations(decided: pl.DataFrame, chosen: str) -> int:
    """Rewrites the allocations of each title where any of them differs; returns how many rows were written."""
    stored = stored_allocations(chosen)
    if stored.is_empty():
        _copy("receivables_allocation", decided)
        return decided.height
    titles = differing(decided, stored)
    if not titles:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("delete from receivables_allocation where receivable_id = any(%s)", [titles])
    rewritten = decided.filter(pl.col("receivable_id").is_in(pl.Series(titles, dtype=pl.Int64).implode()))
    _copy("receivables_allocation", rewritten)
    return rewritten.height


def stored_allocations(chosen: str) -> pl.DataFrame:
    """The allocations of the chosen titles as they are written down."""
    return frames.read(
        f"select a.receivable_id, a.payment_id, a.component, a.amount_cents, a.value_on from receivables_allocation a "
        f"join {chosen} c on c.receivable_id = a.receivable_id",
        {},
        deciding.ALLOCATIONS,
    )


def differing(decided: pl.DataFrame, stored: pl.DataFrame) -> list[int]:
    """The titles whose stored allocations are not the decided ones."""
    columns = list(deciding.ALLOCATIONS)
    both = [
        decided.join(stored, on=columns, how="anti", nulls_equal=True),
        stored.join(decided, on=columns, how="anti", nulls_equal=True),
    ]
    return pl.concat(both)["receivable_id"].unique().sort().to_list()


def _write_credits(facts: Facts, decided: pl.DataFrame, chosen: str) -> int:
    """Replaces the credits that differ, of the payments folded here and of reversed ones that named these titles."""
    payments = facts.payments.select("payment_id", "company_id", "debtor_id", "receivable_id")
    stored = frames.read(
        f"""
        select k.payment_id, k.amount_cents, k.value_on from receivables_credit k
        join receivables_payment p on p.id = k.payment_id
        where p.receivable_id in (select receivable_id from {chosen})
           or (p.receivable_id is null and (p.company_id, p.debtor_id) in (
               select r.company_id, r.debtor_id
               from receivables_receivable r join {chosen} c on c.receivable_id = r.id))
        """,
        {},
        _STORED_CREDITS,
    )
    columns = list(_STORED_CREDITS)
    gone = stored.join(decided, on=columns, how="anti")["payment_id"].to_list()
    new = decided.join(stored, on=columns, how="anti")
    if gone:
        with connection.cursor() as cursor:
            cursor.execute("delete from receivables_credit where payment_id = any(%s)", [gone])
    if new.is_empty():
        return 0
    owners = payments.join(
        facts.titles.select("receivable_id", owner=pl.col("debtor_id")), on="receivable_id", how="left"
    ).select("payment_id", "company_id", debtor_id=pl.coalesce("debtor_id", "owner"))
    _copy("receivables_credit", new.join(owners, on="payment_id", how="left"))
    return new.height


def _copy(table: str, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy {table} ({', '.join(rows.columns)}) from stdin (format csv)") as copy,
    ):
        copy.write(rows.write_csv(include_header=False).encode())
