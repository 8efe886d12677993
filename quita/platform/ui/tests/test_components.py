"""The component tags and charts: what they draw, and that they draw nothing dangerous."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quita.platform.ui import charts, formats, icons, navigation, paging, timeline

PRODUCT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _portuguese():
    with translation.override("pt-br"):
        yield


def draw(source: str, **context: object) -> str:
    return Template("{% load i18n %}" + source).render(
        Context({"request": RequestFactory().get("/lista/?q=a&page=3"), **context})
    )


def test_days_late_says_it_in_words_too() -> None:
    text = draw("{% days_late 411 %}")
    assert "aging-5" in text
    assert 'title="411 dias de atraso"' in text
    assert "vence hoje" in draw("{% days_late 0 %}")
    assert "em 1 dia<" in draw("{% days_late d %}", d=-1)
    assert "—" in draw("{% days_late d %}", d=None)


@pytest.mark.parametrize(
    ("days", "step"),
    [(-9, 0), (0, 0), (1, 1), (10, 1), (11, 2), (30, 2), (31, 3), (60, 3), (61, 4), (90, 4), (91, 5), (4000, 5)],
)
def test_buckets_of_colour(days: int, step: int) -> None:
    assert draw("{{ d|aging }}", d=days) == f"aging-{step}"


def test_numbers_in_attributes_stay_numbers() -> None:
    assert draw("{{ n|raw }} {{ n|count }}", n=1234567) == "1234567 1.234.567"
    bar = draw('{% progress 4210 482000 "Importação" %}')
    assert 'value="4210" max="482000"' in bar


def test_money_marks_what_is_negative_and_dashes_what_is_unknown() -> None:
    assert "negative" in draw("{% money c %}", c=-1)
    assert "—" in draw("{% money c %}", c=None)
    assert draw("{{ c|money }}", c=123456) == f"R${formats.NBSP}1.234,56"


def test_instants_are_shown_in_the_time_of_the_house() -> None:
    at = dt.datetime(2026, 11, 21, 1, 30, tzinfo=dt.UTC)
    assert "20/11/2026" in draw("{{ at|moment }}", at=at)


def test_words_of_people_are_escaped_everywhere() -> None:
    evil = '"><script>alert(1)</script>'
    fact = timeline.Fact(
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "mail", evil, evil, evil, "info", [(evil, "info")], [(evil, evil)]
    )
    bar = charts.Bar(evil, 1, evil, href=evil)
    drawn = [
        draw(
            "{% badge t %}{% tile t t hint=t href=t %}{% empty 'inbox' t t t t %}{% timeline f %}{% sparkline t v %}",
            t=evil,
            f=[fact],
            v=[1, 2],
        ),
        charts.bars(evil, [bar], write=str, heads=(evil, evil)),
        charts.share(evil, [bar]),
        charts.lines(evil, [evil, evil], [charts.Line(evil, [1, 2], [evil, evil])], write=str, first_head=evil),
    ]
    for html in drawn:
        assert "<script" not in html
        assert "style=" not in html


def test_a_field_ties_its_label_hint_and_error_together() -> None:
    class Form(forms.Form):
        name = forms.CharField(label="Nome", help_text="Como no contrato.")
        kind = forms.ChoiceField(label="Tipo", choices=[("a", "A")], widget=forms.RadioSelect)

    html = draw("{% fields form %}", form=Form({"name": ""}))
    assert 'aria-describedby="id_name-errors id_name-hint"' in html
    assert 'id="id_name-errors"' in html
    assert 'id="id_name-hint"' in html
    assert html.count("<fieldset") == 1
    assert 'id="id_kind-errors"' in html
    assert "aria-describedby" not in draw("{% field form.kind %}", form=Form())


def test_a_heading_sorts_up_then_down_and_keeps_the_filter_but_not_the_page() -> None:
    first = draw('{% column "due_on" "Vencimento" %}')
    assert 'aria-sort="none"' in first
    assert 'href="/lista/?q=a&amp;sort=due_on"' in first
    again = draw('{% column "due_on" "Vencimento" %}', sort="due_on")
    assert 'aria-sort="ascending"' in again
    assert "sort=-due_on" in again


def test_pagination_says_where_it_is() -> None:
    assert "51–100 de mais de 9.812" in draw("{% pagination b %}", b=paging.Paging("?p=1", "?p=3", 51, 100, 9812, True))
    assert "<a" not in draw("{% pagination b %}", b=paging.Paging(first=1, last=5, total=5))


@given(st.lists(st.integers(0, 10**13), min_size=1, max_size=12))
def test_bars_never_leave_their_frame(values: list[int]) -> None:
    svg = charts.bars(
        "Faixas", [charts.Bar(str(i), v, str(v)) for i, v in enumerate(values)], write=str, heads=("a", "b")
    )
    for y, height in re.findall(r'class="mark" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', svg):
        assert float(y) >= charts.TOP - 0.1
        assert abs(float(y) + float(height) - (charts.HEIGHT - charts.BOTTOM)) < 0.2


@given(st.integers(0, 10**15))
def test_the_scale_ends_with_a_round_number_that_holds_the_highest(highest: int) -> None:
    top = charts.nice_top(highest)
    assert top >= highest
    assert top % charts.GRID_LINES == 0
    assert top <= 4 * highest


def test_charts_survive_nothing_at_all() -> None:
    assert "<svg" in charts.bars("x", [], write=str, heads=("a", "b"))
    assert "<svg" in charts.lines("x", [], [charts.Line("a", [], [])], write=str, first_head="a")
    assert "<svg" in charts.share("x", [charts.Bar("a", 0, "0")])
    assert "<svg" in charts.sparkline("x", [])


def test_the_sprite_is_well_formed_and_holds_every_listed_icon() -> None:
    root = ET.fromstring(icons.sprite())
    assert [symbol.get("id") for symbol in root] == [f"i-{name}" for name in icons.SPRITE]
    assert icons.drawing("mail") == '<use href="#i-mail"/>'
    assert icons.drawing("zodiac-aries").startswith("<")
    with pytest.raises(LookupError, match="mail"):
        icons.shape("mial")


def test_every_icon_that_the_product_names_exists() -> None:
    tag = re.compile(
        r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']|\{%\s*empty\s+["']([a-z0-9-]+)["']"""
    )
    used = {
        name: path
        for path in PRODUCT.rglob("*")
        if path.suffix in {".html", ".py"} and "tests" not in path.parts
        for found in tag.findall(path.read_text())
        for name in found
        if name
    }
    used |= {entry.icon: Path("navigation.py") for entry in navigation.ENTRIES}
    assert len(used) > 20
    assert {name: str(path) for name, path in used.items() if not icons.exists(name)} == {}


def test_every_style_and_script_obeys_the_policy() -> None:
    """No style attribute, no inline handler, no inline script in any template of the product."""
    forbidden = re.compile(r"""\sstyle=|\son[a-z]+=["']|hx-on|<style|javascript:|<script(?![^>]*\bsrc=)""")
    templates = [path for path in PRODUCT.rglob("templates/**/*.html") if "tests" not in path.parts]
    assert len(templates) > 20
    # A letter is read by mail programs, which know only inline styles; it is shown in a frame of its own.
    wrong = {
        str(path): forbidden.search(path.read_text())[0]
        for path in templates
        if "letter" not in str(path) and forbidden.search(path.read_text())
    }
    assert wrong == {}
