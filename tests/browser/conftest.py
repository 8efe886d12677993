"""What the journeys stand on: a server over one test database, a person signed in, a browser that notices everything.

Run them as a pytest process of their own: `pytest tests/browser`. Playwright keeps an event loop in the main thread,
which Django would take for asynchronous code; hence DJANGO_ALLOW_ASYNC_UNSAFE. Without Chromium the tests are
skipped, and with QUITA_REQUIRE_BROWSER=1 they fail instead.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, TimeoutError
from pytest_django.live_server_helper import LiveServer

from quita.platform.access import commands
from quita.platform.access.models import User
from quita.platform.actors import SYSTEM, When

CHROMIUM = os.environ.get("QUITA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "uma frase que ninguém adivinha"
# Apps whose rows belong to a file of journeys, and their tables that migrations filled.
BUSINESS = ("parties", "receivables", "messaging", "cases", "ladders", "imports", "outbox", "audit")
REFERENCE = ("messaging_contactrule", "messaging_contactcap")
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 740}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser test; without a browser it says so."""
    for item in items:
        item.add_marker(pytest.mark.browser)
        if not CHROMIUM and os.environ.get("QUITA_REQUIRE_BROWSER") != "1":
            item.add_marker(
                pytest.mark.skip(reason="Chromium is not installed: apt-get install chromium, or set QUITA_CHROMIUM")
            )


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium; never a downloaded one."""
    if not CHROMIUM:
        pytest.fail("QUITA_REQUIRE_BROWSER=1, but Chromium is not installed: apt-get install chromium")
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def database(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """A test database for the whole session, open to every test.

    pytest-django's own would be flushed after each journey (and what the migrations loaded with it), and its plain one
    is a transaction that the server's thread cannot see. Here each journey brings its own rows instead.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def house(database: None) -> None:
    """One user per role."""
    for role in ("administrator", "supervisor", "operator", "agency", "auditor"):
        commands.create_user(
            username=role, role=role, first_name="Camila", last_name="Ribeiro", password=PASSWORD, company_ids=None,
            by=SYSTEM, when=When.now(),
        )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _rows_of_its_own(house: None) -> None:
    """Each file of journeys begins in an empty town: companies, debtors and rules of the file before are gone.

    Users stay, and what the migrations loaded is as they loaded it. Within a file the journeys share what they make.
    """
    with connection.cursor() as cursor:
        for table in REFERENCE:
            cursor.execute(f"create table if not exists kept_{table} as table {table}")
        cursor.execute(
            """select string_agg(quote_ident(table_name), ', ') from information_schema.tables
               where table_schema = current_schema() and table_type = 'BASE TABLE'
                 and split_part(table_name, '_', 1) = any(%s)""",
            [list(BUSINESS)],
        )
        (tables,) = cursor.fetchone()
        cursor.execute(f"truncate {tables} restart identity cascade")
        for table in REFERENCE:
            cursor.execute(f"insert into {table} overriding system value table kept_{table}")
            cursor.execute(
                f"select setval(pg_get_serial_sequence('{table}', 'id'), (select coalesce(max(id), 1) from {table}))"
            )


@pytest.fixture(scope="session")
def server(house: None) -> Iterator[str]:
    """The address of the running product, with the gallery of components beside it."""
    before, settings.ROOT_URLCONF = settings.ROOT_URLCONF, "tests.browser.gallery.urls"
    running = LiveServer("localhost")
    yield running.url
    running.stop()
    settings.ROOT_URLCONF = before


@pytest.fixture(scope="session")
def browser_context_args(server: str) -> dict[str, Any]:
    """A Brazilian desk: Portuguese, São Paulo, 1440 × 900."""
    return {
        "base_url": server,
        "locale": "pt-BR",
        "timezone_id": "America/Sao_Paulo",
        "viewport": WIDE,
        "color_scheme": "light",
        "reduced_motion": "reduce",
    }


class Complaints:
    """What the browser complained about. `expect(text)` takes one expected complaint out of the count."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.expected: list[str] = []

    def listen(self, page: Page) -> None:
        """Starts to listen to a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"script: {error}"))
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure or ""))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def _failed(self, url: str, failure: str) -> None:
        # A request that ends because the page is left is no fault.
        if "ERR_ABORTED" not in failure:
            self.seen.append(f"request: {url} {failure}")

    def expect(self, text: str) -> None:
        """The journey provokes this complaint."""
        self.expected.append(text)

    @property
    def unexpected(self) -> list[str]:
        """Complaints that nobody provoked, script errors and policy violations among them."""
        return [line for line in self.seen if not any(text in line for text in self.expected)]


@pytest.fixture
def complaints() -> Complaints:
    """The listener of this test."""
    return Complaints()


@pytest.fixture(autouse=True)
def _quiet_console(complaints: Complaints, context: BrowserContext) -> Iterator[None]:
    context.on("page", complaints.listen)
    context.set_default_timeout(10_000)
    yield
    assert complaints.unexpected == []


SignIn = Callable[..., None]


@pytest.fixture
def sign_in(context: BrowserContext, server: str, house: None) -> SignIn:
    """`sign_in("operator", language="en")`: a session for the role's user, without the sign-in page."""

    def enter(role: str = "administrator", **preferences: Any) -> None:
        fresh = {"language": "pt-br", "theme": "auto", "single_key_shortcuts": True, **preferences}
        user = User.objects.get(username=role)
        commands.save_preferences(user_id=user.pk, by=SYSTEM, when=When.now(), **fresh)
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": server,
                }
            ]
        )

    return enter


Check = Callable[[Page], None]


@pytest.fixture
def axe() -> Check:
    """`axe(page)`: no accessibility findings, in light and in dark."""

    def check(page: Page) -> None:
        chosen = page.evaluate("document.documentElement.dataset.theme ?? ''")
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            # Colours fade for a moment after a change of theme; the end state is what counts.
            page.wait_for_timeout(200)
            found = Axe().run(
                page,
                options={
                    "resultTypes": ["violations"],
                    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                },
            )
            assert found.violations_count == 0, f"{page.url} in {theme}:\n{found.generate_report()}"
        if chosen:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", chosen)
        else:
            page.evaluate("delete document.documentElement.dataset.theme")

    return check


@pytest.fixture
def no_sideways_scroll() -> Check:
    """`no_sideways_scroll(page)`: at 360 px nothing is wider than the window."""

    def check(page: Page) -> None:
        page.set_viewport_size(NARROW)
        try:
            page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=3_000)
        except TimeoutError:
            page.screenshot(path=Path(tempfile.gettempdir()) / "quita-too-wide.png")
        width = page.evaluate("document.documentElement.scrollWidth")
        culprits = page.evaluate(
            """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 361
                && !e.parentElement.closest('.scroll, .tabs')).slice(0, 8).map(e => e.outerHTML.slice(0, 160))"""
        )
        assert width <= NARROW["width"], f"{page.url} is {width} px wide; look at: {culprits}"
        page.set_viewport_size(WIDE)

    return check


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """`shot(page, "users")`: pictures in light and dark, 1440, 1280 and 390 px, when QUITA_SHOTS names a folder."""

    def take(page: Page, name: str) -> None:
        folder = os.environ.get("QUITA_SHOTS")
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            for width, height in ((1440, 900), (1280, 800), (390, 844)):
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_timeout(250)
                page.screenshot(path=f"{folder}/{name}-{theme}-{width}.png")
        page.evaluate("delete document.documentElement.dataset.theme")
        page.set_viewport_size(WIDE)

    return take
