"""The catalogue: complete, contradiction-free, compiled by itself."""

import os
from pathlib import Path

import pytest
from django.utils import translation

from quita.platform.ui import translations

HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
)


@pytest.fixture
def fragments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(translations, "FRAGMENTS", tmp_path)
    return tmp_path


def test_code_and_templates_are_read(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "page.py").write_text(
        '_("One")\ngettext_lazy("Two " "parts")\nngettext("%(n)s row", "%(n)s rows", n)\npgettext("title", "Paid")\n'
        'Refusal("late", "Too late: %(day)s.", {})\nproblems.add("wrong", "Not that way.", '
        'field="x")\n'
        'seen.add("plain")\n_(name)\nx.add("a", "b")\n'
    )
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}{% translate "Three" %}{% translate "Sold" context "title" %}'
        '{% blocktranslate with n=x %}Hello {{ n }}{% endblocktranslate %}{% icon "x" label=_("Four") %}'
        '{% load i18n %}{% translate "Three" %}{% translate "Sold" context "title" %}'
        '{% blocktranslate with n=x %}Hello {{ n }}{% endblocktranslate %}{% icon "x" label=_("Four") %}'
    )
    found = set(translations.source_strings(tmp_path))
    assert found == {
        (None, "One"),
        (None, "Two parts"),
        (None, ("%(n)s row", "%(n)s rows")),
        ("title", "Paid"),
        (None, "Too late: %(day)s."),
        (None, "Not that way."),
        (None, "Three"),
        ("title", "Sold"),
        (None, "Hello %(n)s"),
        (None, "Four"),
    }


def test_two_fragments_that_disagree_are_found(fragments: Path) -> None:
    (fragments / "a.pt_BR.po").write_text(HEAD + 'msgid "Case"\nmsgstr "Cobrança"\n')
    (fragments / "b.pt_BR.po").write_text(HEAD + 'msgid "Case"\nmsgstr "Caso"\n')
    with pytest.raises(translations.Contradiction, match="Cobrança"):
        translations.merged()
    assert translations.merged(strict=False).get("Case").string == "Cobrança"


def test_lost_and_invented_placeholders_are_found(fragments: Path) -> None:
    (fragments / "a.pt_BR.po").write_text(
        HEAD + 'msgid "Wait %(n)s min"\nmsgstr "Aguarde"\n\nmsgid "Done"\nmsgstr "Feito %(x)s"\n\n'
        'msgid "one day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "um dia"\nmsgstr[1] "%(n)s dias"\n'
    )
    assert len(translations.mismatched()) == 2


def test_the_catalogue_is_compiled_when_missing_or_stale_and_only_then(fragments: Path, tmp_path: Path) -> None:
    source = fragments / "a.pt_BR.po"
    source.write_text(HEAD + 'msgid "Case"\nmsgstr "Cobrança"\n')
    target = tmp_path / "out" / "django.mo"
    assert translations.compile_if_stale(target)
    assert not translations.compile_if_stale(target)
    later = target.stat().st_mtime + 5
    os.utime(source, (later, later))
    assert translations.compile_if_stale(target)
    assert "Cobrança".encode() in target.read_bytes()


def test_the_frame_has_no_word_without_portuguese() -> None:
    areas = [translations.SOURCE / "platform" / name for name in ("ui", "access")]
    assert [entry.places[0] for area in areas for entry in translations.missing(area)] == []


def test_the_compiled_catalogue_is_in_use() -> None:
    with translation.override("pt-br"):
        assert translation.gettext("Worklist") == "Fila de trabalho"
