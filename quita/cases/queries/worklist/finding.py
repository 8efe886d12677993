"""Finding one page of ids: walk along the order, and gather where walking does not fill the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from quita.cases.queries.worklist import paging
from quita.cases.queries.worklist.conditions import Conditions

# How many titles a walk may read. It takes some ten milliseconds; a page that one row in a hundred passes is filled.
LONGEST_WALK = 2000


@dataclass(frozen=True)
class Order:
    """A sort: the columns in order (of `r` and `d`), their types, and its direction. The last is the unique one."""

    columns: tuple[str, ...]
    kinds: tuple[type, ...]
    descending: bool = False
    aliases: tuple[str, ...] = ()

    def by(self, backward: bool, *, hidden: bool = False) -> str:
        """ORDER BY; `hidden` keeps the planner from using the order's index."""
        word = "desc" if self.descending != backward else "asc"
        columns = list(self.columns)
        if hidden:
            columns[0] = f"{columns[0]} || ''" if self.kinds[0] is str else f"{columns[0]} + 0"
        return ", ".join(f"{column} {word}" for column in columns)

    def beyond(self, cursor: paging.Cursor | None, params: dict[str, Any]) -> list[str]:
        """The condition "comes after the cursor in reading direction"."""
        if cursor is None:
            return []
        sign = "<" if self.descending != cursor.backward else ">"
        types = {int: "bigint", str: "text"}
        names = []
        for number, (value, kind) in enumerate(zip(cursor.key, self.kinds, strict=True)):
            params[f"key{number}"] = value
            names.append(f"%(key{number})s::{types.get(kind, 'date')}")
        return [f"({', '.join(self.columns)}) {sign} ({', '.join(names)})"]


def cursor_of(order: Order, after: str, before: str) -> paging.Cursor | None:
    """The cursor a request carries. Refusal: cursor_damaged."""
    if before:
        return paging.Cursor(paging.decode(before, order.kinds), backward=True)
    return paging.Cursor(paging.decode(after, order.kinds)) if after else None


@dataclass(frozen=True)
class Found:
    """Rows of (title id, *key) in reading direction, one more than the page where there are more.

    `gathered` tells that few titles pass the filters, or that they lie far along the order.
    """

    keys: list[tuple[Any, ...]]
    gathered: bool = False


def find(conditions: Conditions, order: Order, cursor: paging.Cursor | None, *, size: int) -> Found:
    """Up to `size` + 1 titles, by walking or by gathering."""
    params = dict(conditions.params)
    beyond = order.beyond(cursor, params)
    backward = cursor is not None and cursor.backward
    params["size"] = size + 1
    shown = f"r.id, {', '.join(order.columns)}"
    if not conditions.others:
        plain = _run(
            f"select {shown} from receivables_receivable r {conditions.joins(*order.aliases)} "
            f"where {' and '.join([*conditions.own, *beyond])} order by {order.by(backward)} limit %(size)s",
            params,
        )
        return Found(plain)
    params["walk"] = LONGEST_WALK
    inner = Conditions(aliases=set()).joins(*order.aliases)
    walked = f"""
        select r.* {', d.name_key collate "C" as walk_name_key' if order.aliases else ""}
        from receivables_receivable r {inner}
        where {" and ".join([*conditions.own, *beyond])} order by {order.by(backward)} limit %(walk)s"""
    rows = _run(
        f"select {shown} from ({walked}) r {conditions.joins(*order.aliases)} "
        f"where {' and '.join(conditions.others)} order by {_of_walk(order, backward)} limit %(size)s",
        params,
    )
    if len(rows) > size:
        return Found(rows)
    rows = _run(
        f"select {shown} from receivables_receivable r {conditions.joins(*order.aliases)} "
        f"where {conditions.all(*beyond, gather=True)} order by {order.by(backward, hidden=True)} limit %(size)s",
        params,
    )
    return Found(rows, gathered=True)


def _of_walk(order: Order, backward: bool) -> str:
    # Written on the walk's own columns, whose order the planner knows: it then stops as soon as the page is full.
    return order.by(backward).replace('d.name_key collate "C"', "r.walk_name_key").replace("d.id", "r.debtor_id")


def page_of(
    keys: Sequence[tuple[Any, ...]],
    cursor: paging.Cursor | None,
    size: int,
    gathered: bool,
    read: Callable[[list[int]], Mapping[int, Any]],
) -> paging.Page[Any]:
    """The page of the found keys, in the order of the list whichever way it was read."""
    backward = cursor is not None and cursor.backward
    more = len(keys) > size
    shown = list(keys[:size])
    if backward:
        shown.reverse()
    rows = read([key[0] for key in shown])
    # A row may have vanished between the two statements.
    found = tuple(rows[key[0]] for key in shown if key[0] in rows)
    has_after = more if not backward else True
    has_before = more if backward else cursor is not None
    return paging.Page(
        rows=found,
        after=paging.encode(shown[-1][1:]) if shown and has_after else "",
        before=paging.encode(shown[0][1:]) if shown and has_before else "",
        gathered=gathered,
    )


def _run(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
