"""Documents that lead somewhere: every link inside the project ends at a file, and at a heading where it names one."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.architecture.sources import ROOT, project_files

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)")
DOCUMENTS = [path for path in project_files() if path.suffix == ".md"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    broken = [target for target in _links(path) if not _exists(path, target)]
    assert broken == []


def _links(path: Path) -> list[str]:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [target for target in LINK.findall(text) if not re.match(r"[a-z][a-z+.-]*:", target)]


def _exists(path: Path, target: str) -> bool:
    name, _, fragment = unquote(target).partition("#")
    found = path if not name else path.parent / name
    if not found.exists():
        return False
    return not fragment or found.suffix != ".md" or fragment in _headings(found)


def _headings(path: Path) -> set[str]:
    lines = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def test_there_are_decisions_and_each_is_numbered_once() -> None:
    numbers = [path.name.split("-")[0] for path in DECISIONS]
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_states_itself_in_its_title(path: Path) -> None:
    title, _, reasons = path.read_text(encoding="utf-8").partition("\n")
    assert re.match(rf"# {int(path.name.split('-')[0])}\. \S+ \S+", title), (
        "the number, then the decision as a sentence"
    )
    assert len(reasons.split()) > 60, "why, what was decided, what follows"


def test_the_lock_files_hold_hashes_and_no_place() -> None:
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text(encoding="utf-8")
        packages = re.findall(r"^[\w.-]+==", text, flags=re.MULTILINE)
        assert packages, path.name
        assert len(re.findall(r"==[^\n]*\\\n(?=\s+--hash=sha256:)", text)) == len(packages), path.name
        assert "://" not in text, path.name


def test_the_licence_is_apache_2() -> None:
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text(encoding="utf-8")
