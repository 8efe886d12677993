"""Templates as people write them: what is refused, what a debtor reads, what can never happen."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quita.domain import money
from quita.messaging import placeholders
from quita.messaging.texts import context, letters, sample, validation
from quita.messaging.texts.facts import LetterFacts
from quita.messaging.texts.values import Money

TODAY = dt.date(2026, 11, 23)
FACTS = sample.sample_facts(TODAY)


def codes(body: str, subject: str = "Lembrete de pagamento") -> list[str]:
    found = validation.check(subject=subject, body=body, needs_subject=True, today=TODAY)
    return [finding.refusal.code for finding in found]


def sentences(body: str) -> str:
    return " ".join(str(f.refusal) for f in validation.check(subject="x", body=body, needs_subject=True, today=TODAY))


def test_a_usual_template_passes() -> None:
    body = """Olá, {{ debtor.first_name }},

{% if totals.count > 1 %}Há títulos{% else %}Há um título{% endif %} em aberto.

{{ titles_table }}

{% for titulo in titles %}- {{ titulo.number }}: {{ titulo.updated }}
{% endfor %}
[Fale conosco](mailto:{{ creditor.email }}) até {{ today | date_long }}.
"""
    assert codes(body) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "text_missing"),
        ("Olá {{ debtor.fist_name }}", "placeholder_unknown"),
        ("{% for t in titles %}{{ t.valor }}{% endfor %}", "placeholder_unknown"),
        ("{{ totals.updated | upcse }}", "filter_unknown"),
        ("{% include 'x' %}", "tag_not_allowed"),
        ("{% if %}", "template_syntax"),
        ("{{ debtor.name", "template_syntax"),
        ("Última chance de pagar", "forbidden_wording"),
        ("Vamos chamar a POLÍCIA", "forbidden_wording"),
        ("Veja {{ titles_table }} acima", "table_not_alone"),
        ("[pague]({{ creditor.phone }})", "link_target"),
        ("a" * 20_001, "text_too_long"),
        ("zqPHv0z", "reserved_word"),
    ],
)
def test_what_would_fail_or_offend_is_refused_on_save(body: str, code: str) -> None:
    assert code in codes(body)


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("", "subject_missing"),
        ("Lembrete\nBcc: outro@exemplo", "subject_line_break"),
        ("Você deve R$ 500,00", "subject_has_amount"),
        ("Total {{ totals.updated }}", "subject_placeholder"),
        ("x" * 201, "subject_too_long"),
    ],
)
def test_subjects_are_neutral_single_lines(subject: str, code: str) -> None:
    assert code in codes("Olá", subject)


def test_a_refusal_suggests_what_was_meant() -> None:
    assert "debtor.first_name" in sentences("{{ debtor.fist_name }}")
    assert "titulo.updated" in sentences("{% for titulo in titles %}{{ titulo.updatd }}{% endfor %}")


def test_decent_words_are_not_mistaken_for_threats() -> None:
    assert codes("Prestação de contas, presente, policial não: polido. A primeira chance é sua.") != []
    assert codes("A prestação de contas está presente. Aprisco, prisma, chance de acordo.") == []


def test_every_documented_placeholder_has_a_value_and_every_value_is_documented() -> None:
    values = context.context_of(FACTS)

    def paths(prefix: str, value: object) -> set[str]:
        if isinstance(value, dict):
            return {path for name, inner in value.items() for path in paths(f"{prefix}.{name}".strip("."), inner)}
        if isinstance(value, list):
            return {prefix} | paths(f"{prefix}[]", value[0])
        return {prefix}

    assert paths("", values) == set(placeholders.BY_PATH)
    assert all(entry.label_pt and entry.label_en for entry in placeholders.PLACEHOLDERS)


def test_the_letter_itemises_every_addition_and_its_parts_add_up() -> None:
    written = letters.write("Lembrete", "{{ titles_table }}", FACTS)
    for part in ("Valor original", "Já pago", "Multa", "Juros de mora"):
        assert part in written.html
        assert part in written.text
    for title in FACTS.titles:
        parts = title.balance_cents + title.correction_cents + title.fine_cents + title.interest_cents
        assert parts + title.fees_cents - title.discount_cents == title.updated_cents
    assert str(Money(sum(title.updated_cents for title in FACTS.titles))) in written.text


def test_the_creditor_is_identified_whatever_the_template_says() -> None:
    written = letters.write("Oi", "Oi", FACTS)
    for form in (written.html, written.text):
        assert "Condomínio Edifício das Acácias" in form
        assert "12.ABC.345/01DE-35" in form
        assert "Rua das Flores, 120" in form
        assert "SAIR" in form


def test_one_source_reads_well_as_plain_text() -> None:
    body = "# Aviso\n\nUm **forte** e um [link](https://acacias.example).\n\n1. um\n2. dois\n\n- a\n- b\n\n---\n\nfim"
    text = letters.write("s", body, FACTS).text
    assert text.startswith(
        "Aviso\n\nUm forte e um link (https://acacias.example).\n\n1. um\n2. dois\n\n- a\n- b\n\n"
        "------------------------------\n\nfim\n"
    )


def test_facts_survive_the_database() -> None:
    assert LetterFacts.from_json(FACTS.as_json()) == FACTS


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12))
def test_amounts_are_written_as_everywhere_else(cents: int) -> None:
    assert str(Money(cents)) == money.format_cents(cents)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(sorted(name for name, _ in attrs))))


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    parser = _Tags()
    parser.feed(html)
    return parser.seen


hostile = st.text(alphabet=st.sampled_from("<>&\"'*_`#|[]()!\\{}%-=\n aé1/:"), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(hostile)
def test_no_name_ever_becomes_formatting_or_html(name: str) -> None:
    """However a debtor is called, the letter has the same shape, and the name stands in it as it is."""
    body = "Olá **{{ debtor.name }}**, [a](mailto:{{ debtor.name }})\n\n- {{ debtor.name }}\n"
    plain = LetterFacts("M-1", TODAY, "Ana", False, True, sample.CREDITOR, FACTS.titles)
    odd = LetterFacts("M-1", TODAY, name, False, True, sample.CREDITOR, FACTS.titles)
    calm, wild = letters.write("x", body, plain), letters.write("Para {{ debtor.name }}", body, odd)
    without_breaks = [entry for entry in shape(wild.html) if entry[0] != "br"]
    assert without_breaks == [entry for entry in shape(calm.html) if entry[0] != "br"]
    assert f"Olá {name}," in wild.text
    assert not re.search(r"[\r\n]", wild.subject)
