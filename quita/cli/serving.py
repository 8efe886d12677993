"""Commands that stay: web pages, worker, local mail server; and `up`, which brings everything up for a newcomer."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import click

from quita.cli import ready

MAILBOX_PORT = 2525


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--web-only", is_flag=True, help="No worker and no local mail server (they run elsewhere).")
@ready.needs_database
def serve(host: str, port: int, web_only: bool) -> None:
    """Serve the web pages. In the embedded profile a worker runs too and, without QUITA_SMTP_URL, local mail."""
    _serve(host, port, with_worker=not web_only and not os.environ.get("DATABASE_URL"))


def _serve(host: str, port: int, *, with_worker: bool) -> None:
    _refuse_taken_port(host, port)
    with contextlib.ExitStack() as children:
        if with_worker:
            children.enter_context(_with_local_mail())
            children.enter_context(_child("work"))
        os.environ.setdefault("QUITA_HOSTS", f"localhost,127.0.0.1,[::1],{host}")
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels

        Granian(
            "quita.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=2,
            blocking_threads=4,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
        ).serve()


def _refuse_taken_port(host: str, port: int) -> None:
    from quita.domain.refusals import Refusal

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise Refusal(
                "port_taken",
                "Port %(port)s of %(host)s is in use. Stop what uses it or choose another with --port.",
                {"port": port, "host": host},
            ) from taken


@contextlib.contextmanager
def _with_local_mail() -> Iterator[None]:
    """Where no mail server is configured, a local one keeps what it receives, and everybody is told to use it."""
    if os.environ.get("QUITA_SMTP_URL"):
        yield
        return
    from quita.platform import home

    port = free_port(MAILBOX_PORT)
    os.environ["QUITA_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    os.environ["QUITA_SMTP_RECEIPTS"] = str(home.data_home() / "mailbox")
    with _child("mailbox", "--port", str(port)):
        yield


def free_port(wanted: int) -> int:
    """The wanted port of this machine, or any free one when it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


@contextlib.contextmanager
def _child(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process of this product, stopped with this one; it ends by itself when its parent is killed."""
    child = subprocess.Popen(
        [sys.executable, "-m", "quita.cli", *arguments], env={**os.environ, "QUITA_PARENT": str(os.getpid())}
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _end_with_parent() -> None:
    """A child whose parent is gone has nobody to stop it: it stops itself, as on a polite request."""
    parent = int(os.environ.get("QUITA_PARENT", "0"))
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is waiting and stop.")
@ready.needs_database
def work(once: bool) -> None:
    """Run a worker: background jobs (runs, imports, events, schedules) and the delivery of messages."""
    _end_with_parent()
    from procrastinate.contrib.django import app

    from quita.messaging import delivery

    name = f"{socket.gethostname()}:{os.getpid()}"
    stopping = threading.Event()

    def deliver() -> None:
        while not stopping.is_set():
            moved = delivery.deliver_until_idle(
                worker=name, clock=lambda: dt.datetime.now(tz=dt.UTC), stop=stopping.is_set
            )
            if not any(moved.values()):
                stopping.wait(2)

    if once:
        _worker(app, wait=False)
        delivery.deliver_until_idle(worker=name, clock=lambda: dt.datetime.now(tz=dt.UTC))
        return
    courier = threading.Thread(target=deliver, name="delivery")
    courier.start()
    try:
        _worker(app, wait=True)
    finally:
        stopping.set()
        courier.join(timeout=60)


def _worker(app: object, *, wait: bool) -> None:
    """Procrastinate's worker; it finishes what it is doing when asked to stop."""
    app.with_connector(app.connector.get_worker_connector()).run_worker(  # type: ignore[attr-defined]  # a proxy
        wait=wait, concurrency=2, install_signal_handlers=True, listen_notify=True, delete_jobs="never"
    )


@click.command("mailbox")
@click.option("--port", default=MAILBOX_PORT, show_default=True, type=click.IntRange(1, 65535))
def mailbox(port: int) -> None:
    """Run the local mail server: it delivers to nobody and keeps what it receives in QUITA_HOME/mailbox."""
    _end_with_parent()
    from quita.messaging.local_mail import server
    from quita.platform import home

    server.serve(folder=home.data_home() / "mailbox", host="127.0.0.1", port=port)


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--size", default=9000, show_default=True, help="Titles of the demo town, when the database is empty.")
@click.option("--no-serve", is_flag=True, help="Set up, run the day, deliver, and stop.")
@ready.needs_database
def up(host: str, port: int, size: int, no_serve: bool) -> None:
    """Set everything up: database, reference data, on an empty database the demo town with today's run; then serve."""
    from quita.cli import first_steps

    with contextlib.ExitStack() as children:
        if not os.environ.get("DATABASE_URL"):
            children.enter_context(_with_local_mail())
        first_steps.prepare(size=size, address=f"http://{host}:{port}/")
        if no_serve:
            return
        if not os.environ.get("DATABASE_URL"):
            children.enter_context(_child("work"))
        _serve(host, port, with_worker=False)


COMMANDS = {"serve": serve, "work": work, "mailbox": mailbox, "up": up}
