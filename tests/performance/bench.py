"""All measurements, one process each so that peak memory is each one's own: `make bench`, or `make bench SIZE=3000000`.

Every figure stands beside a bare lower bound measured in the same run: machines are noisy, ratios are not.
"""

from __future__ import annotations

import os
import subprocess
import sys

# (title, module, sizes, what is wanted)
MEASUREMENTS = (
    (
        "Daily run",
        "bench_run",
        (100_000, 1_000_000),
        "next day ≤ 2.5 × bound, first ≤ 3 ×, peak ≤ 1.5 GB, growth ≤ 12 ×",
    ),
    ("Import", "bench_import", (100_000, 1_000_000), "≤ 5 × a bare COPY into the same table"),
    ("Pages", "bench_pages", (100_000, 1_000_000), "p95 ≤ 150 ms at 1 million titles, constant number of statements"),
    ("Delivery", "bench_delivery", (5_000,), "≥ 0.4 × a bare smtplib loop"),
)


def main() -> int:
    """Runs them one after the other; the exit code says whether all of them ended."""
    asked = os.environ.get("SIZE")
    failed = 0
    for title, module, sizes, wanted in MEASUREMENTS:
        chosen = [asked] if asked and module != "bench_delivery" else [str(size) for size in sizes]
        print(f"── {title} (wanted: {wanted})", flush=True)
        failed |= subprocess.call([sys.executable, "-m", f"tests.performance.{module}", *chosen])
    return failed


if __name__ == "__main__":
    sys.exit(main())
