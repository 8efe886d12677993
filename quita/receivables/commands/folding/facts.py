"""Reading what a fold goes by: titles, their payments, their contra entries."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.db import connection

from quita.platform import staging
from quita.receivables import frames

PAYMENTS: dict[str, pl.DataType] = {
    "payment_id": pl.Int64(),
    "company_id": pl.Int64(),
    "debtor_id": pl.Int64(),
    "receivable_id": pl.Int64(),
    "paid_on": pl.Date(),
    "amount_cents": pl.Int64(),
}
CLOSURES: dict[str, pl.DataType] = {"receivable_id": pl.Int64(), "kind": pl.String(), "value_on": pl.Date()}
TITLES = frames.TITLES | frames.POSITIONS


@dataclass(frozen=True)
class Facts:
    """Titles with the position they are stored with; payments in force (`receivable_id` null: names no title)."""

    titles: pl.DataFrame
    payments: pl.DataFrame
    closures: pl.DataFrame


def choose(chosen: str, receivable_ids: Sequence[int] | None, staging_table: str | None) -> int:
    """Fills the work table `chosen` with the titles to fold. Returns how many there are."""
    with connection.cursor() as cursor:
        if receivable_ids is not None:
            staging.fill(
                chosen, pl.DataFrame({"receivable_id": sorted(set(receivable_ids))}, schema={"receivable_id": pl.Int64})
            )
        else:
            cursor.execute(f"insert into {chosen} select distinct receivable_id from {staging_table}")
            cursor.execute(f"analyze {chosen}")
        # Where a payment names no title, all titles of that debtor with that company hang together.
        cursor.execute(
            f"""
            insert into {chosen}
            select r.id from (
                select distinct r.company_id, r.debtor_id
                from {chosen} c join receivables_receivable r on r.id = c.receivable_id
                where exists (select 1 from receivables_payment p where p.debtor_id = r.debtor_id
                              and p.company_id = r.company_id and p.receivable_id is null)
            ) pair join receivables_receivable r on r.debtor_id = pair.debtor_id and r.company_id = pair.company_id
            on conflict do nothing
            """
        )
        cursor.execute(f"select count(*) from {chosen}")
        return int(cursor.fetchone()[0])


def lock(chosen: str) -> None:
    """Holds the chosen titles, in the order of their ids, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) from (select r.id from receivables_receivable r join {chosen} c "
            "on c.receivable_id = r.id order by r.id for no key update of r) locked"
        )


def read(chosen: str) -> Facts:
    """The facts of the chosen titles. After `lock`, nothing that was committed meanwhile is missed."""
    titles = frames.read(
        f"select {frames.columns_of(TITLES)} from receivables_receivable r join {chosen} c on c.receivable_id = r.id "
        "order by r.id",
        {},
        TITLES,
    )
    columns = "p.id, p.company_id, p.debtor_id, p.receivable_id, p.paid_on, p.amount_cents"
    payments = frames.read(
        f"""
        select {columns} from receivables_payment p join {chosen} c on c.receivable_id = p.receivable_id
        where p.reversed_at is null
        union all
        select {columns} from receivables_payment p
        where p.receivable_id is null and p.reversed_at is null and (p.company_id, p.debtor_id) in (
            select r.company_id, r.debtor_id from receivables_receivable r join {chosen} c on c.receivable_id = r.id)
        """,
        {},
        PAYMENTS,
    )
    closures = frames.read(
        f"select k.receivable_id, k.kind, k.value_on from receivables_closure k join {chosen} c "
        "on c.receivable_id = k.receivable_id where k.reversed_at is null",
        {},
        CLOSURES,
    )
    return Facts(titles, payments, closures)
