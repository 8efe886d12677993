"""Charge policies and index values on the screen: the law answers while the terms are typed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quita.domain import charges
from quita.parties import commands as parties
from quita.parties.tests import scenes as party_scenes
from quita.receivables.models import ChargePolicy, ChargePolicyVersion, IndexValue
from quita.receivables.tests import scenes

pytestmark = pytest.mark.django_db
TERMS = {
    "regime": "CONDO", "fine_kind": "PERCENT", "fine_ppm": "2", "fine_base": "PRINCIPAL",
    "interest_kind": "SIMPLE_MONTHLY",
    "interest_ppm": "1", "interest_basis": "D30", "interest_base": "PRINCIPAL", "interest_start": "ORIGINAL_DUE",
    "index": "", "index_prorata": "NONE", "index_lag": "IGNORE_UNPUBLISHED", "grace_days": "0",
    "shortfall": "WAIVE_UNDER_TOLERANCE", "write_off_tolerance_cents": "1,00",
}  # fmt: skip


@pytest.fixture
def sign_in(client, django_user_model):
    def enter(role: str = "administrator"):
        user = django_user_model.objects.create_user(role, role=role, language="pt-br", sees_all_companies=True)
        client.force_login(user)
        return client

    return enter


def test_an_administrator_publishes_a_policy_and_then_a_version(sign_in):
    client = sign_in()
    assert client.get(reverse("receivables:create_policy")).status_code == 200
    answer = client.post(reverse("receivables:create_policy"), TERMS | {"name": "Convenção 2026"})
    policy = ChargePolicy.objects.get()
    assert answer.headers["Location"] == reverse("receivables:policy", args=[policy.pk])
    terms = charges.ChargePolicy.from_facts(ChargePolicyVersion.objects.get().terms)
    assert (terms.fine_ppm, terms.interest_ppm, terms.write_off_tolerance_cents) == (20_000, 10_000, 100)
    answer = client.post(answer.headers["Location"], TERMS | {"fine_ppm": "1,5", "valid_from": "2027-01-01"})
    assert answer.status_code == 302
    assert ChargePolicyVersion.objects.count() == 2
    page = client.get(reverse("receivables:policy", args=[policy.pk])).content.decode()
    assert "01/01/2027" in page


def test_a_fine_above_the_cap_is_refused_beside_its_field(sign_in):
    client = sign_in()
    answer = client.post(reverse("receivables:create_policy"), TERMS | {"name": "Alta", "fine_ppm": "10"})
    assert (answer.status_code, "id_fine_ppm-errors" in answer.content.decode()) == (422, True)
    assert not ChargePolicy.objects.exists()


def test_the_sample_shows_what_the_terms_cost_and_what_the_law_says(sign_in):
    parties.ensure_reference_calendars(ufs=("PE",), by=party_scenes.SYSTEM, when=party_scenes.MORNING)
    client = sign_in()
    page = client.post(reverse("receivables:policy_sample"), TERMS).content.decode()
    # 90 days late: fine 10,00, interest 15,00.
    for amount in ("500,00", "510,17", "511,67", "515,00", "525,00"):
        assert amount in page
    assert "1.336" in client.post(reverse("receivables:policy_sample"), TERMS | {"fine_ppm": "10"}).content.decode()
    missing = client.post(reverse("receivables:policy_sample"), TERMS | {"index": "IPCA"}).content.decode()
    assert "callout warning" in missing
    assert client.post(reverse("receivables:policy_sample"), {"fine_ppm": "x"}).status_code == 200


def test_a_file_of_the_central_bank_goes_in_and_a_broken_one_changes_nothing(sign_in):
    client = sign_in()
    file = SimpleUploadedFile("ipca.json", b'[{"data":"01/09/2025","valor":"0.48"}]')
    url = reverse("receivables:load_index_values")
    assert client.post(url, {"file": file, "series": "IPCA", "source": "BCB/SGS"}).status_code == 302
    assert IndexValue.objects.get().rate_e8 == 480_000
    assert "0,48%" in client.get(reverse("receivables:index_values")).content.decode()
    bad = SimpleUploadedFile("ipca.csv", b"data;valor\n01/10/2025;0,10\n01/11/2025;muito\n")
    answer = client.post(url, {"file": bad, "series": "IPCA", "source": "BCB/SGS"})
    assert (answer.status_code, "id_file-errors" in answer.content.decode()) == (422, True)
    assert IndexValue.objects.count() == 1


def test_only_administrators_publish_terms_and_load_indexes(sign_in):
    policy_id = scenes.policy()
    client = sign_in("supervisor")
    assert client.get(reverse("receivables:policy", args=[policy_id])).status_code == 200
    for name, args in (("create_policy", []), ("load_index_values", []), ("rename_policy", [policy_id])):
        assert client.get(reverse(f"receivables:{name}", args=args)).status_code == 403
    answer = client.post(reverse("receivables:policy", args=[policy_id]), TERMS | {"valid_from": "2027-01-01"})
    assert answer.status_code == 403
    assert ChargePolicyVersion.objects.count() == 1


def test_a_policy_out_of_use_stays_with_its_titles(sign_in):
    policy_id = scenes.policy()
    client = sign_in()
    answer = client.post(reverse("receivables:rename_policy", args=[policy_id]), {"name": "Antiga"})
    assert answer.status_code == 302
    assert ChargePolicy.objects.values_list("name", "is_active").get() == ("Antiga", False)
    assert client.get(reverse("receivables:policy", args=[10**6])).status_code == 404
