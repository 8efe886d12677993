"""Today's run as a supervisor goes through it: preview, take one out, run, watch, ask why; light, dark and phone."""

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from quita.ladders.commands import runs
from quita.ladders.models import Run
from quita.ladders.tests import run_scenes
from quita.messaging.models import ContactRule
from quita.platform.actors import When


@pytest.fixture(scope="module")
def town(house: None) -> run_scenes.Street:
    """Eight people, made once; every hour of every day is allowed, so that the journey can be made at any time."""
    ContactRule.objects.all().delete()
    today = When.now().today
    place = run_scenes.street()
    for number in range(8):
        name = f"{('Ana', 'Bia', 'Caio', 'Davi', 'Elis', 'Fabio', 'Gil', 'Hugo')[number]} Moreira"
        place.title(name, today - dt.timedelta(days=2 + 4 * number), f"R{number}/1")
    place.title("Ana Moreira", today + dt.timedelta(days=40), "R9/1")
    return place


def carry_out() -> None:
    """What a worker process would do."""
    for run_id in runs.unfinished_runs():
        runs.work_on_run(run_id=run_id, worker="browser", clock=lambda: When.now().at)
    connection.close()


@pytest.fixture
def worker() -> Iterator[Callable[[], None]]:
    """A worker beside the server, started when the journey wants it."""
    threads: list[threading.Thread] = []

    def start() -> None:
        threads.append(threading.Thread(target=carry_out))
        threads[-1].start()

    yield start
    for thread in threads:
        thread.join(30)


def test_the_day_is_previewed_changed_run_and_explained(
    page: Page, sign_in: Callable[..., None], town, axe, no_sideways_scroll, shot, worker
) -> None:
    sign_in("supervisor")
    page.goto("/regras/execucoes/")
    expect(page.get_by_text("O dia de hoje ainda não foi executado.")).to_be_visible()
    axe(page)
    shot(page, "runs")
    page.get_by_role("button", name="O que sairia hoje?").click()
    expect(page.get_by_role("heading", name="O que sairia hoje")).to_be_visible()
    rows = page.locator("#messages tbody tr")
    expect(rows).to_have_count(8)
    axe(page)
    no_sideways_scroll(page)
    shot(page, "preview")

    first = rows.first
    name = first.locator("th a").inner_text()
    first.focus()
    page.keyboard.press("Delete")
    expect(page.locator("#messages tbody tr.run-taken")).to_have_count(1)
    expect(page.locator("#messages")).to_contain_text("1 retirada")
    rows.nth(1).locator("th a").click()
    expect(page.get_by_role("dialog")).to_contain_text("Aviso de")
    expect(page.frame_locator("iframe.run-letter").locator("body")).to_contain_text("Olá,")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Executar sem a 1 retirada").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page).to_have_url(re.compile(r"/execucoes/\d+/$"))
    expect(page.locator("#progress")).to_contain_text("0 de 1 parte concluída")
    shot(page, "run-progress")
    worker()
    expect(page.get_by_role("heading", name="O que foi decidido, e por quê")).to_be_visible(timeout=20_000)
    axe(page)
    no_sideways_scroll(page)
    shot(page, "run")
    page.get_by_role("button", name="Decidir de novo e comparar").click()
    expect(page.locator("#replay")).to_contain_text("os mesmos bytes")

    page.get_by_role("link", name=re.compile("Retirada|Retirado|retirada por uma pessoa", re.IGNORECASE)).first.click()
    expect(page.locator("#titles tbody tr")).to_have_count(1)
    expect(page.locator("#titles")).to_contain_text(name)
    axe(page)
    shot(page, "run-titles")
    page.get_by_role("link", name=re.compile("Por quê, no título")).click()
    expect(page.get_by_label("Resposta")).to_contain_text("retirou a mensagem na prévia")
    axe(page)
    no_sideways_scroll(page)
    shot(page, "explain")


def test_a_stuck_run_is_given_up_in_a_dialog(page: Page, sign_in: Callable[..., None], town) -> None:
    sign_in("supervisor")
    page.goto("/regras/execucoes/")
    page.get_by_role("button", name=re.compile("Executar o dia")).click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.locator("#progress")).to_be_visible()
    page.get_by_role("link", name="Desistir da execução").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Por que desistir dela?").fill("servidor trocado")
    dialog.get_by_role("button", name="Desistir da execução").click()
    expect(page.get_by_text("Esta execução foi abandonada.")).to_be_visible()
    assert Run.objects.order_by("-id").first().state == "failed"
