"""One person is one debtor; an address has its own health; what rules need is kept at hand."""

import pytest

from quita.domain.refusals import Refusal
from quita.parties import commands, queries
from quita.parties.commands.debtors import Reference
from quita.parties.models import ContactPoint, Debtor
from quita.parties.tests import scenes
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.actors import SYSTEM, Actor
from quita.platform.audit.models import Entry
from quita.platform.outbox.models import Event

pytestmark = pytest.mark.django_db
BY = {"by": SYSTEM, "when": scenes.MORNING}


def test_ana_owes_the_condominium_and_the_provider_and_is_still_one_person():
    building = scenes.company()
    provider = scenes.company("Provedor Fibra Norte Ltda", scenes.CNPJS[1], company_type="isp", regime="ISP")
    one, made = commands.find_or_create_debtor(
        name="Ana Souza", tax_id="529.982.247-25", reference=Reference(building.pk, "superlogica", "77"), **BY
    )
    other, made_again = commands.find_or_create_debtor(
        name="ANA SOUZA", tax_id="52998224725", reference=Reference(provider.pk, "ixc", "C-9"), **BY
    )
    assert (made, made_again) == (True, False)
    assert one.pk == other.pk
    record = queries.debtor_record(debtor_id=one.pk, scope=EVERYTHING)
    assert [r.external_id for r in record.references] == ["77", "C-9"]
    seen = queries.debtor_record(debtor_id=one.pk, scope=Scope(frozenset({building.pk})))
    assert [r.external_id for r in seen.references] == ["77"]


def test_a_debtor_known_by_the_source_alone_learns_the_cpf_later():
    company = scenes.company()
    reference = Reference(company.pk, "erp", "1")
    first, _ = commands.find_or_create_debtor(name="Ana", reference=reference, **BY)
    again, made = commands.find_or_create_debtor(name="Ana", tax_id=scenes.CPFS[0], reference=reference, **BY)
    assert (again.pk, made, again.tax_id) == (first.pk, False, scenes.CPFS[0])
    with pytest.raises(Refusal) as refused:
        commands.find_or_create_debtor(name="Ana", tax_id=scenes.CPFS[1], reference=reference, **BY)
    assert refused.value.code == "debtor_identity_conflict"


def test_without_any_identity_a_name_is_not_enough():
    with pytest.raises(Refusal) as refused:
        commands.find_or_create_debtor(name="José da Silva", **BY)
    assert refused.value.code == "debtor_identity_missing"


def test_a_bounce_takes_the_address_away_and_not_the_person():
    ana = scenes.debtor()
    mail = commands.add_contact_point(debtor_id=ana.pk, kind="email", value=" Ana@Correio.EXAMPLE ", **BY)
    assert mail.value == "Ana@correio.example"
    phone = commands.add_contact_point(debtor_id=ana.pk, kind="phone", value="(81) 98765-4321", source="contract", **BY)
    assert phone.value == "+5581987654321"
    second = commands.add_contact_point(debtor_id=ana.pk, kind="email", value="ana.souza@trabalho.example", **BY)
    commands.change_contact_state(contact_point_id=mail.pk, state="bounced", source="delivery", **BY)
    assert reach(ana) == (True, True)
    commands.change_contact_state(contact_point_id=second.pk, state="wrong_person", source="call", **BY)
    commands.change_contact_state(contact_point_id=phone.pk, state="opted_out", source="debtor", **BY)
    assert reach(ana) == (False, False)
    commands.change_contact_state(contact_point_id=mail.pk, state="verified", source="debtor", **BY)
    assert reach(ana) == (True, False)


def reach(debtor: Debtor) -> tuple[bool, bool]:
    debtor.refresh_from_db()
    return debtor.has_email, debtor.has_phone


def test_the_same_address_twice_is_one_address():
    ana = scenes.debtor()
    for value in ("ana@correio.example", "ANA@correio.example"):
        commands.add_contact_point(debtor_id=ana.pk, kind="email", value=value, **BY)
    assert ContactPoint.objects.count() == 1


def test_only_a_person_may_undo_an_opt_out():
    ana = scenes.debtor()
    mail = commands.add_contact_point(
        debtor_id=ana.pk, kind="email", value="ana@correio.example", state="opted_out", **BY
    )
    with pytest.raises(Refusal) as refused:
        commands.change_contact_state(contact_point_id=mail.pk, state="verified", source="delivery", **BY)
    assert refused.value.code == "contact_opted_out"


def test_moving_to_another_town_tells_whoever_keeps_due_dates():
    ana = scenes.debtor(city="Recife", ibge_code=scenes.RECIFE)
    assert (ana.city, ana.uf, ana.ibge_code) == ("Recife", "PE", scenes.RECIFE)
    commands.save_address(debtor_id=ana.pk, fields={"city": "Olinda", "ibge_code": scenes.OLINDA}, **BY)
    ana.refresh_from_db()
    assert ana.city == "Olinda"
    commands.save_address(debtor_id=ana.pk, fields={"city": "Rio Doce, Olinda", "ibge_code": scenes.OLINDA}, **BY)
    moves = Event.objects.filter(name="parties.DebtorsMoved").values_list("payload", flat=True)
    assert list(moves) == [{"debtor_ids": [ana.pk]}] * 2
    record = queries.debtor_record(debtor_id=ana.pk, scope=EVERYTHING)
    assert [a.is_primary for a in record.addresses] == [True, False, False]
    commands.remove_address(address_id=record.addresses[0].pk, **BY)
    ana.refresh_from_db()
    assert ana.city == "Olinda"


def test_people_are_found_by_part_of_a_name_without_accents_by_number_and_by_contract():
    company = scenes.company()
    ana = scenes.debtor("Ana Conceição de Araújo")
    scenes.debtor("Bia Lima", scenes.CPFS[1])
    commands.ensure_contract(company_id=company.pk, debtor_id=ana.pk, number="APTO-302", **BY)
    for search in ("conceicao", "ARAUJO", "529.982.247-25", "APTO-302", "52998"):
        assert [d.name for d in queries.debtors(scope=EVERYTHING, search=search)] == [ana.name], search
    assert [d.name for d in queries.debtors(scope=Scope(frozenset({company.pk})))] == [ana.name]
    assert not queries.debtors(scope=EVERYTHING, search="%")
    assert not queries.debtors(scope=Scope(frozenset({company.pk + 1})), search="ana")


def test_protecting_a_person_needs_a_reason_and_stays_on_the_record():
    ana = scenes.debtor()
    with pytest.raises(Refusal) as refused:
        commands.change_protection(debtor_id=ana.pk, protection="deceased", reason=" ", **BY)
    assert refused.value.code == "protection_reason_missing"
    commands.change_protection(debtor_id=ana.pk, protection="deceased", reason="certidão de óbito", **BY)
    entry = Entry.objects.get(verb="parties.debtor.protection_changed")
    assert entry.params == {"before": "", "after": "deceased", "reason": "certidão de óbito"}


def test_a_cpf_belongs_to_one_debtor_only():
    scenes.debtor()
    bia = scenes.debtor("Bia Lima", scenes.CPFS[1])
    with pytest.raises(Refusal) as refused:
        commands.update_debtor(debtor_id=bia.pk, changes={"tax_id": scenes.CPFS[0]}, **BY)
    assert refused.value.code == "tax_id_taken"


def test_the_record_costs_a_constant_number_of_statements(django_assert_num_queries):
    company = scenes.company()
    ana = scenes.debtor(city="Recife")
    for number in ("1", "2", "3"):
        commands.ensure_contract(company_id=company.pk, debtor_id=ana.pk, number=number, **BY)
    with django_assert_num_queries(5):
        record = queries.debtor_record(debtor_id=ana.pk, scope=EVERYTHING)
        assert [c.branch.name for c in record.contracts] == ["Recife"] * 3


def test_an_operator_acts_under_their_own_name(django_user_model):
    carla = django_user_model.objects.create_user("carla")
    ana, _ = commands.find_or_create_debtor(name="Ana", tax_id=scenes.CPFS[0], by=Actor.of(carla), when=scenes.MORNING)
    assert Entry.objects.get(subject_id=ana.pk).by == carla
