"""Importing a file in the foreground: what `quita import` calls."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from quita.domain import documents
from quita.domain.refusals import Refusal
from quita.imports import commands, mappings, queries
from quita.imports.models import FileState, Mapping
from quita.parties import queries as parties
from quita.platform.access.scopes import EVERYTHING
from quita.platform.actors import Actor, When


@dataclass(frozen=True)
class Report:
    """What became of a file. `error` is the reason when the file as a whole was refused."""

    file_id: int
    state: str
    row_count: int
    counts: dict[str, int]
    refused: list[tuple[int, str]]
    error: str

    @property
    def ok(self) -> bool:
        """True when the file went through; rows may still have been refused."""
        return self.state == FileState.DONE


def import_file(
    path: Path,
    *,
    mapping_name: str | None = None,
    spec_path: Path | None = None,
    company_tax_id: str | None = None,
    by: Actor,
    when: When,
    clock: Callable[[], dt.datetime] | None = None,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
    refused_limit: int = 20,
) -> Report:
    """Brings one file in with a saved mapping or one in a JSON file. The first refused rows come with the report.

    Refusals: mapping_unknown, mapping_*, company_unknown, and those of receiving a file.
    """
    spec = _spec(mapping_name, spec_path)
    company_id = _company_id(company_tax_id) if company_tax_id else None
    with path.open("rb") as content:
        file = commands.receive_file(
            content=content, name=path.name, target=spec.target, company_id=company_id, by=by, when=when
        )
    commands.choose_mapping(file_id=file.pk, spec=spec, by=by, when=when)
    done = commands.run_import(file_id=file.pk, when=when, clock=clock, progress=progress)
    refused = queries.reasons_of(done, list(queries.refused_rows(done)[: refused_limit * 3]))
    lines = [
        (number, " ".join(f"{r.label}: {r.sentence}" if r.label else r.sentence for r in found))
        for number, found in refused
    ]
    counts = {key: value for key, value in done.counts.items() if isinstance(value, int) and key != "position"}
    return Report(done.pk, done.state, done.rows_total or 0, counts, lines[:refused_limit], queries.failure(done))


def _spec(mapping_name: str | None, spec_path: Path | None) -> mappings.Spec:
    if spec_path is not None:
        try:
            stored = json.loads(spec_path.read_text(encoding="utf-8"))
        except ValueError as fault:
            raise Refusal(
                "mapping_json", "“%(name)s” is not valid JSON. Correct it.", {"name": spec_path.name}
            ) from fault
        return mappings.parse(stored)
    found = Mapping.objects.filter(name=mapping_name or "").first()
    if found is None:
        names = ", ".join(Mapping.objects.values_list("name", flat=True)) or "–"
        raise Refusal(
            "mapping_unknown",
            "There is no mapping “%(name)s”. There are: %(names)s.",
            {"name": mapping_name or "", "names": names},
        )
    return mappings.parse(found.spec)


def _company_id(tax_id: str) -> int:
    number = documents.normalise(tax_id)
    found = next((c.pk for c in parties.companies(scope=EVERYTHING) if c.tax_id == number), None)
    if found is None:
        raise Refusal(
            "company_unknown",
            "No company has the CPF/CNPJ “%(text)s”. Register it first.",
            {"text": documents.format_document(number)},
        )
    return found
