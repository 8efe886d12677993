"""A creditor must be identifiable, because every message carries who it is."""

import datetime as dt

import pytest

from quita.domain.refusals import Refusal, Refused
from quita.parties import commands, queries
from quita.parties.tests import scenes
from quita.platform.access.scopes import EVERYTHING
from quita.platform.actors import SYSTEM
from quita.platform.audit.models import Entry
from quita.platform.outbox.models import Event

pytestmark = pytest.mark.django_db
BY = {"by": SYSTEM, "when": scenes.MORNING}


def test_a_new_company_has_a_branch_that_follows_its_states_calendar():
    company = scenes.company()
    branch = queries.branches(scope=EVERYTHING, company_id=company.pk).get()
    assert (branch.code, branch.name, branch.calendar.name) == ("1", "Recife", "Pernambuco")


def test_everything_wrong_is_said_at_once():
    commands.ensure_reference_calendars(ufs=("PE",), **BY)
    with pytest.raises(Refused) as refused:
        commands.create_company(
            fields={"legal_name": " ", "tax_id": "123", "address_line": "", "city": "Recife", "uf": "PP", "email": "x"},
            **BY,
        )
    found = {(f.field, f.refusal.code) for f in refused.value.findings}
    assert found == {
        ("legal_name", "company_incomplete"), ("address_line", "company_incomplete"), ("tax_id", "document_length"),
        ("uf", "state_unknown"), ("email", "email_invalid"),
    }  # fmt: skip


def test_two_companies_never_share_a_cnpj():
    scenes.company(tax_id=scenes.CNPJS[1])
    with pytest.raises(Refusal) as refused:
        scenes.company("Outra Ltda", "12.ABC.345/01DE-35")
    assert refused.value.code == "company_exists"


def test_a_change_says_which_fields_changed_and_no_change_says_nothing():
    company = scenes.company()
    commands.update_company(company_id=company.pk, changes={"trade_name": "Aurora", "feed_lease_days": 2}, **BY)
    commands.update_company(company_id=company.pk, changes={"trade_name": " Aurora "}, **BY)
    entries = Entry.objects.filter(verb="parties.company.changed").values_list("params", flat=True)
    assert list(entries) == [{"fields": ["trade_name", "feed_lease_days"]}]


def test_giving_a_branch_another_calendar_tells_whoever_keeps_due_dates():
    company = scenes.company()
    branch = queries.branches(scope=EVERYTHING, company_id=company.pk).get()
    national = queries.calendar_rows()[0]
    keep = {"branch_id": branch.pk, "name": "Matriz", "code": "1", "is_active": True}
    commands.update_branch(**keep, calendar_id=branch.calendar_id, **BY)
    assert not Event.objects.filter(name="parties.BranchCalendarChanged").exists()
    commands.update_branch(**keep, calendar_id=national.calendar_id, **BY)
    assert Event.objects.get(name="parties.BranchCalendarChanged").payload == {"branch_id": branch.pk}


def test_a_user_sees_the_companies_granted_and_no_others(django_user_model):
    one, two = scenes.company(), scenes.company("Provedor", scenes.CNPJS[1])
    carla = django_user_model.objects.create_user("carla")
    assert list(queries.companies(scope=queries.scope_for(carla))) == []
    commands.grant_company_access(user_id=carla.pk, company_ids=[one.pk], **BY)
    assert list(queries.companies(scope=queries.scope_for(carla))) == [one]
    assert queries.company(company_id=two.pk, scope=queries.scope_for(carla)) is None
    commands.grant_company_access(user_id=carla.pk, company_ids=None, **BY)
    carla.refresh_from_db()
    assert list(queries.companies(scope=queries.scope_for(carla))) == [one, two]


def test_access_to_a_company_that_is_not_there_is_refused(django_user_model):
    carla = django_user_model.objects.create_user("carla")
    with pytest.raises(Refusal) as refused:
        commands.grant_company_access(user_id=carla.pk, company_ids=[999], **BY)
    assert refused.value.code == "company_unknown"


def test_a_contract_hangs_on_a_branch_of_its_own_company():
    one, two = scenes.company(), scenes.company("Provedor", scenes.CNPJS[1])
    ana = scenes.debtor()
    foreign = queries.branches(scope=EVERYTHING, company_id=two.pk).get()
    with pytest.raises(Refusal) as refused:
        commands.ensure_contract(company_id=one.pk, debtor_id=ana.pk, branch_id=foreign.pk, **BY)
    assert refused.value.code == "branch_of_other_company"
    blank = commands.ensure_contract(company_id=one.pk, debtor_id=ana.pk, **BY)
    assert commands.ensure_contract(company_id=one.pk, debtor_id=ana.pk, **BY).pk == blank.pk


def test_what_is_known_of_payments_only_grows():
    company = scenes.company()
    friday, monday = dt.date(2026, 3, 6), dt.date(2026, 3, 9)
    assert commands.declare_payments_known(company_ids=[company.pk], until=monday, **BY) == 1
    assert commands.declare_payments_known(company_ids=[company.pk], until=friday, **BY) == 0
    company.refresh_from_db()
    assert company.payments_known_until == monday
    entries = Entry.objects.filter(verb="parties.company.payments_known").values_list("params", flat=True)
    assert list(entries) == [{"until": "2026-03-09"}]
