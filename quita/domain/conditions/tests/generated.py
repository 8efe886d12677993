"""Generated rules and rows for the equivalence tests, and a plain reading of the rules to compare both engines with.

The reading below follows the documentation, one row and one condition at a time; it shares nothing with the compilers
but the normal form of texts, which is tested on its own.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from quita.domain.conditions import fields
from quita.domain.conditions.operators import OPERATORS
from quita.domain.conditions.registry import Field
from quita.domain.conditions.tests.conftest import TODAY
from quita.domain.conditions.text_keys import BLANKS, search_key

REGISTRY = fields.DEFAULT
# Latin letters with and without accents, the signs LIKE and SQL care about, and typographic ones from spreadsheets.
ALPHABET = "abcçeéoôõsuü AÁÃCÇEÉSUÜ019%_\\'\"-.ºªßØæ’–…\u0303"
_TEXTS = (
    *("Recife", "RECIFE", "recife ", "São José", "Sa\u0303o Jose\u0301", "sao jose", "Praça nº 1", "praca no 1"),
    *("100%", "100", "1000", "a_b", "axb", "a\\b", "ab", "d'Água", "D’AGUA", "Straße", "STRASSE", "Fibra 500", "fibra"),
)
_AMOUNTS = (0, 1, 9_999, 10_000, 10_001, 10**12)


def _texts() -> st.SearchStrategy[str]:
    return st.sampled_from(_TEXTS) | st.text(ALPHABET, min_size=1, max_size=4)


def _days() -> st.SearchStrategy[datetime.date]:
    return st.integers(-12, 12).map(lambda distance: TODAY + datetime.timedelta(days=distance))


def _scalar(field: Field) -> st.SearchStrategy[Any]:
    match field.type:
        case "int":
            return st.integers(-4, 12)
        case "money":
            return st.sampled_from(_AMOUNTS) | st.integers(-5, 5)
        case "id":
            return st.integers(1, 4)
        case "date":
            return _days()
        case "flag":
            return st.booleans()
        case "text":
            return _texts()
        case "choice":
            return st.sampled_from(_choices(field))


def _choices(field: Field) -> list[str]:
    return [str(choice.value) for choice in field.choices or ()][:4] or ["boleto", "pix", "Pix"]


@st.composite
def conditions(draw: st.DrawFn, key: str | None = None, op: str | None = None) -> dict[str, Any]:
    """One condition in its JSON form, of a given field and operator or of any."""
    field = REGISTRY[key] if key else draw(st.sampled_from(list(REGISTRY)))
    operator = OPERATORS[op] if op else draw(st.sampled_from(field.operators))
    # A text condition is about something that can be read: blank ones are refused when parsed.
    value = _scalar(field).filter(lambda drawn: not isinstance(drawn, str) or bool(search_key(drawn).strip(BLANKS)))
    written: dict[str, Any] = {"field": field.key, "op": operator.key}
    match operator.shape:
        case "one":
            written["value"] = draw(value)
        case "pair":
            written["value"] = sorted([draw(value), draw(value)])
        case "many":
            written["value"] = draw(st.lists(value, min_size=1, max_size=4))
        case "days":
            written["value"] = draw(st.integers(0, 12))
    return {key: _as_json(item) for key, item in written.items()}


def _as_json(item: Any) -> Any:
    if isinstance(item, list):
        return [_as_json(inner) for inner in item]
    return item.isoformat() if isinstance(item, datetime.date) else item


def _groups(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    filled = st.lists(children, min_size=1, max_size=4)
    return st.one_of(
        filled.map(lambda inner: {"all": inner}),
        filled.map(lambda inner: {"any": inner}),
        filled.map(lambda inner: {"none": inner}),
        st.just({"all": []}),
    )


def trees() -> st.SearchStrategy[Any]:
    """A rule in its JSON form."""
    return _groups(conditions() | _groups(conditions() | _groups(conditions())))


def facts(raw: dict[str, Any], seed: int, count: int = 24) -> list[dict[str, Any]]:
    """Rows as the tables hold them, keyed `alias__column`: values around those the rule asks for, blanks, nothing.

    Drawn by a seeded generator and not by hypothesis: a row has 40 values, and drawing each would take the minutes
    that are better spent on more rules.
    """
    chance = random.Random(seed)
    asked = _asked(raw)
    return [_row(chance, asked) for _ in range(count)]


def _asked(raw: dict[str, Any]) -> dict[str, list[Any]]:
    """The values a rule compares each field with, as columns would hold them."""
    if "field" in raw:
        field, value = REGISTRY[raw["field"]], raw.get("value")
        wanted = [] if value is None or raw["op"].startswith("in_") else value if isinstance(value, list) else [value]
        return {field.key: [datetime.date.fromisoformat(item) if field.type == "date" else item for item in wanted]}
    merged: dict[str, list[Any]] = {}
    for child in next(iter(raw.values())):
        for key, wanted in _asked(child).items():
            merged.setdefault(key, []).extend(wanted)
    return merged


def _row(chance: random.Random, asked: dict[str, list[Any]]) -> dict[str, Any]:
    row = {
        field.sql.replace(".", "__"): _stored(chance, field, asked.get(field.key, []))
        for field in REGISTRY
        if field.is_plain_column
    }
    due_on = row["r__due_on"]
    later = datetime.timedelta(days=chance.randint(0, 3))
    row["due_day__next_business_on"] = None if due_on is None else due_on + later
    row["due_day__business_seq"] = None if due_on is None else chance.randint(92, 104)
    row["today_day__business_seq"] = 100
    row["cs__id"] = chance.choice([None, 1])
    row["cs__closed_on"] = chance.choice([None, TODAY]) if row["cs__id"] else None
    return row


def _stored(chance: random.Random, field: Field, asked: list[Any]) -> Any:
    if chance.random() < 0.2:
        return chance.choice([None, "", " ", "\u00a0"]) if field.type in ("text", "choice") else None
    if asked and chance.random() < 0.5:
        return _near(chance, field, chance.choice(asked))
    match field.type:
        case "int":
            return chance.randint(-4, 12)
        case "money":
            return chance.choice(_AMOUNTS)
        case "id":
            return chance.randint(1, 4)
        case "date":
            return TODAY + datetime.timedelta(days=chance.randint(-13, 13))
        case "flag":
            return chance.random() < 0.5
        case "text":
            return chance.choice(_TEXTS)
        case "choice":
            return chance.choice(_choices(field))


def _near(chance: random.Random, field: Field, asked: Any) -> Any:
    """The value a rule names, or its neighbour, or the same text written another way."""
    if field.type in ("int", "money"):
        return asked + chance.choice([-1, 0, 1])
    if field.type == "date":
        return asked + datetime.timedelta(days=chance.choice([-1, 0, 1]))
    if field.type == "text":
        return chance.choice([asked, asked.upper(), search_key(asked), f"x{asked}", f"{asked}x"])
    return asked


def frame_row(row: dict[str, Any]) -> dict[str, Any]:
    """The same row as the run's frame holds it, keyed by `Field.column`."""
    seen = {field.column: row[field.sql.replace(".", "__")] for field in REGISTRY if field.is_plain_column}
    due_on, payable_until = row["r__due_on"], row["due_day__next_business_on"]
    seen["days_past_due"] = seen["business_days_past_due"] = None
    if due_on is not None:
        late = (TODAY - due_on).days
        late_business = row["today_day__business_seq"] - row["due_day__business_seq"]
        payable = payable_until >= TODAY
        seen["days_past_due"] = min(late, 0) if payable else late
        seen["business_days_past_due"] = min(late_business, 0) if payable else late_business
    seen["case_is_open"] = row["cs__id"] is not None and row["cs__closed_on"] is None
    return seen


def holds(tree: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a frame row satisfies a rule in its JSON form, read plainly."""
    if "all" in tree:
        return all(holds(child, row) for child in tree["all"])
    if "any" in tree:
        return any(holds(child, row) for child in tree["any"])
    if "none" in tree:
        return not any(holds(child, row) for child in tree["none"])
    field = REGISTRY[tree["field"]]
    have = row[field.column]
    if have is None:
        have = field.missing
    missing = have is None or (isinstance(have, str) and not have.strip(BLANKS))
    if tree["op"] in ("empty", "filled"):
        return missing is (tree["op"] == "empty")
    if have is None:
        return tree["op"] in ("not_equals", "not_in", "is_not")
    return _compares(field, tree["op"], have, tree["value"])


def _compares(field: Field, op: str, have: Any, asked: Any) -> bool:
    if op == "in_last_days":
        return 0 <= (TODAY - have).days <= int(asked)
    if op == "in_next_days":
        return 0 <= (have - TODAY).days <= int(asked)
    wanted = [_typed(field, op, item) for item in (asked if isinstance(asked, list) else [asked])]
    if field.type == "text":
        have = search_key(have)
    return _PLAIN_READING[op](have, wanted)


_PLAIN_READING: dict[str, Callable[[Any, list[Any]], bool]] = {
    **dict.fromkeys(("equals", "on", "is", "in"), lambda have, wanted: have in wanted),
    **dict.fromkeys(("not_equals", "is_not", "not_in"), lambda have, wanted: have not in wanted),
    **dict.fromkeys(("less_than", "before"), lambda have, wanted: have < wanted[0]),
    **dict.fromkeys(("at_most", "on_or_before"), lambda have, wanted: have <= wanted[0]),
    **dict.fromkeys(("more_than", "after"), lambda have, wanted: have > wanted[0]),
    **dict.fromkeys(("at_least", "on_or_after"), lambda have, wanted: have >= wanted[0]),
    "between": lambda have, wanted: wanted[0] <= have <= wanted[1],
    "starts_with": lambda have, wanted: have.startswith(wanted[0]),
    "contains": lambda have, wanted: wanted[0] in have,
}


def _typed(field: Field, op: str, item: Any) -> Any:
    if field.type == "date":
        return datetime.date.fromisoformat(item)
    if field.type == "text":
        return search_key(item if op in ("starts_with", "contains") else item.strip(BLANKS))
    return item.strip(BLANKS) if field.type == "choice" else item
