"""How long the server takes for the pages people look at all day, and how many statements each takes.

Every page is asked for through Django as a signed-in supervisor would: middleware, session, template and compression
included, the network left out. `python` is the processor time of the web process alone, which a busy machine does not
stretch; the rest is PostgreSQL and waiting for a core. `python -m tests.performance.bench_pages 100000 1000000`.
"""

import datetime as dt
import gc
import html
import random
import re
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from tests.performance import fresh, pages_town

TODAY = dt.date(2026, 11, 23)
ROUNDS = 40
NEXT = re.compile(r'rel="next" href="([^"]+)"')
WARM_UP = 4

# The mix of one list: how it opens, its orders, and filters that many, some and few titles pass.
LISTS = {
    "titles": ("/fila/", ""),
    "titles, least late first": ("/fila/", "sort=days"),
    "titles by balance": ("/fila/", "sort=-balance"),
    "titles by name": ("/fila/", "sort=name"),
    "titles due today": ("/fila/", "due=today"),
    "titles, 31-60 days": ("/fila/", "band=31-60"),
    "titles of a large phase": ("/fila/", "phase={phase}"),
    "titles of a phase by hand": ("/fila/", "phase={legal}"),
    "titles of a portfolio": ("/fila/", "portfolio=3"),
    "titles in a city": ("/fila/", "city=olinda"),
    "titles of a common name": ("/fila/", "q=silva"),
    "titles of a rare name": ("/fila/", "q=otavio+teixeira+gomes"),
    "titles by CPF": ("/fila/", "q=0000001234"),
    "titles by number": ("/fila/", "q=1234/"),
    "titles on hold": ("/fila/", "stop=on_hold"),
    "titles free to collect": ("/fila/", "stop=free"),
    "cases": ("/cobrancas/", ""),
    "cases by name": ("/cobrancas/", "sort=name"),
    "cases of a portfolio": ("/cobrancas/", "portfolio=12"),
    "cases of a common name": ("/cobrancas/", "q=silva"),
}  # fmt: skip


def run(size: int) -> dict[str, Any]:
    """Fills the database and measures every page: milliseconds at the median and the 95th percentile, statements."""
    from django.db import connection

    from quita.platform import arrow

    pages_town.fill(arrow.dsn(), size, TODAY)
    connection.close()
    browser = _signed_in()
    print(f"\n{size:,} titles: server time in ms of {ROUNDS} requests each, and SQL statements")
    print(f"{'page':34}{'p50':>8}{'p95':>8}{'max':>8}{'python':>8}  statements")
    found: dict[str, Any] = {}
    for name, addresses in _pages(browser, size):
        found[name] = _measured(browser, addresses)
        shown = found[name]
        figures = "".join(f"{shown[key]:8.1f}" for key in ("p50", "p95", "max", "python"))
        print(f"{name:34}{figures}  {shown['statements']}")
    times = sorted(ms for page in found.values() for ms in page["ms"])
    overall = statistics.quantiles(times, n=20)[18]
    slow = [name for name, page in found.items() if page["p95"] > 150]
    print(f"all pages: p50 {statistics.median(times):.1f}, p95 {overall:.1f} ms; above 150 ms at p95: {slow or 'none'}")
    return {"titles": size, "p95_ms": overall, "pages": found}


def _signed_in() -> Any:
    """A supervisor's browser on the day of the town."""
    from django.test import Client

    from quita.platform import actors
    from quita.platform.access.models import User

    # The town stands around one day, whatever today is.
    actors.When.now = classmethod(lambda cls, zone=None: cls.on(TODAY, hour=10))  # type: ignore[method-assign,assignment]
    user = User.objects.create(username="bench", role="supervisor", sees_all_companies=True)
    browser = Client()
    browser.force_login(user)
    return browser


def _pages(browser: Any, size: int) -> Iterator[tuple[str, list[str]]]:
    """Each page with the addresses that its requests go round."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select id from cases_phase order by from_days is null, position")
        phases = [row[0] for row in cursor.fetchall()]
        cursor.execute("select id from cases_case where closed_on is null")
        case_ids = [row[0] for row in cursor.fetchall()]
    chance = random.Random(1)
    yield "home", ["/"]
    for name, (path, query) in LISTS.items():
        yield name, [f"{path}?{query.format(phase=phases[5], legal=phases[-1])}"]
    yield "titles, page after page", _following(browser, "/fila/", 12)
    yield "cases, page after page", _following(browser, "/cobrancas/", 12)
    yield "case", [f"/cobrancas/{pk}/" for pk in chance.sample(case_ids, min(ROUNDS, len(case_ids)))]
    yield "title", [f"/titulos/{chance.randrange(1, size)}/" for _ in range(ROUNDS)]
    yield "call list", ["/tarefas/"]
    yield "palette", ["/buscar/?q=silva", "/buscar/?q=1234/", "/buscar/?q=ana+lima"]
    yield "total of a common name", ["/fila/total/?q=silva&found=walked"]
    yield "total of a portfolio", ["/fila/total/?portfolio=3&found=gathered"]


def _following(browser: Any, path: str, count: int) -> list[str]:
    """The addresses that a reader comes by who goes on and on."""
    addresses = [path]
    while len(addresses) < count:
        following = NEXT.search(browser.get(addresses[-1]).content.decode())
        if following is None:
            break
        addresses.append(html.unescape(following[1]))
    return addresses


def _measured(browser: Any, addresses: list[str]) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = set()
    # The first request of all fills what a process keeps: templates, calendars, index values.
    browser.get(addresses[0])
    for address in (addresses * WARM_UP)[:WARM_UP]:
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        counts.add(len(captured))
    times, own = [], []
    gc.collect()
    for number in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        browser.get(addresses[number % len(addresses)])
        times.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - worked) * 1000)
    return {
        "p50": statistics.median(times),
        "p95": statistics.quantiles(times, n=20)[18],
        "max": max(times),
        "python": statistics.median(own),
        "ms": times,
        "statements": "–".join(str(count) for count in sorted({min(counts), max(counts)})),
    }


if __name__ == "__main__":
    fresh.measured(run, fresh.sizes_asked(sys.argv[1:], [100_000, 1_000_000]))
