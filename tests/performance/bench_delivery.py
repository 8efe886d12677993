"""Delivery by one worker process against a bare `smtplib.sendmail` loop of ready-made messages, to the same local sink.

    python -m tests.performance.bench_delivery 5000

The worker claims, takes its last look, works out what is owed, writes the letter, builds the message, sends it and ends
it in the database. The loop only sends: one connection, messages of the same size made beforehand. The sink is an SMTP
server in a process of its own that takes everything and keeps nothing. Wanted: at least 0.4 of the loop's rate.
"""

from __future__ import annotations

import datetime as dt
import resource
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.performance import fresh

DAY = dt.date(2026, 11, 24)
WANTED = 0.4

_SINK = """
import sys, time
from aiosmtpd.controller import Controller

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"

Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print("ready", flush=True)
time.sleep(86400)
"""

_TOWN = """
insert into parties_debtor(id, kind, name, debtor_type, segment, protection, city, uf, ibge_code, has_email, has_phone,
  created_at)
select n, 'person', 'Maria da Conceição ' || n, '', '', '', 'Recife', 'PE', '2611606', true, false, now()
from generate_series(1, %(size)s) n;
insert into parties_contactpoint(id, debtor_id, kind, value, label, state, preference, source, changed_at)
select n, n, 'email', 'd' || n || '@bench.example', '', 'unverified', 0, 'bench', now()
from generate_series(1, %(size)s) n;
insert into parties_contract(id, company_id, branch_id, debtor_id, kind, number, plan, unit, city)
select n, %(company)s, %(branch)s, n, 'other', 'C' || n, '', '', 'Recife' from generate_series(1, %(size)s) n;
insert into receivables_receivable(id, company_id, branch_id, debtor_id, contract_id, calendar_id, policy_id, source,
  external_id, number, document_type, origin, billing_method, due_on, original_cents, balance_cents, rebate_cents,
  status, correction_open_cents, interest_open_cents, fine_open_cents, fine_assessed, created_at, changed_at, row_hash)
select n, %(company)s, %(branch)s, (n + 1) / 2, (n + 1) / 2, %(calendar)s, %(policy)s, 'bench',
  n::text, 'T-' || n, '', 'other', '', date '2026-11-01' - (n %% 90)::int, 10000 + n %% 90000, 10000 + n %% 90000, 0,
  'open', 0, 0, 0, false, now(), now(), 0
from generate_series(1, 2 * %(size)s) n;
insert into messaging_message(company_id, debtor_id, contact_point_id, template_version_id, channel,
  lead_receivable_id, lead_due_on, lead_step_key, lead_occurrence, receivable_ids, day, not_before, not_after, state,
  reason, detail, attempts, next_attempt_at, lease_by, created_at)
select %(company)s, n, n, %(version)s, 'email', 2 * n - 1, r.due_on, 1, 0, array[2 * n - 1, 2 * n], %(day)s, %(at)s,
  %(at)s + interval '8 hours', 'queued', '', '', 0, %(at)s, '', %(at)s
from generate_series(1, %(size)s) n join receivables_receivable r on r.id = 2 * n - 1;
analyze parties_debtor, parties_contactpoint, parties_contract, receivables_receivable, messaging_message;
"""


def run(size: int) -> dict[str, Any]:
    """Measures one size in an empty database and returns the numbers. Django is set up and the database is made."""
    from quita.messaging.channels.email_smtp import configuration
    from quita.messaging.delivery import worker
    from quita.platform.actors import When

    when = When.on(DAY, 10)
    _fill(size, when)
    with tempfile.TemporaryDirectory() as folder, sink() as port:
        server = configuration.from_url(f"smtp://127.0.0.1:{port}")
        before_s = _bare_loop(port, size // 2)
        began, cpu = time.perf_counter(), time.process_time()
        tally = worker.deliver(when_fn=lambda: when, server=server, journals=Path(folder))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        after_s = _bare_loop(port, size - size // 2)
    assert dict(tally.counts) == {"sent": size}, tally
    bare = size / (before_s + after_s)
    result = {
        "size": size, "seconds": round(seconds, 2), "mails_per_s": round(size / seconds), "bare_per_s": round(bare),
        "ratio": round(size / seconds / bare, 2), "wanted": WANTED, "cpu_ms_per_mail": round(1000 * cpu / size, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip
    print(
        f"{size:>9,} mails  delivered {result['mails_per_s']:,}/s "
        f"({result['cpu_ms_per_mail']} ms CPU each)  bare loop "
        f"{result['bare_per_s']:,}/s  ratio {result['ratio']:.2f} (wanted {WANTED})  peak {result['peak_mb']} MB",
        flush=True,
    )
    return result


@contextmanager
def sink() -> Iterator[int]:
    """A real SMTP server in another process that keeps nothing; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with subprocess.Popen([sys.executable, "-c", _SINK, str(port)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        try:
            yield port
        finally:
            process.terminate()


def _fill(size: int, when: Any) -> None:
    from django.db import connection

    from quita.messaging import commands as messaging
    from quita.messaging.tests import scenes
    from quita.parties.models import Branch, Company
    from quita.parties.tests import scenes as places
    from quita.platform.actors import SYSTEM

    company = places.company(email="financeiro@aurora.example", payment_instructions="Pix: chave aurora")
    branch = Branch.objects.get(company=company)
    template = messaging.create_template(
        name="Bench", channel="email", subject=scenes.SUBJECT, body=scenes.BODY, by=SYSTEM, when=when
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _TOWN,
            {
                "size": size, "company": company.pk, "branch": branch.pk, "calendar": branch.calendar_id,
                "policy": Company.objects.get(pk=company.pk).default_policy_id, "version": template.versions.get().pk,
                "day": DAY, "at": when.at,
            },
        )  # fmt: skip


def _bare_loop(port: int, count: int) -> float:
    """Seconds to send so many ready-made messages over one connection."""
    from quita.messaging.channels.email_smtp.mime import compose
    from quita.messaging.tests import scenes
    from quita.messaging.texts import letters, sample

    letter = letters.write(scenes.SUBJECT, scenes.BODY, sample.sample_facts(DAY, title_count=2))
    made = [
        compose(
            letter, reference=f"bare{number}@bench.example", sender="a@bench.example", sender_name="Bench",
            recipient=f"d{number}@bench.example", reply_to="a@bench.example", at=dt.datetime.now(tz=dt.UTC),
        )
        for number in range(count)
    ]  # fmt: skip
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for envelope in made:
            smtp.sendmail(envelope.sender, [envelope.recipient], envelope.data)
    return time.perf_counter() - began


def main(sizes: list[int]) -> list[dict[str, Any]]:
    """Each size in an empty database of its own."""
    return fresh.measured(run, sizes)


if __name__ == "__main__":
    main(fresh.sizes_asked(sys.argv[1:], [5_000]))
