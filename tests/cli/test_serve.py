"""`voicebot serve`, `release`, `web`, `worker`: what they refuse, and how they say it. tests/calls runs them whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from voicebot import __version__
from voicebot.cli import COMMANDS, main
from voicebot.cli.serve import WORKER, gunicorn_command


@pytest.fixture(autouse=True)
def _bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "data"))
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER", "VOICEBOT_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("command", ["serve", "release", "web"])
def test_nothing_starts_without_an_account_and_one_sentence_says_why(command: str) -> None:
    run = CliRunner().invoke(main, [command])
    assert run.exit_code == 1
    assert run.stderr.startswith("voicebot: starting the hotline: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN")
    assert run.stderr.count("\n") == 1


def test_release_migrates_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "token")
    monkeypatch.setenv("TWILIO_PHONE_NUMBER", "+12025550100")
    monkeypatch.setenv("VOICEBOT_PUBLIC_URL", "https://hotline.example")
    for _ in range(2):
        run = CliRunner().invoke(main, ["release"])
        assert run.exit_code == 0, run.output
        assert "flows and policy are whole, the database is at migration" in run.output
        assert "warning: nobody can tell" in run.stderr


def test_a_port_that_is_none_is_refused() -> None:
    assert CliRunner().invoke(main, ["serve", "--port", "0"]).exit_code == 2


def test_the_web_process_is_gunicorn_with_our_configuration_and_no_control_socket() -> None:
    assert gunicorn_command() == [
        sys.executable,
        "-m",
        "voicebot.web.gunicorn_start",
        "--no-control-socket",
        "--config",
        "python:voicebot.web.server",
        "voicebot.web.server:application()",
    ]


def test_the_worker_is_a_module_of_ours() -> None:
    assert WORKER == "voicebot.worker"


def test_help_imports_no_command() -> None:
    code = "import sys; from voicebot.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    run = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    imported = set(run.stdout.splitlines()[-1].split())
    assert imported & {"vosk", "sqlalchemy", *(f"voicebot.cli.{place.module}" for place in COMMANDS.values())} == set()
    assert all(name in run.stdout for name in COMMANDS)


def test_a_command_is_loaded_without_the_collector_and_runs_with_it() -> None:
    code = (
        "import gc; from voicebot.cli import main; rounds = []; gc.collect()\n"
        "gc.callbacks.append(lambda *_: rounds.append(1))\n"
        "main.get_command(None, 'worker'); print(len(rounds), gc.isenabled(), gc.get_freeze_count() > 0)"
    )
    run = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["0", "True", "True"]


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(main, ["sing"]).exit_code == 2


def test_what_tells_of_people_is_written_for_its_own_user_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    former = os.umask(0o022)
    try:
        run = CliRunner().invoke(main, ["database", "migrate"])
        assert os.umask(0o022) == 0o022, "whoever called goes on as before"
    finally:
        os.umask(former)
    assert run.exit_code == 0, run.output
    written = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert written
    assert [path.name for path in written if path.stat().st_mode & 0o077] == []


def test_models_and_flows_are_written_for_everybody() -> None:
    public = {name for name, place in COMMANDS.items() if not place.is_private}
    assert public == {"docs", "flows", "settings", "model", "simulate", "bench"}


def test_the_version_is_told() -> None:
    run = CliRunner().invoke(main, ["--version"])
    assert (run.exit_code, run.output) == (0, f"voicebot {__version__}\n")
