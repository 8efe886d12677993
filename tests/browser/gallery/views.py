"""Views of the gallery: small, but through the same answers as the product's own."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines

from quita.domain.refusals import Refusal
from quita.platform.ui import answers, charts, fields, formats, paging, timeline

HERE = Path(__file__).parent
AGING = [
    ("A vencer", 30_512_000),
    ("1–10", 76_600_000),
    ("11–30", 53_914_300),
    ("31–60", 27_100_000),
    ("61–90", 25_600_000),
    ("90+", 31_670_000),
]
NAMES = [
    "Ana Paula Oliveira Santos", "Agro Cerrado Insumos Ltda", "Mercantil Boa Vista ME", "Patrícia Oliveira Santos",
    "Fernanda Nogueira", "Construtora Ipê Amarelo EPP", "João Batista Albuquerque", "Padaria Santa Rita ME",
]  # fmt: skip
ticks = itertools.count()


class ContactForm(forms.Form):
    """The contact dialog of the sketches."""

    channel = forms.ChoiceField(
        label="Canal",
        choices=[("whatsapp", "WhatsApp"), ("phone", "Telefone"), ("email", "E-mail")],
        widget=fields.ChipsWidget,
        initial="phone",
    )
    text = forms.CharField(label="O que aconteceu", widget=forms.Textarea(attrs={"rows": 3}))
    amount = fields.MoneyField(label="Valor prometido", required=False, minimum=1)
    back_on = fields.DayField(label="Agendar retorno", required=False)
    quiet = forms.BooleanField(label="Não avisar o devedor", required=False)


def _draw(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    template = engines["django"].from_string((HERE / name).read_text())
    return HttpResponse(template.render(context, request), status=status)


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component once."""
    rows = [
        {
            "pk": 1000 + i,
            "name": name,
            "tax_id": "12345678909" if i % 2 else "12345678000195",
            "days": days,
            "cents": 1_023_250 * (i + 1),
        }
        for i, (name, days) in enumerate(zip(NAMES, [411, 75, 45, 22, 9, 0, -5, 130], strict=True))
    ]
    at = dt.datetime(2026, 11, 20, 13, 56, tzinfo=dt.UTC)
    facts = [
        timeline.Fact(
            at,
            "mail",
            "E-mail",
            "Lembrete do título 54649-2/6.",
            "régua Condomínios",
            "success",
            [("Entregue", "success")],
            [("Atraso", "1 dia"), ("Etapa", "D+1")],
        ),
        timeline.Fact(
            at,
            "phone",
            "Telefone",
            "Falou com o financeiro: aguardam repasse.",
            "Camila R.",
            "info",
            [("Efetivo", "neutral")],
        ),
        timeline.Fact(at, "ban", "Não enviado", "Já foi contatado hoje.", "", "warning"),
    ]
    wrong = ContactForm({"channel": "phone", "amount": "doze", "text": ""}, auto_id="wrong_%s")
    context = {
        "rows": rows,
        "facts": facts,
        "form": ContactForm(),
        "wrong": answered(wrong) if "errado" in request.GET else None,
        "bar": paging.Paging("?page=1", "?page=3", 51, 100, 9_812, True, "?page=1"),
        "trend": [3, 9, 2, 7, 4, 4, 8, 12],
        **drawings(),
    }
    return _draw(request, "gallery.html", context)


def short(cents: int) -> str:
    """An amount on an axis."""
    return formats.money_short(cents, "pt-br")


def drawings() -> dict[str, Any]:
    """One chart of each kind."""
    days = [f"{day:02d}/11" for day in range(1, 21)]
    paid = [(day * 37 % 11 + 3) * 410_000 for day in range(20)]
    promised = [cents + 900_000 for cents in paid]
    series = [
        charts.Line("Recuperado", paid, [short(cents) for cents in paid]),
        charts.Line("Prometido", promised, [short(cents) for cents in promised], "aging-0"),
    ]
    bars = [charts.Bar(label, cents, short(cents), f"aging-{step}") for step, (label, cents) in enumerate(AGING)]
    return {
        "bars": charts.bars("Carteira por faixa de atraso", bars, write=short, heads=("Faixa", "Valor")),
        "lines": charts.lines("Recuperado e prometido", days, series, write=short, first_head="Dia"),
        "share": charts.share("Faixas", bars),
    }


def answered(form: forms.Form) -> forms.Form:
    """The form after it was sent, with a refusal on top."""
    form.is_valid()
    answers.onto(
        form,
        Refusal("hold_active", "This case is on hold until %(day)s. Release the hold first.", {"day": "30/11/2026"}),
    )
    return form


def dialog(request: HttpRequest) -> HttpResponse:
    """The contact dialog."""
    # Two forms with the same fields on one page need different ids.
    form = ContactForm(request.POST or None, auto_id="dialog_%s")
    if request.method == "POST" and form.is_valid():
        return answers.done(request, "Contato registrado.", to="/galeria/", changed=["contacts"])
    return _draw(request, "dialog.html", {"form": form}, 422 if request.method == "POST" else 200)


def refuse(request: HttpRequest) -> HttpResponse:
    """A command that says no."""
    raise Refusal(
        "discount_too_high",
        "A %(given)s discount exceeds the %(limit)s allowed. Lower it or ask a supervisor.",
        {"given": "45%", "limit": "30%"},
    )


def fail(request: HttpRequest) -> HttpResponse:
    """A fault."""
    raise RuntimeError("the gallery fails on purpose")


def progress(request: HttpRequest) -> HttpResponse:
    """Long work, done after a few questions."""
    done = min(next(ticks) % 4 + 1, 3)
    body = "pronto" if done == 3 else f"{done} de 3"
    return HttpResponse(body, status=286 if done == 3 else 200)


def menu(request: HttpRequest, row_id: int) -> HttpResponse:
    """A row's menu from the server."""
    return HttpResponse(f'<button type="button" role="menuitem" class="menu-item" data-key="z">Linha {row_id}</button>')


def detail(request: HttpRequest, row_id: int) -> HttpResponse:
    """What the pane shows of a row."""
    return HttpResponse(f"<h2>Linha {row_id}</h2>")
