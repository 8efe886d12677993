"""A supervisor sorts the debt into portfolios and sees, before saving, what that changes."""

import datetime as dt

import pytest
from django.db import connection

from quita.cases import commands as cases
from quita.cases.models import Case
from quita.domain.conditions import trees
from quita.domain.refusals import Refusal, Refused
from quita.ladders.commands import debtor_rules, portfolios
from quita.ladders.models import DebtorRule, Portfolio
from quita.ladders.queries import askable, condition_counts, rules_lists
from quita.ladders.tests.scenes import MORNING, TODAY, ago, days_late, portfolio, title
from quita.parties.tests import scenes as town
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.actors import SYSTEM
from quita.platform.audit.models import Entry
from quita.receivables.models import Receivable

pytestmark = pytest.mark.django_db


def codes(caught: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str | None]]:
    """(code, place) of every finding."""
    return {(one.refusal.code, one.field) for one in caught.value.findings}


def case(late: Receivable, where: Portfolio | None, by_hand: bool = False) -> Case:
    """The open case of a title."""
    return Case.objects.create(
        company=late.company, debtor=late.debtor, contract=late.contract, origin=late.origin, opened_on=TODAY,
        portfolio=where, portfolio_by_hand=by_hand,
    )  # fmt: skip


def candidate(condition: dict[str, object], priority: int = 100, **more: object) -> condition_counts.Candidate:
    """A portfolio about to be saved."""
    tree = trees.parse(condition, askable.askable(scope=EVERYTHING))
    return condition_counts.Candidate(None, "Nova", priority, tree, **more)  # type: ignore[arg-type]  # by name


def test_a_portfolio_is_kept_with_its_condition_and_told_to_the_audit() -> None:
    kept = portfolio("  Atraso   longo ", 20, days_late("at_least", 60))
    assert (kept.name, kept.condition) == ("Atraso longo", days_late("at_least", 60))
    changed = portfolio("Atraso longo", 20, days_late("at_least", 90), portfolio_id=kept.pk)
    assert changed.pk == kept.pk
    assert [entry.verb for entry in Entry.objects.filter(subject="portfolio").order_by("id")] == [
        "ladders.portfolio.created",
        "ladders.portfolio.changed",
    ]


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"name": " "}, "portfolio_name_missing", "name"),
        ({"name": "x" * 81}, "portfolio_name_long", "name"),
        ({"name": "todos os outros"}, "portfolio_name_taken", "name"),
        ({"priority": None}, "portfolio_priority_range", "priority"),
        ({"priority": 40_000}, "portfolio_priority_range", "priority"),
        ({"condition": {"all": []}}, "portfolio_takes_everything", "condition."),
        ({"condition": {}}, "condition_malformed", "condition."),
        ({"ladder_id": 99}, "portfolio_ladder_unknown", "ladder_id"),
        ({"is_default": True, "is_active": False}, "portfolio_default_inactive", "is_active"),
    ],
)
def test_what_a_portfolio_must_say(change: dict[str, object], code: str, place: str) -> None:
    portfolio("Todos os outros", 100, {}, is_default=True)
    fields: dict[str, object] = {"name": "Nova", "priority": 10, "condition": days_late("at_least", 1)} | change
    with pytest.raises(Refused) as caught:
        portfolio(**fields)  # type: ignore[arg-type]  # by name
    assert (code, place) in codes(caught)


def test_a_fault_in_the_condition_is_found_at_its_place_in_the_tree() -> None:
    late = {"field": "title.days_past_due", "op": "at_least", "value": 1}
    with pytest.raises(Refused) as caught:
        portfolio("Nova", 10, {"all": [late, {"any": [late, {"field": "debtor.uf", "op": "in", "value": ["XX"]}]}]})
    assert codes(caught) == {("condition_unknown_choice", "condition.1.1")}


def test_the_default_moves_but_never_disappears() -> None:
    old = portfolio("Antiga", 100, {}, is_default=True)
    with pytest.raises(Refused) as caught:
        portfolio("Antiga", 100, days_late("at_least", 1), portfolio_id=old.pk, is_default=False)
    assert codes(caught) == {("portfolio_default_needed", "is_default")}
    with pytest.raises(Refusal, match="Make another portfolio the default first"):
        portfolios.deactivate_portfolio(portfolio_id=old.pk, by=SYSTEM, when=MORNING)
    new = portfolio("Nova", 200, {}, is_default=True)
    old.refresh_from_db()
    assert (old.is_default, new.is_default) == (False, True)
    portfolios.deactivate_portfolio(portfolio_id=old.pk, by=SYSTEM, when=MORNING)


def test_a_portfolio_that_would_leave_people_behind_stays_in_use() -> None:
    kept = portfolio("VIP", 10, days_late("at_least", 1))
    ana = town.debtor()
    rule = {"debtor_id": ana.pk, "portfolio_id": kept.pk, "ladder_id": None, "reason": "Acordo com a diretoria"}
    debtor_rules.set_debtor_rule(**rule, scope=EVERYTHING, by=SYSTEM, when=MORNING)
    with pytest.raises(Refusal, match="1 debtors by a rule"):
        portfolios.deactivate_portfolio(portfolio_id=kept.pk, by=SYSTEM, when=MORNING)
    debtor_rules.release_debtor_rule(debtor_id=ana.pk, reason="Fim", scope=EVERYTHING, by=SYSTEM, when=MORNING)
    by_hand = case(title(town.company(), ana, "1", ago(30)), kept, by_hand=True)
    with pytest.raises(Refusal, match="1 open cases were put"):
        portfolios.deactivate_portfolio(portfolio_id=kept.pk, by=SYSTEM, when=MORNING)
    by_hand.closed_on, by_hand.close_reason = TODAY, "paid"
    by_hand.save()
    portfolios.deactivate_portfolio(portfolio_id=kept.pk, by=SYSTEM, when=MORNING)
    assert not Portfolio.objects.get(pk=kept.pk).is_active


def test_the_order_is_written_with_room_between() -> None:
    first, second = portfolio("A", 10, days_late("at_least", 1)), portfolio("B", 20, days_late("at_least", 1))
    portfolio("Todos", 5, {}, is_default=True)
    portfolios.reorder_portfolios(portfolio_ids=[second.pk, first.pk], by=SYSTEM, when=MORNING)
    assert [row.portfolio.name for row in rules_lists.portfolio_rows(scope=EVERYTHING)] == ["B", "A", "Todos"]
    with pytest.raises(Refusal, match="reload the page"):
        portfolios.reorder_portfolios(portfolio_ids=[second.pk], by=SYSTEM, when=MORNING)


def test_a_rule_of_one_debtor_says_something_and_why() -> None:
    with pytest.raises(Refused) as caught:
        debtor_rules.set_debtor_rule(
            debtor_id=999, portfolio_id=None, ladder_id=None, reason=" ", scope=EVERYTHING, by=SYSTEM, when=MORNING
        )
    assert codes(caught) == {
        ("debtor_rule_debtor_unknown", "debtor_id"),
        ("debtor_rule_empty", "portfolio_id"),
        ("debtor_rule_reason_missing", "reason"),
    }


def test_a_debtor_of_another_company_does_not_exist_for_the_reader() -> None:
    kept, ana = portfolio("VIP", 10, days_late("at_least", 1)), town.debtor()
    mine = town.company()
    scope = Scope(frozenset({mine.pk}))
    rule = {"debtor_id": ana.pk, "portfolio_id": kept.pk, "ladder_id": None, "reason": "Acordo"}
    with pytest.raises(Refused, match="no such debtor"):
        debtor_rules.set_debtor_rule(**rule, scope=scope, by=SYSTEM, when=MORNING)
    debtor_rules.set_debtor_rule(**rule, scope=EVERYTHING, by=SYSTEM, when=MORNING)
    assert list(rules_lists.debtor_rules(scope=scope)) == []
    with pytest.raises(Refusal, match="no rule of its own"):
        debtor_rules.release_debtor_rule(debtor_id=ana.pk, reason="Fim", scope=scope, by=SYSTEM, when=MORNING)
    assert DebtorRule.objects.count() == 1
    title(mine, ana, "1", ago(3))
    assert [one.debtor_id for one in rules_lists.debtor_rules(scope=scope, search="souza")] == [ana.pk]


@pytest.fixture
def three_late() -> list[Receivable]:
    """Ana owes the condominium since 5 and 40 days, Bia a shop since 70; another title is not due yet."""
    condo = town.company()
    shop = town.company("Loja Boa", town.CNPJS[2], company_type="retail", regime="B2C_GENERIC")
    ana, bia = town.debtor(), town.debtor("Bia Lima", town.CPFS[1])
    title(condo, ana, "futuro", ago(-20))
    return [
        title(condo, ana, "A1", ago(5), 10_000),
        title(condo, ana, "A2", ago(40), 20_000, contract="7"),
        title(shop, bia, "B1", ago(70), 40_000),
    ]


def test_the_live_count_shows_how_many_match_and_which(three_late: list[Receivable]) -> None:
    fields = askable.askable(scope=EVERYTHING)
    tree = trees.parse(days_late("at_least", 30), fields)
    found = condition_counts.matches(tree=tree, fields=fields, scope=EVERYTHING, today=TODAY)
    assert (found.count, found.at_least, found.balance_cents) == (2, False, 60_000)
    assert [(one.number, one.debtor_name, one.days_past_due) for one in found.sample or ()] == [
        ("A2", "Ana Souza", 40),
        ("B1", "Bia Lima", 70),
    ]
    only_shop = Scope(frozenset({three_late[2].company_id}))
    assert condition_counts.matches(tree=tree, fields=fields, scope=only_shop, today=TODAY).count == 1


@pytest.mark.parametrize("field", [field.key for field in askable.ASKABLE])
def test_every_field_can_be_counted(field: str, three_late: list[Receivable]) -> None:
    """Whatever people may ask about has its tables in the count."""
    cases.save_phase(name="Amigável", is_automatic=True, from_days=1, by=SYSTEM, when=MORNING)
    fields = askable.askable(scope=EVERYTHING)
    kind = fields[field].type
    values = {"int": 1, "money": 1, "date": "2026-01-01", "text": "a", "choice": ["x"], "id": [1], "flag": True}
    ops = {"int": "at_least", "money": "at_least", "date": "after", "text": "contains", "flag": "is"}
    value = [fields[field].choices[0].value] if fields[field].choices else values[kind]  # type: ignore[index]  # some
    tree = trees.parse({"field": field, "op": ops.get(kind, "in"), "value": value}, fields)
    found = condition_counts.matches(tree=tree, fields=fields, scope=EVERYTHING, today=TODAY)
    assert found.count is not None
    month = candidate(trees.to_json(tree))
    assert condition_counts.moves(candidate=month, fields=fields, scope=EVERYTHING, today=TODAY) == []


def test_a_count_that_takes_too_long_says_so(three_late: list[Receivable]) -> None:
    fields = askable.askable(scope=EVERYTHING)
    slow = trees.EVERYTHING
    with connection.cursor() as cursor:
        # Every title waits: the database itself ends the statement, as it would at a million titles.
        cursor.execute("alter table receivables_receivable rename to slow_titles")
        cursor.execute(
            "create view receivables_receivable as select s.* from slow_titles s,"
            " lateral (select pg_sleep(0.05 + 0 * s.id)) waiting"
        )
    found = condition_counts.matches(tree=slow, fields=fields, scope=EVERYTHING, today=TODAY, limit_ms=60)
    assert found == condition_counts.Matches(None, True, None, None)
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('statement_timeout')")
        assert cursor.fetchone()[0] == "0"


def test_before_saving_one_sees_who_takes_the_matches_first(three_late: list[Receivable]) -> None:
    first = portfolio("Muito antigos", 10, days_late("at_least", 60))
    portfolio("Depois", 500, days_late("at_least", 1))
    fields = askable.askable(scope=EVERYTHING)
    shares = condition_counts.first_takers(
        candidate=candidate(days_late("at_least", 30)), fields=fields, scope=EVERYTHING, today=TODAY
    )
    assert shares == [condition_counts.Share(first.pk, "Muito antigos", 1)]


def test_before_saving_one_sees_which_cases_would_move(three_late: list[Receivable]) -> None:
    everyone = portfolio("Todos", 900, {}, is_default=True)
    for late in three_late:
        case(late, everyone)
    fields = askable.askable(scope=EVERYTHING)
    look = {"fields": fields, "scope": EVERYTHING, "today": TODAY}
    month = candidate(days_late("at_least", 30))
    assert condition_counts.moves(candidate=month, **look) == [condition_counts.Move("Todos", "Nova", 2)]
    # Moved by hand, or with a rule of its own: it stays.
    Case.objects.filter(contract=three_late[1].contract).update(portfolio_by_hand=True)
    debtor_rules.set_debtor_rule(
        debtor_id=three_late[2].debtor_id, portfolio_id=everyone.pk, ladder_id=None, reason="Acordo", scope=EVERYTHING,
        by=SYSTEM, when=MORNING,
    )  # fmt: skip
    assert condition_counts.moves(candidate=month, **look) == []


def test_a_new_order_shows_its_moves_before_it_is_kept(three_late: list[Receivable]) -> None:
    short, long = portfolio("Curto", 10, days_late("at_least", 1)), portfolio("Longo", 20, days_late("at_least", 60))
    for late in three_late:
        case(late, short)
    fields = askable.askable(scope=EVERYTHING)
    moves = condition_counts.moves_in_order(
        portfolio_ids=[long.pk, short.pk], fields=fields, scope=EVERYTHING, today=TODAY
    )
    assert moves == [condition_counts.Move("Curto", "Longo", 1)]


def test_the_builder_suggests_what_is_in_use(three_late: list[Receivable]) -> None:
    Receivable.objects.filter(number="A1").update(document_type="Boleto")
    assert askable.suggestions()["title.document_type"] == ["Boleto"]


def test_a_rule_may_keep_naming_a_company_that_its_reader_does_not_see(three_late: list[Receivable]) -> None:
    condo, shop = three_late[0].company_id, three_late[2].company_id
    rule = {"all": [{"field": "company.id", "op": "in", "value": [condo, shop]}]}
    fields = askable.askable(scope=Scope(frozenset({condo})), condition=rule)
    assert trees.to_json(trees.parse(rule, fields)) == rule
    hidden = fields["company.id"].choice(shop)
    assert hidden is not None
    assert "Loja" not in hidden.label_pt


@pytest.mark.parametrize("count", [1, 4])
def test_counting_costs_the_same_number_of_statements(
    count: int, three_late: list[Receivable], django_assert_max_num_queries: object
) -> None:
    for number in range(count):
        portfolio(f"Carteira {number}", number, days_late("at_least", number + 1))
    fields = askable.askable(scope=EVERYTHING)
    month = candidate(days_late("at_least", 30))
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # one list, one count and its time limit
        condition_counts.first_takers(candidate=month, fields=fields, scope=EVERYTHING, today=TODAY)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        condition_counts.moves(candidate=month, fields=fields, scope=EVERYTHING, today=TODAY)


def test_a_title_on_a_holiday_is_not_late_until_it_can_no_longer_be_paid() -> None:
    """Due on Monday 2 November (Finados): on Tuesday the 3rd it can still be paid."""
    title(town.company(), town.debtor(), "1", dt.date(2026, 11, 2))
    fields = askable.askable(scope=EVERYTHING)
    tree = trees.parse(days_late("at_least", 1), fields)
    assert condition_counts.matches(tree=tree, fields=fields, scope=EVERYTHING, today=TODAY).count == 0
