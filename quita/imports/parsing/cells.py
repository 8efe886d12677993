"""One field of a batch: text column in, typed column out, faults noted. One reader per kind of cell."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from quita.domain import documents
from quita.imports import mappings
from quita.imports.fields import Field
from quita.imports.mappings import Spec
from quita.imports.parsing import amounts, contacts, dates, texts
from quita.imports.parsing.findings import Findings
from quita.parties import places

# What people and systems write for the choices, in the form of `mappings.normal`.
CHOICE_WORDS = {
    "debtor_kind": {
        "f": "person", "pf": "person", "fisica": "person", "pessoa fisica": "person", "cpf": "person",
        "person": "person",
        "j": "organization", "pj": "organization", "juridica": "organization", "pessoa juridica": "organization",
        "cnpj": "organization", "organization": "organization", "company": "organization",
    },
    "contract_kind": {
        "venda": "sale", "compra e venda": "sale", "sale": "sale", "locacao": "rental", "aluguel": "rental",
        "rental": "rental",
        "assinatura": "subscription", "internet": "subscription", "subscription": "subscription",
        "condominio": "condominium_unit", "unidade": "condominium_unit", "condominium unit": "condominium_unit",
        "outro": "other", "outros": "other", "other": "other",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """The typed columns that a field becomes, and how many contact points were left out."""

    columns: dict[str, pl.Series] = field(default_factory=dict)
    left_out: int = 0


def tidy(cell: pl.Expr, item: Field) -> pl.Expr:
    """The cell without blanks around it; texts also with single spaces inside."""
    return texts.clean(cell) if item.kind in ("text", "id", "choice", "emails", "phones") else texts.stripped(cell)


def read(frame: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
    """The field's typed column, under its own name; a field that is not mapped is empty."""
    if item.key not in frame.columns:
        return Column({item.key: pl.Series([None], dtype=_types(item)).new_from_index(0, frame.height)})
    rows = frame.select("row_number", value=item.key)
    if item.required and (empty := rows.filter(pl.col("value") == "").with_columns(code=pl.lit("missing"))).height:
        findings.add(empty, item.key)
    damaged = texts.undecodable(pl.col("value"))
    findings.add(rows.filter(damaged).with_columns(code=pl.lit("encoding_invalid")), item.key)
    # A cell that cannot be decoded has one fault, not two.
    rows = rows.with_columns(value=pl.when(damaged).then(pl.lit("")).otherwise("value"))
    return READERS[item.kind](rows, item, spec, findings)


def _types(item: Field) -> pl.DataType | type[pl.DataType]:
    return {"date": pl.Date, "amount": pl.Int64}.get(item.kind, pl.String)


def _note(rows: pl.DataFrame, code: pl.Expr, item: Field, findings: Findings, **params: object) -> None:
    """Notes the rows where `code` is not null."""
    found = rows.select("row_number", "value", code=code).filter(pl.col("code").is_not_null())
    findings.add(found, item.key, params)


def _text(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
    value = pl.col("value")
    code = (
        pl.when(texts.control(value)).then(pl.lit("text_control"))
        .when(texts.formula(value)).then(pl.lit("text_formula"))
        .when(texts.garbled(value)).then(pl.lit("text_garbled"))
    )  # fmt: skip
    _note(rows, code, item, findings)
    long = rows.filter(value.str.len_chars() > item.length)
    for length, group in long.group_by(value.str.len_chars().alias("length"), maintain_order=True):
        findings.add(
            group.select("row_number", "value", code=pl.lit("too_long")),
            item.key,
            {"length": length[0], "limit": item.length},
        )
    return Column({item.key: rows["value"]})


def _date(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
    value = pl.col("value")
    parsed = rows.with_columns(day=dates.expression(value, spec.date_format))
    code = (
        pl.when(value == "").then(None)
        .when(pl.col("day").is_null()).then(pl.lit("date_invalid"))
        .when(dates.out_of_range(pl.col("day"))).then(pl.lit("date_out_of_range"))
    )  # fmt: skip
    _note(parsed, code, item, findings, format=mappings.DATE_FORMATS[spec.date_format])
    return Column({item.key: parsed["day"]})


def _amount(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
    value = pl.col("value")
    usual = rows.select(amounts.usual(value, spec.decimal)).to_series()
    parsed = rows.with_columns(cents=pl.when(usual).then(amounts.usual_cents(value)))
    odd = rows.filter(~usual & (rows["value"] != ""))
    if not odd.is_empty():
        odd = _odd_amounts(odd, item, spec, findings)
        parsed = parsed.join(odd, on="row_number", how="left", maintain_order="left").with_columns(
            cents=pl.coalesce("odd_cents", "cents")
        )
    if item.required:
        _note(parsed, pl.when(pl.col("cents") == 0).then(pl.lit("amount_zero")), item, findings)
    return Column({item.key: parsed["cents"]})


def _odd_amounts(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> pl.DataFrame:
    """Amounts with signs, currency, other decimals, or that are none: row_number and odd_cents, null where refused."""
    value, style = pl.col("value"), spec.decimal
    code = (
        pl.when(amounts.malformed(value, style)).then(pl.lit("amount_invalid"))
        .when(amounts.negative(value)).then(pl.lit("amount_negative"))
        .when(amounts.too_large(value, style)).then(pl.lit("amount_too_large"))
        .when(amounts.too_precise(value, style)).then(pl.lit("amount_too_precise"))
    )  # fmt: skip
    judged = rows.with_columns(code=code)
    _note(judged, pl.col("code"), item, findings, example=amounts.EXAMPLES[style])
    return judged.select("row_number", odd_cents=pl.when(pl.col("code").is_null()).then(amounts.cents(value, style)))


def _tax_id(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
    checked = documents.check_column(_restored(rows["value"]))
    frame = rows.with_columns(document=checked["document"], kind=checked["kind"])
    well_formed = pl.col("document").str.contains(r"^(?:[0-9]{11}|[0-9A-Z]{12}[0-9]{2})$")
    code = (
        pl.when((pl.col("value") == "") | pl.col("kind").is_not_null()).then(None)
        .when(well_formed).then(pl.lit("document_check_digit"))
        .otherwise(pl.lit("document_length"))
    )  # fmt: skip
    _note(frame, code, item, findings)
    return Column({item.key: frame.select(pl.when(pl.col("document") != "").then("document").alias("d"))["d"]})


def _restored(cells: pl.Series) -> pl.Series:
    """Leading zeros back that a spreadsheet took: one or two, so that the check digits still tell a typing error."""
    value = pl.col("v")
    return pl.DataFrame({"v": cells}).select(
        pl.when(value.str.contains(r"^[0-9]{9,10}$")).then(value.str.zfill(11))
        .when(value.str.contains(r"^[0-9]{12,13}$")).then(value.str.zfill(14))
        .otherwise(value)
    )["v"]  # fmt: skip


def _contacts(read: Callable[[pl.Series], pl.DataFrame], bad_code: str) -> "Reader":
    def reader(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
        result = read(rows["value"])
        if spec.contacts == "leave_out":
            return Column({item.key: result["value"]}, int(result["dropped"].sum() or 0))
        bad = rows.select("row_number").with_columns(value=result["bad"], code=pl.lit(bad_code))
        findings.add(bad.filter(pl.col("value").is_not_null()), item.key)
        return Column({item.key: result["value"]})

    return reader


def _uf(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
    upper = rows.with_columns(upper=pl.col("value").str.to_uppercase())
    unknown = ~pl.col("upper").is_in(["", *places.IBGE_STATE])
    _note(upper, pl.when(unknown).then(pl.lit("state_unknown")), item, findings)
    return Column({item.key: upper["upper"]})


def _ibge(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
    wrong = ~pl.col("value").str.contains(r"^(?:[0-9]{7})?$")
    _note(rows, pl.when(wrong).then(pl.lit("municipality_code_invalid")), item, findings)
    return Column({item.key: rows["value"]})


def _postal_code(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
    digits = rows.with_columns(digits=pl.col("value").str.replace_all(r"[-. ]", ""))
    # 01310-100 in São Paulo loses its zero in spreadsheets.
    digits = digits.with_columns(
        pl.when(pl.col("digits").str.contains(r"^[0-9]{7}$"))
        .then(pl.col("digits").str.zfill(8))
        .otherwise("digits")
        .alias("digits")
    )
    wrong = ~pl.col("digits").str.contains(r"^(?:[0-9]{8})?$")
    _note(digits, pl.when(wrong).then(pl.lit("postal_code_invalid")), item, findings)
    return Column({item.key: digits["digits"]})


def _choice(rows: pl.DataFrame, item: Field, spec: Spec, findings: Findings) -> Column:
    words = CHOICE_WORDS.get(item.key, {})
    table = {cell: words.get(mappings.normal(cell), cell) for cell in rows["value"].unique().to_list()}
    chosen = rows.with_columns(chosen=pl.col("value").replace(table))
    unknown = ~pl.col("chosen").is_in(["", *item.choices])
    _note(chosen, pl.when(unknown).then(pl.lit("choice_unknown")), item, findings, choices=", ".join(item.choices))
    return Column({item.key: chosen["chosen"]})


Reader = Callable[[pl.DataFrame, Field, Spec, Findings], Column]

READERS: dict[str, Reader] = {
    "text": _text,
    "id": _text,
    "date": _date,
    "amount": _amount,
    "tax_id": _tax_id,
    "emails": _contacts(contacts.emails, "email_invalid"),
    "phones": _contacts(contacts.numbers, "phone_invalid"),
    "uf": _uf,
    "ibge": _ibge,
    "postal_code": _postal_code,
    "choice": _choice,
}
