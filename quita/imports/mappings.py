"""A mapping says how the columns of one system's file become our fields. Stored as JSON, checked on save.

Every key is known and every value is checked: a setting that does nothing is refused rather than kept (a lesson from
other systems, where conditions that were accepted in a configuration had no effect).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from django.utils.translation import gettext_noop

from quita.domain import documents
from quita.domain.refusals import Refusals
from quita.imports import fields as import_fields
from quita.imports import reasons

TARGETS = ("receivables", "payments")
DATE_FORMATS = {
    "dmy": gettext_noop("dd/mm/yyyy"),
    "mdy": gettext_noop("mm/dd/yyyy"),
    "ymd": gettext_noop("yyyy-mm-dd"),
    "compact": gettext_noop("yyyymmdd"),
    "dmy_compact": gettext_noop("ddmmyyyy"),
    "excel": "45000",
}
DECIMALS = {"comma": "1.234,56", "point": "1,234.56", "centavos": "123456"}
ENCODINGS = ("auto", "utf-8", "cp1252", "latin-1", "utf-16")
DELIMITERS = ("auto", ";", ",", "tab", "|")
CONTACTS = ("refuse", "leave_out")
MAX_VALUES = 500


@dataclass(frozen=True)
class Spec:
    """One mapping.

    `columns` field → header; `constants` field → value where no column gives one or its cell is empty; `values`
    field → {cell → our value}. `contacts` says what to do with an e-mail or phone that is none: refuse the row, or
    bring the row in without it and count. `title_source` names the source of the titles that payments refer to.
    `header_row` counts from 1.
    """

    target: str
    source: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_format: str = "dmy"
    decimal: str = "comma"
    encoding: str = "auto"
    delimiter: str = "auto"
    sheet: str = ""
    header_row: int = 1
    contacts: str = "refuse"
    title_source: str = ""

    def to_json(self) -> dict[str, Any]:
        """The form that is stored."""
        return asdict(self)

    @property
    def titles_from(self) -> str:
        """The source whose titles a payment names."""
        return self.title_source or self.source


def parse(stored: Mapping[str, Any]) -> Spec:
    """The spec of a stored or typed mapping. Refused with everything that is wrong (codes mapping_*)."""
    refusals = Refusals()
    known = {item.name for item in fields(Spec)}
    for name in sorted(set(stored) - known):
        refusals.add(
            "mapping_key_unknown",
            "“%(name)s” is not a setting of a mapping. Remove it.",
            {"name": name[:60]},
            field=name,
        )
    if stored.get("target") not in TARGETS:
        refusals.add("mapping_target", "A mapping brings in receivables or payments. Say which.", field="target")
        refusals.raise_if_any()
    spec = _build(stored, refusals)
    _check_choices(spec, refusals)
    _check_fields(spec, refusals)
    _check_complete(spec, refusals)
    refusals.raise_if_any()
    return spec


def _build(stored: Mapping[str, Any], refusals: Refusals) -> Spec:
    """Types only; wrong ones are noted and replaced by the default so that the rest can be checked too."""
    given: dict[str, Any] = {}
    for item in fields(Spec):
        if item.name not in stored:
            continue
        value = stored[item.name]
        wanted: type = (
            int if item.name == "header_row" else dict if item.name in ("columns", "constants", "values") else str
        )
        if not isinstance(value, wanted) or isinstance(value, bool):
            refusals.add(
                "mapping_type",
                "“%(name)s” has the wrong form. Look at the reference of mappings.",
                {"name": item.name},
                field=item.name,
            )
            continue
        given[item.name] = value.strip() if isinstance(value, str) and item.name != "delimiter" else value
    given.setdefault("source", "")
    given["columns"] = {k: v for k, v in given.get("columns", {}).items() if isinstance(v, str) and v.strip()}
    given["constants"] = {k: str(v).strip() for k, v in given.get("constants", {}).items() if str(v).strip()}
    return Spec(**given)


def _check_choices(spec: Spec, refusals: Refusals) -> None:
    for name, allowed in (
        ("date_format", tuple(DATE_FORMATS)), ("decimal", tuple(DECIMALS)), ("encoding", ENCODINGS),
        ("delimiter", DELIMITERS), ("contacts", CONTACTS),
    ):  # fmt: skip
        value = getattr(spec, name)
        if value not in allowed:
            refusals.add(
                "mapping_choice", "“%(value)s” is not possible for %(name)s. Choose one of: %(choices)s.",
                {"value": value[:40], "name": name, "choices": ", ".join(allowed)}, field=name,
            )  # fmt: skip
    if not spec.source or len(spec.source) > 40:
        refusals.add(
            "mapping_source", "Give the source system a name of at most 40 characters, like “erp”.", field="source"
        )
    if not 1 <= spec.header_row <= 100:
        refusals.add(
            "mapping_header_row",
            "The column names stand in one of the first 100 rows. Give a number from 1 to 100.",
            field="header_row",
        )


def _check_fields(spec: Spec, refusals: Refusals) -> None:
    known = import_fields.of(spec.target)
    for part, keys in (("columns", spec.columns), ("constants", spec.constants), ("values", spec.values)):
        for key in keys:
            if key not in known:
                refusals.add(
                    "mapping_field_unknown",
                    "There is no field “%(name)s” in %(part)s. Remove it.",
                    {"name": str(key)[:60], "part": part},
                    field=str(key),
                )
    for key, table in spec.values.items():
        if (
            not isinstance(table, dict)
            or len(table) > MAX_VALUES
            or not all(isinstance(v, str) for v in table.values())
        ):
            refusals.add(
                "mapping_values",
                "The values of “%(name)s” must be a list of at most %(limit)s pairs of texts.",
                {"name": str(key), "limit": MAX_VALUES},
                field=str(key),
            )
            continue
        choices = known[key].choices if key in known else ()
        for wrong in [v for v in table.values() if choices and v not in choices][:1]:
            refusals.add(
                "mapping_choice",
                "“%(value)s” is not possible for %(name)s. Choose one of: %(choices)s.",
                {"value": wrong[:40], "name": key, "choices": ", ".join(choices)},
                field=key,
            )
    company = spec.constants.get("company_tax_id")
    if company and not documents.kind(company):
        refusals.add(
            "mapping_company",
            "“%(value)s” is not a CPF or CNPJ. Give the company's.",
            {"value": company[:30]},
            field="company_tax_id",
        )


def _check_complete(spec: Spec, refusals: Refusals) -> None:
    given = set(spec.columns) | set(spec.constants)
    for key, item in import_fields.of(spec.target).items():
        if item.required and key not in given:
            refusals.add(
                "mapping_incomplete",
                "The field “%(name)s” is required. Choose its column.",
                {"name": str(item.label)},
                field=key,
            )
    if spec.target == "receivables" and not given & {"debtor_tax_id", "debtor_ref"}:
        refusals.add(
            "mapping_incomplete_identity",
            "Choose the column of the debtor's CPF/CNPJ or of the debtor's id.",
            field="debtor_tax_id",
        )
    if spec.target == "payments" and not given & {"title_external_id", "title_number", "debtor_tax_id", "debtor_ref"}:
        refusals.add(
            "mapping_incomplete_identity",
            "Choose the column that names the title (id or number), or the debtor.",
            field="title_external_id",
        )
    for n in "123":
        if (f"discount{n}" in given) != (f"discount{n}_until_on" in given):
            refusals.add(
                "mapping_discount",
                "Discount %(number)s needs its amount and its last day. Choose both columns or neither.",
                {"number": n},
                field=f"discount{n}",
            )
    if "paid_amount" in given and "paid_on" not in given and spec.target == "receivables":
        refusals.add(
            "mapping_paid", "The amount paid needs the day it was paid. Choose that column too.", field="paid_on"
        )


def replaced(spec: Spec, **changes: Any) -> Spec:
    """The spec with some settings changed."""
    return replace(spec, **changes)


def needed_headers(spec: Spec) -> list[str]:
    """The headers that the file must have, each once."""
    return sorted(set(spec.columns.values()))


def normal(header: str) -> str:
    """A header for comparison: no accents, no punctuation, small letters, single spaces."""
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    return " ".join("".join(c if c.isalnum() else " " for c in plain.lower()).split())


def check_headers(spec: Spec, headers: Sequence[str]) -> None:
    """Refused when a mapped column is missing or ambiguous (column_missing, header_repeated)."""
    refusals = Refusals()
    for name in needed_headers(spec):
        count = headers.count(name)
        if count == 0:
            refusals.add("column_missing", reasons.FILE["column_missing"], {"name": name})
        elif count > 1:
            refusals.add("header_repeated", reasons.FILE["header_repeated"], {"name": name})
    refusals.raise_if_any()
