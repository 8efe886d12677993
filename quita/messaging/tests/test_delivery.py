"""Letters leave, or end with a reason: what a collections manager expects of a morning's delivery."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from quita.cases.models import Dispute, Hold, Promise
from quita.domain.refusals import Refusal
from quita.messaging import commands, reasons
from quita.messaging.models import Message, SentFacts
from quita.messaging.tests.scenes import DUE, MORNING, TUESDAY, Post, Town
from quita.parties import commands as parties
from quita.parties.models import Company
from quita.parties.tests import scenes as places
from quita.platform.access.scopes import EVERYTHING
from quita.platform.actors import SYSTEM, When
from quita.platform.outbox.models import Event
from quita.receivables import commands as receivables

pytestmark = pytest.mark.django_db


def ending(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reason


def pay(title_id: int, cents: int, company_id: int, on: dt.date = TUESDAY) -> None:
    payment = receivables.NewPayment(f"pay-{title_id}-{cents}", cents, on, receivable_id=title_id)
    receivables.record_payment(company_id=company_id, payment=payment, source="test", by=SYSTEM, when=MORNING)


def test_a_letter_leaves_and_says_what_is_owed(town: Town, post: Post) -> None:
    message = town.letter("Ana Souza")
    tally = post.deliver()
    assert dict(tally.counts) == {"sent": 1}
    assert ending(message) == ("sent", "")
    mail, text, html = post.newest()
    assert mail["From"] == "Condomínio Edifício Aurora <financeiro@aurora.example>"
    assert mail["Subject"] == "Lembrete de pagamento"
    assert mail["Reply-To"] == "financeiro@aurora.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    for part in (text, html):
        assert "Olá, Ana," in part
        assert "R$ 500,00" in part
        assert "14 dias de atraso" in part
        assert "11.222.333/0001-81" in part
        assert "Rua da Aurora, 325" in part
        assert "SAIR" in part
    assert "Souza" not in text, "the full name waits until the address is known to be hers"
    assert SentFacts.objects.get(message=message).subject == "Lembrete de pagamento"


def test_a_verified_address_may_be_addressed_by_full_name(town: Town, post: Post) -> None:
    town.version.body = town.version.body.replace("debtor.first_name", "debtor.name")
    version = commands.save_template_version(
        template_id=town.version.template_id,
        subject=town.version.subject,
        body=town.version.body,
        by=SYSTEM,
        when=MORNING,
    )
    town.person("Ana Souza")
    parties.change_contact_state(
        contact_point_id=town.point("Ana Souza").pk, state="verified", source="call", by=SYSTEM, when=MORNING
    )
    town.letter("Ana Souza", template_version=version)
    post.deliver()
    assert "Olá, Ana Souza," in post.newest()[1]


def test_nobody_who_has_paid_is_asked_again(town: Town, post: Post) -> None:
    title = town.title("Ana Souza")
    message = town.letter("Ana Souza", title)
    pay(title.pk, 60_000, town.company_id)
    post.deliver()
    assert ending(message) == ("withdrawn", reasons.PAID)
    assert post.received() == []


def test_a_payment_withdraws_what_waits_at_once_unless_something_is_still_open(town: Town) -> None:
    first, second = town.title("Ana Souza"), town.title("Ana Souza")
    alone = town.letter("Ana Souza", first)
    both = town.letter("Ana Souza", second, first)
    pay(first.pk, 60_000, town.company_id)
    assert commands.withdraw_for_closed_titles(receivable_ids=[first.pk], at=MORNING.at) == 1
    assert ending(alone) == ("withdrawn", reasons.PAID)
    assert ending(both) == ("queued", "")


def test_a_partly_paid_title_is_asked_for_with_what_is_left(town: Town, post: Post) -> None:
    title = town.title("Ana Souza")
    message = town.letter("Ana Souza", title)
    pay(title.pk, 20_000, town.company_id, on=DUE)
    post.deliver()
    kept = SentFacts.objects.get(message=message).facts["titles"][0]
    assert (kept["original_cents"], kept["paid_cents"], kept["balance_cents"]) == (50_000, 20_000, 30_000)
    assert kept["updated_cents"] == sum(kept[f"{part}_cents"] for part in ("balance", "correction", "fine", "interest"))


def test_a_title_paid_meanwhile_drops_out_of_the_letter(town: Town, post: Post) -> None:
    lead, other = town.title("Ana Souza", cents=11_100), town.title("Ana Souza", cents=22_200)
    message = town.letter("Ana Souza", lead, other)
    pay(other.pk, 99_900, town.company_id)
    post.deliver()
    assert [title["receivable_id"] for title in SentFacts.objects.get(message=message).facts["titles"]] == [lead.pk]


def test_when_the_title_that_chose_the_text_is_gone_the_next_run_decides_anew(town: Town, post: Post) -> None:
    lead, other = town.title("Ana Souza"), town.title("Ana Souza")
    message = town.letter("Ana Souza", lead, other)
    pay(lead.pk, 60_000, town.company_id)
    post.deliver()
    assert ending(message) == ("withdrawn", reasons.LEAD_CHANGED)
    released = Event.objects.get(name="messaging.MessagesReleased")
    assert released.payload == {"message_ids": [message.pk]}
    again = town.letter("Ana Souza", lead, other)
    assert again.pk != message.pk, "a released message gives its natural key free"


def test_promises_disputes_and_holds_are_respected_at_the_last_moment(town: Town, post: Post) -> None:
    titles = {name: town.title(name) for name in ("Ana Souza", "Bruno Lima", "Caio Melo", "Davi Reis")}
    letters = {name: town.letter(name, title) for name, title in titles.items()}
    debtor = {name: town.people[name] for name in titles}
    Promise.objects.create(
        company_id=town.company_id, debtor=debtor["Ana Souza"], amount_cents=50_000, promised_on=TUESDAY,
        pay_on=dt.date(2026, 11, 30), at=MORNING.at,
    )  # fmt: skip
    Dispute.objects.create(
        receivable=titles["Bruno Lima"], reason="não recebeu", opened_on=TUESDAY, opened_at=MORNING.at
    )
    Hold.objects.create(
        debtor=debtor["Caio Melo"], reason="em negociação", starts_on=TUESDAY, ends_on=TUESDAY, at=MORNING.at
    )
    parties.change_protection(
        debtor_id=debtor["Davi Reis"].pk, protection="deceased", reason="certidão", by=SYSTEM, when=MORNING
    )
    post.deliver()
    assert {name: ending(letter)[1] for name, letter in letters.items()} == {
        "Ana Souza": reasons.PROMISE_OPEN,
        "Bruno Lima": reasons.DISPUTED,
        "Caio Melo": reasons.ON_HOLD,
        "Davi Reis": reasons.PROTECTED_PERSON,
    }
    assert post.received() == []


def test_a_dispute_of_one_title_leaves_the_others(town: Town, post: Post) -> None:
    lead, disputed = town.title("Ana Souza"), town.title("Ana Souza")
    message = town.letter("Ana Souza", lead, disputed)
    Dispute.objects.create(receivable=disputed, reason="valor", opened_on=TUESDAY, opened_at=MORNING.at)
    post.deliver()
    assert [title["receivable_id"] for title in SentFacts.objects.get(message=message).facts["titles"]] == [lead.pk]


@pytest.mark.parametrize("state", ["bounced", "opted_out", "wrong_person"])
def test_an_address_that_must_not_be_used_is_not_used(town: Town, post: Post, state: str) -> None:
    message = town.letter("Ana Souza")
    parties.change_contact_state(
        contact_point_id=town.point("Ana Souza").pk, state=state, source="debtor", by=SYSTEM, when=MORNING
    )
    post.deliver()
    assert ending(message) == ("withdrawn", reasons.CONTACT_UNUSABLE)


def test_a_moved_due_date_stops_the_old_step(town: Town, post: Post) -> None:
    title = town.title("Ana Souza")
    message = town.letter("Ana Souza", title)
    receivables.change_terms(
        receivable_id=title.pk,
        due_on=dt.date(2026, 12, 10),
        amount_cents=50_000,
        reason="prorrogado",
        by=SYSTEM,
        when=MORNING,
    )
    post.deliver()
    assert ending(message) == ("withdrawn", reasons.DUE_DATE_CHANGED)


def test_payment_data_older_than_its_lease_stops_the_company(town: Town, post: Post) -> None:
    message = town.letter("Ana Souza")
    Company.objects.update(feed_lease_days=1, payments_known_until=dt.date(2026, 11, 19))
    post.deliver()
    # Thursday to Tuesday: Friday 20 November is a holiday, so two business days have passed.
    assert ending(message) == ("withdrawn", reasons.STALE_FEED)
    Company.objects.update(payments_known_until=dt.date(2026, 11, 23))
    fresh = town.letter("Bruno Lima")
    post.deliver()
    assert ending(fresh) == ("sent", "")


def test_a_prescribed_debt_is_never_asked_for(town: Town, post: Post) -> None:
    old = dt.date(2021, 11, 22)
    message = town.letter("Ana Souza", town.title("Ana Souza", due_on=old))
    post.deliver()
    assert ending(message) == ("withdrawn", reasons.PRESCRIBED)


def test_yesterdays_letter_is_not_sent_today(town: Town, post: Post) -> None:
    message = town.letter("Ana Souza", when=When.on(dt.date(2026, 11, 23), 15))
    post.deliver()
    assert ending(message) == ("withdrawn", reasons.OUTDATED)


def test_letters_wait_for_the_allowed_hour_and_never_leave_on_a_sunday(town: Town, post: Post) -> None:
    early = When.on(TUESDAY, 5)
    message = town.letter("Ana Souza", when=early)
    post.deliver(early)
    assert ending(message) == ("queued", "")
    assert message.next_attempt_at == When.on(TUESDAY, 7).at
    assert message.attempts == 0, "waiting is not an attempt"
    sunday = When.on(dt.date(2026, 11, 22), 10)
    other = town.letter("Bruno Lima", when=sunday)
    post.deliver(sunday)
    assert ending(other) == ("withdrawn", reasons.DAY_NOT_ALLOWED)


def test_caps_count_the_person_over_all_companies(town: Town, post: Post) -> None:
    second = places.company("Provedor Veloz", places.CNPJS[1])
    mine, theirs = town.title("Ana Souza"), town.title("Ana Souza", company_id=second.pk)
    first = town.letter("Ana Souza", mine)
    other = town.letter("Ana Souza", theirs)
    post.deliver()
    assert ending(first) == ("sent", "")
    assert ending(other) == ("withdrawn", reasons.CAP_REACHED)
    assert other.detail == "1/1"


def test_twenty_hours_lie_between_two_letters(town: Town, post: Post) -> None:
    late = When.on(dt.date(2026, 11, 23), 18)
    town.letter("Ana Souza", when=late)
    post.deliver(late)
    next_day = town.letter("Ana Souza", lead_step_key=2, not_after=When.on(TUESDAY, 20).at)
    post.deliver(MORNING)
    assert ending(next_day) == ("queued", "")
    assert next_day.next_attempt_at == late.at + dt.timedelta(hours=20)
    post.deliver(When.on(TUESDAY, 15))
    assert ending(next_day) == ("sent", "")


def test_an_unknown_mailbox_bounces_and_sticks_to_the_address(town: Town, post: Post) -> None:
    town.person("Bounce Silva", email="bounce@exemplo.example")
    message = town.letter("Bounce Silva")
    post.deliver()
    assert ending(message) == ("failed", reasons.RECIPIENT_REFUSED)
    assert message.detail.startswith("550 5.1.1")
    assert town.point("Bounce Silva").state == "bounced"


def test_without_a_server_letters_wait_and_no_attempt_is_counted(town: Town, post: Post) -> None:
    message = town.letter("Ana Souza")
    post.mail.stop()
    tally = post.deliver()
    assert tally.line_down
    assert ending(message) == ("queued", "")
    assert message.attempts == 0
    assert message.next_attempt_at == MORNING.at + dt.timedelta(minutes=2)


def test_withdrawing_by_hand_needs_a_reason_and_a_letter_that_still_waits(town: Town, post: Post) -> None:
    message = town.letter("Ana Souza")

    def withdraw(why: str) -> int:
        return commands.withdraw_messages(message_ids=[message.pk], why=why, scope=EVERYTHING, by=SYSTEM, when=MORNING)

    with pytest.raises(Refusal) as refused:
        withdraw(" ")
    assert refused.value.code == "reason_missing"
    assert withdraw("cliente ligou") == 1
    assert ending(message) == ("withdrawn", reasons.BY_HAND)
    with pytest.raises(Refusal) as refused:
        withdraw("de novo")
    assert refused.value.code == "message_not_waiting"


def test_the_last_look_asks_the_same_number_of_questions_for_two_letters_and_for_twenty(town: Town, post: Post) -> None:
    def statements() -> int:
        asked: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            post.deliver()
        return len(asked)

    town.letter("Ana Souza")
    post.deliver()
    for name in ("Bruno Lima", "Caio Melo"):
        town.letter(name)
    few = statements()
    for number in range(20):
        town.letter(f"Pessoa {chr(65 + number)}")
    assert statements() == few
    assert Message.objects.filter(state="sent").count() == 23
