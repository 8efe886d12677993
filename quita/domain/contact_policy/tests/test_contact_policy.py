"""Stories of the clock and the counter: whom may we write to, when, and how often."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from quita.domain import contact_policy
from quita.domain.contact_policy import HOLIDAY, Cap, CivilHolidays, Contact, Policy, Rule

HOLIDAYS = CivilHolidays({"3550308": [date(2026, 1, 26)]})
MONDAY, HOLIDAY_FRIDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 22)


def rules(channel: str = "voice", uf: str = "", starts: int = 9, ends: int = 18) -> list[Rule]:
    week = [Rule(channel, day, time(starts), time(ends), uf) for day in range(5)]
    return [*week, *(Rule(channel, day, None, None, uf) for day in (5, 6, HOLIDAY))]


def window(
    policy: Policy, uf: str = "SP", phone_uf: str = "", day: date = MONDAY, ibge: str = ""
) -> tuple[str, str] | None:
    found = contact_policy.allowed_window(policy, "voice", uf, phone_uf, day, HOLIDAYS, ibge)
    return (found[0].strftime("%H:%M"), found[1].strftime("%H:%M")) if found else None


def test_working_days_have_a_window_and_the_rest_of_the_week_has_none() -> None:
    policy = Policy(tuple(rules()))
    assert window(policy) == ("09:00", "18:00")
    assert window(policy, day=date(2026, 11, 21)) is None
    assert window(policy, day=SUNDAY) is None


def test_holidays_of_the_nation_the_state_and_the_town_ban_contacts() -> None:
    policy = Policy(tuple(rules()))
    assert window(policy, day=HOLIDAY_FRIDAY) is None
    assert window(policy, uf="SP", day=date(2026, 7, 9)) is None
    assert window(policy, uf="RJ", day=date(2026, 7, 9)) == ("09:00", "18:00")
    assert window(policy, uf="SP", phone_uf="RJ", day=date(2026, 4, 23)) is None, "Saint George keeps the phone's state"
    assert window(policy, day=date(2026, 1, 26), ibge="3550308") is None
    assert window(policy, day=date(2026, 1, 26)) == ("09:00", "18:00")


def test_bank_holidays_are_not_civil_ones() -> None:
    carnival_monday = date(2026, 2, 16)
    assert window(Policy(tuple(rules())), uf="SP", day=carnival_monday) == ("09:00", "18:00")


def test_states_of_address_and_phone_intersect_each_by_its_own_clock() -> None:
    policy = Policy((*rules(starts=8, ends=20), *rules(uf="RJ", starts=9, ends=19)))
    assert window(policy, uf="SP") == ("08:00", "20:00")
    assert window(policy, uf="SP", phone_uf="RJ") == ("09:00", "19:00")
    # Acre is two hours behind Rio: 8–20 at home and 9–19 in Rio meet from 8:00 to 17:00 of Acre's clock.
    assert window(policy, uf="AC", phone_uf="RJ") == ("08:00", "17:00")


def test_the_debtors_clock_decides_not_the_companys() -> None:
    found = contact_policy.allowed_window(Policy(tuple(rules())), "voice", "AM", "", MONDAY, HOLIDAYS)
    assert found is not None
    assert found[0] == datetime(2026, 11, 23, 13, tzinfo=UTC)
    assert found[0].tzinfo == ZoneInfo("America/Manaus")


def test_a_debtor_without_address_is_judged_by_the_phone_alone() -> None:
    policy = Policy((*rules(starts=8, ends=20), *rules(uf="RJ", starts=9, ends=19)))
    assert window(policy, uf="", phone_uf="RJ") == ("09:00", "19:00")


def test_what_is_left_of_today() -> None:
    policy = Policy(tuple(rules()))

    def left(hour: int) -> tuple[datetime, datetime] | None:
        now = datetime(2026, 11, 23, hour, tzinfo=ZoneInfo("America/Sao_Paulo"))
        return contact_policy.first_allowed(policy, "voice", "SP", "", MONDAY, now, HOLIDAYS)

    nine, three, six = (datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (12, 18, 21))
    assert left(6) == (nine, six)
    assert left(15) == (three, six)
    assert left(18) is None, "the end of the window is already too late"


def test_rules_hold_only_while_they_are_in_force() -> None:
    old = Rule("voice", 0, None, None, valid_from=date(2026, 1, 1), valid_until=date(2026, 11, 22))
    policy = Policy((*rules(), old))
    assert window(policy, day=date(2026, 11, 16)) is None
    assert window(policy, day=MONDAY) == ("09:00", "18:00")


def test_a_channel_without_rules_is_free_all_day() -> None:
    assert window(Policy(tuple(rules("sms")))) == ("00:00", "00:00")


def test_the_frame_says_the_same_as_the_single_question() -> None:
    policy = Policy((*rules(starts=8, ends=20), *rules(uf="RJ", starts=9, ends=19)))
    combos = pl.DataFrame(
        {
            "id": [1, 2, 3, 4],
            "channel": ["voice"] * 4,
            "uf": ["RJ", None, "AM", "RJ"],
            "phone_uf": ["", "RJ", "RJ", None],
        }
    )
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    found = contact_policy.windows_frame(policy, combos, MONDAY, now, HOLIDAYS)
    assert found["id"].to_list() == [1, 2, 3, 4]
    for row in found.iter_rows(named=True):
        alone = contact_policy.first_allowed(
            policy, "voice", row["uf"] or "", row["phone_uf"] or "", MONDAY, now, HOLIDAYS
        )
        assert (row["not_before"], row["not_after"]) == alone
    nowhere = contact_policy.windows_frame(policy, combos, SUNDAY, now, HOLIDAYS)
    assert nowhere["not_before"].null_count() == 4


def test_caps_count_the_person_over_all_channels_and_each_channel() -> None:
    policy = Policy(caps=(Cap(window_days=7, at_most=3), Cap("voice", window_days=1, at_most=1), Cap(min_gap_hours=20)))
    caps = contact_policy.caps_in_force(policy, MONDAY)
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    called = [Contact("voice", MONDAY, at)]
    assert contact_policy.reached_cap(caps, "voice", MONDAY, called) == (1, 1)
    assert contact_policy.reached_cap(caps, "email", MONDAY, called) is None
    assert contact_policy.gap_ends_at(caps, "email", called) == at + timedelta(hours=20)
    thrice = [Contact("email", MONDAY - timedelta(days=ago), at) for ago in (1, 3, 6)]
    assert contact_policy.reached_cap(caps, "email", MONDAY, thrice) == (7, 3)
    assert contact_policy.reached_cap(caps, "email", MONDAY + timedelta(days=1), thrice) is None, "the oldest fell out"


def test_the_stricter_of_two_caps_holds() -> None:
    policy = Policy(
        caps=(Cap(window_days=7, at_most=3), Cap(window_days=7, at_most=2), Cap(min_gap_hours=4), Cap(min_gap_hours=20))
    )
    caps = contact_policy.caps_in_force(policy, MONDAY)
    assert caps.counts == {"": ((7, 2),)}
    assert caps.min_gap_hours == 20


clocks = st.integers(0, 22).flatmap(lambda start: st.tuples(st.just(start), st.integers(start + 1, 23)))


@st.composite
def any_rule(draw: st.DrawFn) -> Rule:
    starts, ends = draw(clocks)
    closed = draw(st.booleans()) and draw(st.booleans())
    return Rule(
        "voice", draw(st.integers(0, 7)), None if closed else time(starts), None if closed else time(ends),
        draw(st.sampled_from(["", "SP", "RJ", "AC"])),
    )  # fmt: skip


states = st.sampled_from(["", "SP", "RJ", "AC", "AM"])
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.lists(any_rule(), max_size=8), any_rule(), states, states, days)
def test_one_more_rule_never_adds_a_minute(known: list[Rule], more: Rule, uf: str, phone_uf: str, day: date) -> None:
    before = contact_policy.allowed_window(Policy(tuple(known)), "voice", uf, phone_uf, day, HOLIDAYS)
    after = contact_policy.allowed_window(Policy((*known, more)), "voice", uf, phone_uf, day, HOLIDAYS)
    if after is not None:
        assert before is not None
        assert before[0] <= after[0] < after[1] <= before[1]


@given(st.lists(any_rule(), max_size=8), states, states, days)
def test_knowing_the_phones_state_never_adds_a_minute(known: list[Rule], uf: str, phone_uf: str, day: date) -> None:
    policy = Policy(tuple(known))
    alone = contact_policy.allowed_window(policy, "voice", uf or "SP", "", day, HOLIDAYS)
    both = contact_policy.allowed_window(policy, "voice", uf or "SP", phone_uf, day, HOLIDAYS)
    if both is not None:
        assert alone is not None
        assert alone[0] <= both[0] < both[1] <= alone[1]


caps = st.builds(Cap, channel=st.sampled_from(["", "email"]), window_days=st.integers(1, 30), at_most=st.integers(0, 5))
contacts = st.lists(
    st.integers(0, 31).map(
        lambda ago: Contact("email", MONDAY - timedelta(days=ago), datetime(2026, 11, 1, tzinfo=UTC))
    ),
    max_size=12,
)


@given(st.lists(caps, max_size=4), caps, contacts)
def test_one_more_cap_never_adds_a_contact(known: list[Cap], more: Cap, past: list[Contact]) -> None:
    def free(some: list[Cap]) -> bool:
        in_force = contact_policy.caps_in_force(Policy(caps=tuple(some)), MONDAY)
        return contact_policy.reached_cap(in_force, "email", MONDAY, past) is None

    assert free(known) or not free([*known, more])


@given(st.lists(caps, max_size=4), contacts, contacts)
def test_merging_two_identities_never_raises_the_number_of_contacts(
    known: list[Cap], one: list[Contact], other: list[Contact]
) -> None:
    in_force = contact_policy.caps_in_force(Policy(caps=tuple(known)), MONDAY)
    merged_free = contact_policy.reached_cap(in_force, "email", MONDAY, [*one, *other]) is None
    assert not merged_free or contact_policy.reached_cap(in_force, "email", MONDAY, one) is None
