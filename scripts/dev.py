#!/usr/bin/env python3
"""Everything a person does with a checkout: run, test, lint, bench, golden, lock, clean. Standard library only.

`make run` and friends call this; without make: `python3 scripts/dev.py run`. The first call makes a virtual
environment in .venv from the lock files, later calls see by a stamp that nothing has changed and go on at once.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # the very sentence that says so must run on an older Python
    sys.exit(
        f"Quita needs Python 3.11 or later; this is Python {sys.version.split()[0]} ({sys.executable}). "
        "Install a newer one, or name it: make run PYTHON=python3.12"
    )

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}
BUILD_LOCK = "requirements-build.lock"
# Two workers: the suite is written for two cores, and each worker makes a database of its own.
WORKERS = "2"


def main() -> int:
    """Run one command; returns its exit code."""
    commands = {
        "setup": setup,
        "run": run,
        "test": test,
        "lint": lint,
        "bench": bench,
        "golden": golden,
        "lock": lock,
        "clean": clean,
    }
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=commands)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="passed on to what the command starts")
    asked = parser.parse_args()
    os.chdir(ROOT)
    os.environ.setdefault("QUITA_HOME", str(ROOT / ".quita"))
    return commands[asked.command](asked.rest)


def setup(rest: list[str]) -> int:
    """Make or refresh the environment for development."""
    _environment("dev")
    return 0


def run(rest: list[str]) -> int:
    """Set up, build the demo where the database is empty, and serve."""
    _environment("runtime")
    quita = str(BIN / "quita")
    os.execv(quita, [quita, "up", *rest])


def lint(rest: list[str]) -> int:
    """Everything that finds faults without running the product; one that fails does not stop the others."""
    _environment("dev")
    return _all_of(
        [
            ("ruff check", [str(BIN / "ruff"), "check", "."]),
            ("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
            ("mypy", [str(PYTHON), "-m", "mypy"]),
            ("lint-imports", [str(BIN / "lint-imports")]),
        ]
    )


def test(rest: list[str]) -> int:
    """Lint, then the tests; those in a browser in a process of their own, because Playwright runs an event loop."""
    linted = lint([])
    pytest = [str(PYTHON), "-m", "pytest"]
    tested = _all_of([("tests", [*pytest, "-q", "-n", WORKERS, "--dist", "worksteal", *rest])])
    # For this process alone: everywhere else Django's guard against blocking an event loop stays on.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    browsed = _all_of([("browser tests", [*pytest, "-q", "tests/browser", *rest])])
    return max(linted, tested, browsed)


def bench(rest: list[str]) -> int:
    """Measure, and print each figure beside the bare lower bound of the same run. SIZE=3000000 chooses the size."""
    _environment("dev")
    return subprocess.call([str(PYTHON), "-m", "tests.performance.bench", *rest])


def golden(rest: list[str]) -> int:
    """Write the golden files anew, to be read in the diff before they are committed."""
    if os.environ.get("CI"):
        sys.exit("Golden files are not rewritten under CI: run `make golden` on your machine and review the diff.")
    _environment("dev")
    os.environ["QUITA_REWRITE_GOLDEN"] = "1"
    return subprocess.call([str(PYTHON), "-m", "pytest", "-q", "-m", "golden", *rest])


def lock(rest: list[str]) -> int:
    """Resolve the dependencies anew. The files name no registry: where packages come from is for pip's settings."""
    uv = BIN / "uv" if (BIN / "uv").exists() else shutil.which("uv")
    if not uv:
        sys.exit("`make lock` needs uv, which resolves for all platforms at once: .venv/bin/pip install uv")
    shared = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
    for output, inputs in (
        (LOCKS["runtime"], ["pyproject.toml"]),
        (LOCKS["dev"], ["--extra", "dev", "pyproject.toml"]),
        (BUILD_LOCK, ["-"]),
    ):
        given = "setuptools>=80\n" if inputs == ["-"] else ""
        command = [str(uv), "pip", "compile", "-q", *shared, *rest, "-o", output, *inputs]
        subprocess.run(command, input=given, text=True, check=True)
    return 0


def clean(rest: list[str]) -> int:
    """Remove what can be made again: caches, the test home, the environment. Never a data home."""
    test_home = ROOT / ".quita-test"
    if test_home.exists():
        sys.path.insert(0, str(ROOT))
        from quita.platform.postgres import places

        # As root the cluster may lie apart from its home.
        shutil.rmtree(places.site_for(test_home).root, ignore_errors=True)
    names = (".venv", ".quita-test", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "build", "dist")
    for path in [ROOT / name for name in (*names, ".import_linter_cache", "quita.egg-info")]:
        shutil.rmtree(path, ignore_errors=True)
    for folder in ("quita", "tests", "scripts"):
        for path in list((ROOT / folder).rglob("__pycache__")):
            shutil.rmtree(path, ignore_errors=True)
    print("Clean. Data homes (QUITA_HOME, by default .quita) are kept; delete them yourself if you mean to.")
    return 0


def _environment(kind: str) -> None:
    """Make .venv and install the locked packages of this kind, unless a stamp says that exactly this was done."""
    if any(_stamp(done).is_file() and _stamp(done).read_text() == _fingerprint(done) for done in {kind, "dev"}):
        return
    if not _works(PYTHON):
        if importlib.util.find_spec("ensurepip") is None:
            sys.exit(
                f"This Python ({sys.executable}) cannot make virtual environments. Install its venv module "
                "(Debian and Ubuntu: apt install python3-venv) and run this again."
            )
        print("Making a virtual environment in .venv", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    print(f"Installing the packages of {LOCKS[kind]} (the first time takes a minute or two)", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # pip warns root about system packages; a virtual environment has none.
        pip.append("--root-user-action=ignore")
    for command in (
        [*pip, "--require-hashes", "-r", LOCKS[kind]],
        [*pip, "--require-hashes", "-r", BUILD_LOCK],
        # Built with the locked setuptools above and not in an isolated folder, which would fetch unlocked ones.
        [*pip, "--no-deps", "--no-build-isolation", "-e", "."],
    ):
        done = subprocess.run(command, check=False)
        if done.returncode != 0:
            sys.exit(
                "Installing failed (see above). Is the package index reachable? "
                "pip reads its address from PIP_INDEX_URL or pip.conf; running this again goes on where it stopped."
            )
    _stamp(kind).write_text(_fingerprint(kind))


def _works(python: Path) -> bool:
    """Whether the environment's interpreter still starts: the Python it was made from may be gone."""
    try:
        return subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _stamp(kind: str) -> Path:
    return VENV / f"quita-{kind}.stamp"


def _fingerprint(kind: str) -> str:
    """What the environment depends on: the lock files, the project's metadata, where the checkout lies, this Python."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packaging = [declared["project"], declared["build-system"], declared["tool"]["setuptools"]]
    digest = hashlib.sha256(f"{ROOT} {sys.version} {packaging}".encode())
    for name in (LOCKS[kind], BUILD_LOCK):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _all_of(steps: list[tuple[str, list[str]]]) -> int:
    """Run every step, say which failed, return 1 if any did."""
    failed = []
    for name, command in steps:
        print(f"── {name}", flush=True)
        if subprocess.call(command) != 0:
            failed.append(name)
    if failed:
        print(f"FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
