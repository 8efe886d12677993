"""Sizes and names: what keeps a file readable in one sitting."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, project_files, python_files

FILE_LIMIT_LINES = 400
FUNCTION_LIMIT_LINES = 70
VAGUE = {"manager", "helper", "helpers", "util", "utils", "data", "info", "process", "misc", "common"}


def _all_python() -> list[Path]:
    return [path for folder in ("quita", "tests", "scripts") for path in python_files(folder)]


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _all_python()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LIMIT_LINES
    }
    assert long == {}, f"more than {FILE_LIMIT_LINES} lines: make it a package with one module per noun"


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for path in _all_python()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LIMIT_LINES
    ]
    assert not long, "\n".join(long)


def test_modules_are_named_after_what_they_hold() -> None:
    vague = [str(path.relative_to(ROOT)) for path in python_files("quita") if VAGUE & set(path.stem.split("_"))]
    assert not vague, "\n".join(vague)


def test_every_package_says_what_it_owns() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files("quita")
        if path.name == "__init__.py"
        # What these hold is the same in every app.
        and not {"tests", "management", "web", "templatetags"} & set(path.parts)
        and not ast.get_docstring(ast.parse(path.read_bytes()))
    ]
    assert not silent, "\n".join(silent)


def test_no_work_is_left_as_a_note_in_the_code() -> None:
    notes = re.compile(r"\b(TODO" r"|FIXME" r"|XXX" r"|HACK)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _all_python()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if notes.search(line) and path != Path(__file__)
    ]
    assert not found, "\n".join(found)


def test_an_ignored_type_error_says_why() -> None:
    bare = re.compile(r"#\s*type:\s*ignore(\[[\w, -]+\])?\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files("quita")
        if "tests" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert not found, "\n".join(found)


TEXT = {
    ".py",
    ".md",
    ".toml",
    ".html",
    ".css",
    ".js",
    ".po",
    ".txt",
    ".lock",
    ".yml",
    ".yaml",
    ".json",
    ".cfg",
    ".sql",
    "",
}
# A folder of one machine or a place where packages come from has no business in a project that anyone may build.
ELSEWHERE = [
    re.compile(r"(?<![\w.])/(home|Users)/[a-z][\w-]*/"),
    re.compile(r"(?<![\w./])/work/\w"),
    re.compile(r"(?<![\w.])/root/\.\w"),
    re.compile(r"https?://[\w.-]*(pypi|artifactory|nexus|devpi|registry|mirror)[\w.-]*/", re.IGNORECASE),
    re.compile(r"^\s*(--(extra-)?index-url|-i)\s", re.MULTILINE),
]


@pytest.mark.parametrize("pattern", ELSEWHERE, ids=lambda pattern: pattern.pattern)
def test_no_file_names_a_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    found = []
    for path in project_files():
        if path.suffix not in TEXT or path == Path(__file__):
            continue
        match = pattern.search(path.read_text(encoding="utf-8", errors="replace"))
        if match:
            found.append(f"{path.relative_to(ROOT)}: {match.group()!r}")
    assert not found, "\n".join(found)
