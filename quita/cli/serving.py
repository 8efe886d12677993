"""Commands that stay: web pages, worker, local mail server; and `up`, which brings everything up for a newcomer."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import cast

import click

from quita.cli import ready
from quita.platform import parents


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
        # A forked child inherits the locks of Polars' threads but not the threads: its first query would wait for ever.
        multiprocessing.set_start_method("spawn", force=True)
        os.environ[parents.VARIABLE] = str(os.getpid())
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
    """Where no mail server is configured, one on this machine keeps what it receives; one that runs is used."""
    from quita.messaging.channels import email_smtp

    if email_smtp.check().code != "not_configured":
        health = email_smtp.check()
        if health.ok or os.environ.get("QUITA_SMTP_URL"):
            yield
            return
    with _child("mailbox"):
        for _ in range(100):
            if email_smtp.check().ok:
                break
            time.sleep(0.1)
        yield


@contextlib.contextmanager
def _child(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process of this product, stopped with this one; it ends by itself when its parent is killed."""
    child = subprocess.Popen(
        [sys.executable, "-m", "quita.cli", *arguments], env={**os.environ, parents.VARIABLE: str(os.getpid())}
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


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is waiting and stop.")
@ready.needs_database
def work(once: bool) -> None:
    """Run a worker: runs, imports, events, schedules and the delivery of messages."""
    parents.end_with_parent()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    # Asked to stop, it finishes what it is doing; killed, its jobs are taken up by another worker.
    # The web writes jobs through Django's connection; a worker holds connections of its own.
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    app.with_connector(connector).run_worker(
        wait=not once, concurrency=2, install_signal_handlers=True, listen_notify=not once
    )


@click.command("mailbox")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Default: any free one.")
def mailbox(port: int) -> None:
    """Run the local mail server: it delivers to nobody and keeps what it receives in QUITA_HOME/mailbox."""
    parents.end_with_parent()
    from quita.messaging.local_mail import server
    from quita.platform import home

    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    running = server.start(home.data_home() / "mailbox", port=port)
    ready.err.print(running.url, style="dim")
    stopping.wait()
    running.stop()


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
        children.enter_context(_with_local_mail())
        first_steps.prepare(size=size, address=f"http://{host}:{port}/")
        if no_serve:
            return
        children.enter_context(_child("work"))
        _serve(host, port, with_worker=False)


COMMANDS = {"serve": serve, "work": work, "mailbox": mailbox, "up": up}
