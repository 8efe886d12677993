"""What lateness costs is published in versions, after the law has been asked; index values carry their day."""

import datetime as dt

import pytest

from quita.domain import charges
from quita.domain.refusals import Refusal, Refused
from quita.parties.tests import scenes as party_scenes
from quita.platform.access.scopes import EVERYTHING
from quita.receivables import commands, index_files, queries
from quita.receivables.commands import folding
from quita.receivables.models import IndexValue
from quita.receivables.tests import scenes

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 3)


def load(series: str, *rows: tuple[str, str, str]) -> None:
    """Index values as (month, percent, published on)."""
    table = "series,month,percent,published_on\n" + "".join(f"{series},{','.join(row)}\n" for row in rows)
    commands.load_index_file(content=table.encode(), source="test", **scenes.on(DAY))


def test_a_fine_above_the_cap_of_a_condominium_is_refused_with_the_law():
    with pytest.raises(Refused) as refused:
        scenes.policy(fine_ppm=100_000)
    finding = refused.value.findings[0]
    assert (finding.field, finding.refusal.code) == ("fine_ppm", "fine_over_cap")
    assert "1.336" in str(finding.refusal)


def test_interest_above_one_per_cent_is_published_with_a_warning():
    made = commands.create_policy(
        name="Convenção antiga", regime="CONDO", terms=scenes.terms(interest_ppm=20_000), **scenes.on(DAY)
    )
    assert [warning.code for warning in made.warnings] == ["interest_needs_review"]


def test_new_terms_hold_for_titles_due_from_their_day_and_leave_older_ones_alone():
    building, ana = scenes.company(), party_scenes.debtor()
    old, new = scenes.title(building, ana), scenes.title(building, ana, due_on=dt.date(2026, 11, 17))
    commands.publish_version(
        policy_id=building.default_policy_id, terms=scenes.terms(fine_ppm=0), valid_from=dt.date(2026, 11, 15),
        **scenes.on(DAY),
    )  # fmt: skip
    worth = queries.payoffs([old.pk, new.pk], dt.date(2026, 11, 25))
    assert [worth[title.pk]["fine_cents"] for title in (old, new)] == [1_000, 0]
    with pytest.raises(Refusal) as refused:
        commands.publish_version(
            policy_id=building.default_policy_id, terms=scenes.terms(), valid_from=dt.date(2026, 11, 15),
            **scenes.on(DAY),
        )  # fmt: skip
    assert refused.value.code == "policy_version_not_after"


def test_the_worth_of_a_title_is_explained_step_by_step():
    building, ana = scenes.company(), party_scenes.debtor()
    title = scenes.title(building, ana)
    detail = queries.payoff_detail(receivable_id=title.pk, as_of=dt.date(2026, 11, 25), scope=EVERYTHING)
    assert detail.payoff.total_cents == 51_250
    assert sum(step.amount_cents or 0 for step in detail.payoff.trace) == 51_250
    sentences = charges.render_all(detail.payoff.trace, "pt-BR")
    assert sentences


def test_a_title_paid_before_an_index_came_out_stays_paid_when_it_does():
    load(
        "IPCA", ("2026-08", "0.50", "2026-09-11"), ("2026-09", "1.00", "2026-10-11"), ("2026-10", "1.00", "2026-11-11")
    )
    ana = party_scenes.debtor()
    building = party_scenes.company(default_policy_id=scenes.policy(index="IPCA"))
    title = scenes.title(building, ana, amount_cents=1_000_000, due_on=dt.date(2026, 9, 8))
    due = queries.payoffs([title.pk], dt.date(2026, 11, 5))[title.pk]
    assert due["correction_cents"] == 10_000
    scenes.pay(building, due["total_cents"], dt.date(2026, 11, 5), title)
    assert scenes.fresh(title).status == "paid"
    later = scenes.on(dt.date(2026, 12, 1))["when"]
    again = folding.refold(receivable_ids=[title.pk], staging_table=None, when=later)
    assert again.changed_count == 0


def test_the_central_banks_files_are_read_as_they_come():
    json = b'[{"data":"01/09/2025","valor":"0.48"},{"data":"01/08/2025","valor":"-0.11"}]'
    csv = '"data";"valor"\n"01/09/2025";"0,48"\n"01/08/2025";"-0,11"\n'.encode("latin-1")
    for content in (json, csv):
        rows = index_files.read(content, "ipca")
        assert [(row.month, row.rate_e8) for row in rows] == [
            (dt.date(2025, 9, 1), 480_000),
            (dt.date(2025, 8, 1), -110_000),
        ]
    assert index_files.rate_e8("0,707500") == 707_500


@pytest.mark.parametrize(
    ("content", "series", "code"),
    [
        (b"", "IPCA", "index_file_unreadable"),
        (b"<html>", "IPCA", "index_file_unreadable"),
        (b'[{"data":"01/09/2025"}]', "IPCA", "index_file_unreadable"),
        (b"data;valor\n01/09/2025;0,48\n", "", "index_series_missing"),
        (b"data;valor\n01/09/2025;0,48\n", "TJLP", "index_series_unknown"),
        (b"data;valor\n31/02/2025;0,48\n", "IPCA", "index_month_invalid"),
        (b"data;valor\n01/09/2025;48000\n", "IPCA", "index_percent_invalid"),
        (b"data;valor\n01/09/2025;abc\n", "IPCA", "index_percent_invalid"),
        (b"data;valor\n01/09/2025;60\n", "IPCA", "index_percent_invalid"),
    ],
)
def test_files_that_are_not_index_values_are_refused(content, series, code):
    with pytest.raises(Refusal) as refused:
        commands.load_index_file(content=content, series=series, source="test", **scenes.on(DAY))
    assert refused.value.code == code
    assert not IndexValue.objects.exists()


def test_loading_twice_changes_nothing_and_a_correction_is_told():
    load("IPCA", ("2026-09", "0.50", ""))
    same = commands.load_index_file(
        content=b"data;valor\n01/09/2026;0,50\n", series="IPCA", source="x", **scenes.on(DAY)
    )
    assert (same.added_count, same.changed_count, same.unchanged_count) == (0, 0, 1)
    other = commands.load_index_file(
        content=b"data;valor\n01/09/2026;0,51\n", series="IPCA", source="x", **scenes.on(DAY)
    )
    assert (other.added_count, other.changed_count, other.unchanged_count) == (0, 1, 0)
    assert IndexValue.objects.get().rate_e8 == 510_000


def test_the_shipped_values_say_what_they_are_and_add_up_to_the_published_years():
    commands.ensure_reference_index_values(**scenes.on(DAY))
    assert commands.ensure_reference_index_values(**scenes.on(DAY)).added_count == 0
    years = {
        ("IPCA", 2023): 4.62,
        ("IPCA", 2024): 4.83,
        ("INPC", 2024): 4.77,
        ("IGPM", 2023): -3.18,
        ("IGPM", 2024): 6.54,
    }
    for (series, year), published in years.items():
        growth = 1.0
        for rate in IndexValue.objects.filter(series=series, month__year=year).values_list("rate_e8", flat=True):
            growth *= 1 + rate / 1e8
        assert round((growth - 1) * 100, 2) == published, (series, year)
    assert set(IndexValue.objects.filter(month__year=2026).values_list("source", flat=True)) == {"demonstration"}
    assert set(IndexValue.objects.filter(series="TAXA_LEGAL").values_list("source", flat=True)) == {"demonstration"}


def test_old_debts_are_prescribed_by_their_own_regime():
    lease = commands.create_policy(
        name="Locação", regime="LEASE", terms=charges.ChargePolicy(), **scenes.on(DAY)
    ).policy
    building, ana = scenes.company(), party_scenes.debtor()
    quota = scenes.title(building, ana, due_on=dt.date(2024, 2, 29))
    rent = scenes.title(building, ana, due_on=dt.date(2024, 2, 29), policy_id=lease.pk)
    undated = scenes.title(building, ana, due_on=None)
    days = queries.last_enforceable_days(receivable_ids=[quota.pk, rent.pk, undated.pk], today=DAY, scope=EVERYTHING)
    assert days == {quota.pk: dt.date(2029, 3, 1), rent.pk: dt.date(2027, 3, 1), undated.pk: None}


def test_the_aging_of_each_company_adds_up():
    building, ana = scenes.company(), party_scenes.debtor()
    for due_on in (dt.date(2026, 11, 20), dt.date(2026, 10, 1), dt.date(2025, 1, 2), None):
        scenes.title(building, ana, due_on=due_on)
    # 20 November 2026 is a holiday: on Monday 23 the title is not yet late.
    table = queries.aging_by_company(scope=EVERYTHING, today=dt.date(2026, 11, 23))
    amounts = {row["bucket"]: row["amount_cents"] for row in table.iter_rows(named=True) if row["amount_cents"]}
    assert amounts == {"not_due": 50_000, "d31_60": 50_000, "over_360": 50_000, "no_due_date": 50_000}
