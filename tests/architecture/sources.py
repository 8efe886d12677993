"""The project's own files, as the architecture tests look at them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = {
    path.parent.name
    for path in (ROOT / "quita").glob("*/__init__.py")
    if path.parent.name not in {"domain", "config", "cli", "demo", "locale"}
}


def python_files(folder: str) -> list[Path]:
    """All Python files below the folder except generated migrations, sorted."""
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project: what git tracks or would track. Without git, everything but caches."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [name.decode() for name in listed.stdout.split(b"\0") if name]
        return tuple(sorted({ROOT / name for name in names if (ROOT / name).is_file()}))
    left_out = {".git", ".venv", ".quita", ".quita-test", "__pycache__"}
    return tuple(sorted(path for path in ROOT.rglob("*") if path.is_file() and not left_out & set(path.parts)))


@cache
def imported_modules(path: Path) -> tuple[str, ...]:
    """Full names of everything a file imports: `from a.b import c` gives a.b.c (c may be a module or a name)."""
    return tuple(_imported_modules(path))


def _imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
