"""Who may import whom. The order of the apps is in pyproject.toml (import-linter); here is what it cannot say."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, ROOT, imported_modules, python_files

# Apps of one package that serve all others; a foreign key to the user is everybody's.
SHARED = {"platform"}
# Composition roots: they put the apps together and may touch the pages' URL lists.
COMPOSERS = {"config"}


def test_the_import_contracts_hold() -> None:
    told = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("app", sorted(APPS - SHARED))
def test_models_and_web_of_an_app_are_its_own(app: str) -> None:
    """Others use its commands, queries and events, so that its tables can change without asking anyone."""
    pattern = re.compile(rf"quita\.{app}\.(\w+\.)*(models|web)(\.|$)")
    trespasses = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files("quita")
        if not _is_exempt(path, app)
        for module in imported_modules(path)
        if pattern.match(module)
    ]
    assert not trespasses, "\n".join(trespasses)


def _is_exempt(path: Path, app: str) -> bool:
    """The app itself, what composes the apps, and tests: a story across apps may look at the rows it ends with."""
    parts = path.relative_to(ROOT / "quita").parts
    return parts[0] == app or parts[0] in COMPOSERS or "tests" in parts


def test_below_the_interfaces_nobody_asks_the_clock() -> None:
    """Time is an argument: only that makes a run repeatable for any date."""
    asked = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files("quita")
        if _is_below_the_interfaces(path)
        for line in _clock_calls(path)
    ]
    assert not asked, "\n".join(asked)


def _is_below_the_interfaces(path: Path) -> bool:
    parts = path.relative_to(ROOT / "quita").with_suffix("").parts
    if "tests" in parts:
        return False
    return parts[0] == "domain" or "commands" in parts or "queries" in parts


def _clock_calls(path: Path) -> Iterator[int]:
    clocks = {"today", "now", "utcnow", "localdate", "localtime", "time_ns"}
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks:
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            if name in {"date", "datetime", "timezone", "dt", "time"}:
                yield node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "time.time":
            yield node.lineno


def test_the_core_has_no_float_of_money() -> None:
    """Money is integer centavos from the file that brings it to the letter that names it."""
    floats = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in python_files("quita/domain")
        if "tests" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"_cents\w*\s*:\s*float|_cents.*pl\.Float|float\(\w*_?cents", line)
    ]
    assert not floats, "\n".join(floats)
