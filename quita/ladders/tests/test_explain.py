"""Why, or why not: every outcome has a sentence with its numbers, in Portuguese and in English."""

import datetime as dt
import json

import pytest
from django.utils import translation

from quita.cases import commands as cases
from quita.cases.models import Case
from quita.domain.ladder.reasons import Reason
from quita.domain.refusals import Refusal
from quita.ladders.models import Execution
from quita.ladders.queries import evidence, explain, explanations, reason_names
from quita.ladders.queries.explanations import Told
from quita.ladders.tests import scenes
from quita.ladders.tests.run_scenes import SETUP, TUESDAY, Street, nov, run, street
from quita.messaging import commands as messaging
from quita.messaging.models import Message
from quita.parties import commands as parties
from quita.platform.access.scopes import EVERYTHING, Scope
from quita.platform.actors import SYSTEM, When
from quita.receivables import commands as receivables

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Street:
    return street()


def why(town: Street, number: str, day: dt.date = TUESDAY, language: str = "pt-br", now: dt.date | None = None):
    """The explanation of a title by its number."""
    return explain.explain(
        receivable_id=town.titles[number].pk, day=day, scope=EVERYTHING, language=language,
        now=When.on(now or day, 12).at,
    )  # fmt: skip


def test_a_message_that_goes_out_is_told_with_its_step_hour_and_titles(town):
    town.title("Ana Souza", nov(14), "1042/3")
    town.title("Ana Souza", nov(23), "1042/4")
    ran = run(TUESDAY)
    told = why(town, "1042/3")
    assert told.opening == f"Execução {ran.pk} de 24/11/2026, iniciada às 09:00."
    assert told.outcomes[0].sentence == (
        "Título 1042/3, 10 dias de atraso: a etapa «3º aviso» (D+10) venceu hoje; uma mensagem por e-mail, "
        "a partir das 09:00, sobre 2 títulos do mesmo devedor."
    )
    merged = why(town, "1042/4").outcomes[0].sentence
    assert "vai dentro da mensagem da etapa «3º aviso» (D+10)" in merged
    english = why(town, "1042/3", language="en").outcomes[0].sentence
    assert english.startswith("Title 1042/3, 10 days late: step “3º aviso” (D+10) fell due today; one message by")
    assert told.messages[0].label == "aguardando"
    assert told.next_step == "A seguir: etapa «Ligação» (D+15), em 29/11/2026."


def test_a_reached_limit_says_how_many_of_how_many_and_when_there_is_a_chance_again(town):
    messaging.add_cap(
        channel="", window_days=7, at_most=1, min_gap_hours=None, legal_ref="nossa regra", valid_from=SETUP.today,
        by=SYSTEM, when=SETUP,
    )  # fmt: skip
    town.title("Ana Souza", nov(14), "A/1")
    run(TUESDAY)
    # It left: a message that still waited the next day would be taken back and count for nothing.
    Message.objects.update(state="sent", ended_at=When.on(TUESDAY, 10).at)
    town.title("Ana Souza", nov(24), "A/2")
    run(nov(25))
    told = why(town, "A/2", nov(25)).outcomes[0]
    assert told.code == "cap_reached"
    assert "já teve 1 contatos nos últimos 7 dias (limite 1). Nova tentativa em 01/12." in told.sentence


def test_a_promise_a_hold_a_dispute_and_a_protection_are_told_with_their_end(town):
    for number in ("P/1", "H/1", "D/1", "X/1"):
        town.title(f"{number[0]}essoa", nov(14), number)
    run(nov(20))
    monday, everything = When.on(nov(23)), {"scope": EVERYTHING, "by": SYSTEM, "when": When.on(nov(23))}
    case = Case.objects.get(debtor=town.people["Pessoa"])
    cases.make_promise(case_id=case.pk, amount_cents=50_000, pay_on=nov(27), **everything)
    hold = {"receivable_ids": [town.titles["H/1"].pk], "reason": "aguarda advogado", "ends_on": nov(30)}
    cases.place_holds(**hold, **everything)
    cases.open_dispute(receivable_id=town.titles["D/1"].pk, reason="não reconhece", **everything)
    parties.change_protection(
        debtor_id=town.people["Xessoa"].pk, protection="minor", reason="documento", by=SYSTEM, when=monday
    )
    run(TUESDAY)
    promised = why(town, "P/1").outcomes[0]
    assert promised.code == "promise_open" and "Pessoa prometeu pagar até 27/11" in promised.sentence
    held = why(town, "H/1").outcomes[0]
    assert held.code == "on_hold"
    assert "suspensa até 30/11 (aguarda advogado). Nova tentativa em 01/12." in held.sentence
    assert why(town, "D/1").outcomes[0].code == "disputed"
    assert "pessoa protegida" in why(town, "X/1").outcomes[0].sentence


def test_a_title_that_was_not_looked_at_says_why(town):
    town.title("Ana Souza", nov(14), "A/1")
    town.title("Ana Souza", dt.date(2027, 3, 1), "A/2")
    paid = town.title("Bia Lima", nov(14), "B/1")
    town.pay(paid, nov(20))
    run(TUESDAY)
    assert "foi pago em 20/11/2026" in why(town, "B/1").outcomes[0].sentence
    assert "nenhuma régua tem etapa tanto tempo antes" in why(town, "A/2").outcomes[0].sentence
    town.title("Ana Souza", nov(14), "A/3", when=When.on(nov(25)))
    assert "entrou no Quita depois, em 25/11/2026" in why(town, "A/3", TUESDAY, now=nov(25)).outcomes[0].sentence


def test_without_a_run_the_ladder_is_asked_now_and_nothing_is_written(town):
    town.title("Ana Souza", nov(14), "A/1")
    told = why(town, "A/1")
    assert told.is_live
    assert told.opening == "Hoje ainda não houve execução. Se a régua rodasse agora:"
    assert told.outcomes[0].code == "sent"
    later = why(town, "A/1", dt.date(2026, 12, 1), now=TUESDAY)
    assert "Esse dia ainda não chegou" in later.opening and later.day == dt.date(2026, 12, 1)
    past = why(town, "A/1", nov(20), now=TUESDAY)
    assert "Não há execução registrada em 20/11/2026" in past.opening and past.day == TUESDAY
    assert not Execution.objects.exists()


def test_the_portfolio_is_told_with_what_kept_the_others_from_taking_the_title(town):
    scenes.portfolio("Muito atrasados", 10, scenes.days_late("at_least", 60))
    town.title("Ana Souza", nov(14), "A/1")
    run(TUESDAY)
    told = why(town, "A/1")
    assert told.portfolio is not None
    assert told.portfolio.name == "Todos"
    assert [(one.name, "dias de atraso: 10" in one.obstacles[0]) for one in told.portfolio.passed] == [
        ("Muito atrasados", True)
    ]


def test_another_companys_title_does_not_exist_for_the_reader(town):
    title = town.title("Ana Souza", nov(14), "A/1")
    with pytest.raises(Refusal) as refused:
        explain.explain(
            receivable_id=title.pk, day=TUESDAY, scope=Scope(frozenset({title.company_id + 1})), language="pt-br",
            now=When.on(TUESDAY).at,
        )  # fmt: skip
    assert refused.value.code == "title_unknown"


def test_a_number_or_an_id_names_the_title_and_an_ambiguous_number_is_refused(town):
    title = town.title("Ana Souza", nov(14), "A/1")
    now = When.on(TUESDAY).at
    found = explain.explain_by_number(number="A/1", day=TUESDAY, language="en", now=now)
    assert found.receivable_id == title.pk
    assert explain.explain_by_number(number=str(title.pk), day=TUESDAY, language="en", now=now).number == "A/1"
    other = scenes.scenes.company("Provedor", scenes.scenes.CNPJS[2])
    terms = receivables.NewTitle(external_id="A/1", number="A/1", amount_cents=100, due_on=nov(14))
    receivables.create_title(
        company_id=other.pk, debtor_id=title.debtor_id, title=terms, source="test", by=SYSTEM, when=SETUP
    )
    with pytest.raises(Refusal) as refused:
        explain.explain_by_number(number="A/1", day=TUESDAY, language="en", now=now)
    assert refused.value.code == "title_ambiguous"
    assert json.dumps(found.as_dict(), default=str)


@pytest.mark.parametrize("reason", list(Reason), ids=lambda reason: reason.name.lower())
def test_every_outcome_has_a_sentence_in_both_languages(town, reason):
    town.title("Ana Souza", nov(14), "A/1")
    found = evidence.gather(receivable_id=town.titles["A/1"].pk, day=TUESDAY, scope=EVERYTHING, now=When.on(TUESDAY).at)
    row = {**found.rows[0], "decision": int(reason), "promise_until": nov(30), "hold_id": 1}
    told = Told(found, row, {1: ("aguarda advogado", nov(30))}, {})
    said = {}
    for language in ("pt-br", "en"):
        with translation.override(language):
            said[language] = explanations.sentence(told)
            assert str(reason_names.named(reason).label)
            assert "%(" not in said[language] and "A/1" in said[language]
    assert said["pt-br"] != said["en"]
    assert said["pt-br"].startswith("Título A/1, 10 dias de atraso: ")
    with translation.override("pt-br"):
        portuguese = reason_names.reason_label(reason.name.lower())
    with translation.override("en"):
        assert portuguese != reason_names.reason_label(int(reason))
