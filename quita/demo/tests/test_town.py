"""The town is the same town every time, and everything in it could be true."""

import datetime as dt
import zlib

import polars as pl
import pytest

from quita.demo import chance, debts, town
from quita.domain import documents
from quita.parties.models import ContactPoint, Debtor
from quita.receivables import checks
from quita.receivables.models import Credit, Payment, Receivable

TODAY = dt.date(2026, 11, 23)
SIZE = 400


def test_the_same_seed_makes_the_same_people_and_debts_and_another_seed_others():
    one, again, other = (town.fingerprint(*debts.frames(SIZE, TODAY, seed)) for seed in (42, 42, 43))
    assert one == again
    assert one != other


def test_chance_is_the_published_splitmix_and_not_a_librarys():
    word = 1 << 64

    def by_hand(row: int) -> int:
        start = (43 * 0x9E3779B97F4A7C15 + zlib.crc32(b"habit") * 0xD1342543DE82EF95) % word
        z = (row * 0x9E3779B97F4A7C15 + start) % word
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % word
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % word
        return z ^ (z >> 31)

    assert chance.draw(pl.Series([0, 1, 10**6]), "habit", 42).to_list() == [by_hand(row) for row in (0, 1, 10**6)]


def test_documents_are_valid_unique_and_some_have_letters():
    people, _ = debts.frames(9_000, TODAY, 42)
    checked = documents.check_column(people["debtor_tax_id"])
    assert checked["kind"].null_count() == 0
    assert people["debtor_tax_id"].n_unique() == people.height
    assert people.filter(people["debtor_tax_id"].str.contains("[A-Z]")).height > 5
    assert set(people["emails"].str.split("@").list.last().unique()) <= {
        "", "correio.example", "postal.example", "caixa-postal.example",
    }  # fmt: skip


@pytest.mark.django_db
def test_building_it_twice_adds_nothing_and_its_numbers_follow_from_the_facts():
    built = town.build(seed=42, today=TODAY, size=SIZE)
    counts = [model.objects.count() for model in (Debtor, Receivable, Payment)]
    assert counts[1] == built.title_count == SIZE + 21
    assert town.build(seed=42, today=TODAY, size=SIZE).fingerprint == built.fingerprint
    assert [model.objects.count() for model in (Debtor, Receivable, Payment)] == counts
    assert checks.check(today=TODAY) == []
    late = Receivable.objects.filter(status="open", due_on__lt=TODAY).count()
    assert SIZE // 20 < late < SIZE // 2
    assert Credit.objects.exists()
    assert Debtor.objects.filter(protection="deceased").count() == 1
    assert set(ContactPoint.objects.values_list("state", flat=True)) == {
        "unverified", "bounced", "opted_out", "wrong_person",
    }  # fmt: skip
