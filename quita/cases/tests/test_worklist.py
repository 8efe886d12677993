"""The worklists give the same rows whichever way they are found, in order, page by page, and count them honestly."""

import datetime as dt
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quita.cases import commands
from quita.cases.models import Case, Phase, PhasePeriod
from quita.cases.queries import worklist
from quita.cases.queries.worklist import edges, finding
from quita.cases.tests import scenes
from quita.domain.refusals import Refusal
from quita.ladders.models import Portfolio
from quita.parties import commands as parties
from quita.parties.models import Calendar, Debtor
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.actors import SYSTEM, When
from quita.receivables.models import Receivable

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
NAMES = ("Ana Souza", "Bruno Lima", "Carla Conceição", "Davi d'Ávila", "Élida Araújo", "Fábio 100% Ltda")
CITIES = ("Recife", "Olinda", "São Paulo")


def _titles(companies, debtors, chance):
    """Sixty titles at once: shape matters here, how each came about does not."""
    contracts = [
        parties.ensure_contract(company_id=company.pk, debtor_id=debtor.pk, by=SYSTEM, when=When.on(TODAY))
        for company in companies
        for debtor in debtors
    ]
    general, moment = Calendar.objects.get(name="Pernambuco"), When.on(TODAY).at
    days = (-200, -90, -31, -30, -4, -3, 0, 1, 20)
    rows = []
    for number in range(60):
        contract, cents = chance.choice(contracts), chance.randrange(1_000, 90_000)
        rows.append(Receivable(
            company_id=contract.company_id, branch_id=contract.branch_id, debtor_id=contract.debtor_id,
            contract=contract, calendar=general, source="town", external_id=str(number), number=f"T{number}",
            origin=f"o{number % 3}",
            due_on=None if number == 9 else TODAY + dt.timedelta(days=chance.choice(days)), original_cents=cents,
            balance_cents=cents, created_at=moment, changed_at=moment,
        ))  # fmt: skip
    Receivable.objects.bulk_create(rows)


@pytest.fixture
def town(db):
    """Two companies, six debtors, sixty titles around today; half the cases in a portfolio, some titles in phases."""
    chance = random.Random(7)
    companies = [scenes.titles.company(), scenes.people.company("Internet Boa Ltda", scenes.people.CNPJS[1])]
    debtors = []
    for number, name in enumerate(NAMES):
        debtor = Debtor.objects.create(
            name=name, tax_id=f"5299822472{number}", city=CITIES[number % 3], uf="PE", created_at=When.on(TODAY).at
        )
        debtors.append(debtor)
    _titles(companies, debtors, chance)
    commands.refresh_cases(debtor_ids=[debtor.pk for debtor in debtors], when=When.on(TODAY))
    legal = Portfolio.objects.create(name="Jurídico", condition={"all": []})
    Case.objects.filter(pk__in=[case.pk for case in Case.objects.order_by("id")[::2]]).update(portfolio=legal)
    phase = Phase.objects.create(name="Firme", position=1, from_days=31)
    PhasePeriod.objects.bulk_create(
        PhasePeriod(receivable=title, phase=phase, started_on=TODAY)
        for title in Receivable.objects.filter(due_on__lt=TODAY - dt.timedelta(days=30))
    )
    return companies


def walked(filters, sort, scope=EVERYTHING, size=11):
    """Every page of the list forward, then back to the start."""
    ids, after, pages = [], "", []
    while True:
        page = worklist.title_worklist(filters=filters, sort=sort, after=after, scope=scope, today=TODAY, size=size)
        pages.append([row.id for row in page.rows])
        ids += pages[-1]
        if not page.after:
            break
        after = page.after
    while page.before:
        page = worklist.title_worklist(
            filters=filters, sort=sort, before=page.before, scope=scope, today=TODAY, size=size
        )
        pages.pop()
        assert [row.id for row in page.rows] == pages[-1]
    return ids


def lateness(title):
    return edges.edges(TODAY).days_past_due(title.due_on, title.calendar_id)


@pytest.fixture
def expected(town):
    """`expected(filters, sort)`: the same list by plain Python over every row."""
    titles = list(Receivable.objects.select_related("debtor").filter(status="open"))
    known = edges.edges(TODAY)
    portfolio_of = {(case.contract_id, case.origin): case.portfolio_id for case in Case.objects.filter(closed_on=None)}
    phase_of = dict(PhasePeriod.objects.filter(ended_on=None).values_list("receivable_id", "phase_id"))

    def passes(title, filters, scope):
        late = known.days_past_due(title.due_on, title.calendar_id)
        days = None if title.due_on is None else (TODAY - title.due_on).days
        due = {
            "late": late is not None and late > 0, "today": late == 0, "upcoming": late is not None and late < 0,
            "late_or_today": late is not None and late >= 0, "undated": late is None, "any": late is not None,
        }[filters.due]  # fmt: skip
        portfolio_id = portfolio_of.get((title.contract_id, title.origin))
        return all([
            due, scope.sees(title.company_id),
            filters.days_from is None or (days is not None and days >= filters.days_from),
            filters.days_to is None or (days is not None and days <= filters.days_to),
            filters.amount_from_cents is None or title.balance_cents >= filters.amount_from_cents,
            filters.portfolio_id is None or portfolio_id == (filters.portfolio_id or None),
            filters.phase_id is None or phase_of.get(title.pk) == (filters.phase_id or None),
            not filters.city or title.debtor.city == "São Paulo",
            not filters.search or "Araújo" in title.debtor.name,
        ])  # fmt: skip

    def ids(filters, sort, scope=EVERYTHING):
        rows = [title for title in titles if passes(title, filters, scope)]
        keys = {
            "days": lambda t: (t.due_on or dt.date.min, t.pk), "balance": lambda t: (t.balance_cents, t.pk),
            "name": lambda t: (t.debtor.name_key, t.debtor_id, t.pk),
        }  # fmt: skip
        rows.sort(key=keys[sort.lstrip("-")], reverse=sort in ("days", "-balance", "-name"))
        return [title.pk for title in rows]

    return ids


FILTERS = {
    "late": {}, "due today": {"due": "today"}, "to come": {"due": "upcoming"}, "both": {"due": "late_or_today"},
    "all": {"due": "any"}, "interval": {"days_from": 4, "days_to": 31}, "amount": {"amount_from_cents": 50_000},
    "city": {"city": "sao paulo"}, "name": {"search": "araujo"}, "no portfolio": {"portfolio_id": 0},
}  # fmt: skip


def test_walking_and_gathering_find_the_same_rows_in_the_same_order(town, monkeypatch, expected):
    legal, firm = Portfolio.objects.get(name="Jurídico"), Phase.objects.get()
    chosen = {**FILTERS, "portfolio": {"portfolio_id": legal.pk}, "phase": {"phase_id": firm.pk, "due": "any"}}
    # 0: everything is gathered; 2000: everything is walked; between them a page begins by walking and ends gathering.
    for walk, sorts in (
        (0, worklist.TITLE_SORTS),
        (2000, worklist.TITLE_SORTS),
        (1, ("-days",)),
        (20, ("days", "name")),
    ):
        monkeypatch.setattr(finding, "LONGEST_WALK", walk)
        for sort in sorts:
            for name, values in chosen.items():
                filters = worklist.Filters(**values)
                assert walked(filters, sort) == expected(filters, sort), (name, sort, walk)


def test_titles_without_a_due_date_have_a_list_of_their_own(town):
    assert len(walked(worklist.Filters(due="undated"), "-days")) == 1


def test_a_reader_sees_their_companies_only(town, expected):
    scope = Scope(frozenset({town[0].pk}))
    assert walked(worklist.Filters(due="any"), "-days", scope) == expected(worklist.Filters(due="any"), "-days", scope)
    other = worklist.Filters(due="any", company_id=town[1].pk)
    assert walked(other, "-days", scope) == []
    assert worklist.title_total(filters=other, scope=scope, today=TODAY).count == 0
    assert worklist.case_worklist(filters=worklist.Filters(company_id=town[1].pk), scope=scope, today=TODAY).rows == ()
    foreign = Receivable.objects.filter(company=town[1]).values_list("pk", flat=True)
    assert worklist.title_rows(receivable_ids=list(foreign), scope=scope, today=TODAY) == []


def test_totals_are_exact_below_their_bound_and_say_more_beyond_it(town, monkeypatch, expected):
    filters = worklist.Filters(search="araujo", due="any")
    ids = expected(filters, "-days")
    total = worklist.title_total(filters=filters, scope=EVERYTHING, today=TODAY)
    cents = sum(Receivable.objects.filter(pk__in=ids).values_list("balance_cents", flat=True))
    assert (total.count, total.balance_cents, total.at_least) == (len(ids), cents, False)
    monkeypatch.setattr("quita.cases.queries.worklist.counting.JOINED_BOUND", 2)
    bounded = worklist.title_total(filters=filters, scope=EVERYTHING, today=TODAY)
    assert (bounded.count, bounded.at_least) == (2, True)
    whole = worklist.title_total(filters=filters, scope=EVERYTHING, today=TODAY, exact=True)
    assert (whole.count, whole.at_least) == (len(ids), False)


def test_each_open_case_stands_once_with_all_that_is_late_in_it(town, monkeypatch):
    late = {}
    for title in Receivable.objects.filter(status="open"):
        if (lateness(title) or 0) > 0:
            late.setdefault((title.contract_id, title.origin), []).append(title)
    for walk in (0, 3, 2000):
        monkeypatch.setattr(finding, "LONGEST_WALK", walk)
        rows, after = [], ""
        while True:
            page = worklist.case_worklist(
                filters=worklist.Filters(), after=after, scope=EVERYTHING, today=TODAY, size=4
            )
            rows += page.rows
            after = page.after
            if not after:
                break
        assert len(rows) == len(late) == Case.objects.filter(closed_on=None).count()
        assert [row.days_past_due for row in rows] == sorted((row.days_past_due for row in rows), reverse=True)
        for row in rows:
            case = Case.objects.get(pk=row.id)
            titles = late[case.contract_id, case.origin]
            assert (row.title_count, row.late_cents) == (len(titles), sum(title.balance_cents for title in titles))


def test_the_case_total_counts_what_the_list_shows(town):
    legal = Portfolio.objects.get(name="Jurídico")
    filters = worklist.Filters(portfolio_id=legal.pk)
    page = worklist.case_worklist(filters=filters, scope=EVERYTHING, today=TODAY)
    total = worklist.case_total(filters=filters, scope=EVERYTHING, today=TODAY)
    assert (total.count, total.balance_cents) == (len(page.rows), sum(row.late_cents for row in page.rows))
    assert worklist.case_total(filters=worklist.Filters(), scope=EVERYTHING, today=TODAY).count == Case.objects.count()


def test_a_saved_rule_asks_its_question_of_todays_titles(town):
    rule = {"all": [
        {"field": "title.days_past_due", "op": "between", "value": [1, 40]},
        {"any": [{"field": "debtor.city", "op": "equals", "value": "Olinda"},
                 {"field": "case.titles", "op": "at_least", "value": 2}]},
    ]}  # fmt: skip
    found = walked(worklist.Filters(condition=rule), "-days")
    assert found
    cases = worklist.case_worklist(filters=worklist.Filters(), scope=EVERYTHING, today=TODAY, size=200)
    count_of = {case.id: case.title_count for case in cases.rows}
    for row in worklist.title_rows(receivable_ids=found, scope=EVERYTHING, today=TODAY):
        assert 1 <= row.days_past_due <= 40
        assert row.city == "Olinda" or count_of[row.case_id] >= 2
    assert set(found) == set(walked(worklist.Filters(condition=rule, due="any"), "-days"))


def test_what_stops_a_title_is_shown_and_can_be_asked_for(town):
    rui = scenes.operator("rui", "supervisor")
    by = scenes.by(rui, TODAY)
    page = worklist.title_worklist(filters=worklist.Filters(), scope=EVERYTHING, today=TODAY)
    held, contested, promised = page.rows[0], page.rows[1], page.rows[-1]
    commands.place_holds(receivable_ids=[held.id], reason="Enchente", ends_on=TODAY, **by)
    commands.open_dispute(receivable_id=contested.id, reason="Não é meu", **by)
    commands.make_promise(case_id=promised.case_id, amount_cents=10_000_000, pay_on=TODAY, **by)
    asked = {name: walked(worklist.Filters(**{name: True}), "-days") for name in ("on_hold", "disputed", "promised")}
    assert asked["on_hold"] == [held.id]
    assert asked["disputed"] == [contested.id]
    assert promised.id in asked["promised"]
    free = walked(worklist.Filters(on_hold=False, disputed=False, promised=False), "-days")
    assert not set(free) & {held.id, contested.id, promised.id}
    (row,) = worklist.title_rows(receivable_ids=[promised.id], scope=EVERYTHING, today=TODAY)
    assert row.is_promised
    assert walked(worklist.Filters(on_hold=True), "-days")


def test_searching_by_number_document_and_beginning_of_a_name(town):
    title = Receivable.objects.filter(debtor__name="Bruno Lima").first()
    assert title is not None
    assert title.pk in walked(worklist.Filters(due="any", search=title.number), "-days")
    found = walked(worklist.Filters(due="any", search="529.982.247-21"), "-days")
    assert {row.debtor_name for row in worklist.title_rows(receivable_ids=found, scope=EVERYTHING, today=TODAY)} == {
        "Bruno Lima"
    }
    assert walked(worklist.Filters(due="any", search="br"), "-days") == found
    assert walked(worklist.Filters(due="any", search="100% Lt"), "-days")
    assert walked(worklist.Filters(due="any", search="1_0% Lt"), "-days") == []


def test_a_local_holiday_moves_the_edge_of_lateness_for_its_calendar_alone(town):
    friday, monday = dt.date(2026, 11, 27), dt.date(2026, 11, 30)
    local = parties.create_calendar(
        name="Olinda", uf="PE", ibge_code=scenes.people.OLINDA, by=SYSTEM, when=When.on(TODAY)
    )
    parties.add_holiday(calendar_id=local.pk, day=friday, name="Padroeiro", by=SYSTEM, when=When.on(TODAY))
    general = Calendar.objects.get(name="Pernambuco")
    known = edges.edges(monday)
    assert (known.days_past_due(friday, local.pk), known.days_past_due(friday, general.pk)) == (0, 3)
    assert edges.edges(dt.date(2026, 12, 1)).days_past_due(friday, local.pk) == 4


def test_the_number_of_statements_does_not_grow_with_the_list(town):
    def count(size, **values):
        with CaptureQueriesContext(connection) as captured:
            worklist.title_worklist(filters=worklist.Filters(**values), scope=EVERYTHING, today=TODAY, size=size)
            worklist.case_worklist(filters=worklist.Filters(**values), scope=EVERYTHING, today=TODAY, size=size)
        return len(captured)

    # Three for titles and four for cases; a page that a walk does not fill takes one more.
    assert count(3) <= 8
    assert count(40) <= 8
    assert count(40, search="araujo", portfolio_id=0) <= 9


def test_a_damaged_cursor_is_refused_and_not_a_fault(db):
    huge = "WyIyMDI2LTExLTIzIiw5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ"
    for word in ("x", "W10", "WzEsMl0", "eyJhIjoxfQ", "é", huge):
        with pytest.raises(Refusal) as refused:
            worklist.title_worklist(filters=worklist.Filters(), after=word, scope=EVERYTHING, today=TODAY)
        assert refused.value.code == "cursor_damaged"


def test_an_unknown_order_is_refused(db):
    for read in (worklist.title_worklist, worklist.case_worklist):
        with pytest.raises(Refusal) as refused:
            read(filters=worklist.Filters(), sort="days; drop table", scope=EVERYTHING, today=TODAY)
        assert refused.value.code == "sort_unknown"
