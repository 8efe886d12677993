"""Which server programs are used, and what is said when none fit."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages import pofile

from quita.domain.refusals import Refusal
from quita.platform import postgres
from quita.platform.postgres import binaries, places
from tests.platform.people import Person, data_folder, query

ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_comes_before_the_system_and_a_choice_before_both(
    monkeypatch: pytest.MonkeyPatch, postgres_bin: Path
) -> None:
    monkeypatch.delenv("QUITA_PG_BIN", raising=False)
    origins = [found.origin for found in binaries.available()]
    assert origins == sorted(origins, key=["wheel", "system", "PATH"].index)
    monkeypatch.setenv("QUITA_PG_BIN", str(postgres_bin))
    assert [found.origin for found in binaries.available()] == ["QUITA_PG_BIN", *origins]


def test_a_wrong_choice_is_not_silently_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QUITA_PG_BIN", str(tmp_path))
    with pytest.raises(Refusal) as refused:
        binaries.available()
    assert refused.value.code == "postgres.no_binaries"
    assert str(tmp_path) in str(refused.value)
    assert "DATABASE_URL" in str(refused.value)


@pytest.mark.parametrize(
    ("says", "problem"),
    [("postgres (PostgreSQL) 14.9", "too old"), ("hello", "does not tell its version")],
)
def test_programs_that_do_not_fit_are_named_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str, problem: str
) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("QUITA_PG_BIN", str(tmp_path))
    with pytest.raises(Refusal, match=problem):
        binaries.available()


def test_data_of_another_major_version_is_never_started_nor_ignored(person: Person, used_home: Path) -> None:
    data = data_folder(used_home, person)
    major = int(data.name.removeprefix("data-"))
    data.rename(data.with_name("data-99"))
    answer = person.start(used_home).ask("acquire")
    assert answer.startswith("refused postgres.other_major")
    assert "99" in answer
    assert "quita restore" in answer
    assert not data.exists(), "no empty cluster was made beside it"
    # With both there, the one that fits is used and the other left alone.
    data.with_name("data-99").rename(data)
    person.own(data.with_name("data-99"))
    assert str(query(person.start(used_home).acquire(), "show server_version_num")).startswith(str(major))


def test_an_older_major_that_is_installed_keeps_serving_its_data(person: Person, home: Path) -> None:
    older = [found for found in binaries.available() if found.origin == "system"]
    newest = binaries.available()[0]
    if not older or older[0].major == newest.major:
        pytest.skip("only one major version of PostgreSQL is installed here")
    first = person.start(home, QUITA_PG_BIN=str(older[0].folder))
    first.acquire()
    first.ask("release")
    assert data_folder(home, person).name == f"data-{older[0].major}"
    # A newer one is now preferred, but it cannot read this data.
    dsn = person.start(home).acquire()
    assert str(query(dsn, "show server_version")).startswith(str(older[0].major))


def test_asking_for_the_address_touches_nothing(tmp_path: Path) -> None:
    home = tmp_path / "Nova Cobrança"
    conninfo = postgres.conninfo_for(home)
    assert not home.exists()
    assert postgres.status(home).state == "absent"
    assert set(conninfo) == {"host", "port", "user", "dbname", "passfile"}
    assert conninfo.dsn.startswith("postgresql://quita@/quita?host=%2F")
    assert conninfo.to_database("teste é").dsn.startswith("postgresql://quita@/teste%20%C3%A9?")


def test_a_home_with_a_control_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        places.site_for(tmp_path / "a\nb")
    assert refused.value.code == "postgres.home_name"


def test_every_refusal_of_the_embedded_database_is_said_in_portuguese_too() -> None:
    said = set()
    for path in (ROOT / "quita/platform/postgres").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                said.add(ast.literal_eval(node.args[1]))
    with (ROOT / "quita/locale/fragments/postgres.pt_BR.po").open("rb") as file:
        catalogue = pofile.read_po(file, locale="pt_BR")
    assert said == {message.id for message in catalogue if message.id}
    for message in catalogue:
        if message.id:
            assert message.string
            assert set(re.findall(r"%\(\w+\)s", message.string)) == set(re.findall(r"%\(\w+\)s", message.id))
