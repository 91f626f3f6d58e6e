"""`voicebot staff` on a terminal and in a script, over a real database."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicebot.adapters.store import open_engine
from voicebot.cli import main

ANNA = ("add", "Anna@Firm.example", "--name", "Anna Ruiz", "--role", "handler")
PHRASE = "a quiet harbour at dawn"


@pytest.fixture(autouse=True)
def _database(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_log: None) -> None:
    """A migrated database that the command line will open."""
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    shutil.copy(migrated_file, tmp_path / "voicebot.db")


def staff(*words: str, typed: str = "") -> Result:
    """Run the command; `typed` is what stands on its standard input."""
    return CliRunner().invoke(main, ["staff", *words], input=typed, catch_exceptions=False)


def test_an_empty_list_says_how_to_begin() -> None:
    assert "Nobody may log in yet: voicebot staff add" in staff("list").stdout


def test_without_a_migrated_database_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "new"))
    assert "run `voicebot release`" in staff("list").stderr


def test_an_account_is_added_with_a_password_made_and_shown_once() -> None:
    added = staff(*ANNA, "--generate")
    assert added.exit_code == 0, added.output
    assert "Anna Ruiz may log in as handler; histories call them anna_ruiz." in added.stdout
    (password,) = re.findall(r"^Password: (\S{20})$", added.stdout, re.MULTILINE)
    listed = staff("list").stdout
    for shown in ("Anna Ruiz", "anna@firm.example", "handler", "anna_ruiz", "yes", "never"):
        assert shown in listed
    assert password not in listed


def test_the_log_tells_who_was_added_without_their_e_mail() -> None:
    added = staff(*ANNA, "--generate")
    (line,) = [line for line in added.stderr.splitlines() if "staff_added" in line]
    assert '"staff": "anna_ruiz"' in line
    assert "firm.example" not in added.stderr


def test_without_a_terminal_the_password_is_a_line_of_the_input() -> None:
    assert staff(*ANNA, typed=f"{PHRASE}\n").exit_code == 0
    assert PHRASE not in staff("list").stdout


@pytest.mark.parametrize("typed", ["", "short\n", "123456789\n"])
def test_a_short_password_is_refused(typed: str) -> None:
    refused = staff(*ANNA, typed=typed)
    assert refused.exit_code == 1
    assert "at least 10 characters" in refused.stderr
    assert "Nobody may log in yet" in staff("list").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", " anna@FIRM.example", "--name", "Other", "--role", "handler"), "another account has this e-mail"),
        (("add", "no e-mail", "--name", "Other", "--role", "handler"), "must look like name@company.example"),
        (("add", "b@firm.example", "--name", "  ", "--role", "handler"), "reading the name"),
        (("add", "b@firm.example", "--name", "B", "--role", "handler", "--member", "x"), "it knows area_1, deputy_1, "),
        (("add", "b@firm.example", "--name", "B", "--role", "boss"), "'handler', 'supervisor', 'quality', "),
        (("disable", "nobody@firm.example"), "`voicebot staff list` shows them all"),
        (("password", "nobody@firm.example", "--generate"), "`voicebot staff list` shows them all"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: tuple[str, ...], told: str) -> None:
    assert staff(*ANNA, "--generate").exit_code == 0
    refused = staff(*words)
    assert refused.exit_code != 0
    assert told in refused.stderr
    assert "Traceback" not in refused.output


def test_an_account_of_a_policys_member_is_that_member_and_there_is_one() -> None:
    assert "histories call them owner_1" in staff(*ANNA, "--member", "owner_1", "--generate").stdout
    second = staff("add", "b@firm.example", "--name", "B", "--role", "handler", "--member", "owner_1", "--generate")
    assert second.exit_code == 1
    assert "is this member already" in second.stderr


def test_who_is_disabled_gets_in_again_with_a_new_password() -> None:
    staff(*ANNA, "--generate")
    assert "Anna Ruiz may log in no more" in staff("disable", "anna@firm.example").stdout
    assert " no " in staff("list").stdout
    changed = staff("password", "anna@firm.example", "--generate")
    assert "Anna Ruiz has a new password; every session has ended." in changed.stdout
    assert " no " not in staff("list").stdout


def test_a_phone_is_rung_by_the_id_of_its_member_and_what_came_of_it_is_said() -> None:
    unknown = staff("test", "nobody_1")
    assert unknown.exit_code == 1
    assert "nobody here goes by 'nobody_1'" in unknown.stderr
    silent = staff("test", "owner_1", "text message")
    assert silent.exit_code == 1
    assert "First handler, text message: has no telephone in escalation.yaml" in silent.stdout


def test_a_lost_telephone_is_helped_with_and_stands_in_the_history(tmp_path: Path) -> None:
    staff(*ANNA, "--generate")
    assert "Nothing has happened to this login." in staff("history", "anna@firm.example").stdout
    none = staff("second-factor", "reset", "anna@firm.example")
    assert (none.exit_code, "this account has none" in none.stderr) == (1, True)
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff_account SET second_factor_at = added_at")
    engine.dispose()
    assert re.search(r"anna_ruiz +│ yes +│ set up", staff("list").stdout)
    reset = staff("second-factor", "reset", "anna@firm.example")
    assert reset.exit_code == 0, reset.output
    assert "Anna Ruiz logs in by the password alone" in reset.stdout
    assert "No channel reaches them: tell them yourself." in reset.stdout
    assert "second factor taken away, by terminal" in staff("history", "anna@firm.example").stdout
