"""Building the town: places, creditors and rules by commands, people, titles and payments by the bulk loaders."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
from django.db import connection, transaction

from quita.demo import creditors, debts, oddities, payments, people, words
from quita.parties import commands as parties
from quita.parties import queries as party_queries
from quita.platform.access.scopes import EVERYTHING
from quita.platform.actors import Actor, When
from quita.receivables import bulk
from quita.receivables import commands as receivables
from quita.receivables import queries as receivable_queries

BY = Actor(user_id=None, name="demo")
SOURCE = "demo"
SIZE = 9_000
# Rows written in one transaction: bounds the memory at a million titles.
CHUNK_ROWS = 100_000
_YEARS_AROUND = 2

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Town:
    """What was built: counts, and the hash of everything that chance decided."""

    company_count: int
    debtor_count: int
    title_count: int
    payment_count: int
    fingerprint: str


@dataclass(frozen=True)
class _Place:
    """Where a line's titles hang: ids of this installation, which chance has no part in."""

    company_id: int
    branch_id: int
    branch_calendar_id: int
    policy_id: int


def build(*, seed: int = 42, today: dt.date, size: int = SIZE, progress: Progress | None = None) -> Town:
    """Builds the town around `today` with `size` titles, or completes one that was interrupted.

    The same seed, day and size give the same town, byte by byte; building it twice adds nothing. `progress` is told
    the stage, how far it is and how far it goes.
    """
    tell = progress or (lambda stage, done, total: None)
    when = When.on(today, hour=6)
    tell("places", 0, 1)
    _places(today, when)
    places = _creditors(when)
    folk, titles = debts.frames(size, today, seed)
    _titles(folk, titles, places, when, tell)
    paid = _paid(titles, folk, places, today, seed)
    _payments(paid, places, when, tell)
    _know_payments(sorted({place.company_id for place in places.values()}), today, when)
    odd = oddities.build(today=today, source=SOURCE, companies={key: p.company_id for key, p in places.items()})
    tell("oddities", 1, 1)
    return Town(
        len(creditors.CREDITORS), folk.height + odd.debtor_count, titles.height + odd.title_count,
        paid.height + odd.payment_count, fingerprint(folk, titles, paid),
    )  # fmt: skip


def fingerprint(*frames: pl.DataFrame) -> str:
    """A hash of the frames' text: equal towns, equal bytes."""
    digest = hashlib.sha256()
    for frame in frames:
        digest.update(frame.write_csv().encode())
    return digest.hexdigest()


def _places(today: dt.date, when: When) -> None:
    """Calendars of the country, its states and the municipalities that keep days of their own; index values."""
    parties.ensure_reference_calendars(by=BY, when=when)
    known = party_queries.calendar_ids()
    for city, days in words.MUNICIPAL_DAYS.items():
        calendar_id = (
            known.get((city.uf, city.ibge_code))
            or parties.create_calendar(
                name=f"{city.name} (município)", uf=city.uf, ibge_code=city.ibge_code, by=BY, when=when
            ).pk
        )
        years = range(today.year - _YEARS_AROUND, today.year + _YEARS_AROUND)
        every = {dt.date(year, month, day): name for year in years for month, day, name in days}
        parties.add_holidays(calendar_id=calendar_id, days=every, by=BY, when=when)
    receivables.ensure_reference_index_values(by=BY, when=when)


def _creditors(when: When) -> dict[str, _Place]:
    """Policies, companies and branches; returns where each line's titles hang."""
    policy_ids = {}
    known_policies = {policy.name: policy.pk for policy in receivable_queries.policies()}
    for key, policy in creditors.policies().items():
        policy_ids[key] = (
            known_policies.get(policy.name)
            or receivables.create_policy(
                name=policy.name, regime=policy.regime, terms=policy.terms, by=BY, when=when
            ).policy.pk
        )
    owners = {}
    known = party_queries.company_ids_by_tax_id(scope=EVERYTHING)
    for creditor in creditors.CREDITORS:
        owners[creditor.key] = known.get(creditor.fields["tax_id"]) or parties.create_company(
            fields=dict(creditor.fields) | {"default_policy_id": policy_ids[creditor.policy]},
            ibge_code=creditor.city.ibge_code, by=BY, when=when,
        ).pk  # fmt: skip
    places = {}
    for line in debts.LINES:
        company_id = owners[debts.COMPANY_OF[line.key]]
        branch = party_queries.branches(scope=EVERYTHING, company_id=company_id).order_by("id")[0]
        places[line.key] = _Place(company_id, branch.pk, branch.calendar_id, policy_ids[line.key])
    return places


def _titles(folk: pl.DataFrame, titles: pl.DataFrame, places: dict[str, _Place], when: When, tell: Progress) -> None:
    lines = pl.DataFrame(
        [
            (line.key, places[line.key].company_id, places[line.key].branch_id, places[line.key].policy_id,
             line.contract_kind, line.origin, line.document_type, line.billing_method, "")
            for line in debts.LINES
        ],
        schema=["line", "company_id", "branch_id", "policy_id", "contract_kind", "origin", "document_type",
                "billing_method", "debtor_segment"], orient="row",
    )  # fmt: skip
    facts = ["external_id", "number", "issue_on", "due_on", "original_cents", "contract_number", "contract_plan"]
    for start in range(0, titles.height, CHUNK_ROWS):
        chunk = titles.slice(start, CHUNK_ROWS).select("line", "person", "contract_unit", *facts)
        rows = chunk.join(folk.drop("habit"), on="person", how="left", maintain_order="left").join(
            lines, on="line", how="left", maintain_order="left"
        )
        rows = rows.with_columns(
            row_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64), source=pl.lit(SOURCE),
            debtor_ref=pl.format("P{}", "person"), contract_city="city",
        ).drop("line", "person")  # fmt: skip
        with transaction.atomic():
            outcome = bulk.load_titles(rows, by=BY, when=when)
        _expect_all(outcome)
        tell("titles", min(start + CHUNK_ROWS, titles.height), titles.height)


def _paid(
    titles: pl.DataFrame, folk: pl.DataFrame, places: dict[str, _Place], today: dt.date, seed: int
) -> pl.DataFrame:
    """The payments, for amounts reckoned under the rules as they stand in this installation."""
    known = receivable_queries.rules(today)
    own = {ibge_code: pk for (_uf, ibge_code), pk in party_queries.calendar_ids().items() if ibge_code}
    cities = pl.DataFrame({
        "home": pl.Series(range(len(people.CITIES)), dtype=pl.Int64),
        "own": pl.Series([own.get(city.ibge_code) for city in people.CITIES], dtype=pl.Int32),
    })  # fmt: skip
    lines = pl.DataFrame({
        "line": list(places),
        "branch_calendar": pl.Series([p.branch_calendar_id for p in places.values()], dtype=pl.Int32),
        "policy_id": pl.Series(
            [known.terms.version_of(p.policy_id, today) for p in places.values()], dtype=pl.Int32
        ),
    })  # fmt: skip
    homes = folk.select("person", "ibge_code").join(
        pl.DataFrame({"ibge_code": [c.ibge_code for c in people.CITIES]}).with_row_index("place"), on="ibge_code"
    )
    dated = (
        titles.drop("home")
        .join(
            homes.select("person", home=pl.col("place").cast(pl.Int64)), on="person", how="left", maintain_order="left"
        )
        .join(cities, on="home", how="left", maintain_order="left")
        .join(lines, on="line", how="left", maintain_order="left")
        .with_columns(calendar_id=pl.coalesce("own", "branch_calendar"))
    )
    return payments.frame(dated, known.policies, known.published, known.business_days, today, seed)


def _payments(paid: pl.DataFrame, places: dict[str, _Place], when: When, tell: Progress) -> None:
    companies = pl.DataFrame({"line": list(places), "company_id": [place.company_id for place in places.values()]})
    for start in range(0, paid.height, CHUNK_ROWS):
        rows = paid.slice(start, CHUNK_ROWS).join(companies, on="line", how="left", maintain_order="left")
        rows = rows.drop("line").with_columns(
            row_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64), source=pl.lit(SOURCE), title_source=pl.lit(SOURCE)
        )
        with transaction.atomic():
            outcome = bulk.load_payments(rows, by=BY, when=when)
        _expect_all(outcome)
        tell("payments", min(start + CHUNK_ROWS, paid.height), paid.height)


def _know_payments(company_ids: list[int], today: dt.date, when: When) -> None:
    """The town's bank files are all in: nobody's payments are stale."""
    parties.declare_payments_known(company_ids=company_ids, until=today, by=BY, when=when)
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _expect_all(outcome: bulk.Outcome) -> None:
    if outcome.refused.height:
        raise AssertionError(f"the town has rows that Quita refuses: {outcome.refused.head(3).to_dicts()}")
