"""Titles come in from a file, come in again unchanged, and come in changed."""

import datetime as dt

import pytest

from quita.imports import mappings
from quita.imports.models import RefusedRow
from quita.imports.tests.conftest import HEADER, MARIA, SPEC, TODAY, csv
from quita.parties.models import Address, Branch, Calendar, ContactPoint, Contract, Debtor, DebtorReference
from quita.platform.audit.models import Entry
from quita.platform.outbox.models import Event
from quita.receivables.models import Receivable

BY_REFERENCE = mappings.replaced(SPEC, columns={**SPEC.columns, "debtor_ref": "cliente"})
REF_HEADER = HEADER + ";cliente"


def numbers(file):
    return {key: file.counts.get(key, 0) for key in ("created", "changed", "unchanged", "refused")}


def codes(file):
    return list(
        RefusedRow.objects.filter(file=file).order_by("row_number", "id").values_list("row_number", "field", "code")
    )


def test_a_row_becomes_a_title_with_its_debtor_and_contacts(bring, company):
    file = bring(csv(MARIA))
    title = Receivable.objects.select_related("debtor", "contract", "calendar").get()
    assert numbers(file) == {"created": 1, "changed": 0, "unchanged": 0, "refused": 0}
    assert (title.company, title.source, title.external_id, title.number) == (company, "erp", "1", "0001/1")
    assert (title.original_cents, title.balance_cents, title.status) == (123456, 123456, "open")
    assert title.due_on == dt.date(2025, 5, 10)
    assert (title.debtor.name, title.debtor.tax_id, title.debtor.kind) == (
        "Maria da Conceição",
        "52998224725",
        "person",
    )
    assert (title.debtor.has_email, title.debtor.has_phone) == (True, True)
    assert title.contract.number == "" and title.calendar.name == "Pernambuco"
    points = dict(ContactPoint.objects.values_list("kind", "value"))
    assert points == {"email": "maria@exemplo.example", "phone": "+5581987654321"}


def test_the_same_file_twice_changes_nothing(bring):
    bring(csv(MARIA))
    before = list(Receivable.objects.values()), list(Debtor.objects.values()), Event.objects.count()
    again = bring(csv(MARIA), when=TODAY.__class__.on(dt.date(2025, 6, 11)))
    assert numbers(again) == {"created": 0, "changed": 0, "unchanged": 1, "refused": 0}
    assert before == (list(Receivable.objects.values()), list(Debtor.objects.values()), Event.objects.count())


def test_a_changed_amount_and_due_date_update_the_title_and_are_audited(bring):
    bring(csv(MARIA))
    changed = bring(csv(MARIA.replace("1.234,56", "1.300,00").replace("10/05/2025", "12/05/2025")))
    title = Receivable.objects.get()
    assert numbers(changed) == {"created": 0, "changed": 1, "unchanged": 0, "refused": 0}
    assert (title.original_cents, title.balance_cents, title.due_on) == (130000, 130000, dt.date(2025, 5, 12))
    entry = Entry.objects.get(verb="receivables.title.changed")
    assert entry.params == {"original_cents": [123456, 130000], "due_on": ["2025-05-10", "2025-05-12"]}
    assert entry.subject_id == title.pk


def test_what_people_corrected_by_hand_survives_an_unchanged_row(bring):
    bring(csv(MARIA))
    Debtor.objects.update(name="Maria da Conceição Lima")
    bring(csv(MARIA))
    assert Debtor.objects.get().name == "Maria da Conceição Lima"


def test_one_person_is_one_debtor_across_rows(bring):
    file = bring(csv(MARIA, MARIA.replace("1;0001/1", "2;0001/2"), MARIA.replace("1;0001/1", "3;0001/3")))
    assert file.counts["created"] == 3 and file.counts["debtors_created"] == 1
    assert Debtor.objects.count() == Contract.objects.count() == 1
    assert ContactPoint.objects.count() == 2


def test_an_address_that_opted_out_stays_so_when_the_file_brings_it_again(bring):
    bring(csv(MARIA))
    ContactPoint.objects.filter(kind="email").update(state="opted_out")
    bring(csv(MARIA.replace("1.234,56", "9,99").replace("maria@", "Maria@")))
    assert ContactPoint.objects.get(kind="email").state == "opted_out"
    assert Debtor.objects.get().has_email is False


def test_a_debtor_known_by_its_reference_learns_its_cpf(bring):
    bring(csv("1;1;João;;10/05/2025;10,00;;;C7", header=REF_HEADER), BY_REFERENCE)
    assert Debtor.objects.get().tax_id is None
    bring(csv("2;2;João;529.982.247-25;10/06/2025;10,00;;;C7", header=REF_HEADER), BY_REFERENCE)
    assert Debtor.objects.get().tax_id == "52998224725"
    assert DebtorReference.objects.get().external_id == "C7"


def test_a_reference_with_two_cpfs_in_one_file_is_refused_for_the_later_row(bring):
    file = bring(
        csv(
            "1;1;João;529.982.247-25;10/05/2025;10,00;;;C7",
            "2;2;João;012.345.678-90;10/05/2025;10,00;;;C7",
            header=REF_HEADER,
        ),
        BY_REFERENCE,
    )
    assert codes(file) == [(3, "debtor_tax_id", "debtor_conflict_in_file")]
    assert Receivable.objects.get().external_id == "1"


def test_a_reference_that_stands_for_somebody_else_is_refused(bring):
    bring(csv("1;1;João;529.982.247-25;10/05/2025;10,00;;;C7", header=REF_HEADER), BY_REFERENCE)
    file = bring(csv("2;2;Ana;012.345.678-90;10/05/2025;10,00;;;C7", header=REF_HEADER), BY_REFERENCE)
    assert codes(file) == [(2, "debtor_tax_id", "debtor_identity_conflict")]
    assert Debtor.objects.count() == 1


def test_two_references_of_one_new_person_give_one_debtor(bring):
    file = bring(
        csv("1;1;João;529.982.247-25;10/05/2025;10,00;;;C7", "2;2;João;529.982.247-25;10/05/2025;10,00;;;C8",
            "3;3;João;;10/05/2025;10,00;;;C8", header=REF_HEADER),
        BY_REFERENCE,
    )  # fmt: skip
    assert file.counts["created"] == 3
    assert Debtor.objects.count() == 1 and DebtorReference.objects.count() == 2


def test_an_id_that_now_belongs_to_somebody_else_is_refused(bring):
    bring(csv(MARIA))
    file = bring(csv(MARIA.replace("529.982.247-25", "012.345.678-90").replace("Maria da Conceição", "Ana")))
    assert codes(file) == [(2, "external_id", "title_debtor_changed")]
    assert Debtor.objects.get().name == "Maria da Conceição"


def test_ids_that_occur_twice_are_all_refused(bring):
    file = bring(csv(MARIA, MARIA.replace("1.234,56", "99,00"), MARIA.replace("1;0001/1", "2;0001/2")))
    assert [(row, code) for row, _, code in codes(file)] == [(2, "duplicate_in_file"), (3, "duplicate_in_file")]
    assert Receivable.objects.get().external_id == "2"


def test_the_payer_s_own_municipality_gives_the_calendar(bring):
    town = Calendar.objects.create(name="Olinda", uf="PE", ibge_code="2609600")
    spec = mappings.replaced(
        SPEC, columns={**SPEC.columns, "city": "cidade", "uf": "uf", "ibge_code": "ibge", "postal_code": "cep"}
    )
    bring(csv(MARIA + ";Olinda;pe;2609600;53020-140", header=HEADER + ";cidade;uf;ibge;cep"), spec)
    assert Receivable.objects.get().calendar == town
    address = Address.objects.get()
    assert (address.city, address.uf, address.postal_code, address.is_primary) == ("Olinda", "PE", "53020140", True)
    assert Debtor.objects.get().ibge_code == "2609600"


def test_a_contract_is_kept_with_its_unit_and_follows_the_file(bring):
    spec = mappings.replaced(
        SPEC, columns={**SPEC.columns, "contract_number": "contrato", "contract_unit": "unidade"},
        constants={"contract_kind": "condominium_unit"},
    )  # fmt: skip
    header = HEADER + ";contrato;unidade"
    bring(csv(MARIA + ";C-1;Bloco A 101", header=header), spec)
    bring(csv(MARIA.replace("1,234", "1.235") + ";C-1;Bloco A 102", header=header), spec)
    contract = Contract.objects.get()
    assert (contract.number, contract.unit, contract.kind) == ("C-1", "Bloco A 102", "condominium_unit")


def test_with_several_branches_the_row_must_say_which(bring, company):
    Branch.objects.create(company=company, code="02", name="Filial", calendar=Calendar.objects.get())
    assert codes(bring(csv(MARIA))) == [(2, "branch_code", "branch_missing")]
    spec = mappings.replaced(SPEC, columns={**SPEC.columns, "branch_code": "filial"})
    file = bring(csv(MARIA + ";02", MARIA.replace("1;0001/1", "2;0001/2") + ";99", header=HEADER + ";filial"), spec)
    assert codes(file) == [(3, "branch_code", "branch_unknown")]
    assert Receivable.objects.get().branch.code == "02"


def test_a_company_that_is_not_registered_is_refused_by_row(bring, company):
    spec = mappings.replaced(SPEC, columns={**SPEC.columns, "company_tax_id": "cnpj"})
    file = bring(
        csv(
            MARIA + ";11.222.333/0001-81", MARIA.replace("1;0", "2;0") + ";00.000.000/0001-91", header=HEADER + ";cnpj"
        ),
        spec,
    )
    assert codes(file) == [(3, "company_tax_id", "company_unknown")]
    assert Receivable.objects.get().company == company


def test_bad_contacts_refuse_the_row_unless_the_mapping_says_to_leave_them_out(bring):
    row = MARIA.replace("maria@exemplo.example", "nao tem")
    assert codes(bring(csv(row))) == [(2, "emails", "email_invalid")]
    file = bring(csv(row), mappings.replaced(SPEC, contacts="leave_out"))
    assert file.counts["created"] == 1 and file.counts["contacts_left_out"] == 2
    assert Debtor.objects.get().has_email is False


def test_several_addresses_and_phones_in_one_cell(bring):
    row = MARIA.replace("maria@exemplo.example", "a@x.example, b@x.example").replace(
        "(81) 98765-4321", "81 98765-4321 / 8133334444"
    )
    bring(csv(row))
    assert list(ContactPoint.objects.order_by("kind", "preference").values_list("value", flat=True)) == [
        "a@x.example", "b@x.example", "+5581987654321", "+558133334444",
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_news_of_the_titles_goes_into_the_outbox(bring, rows):
    bring(csv(*(MARIA.replace("1;0001/1", f"{n};0001/{n}") for n in range(rows))))
    event = Event.objects.get(name="receivables.TitlesChanged")
    assert event.payload == {"receivable_ids": list(Receivable.objects.order_by("id").values_list("id", flat=True))}
