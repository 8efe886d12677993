"""The command line as somebody uses it who has just installed the product."""

import json

import pytest
from click.testing import CliRunner, Result

from quita.cli import main
from quita.cli.main import COMMANDS


def quita(*words: str) -> Result:
    """Types the command; a fault, unlike a refusal, is shown as it is."""
    result = CliRunner().invoke(main, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_help_lists_everything_a_person_can_do():
    said = quita("--help").output
    for name in (
        "serve",
        "work",
        "run",
        "preview",
        "explain",
        "replay",
        "import",
        "demo",
        "backup",
        "restore",
        "check",
    ):
        assert f"\n  {name} " in said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_takes(name):
    result = quita(name, "--help")
    assert result.exit_code == 0
    assert result.output.startswith("Usage:")


@pytest.mark.django_db(transaction=True)
class TestOnAnInstallation:
    def test_a_day_is_run_once_and_the_second_time_finds_nothing(self):
        first = json.loads(quita("run", "--date", "2026-11-23", "--json").output)
        assert first["day"] == "2026-11-23"
        again = json.loads(quita("run", "--date", "23/11/2026", "--json").output)
        assert again["counts"] == first["counts"] == {}

    def test_a_run_never_goes_backwards(self):
        quita("run", "--date", "2026-11-23", "--json")
        result = quita("run", "--date", "2026-11-20")
        assert result.exit_code == 2
        assert "run_never_goes_backwards" in result.output

    def test_a_day_that_is_none_is_explained(self):
        result = quita("run", "--date", "amanhã")
        assert result.exit_code == 2
        assert "2026-11-21 or 21/11/2026" in result.output

    def test_nobody_has_heard_of_a_title(self):
        result = quita("explain", "9999/1", "--date", "2026-11-23")
        assert result.exit_code == 2
        assert "9999/1" in result.output

    def test_a_past_run_is_decided_again_and_gives_the_same_bytes(self):
        run = json.loads(quita("run", "--date", "2026-11-23", "--json").output)
        assert quita("replay", str(run["run"])).exit_code == 0

    def test_a_user_gets_a_password_and_later_another(self):
        first = quita("user", "ana", "--role", "supervisor").output.split()
        second = quita("user", "ana").output.split()
        assert first[0] == second[0] == "ana"
        assert first[1] != second[1]

    def test_a_file_needs_a_mapping(self, tmp_path):
        file = tmp_path / "titulos.csv"
        file.write_text("id;valor\n1;10,00\n")
        assert quita("import", str(file)).exit_code == 2
        unknown = quita("import", str(file), "--mapping", "nenhum")
        assert unknown.exit_code == 2
        assert "nenhum" in unknown.output

    def test_the_check_says_what_is_missing(self):
        findings = {one["code"]: one for one in json.loads(quita("check", "--json").output)}
        assert findings["database"]["well"]
        assert findings["books"]["well"]
        assert not findings["mail"]["well"]

    def test_a_backup_is_written_whole_and_never_over_another_file(self, tmp_path):
        file = tmp_path / "quita.zip"
        assert quita("backup", str(file)).exit_code == 0
        size = file.stat().st_size
        assert quita("backup", str(file)).exit_code == 2
        assert file.stat().st_size == size
