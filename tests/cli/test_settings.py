"""`voicebot settings`."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from voicebot.cli.settings import settings


@pytest.fixture(autouse=True)
def _away_from_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_table_names_meaning_default_and_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_GRACE_S", "77")
    run = CliRunner().invoke(settings)
    assert run.exit_code == 0
    (line,) = [line for line in run.output.splitlines() if "VOICEBOT_GRACE_S" in line]
    assert "seconds" in line
    assert "900" in line
    assert "77" in line


def test_plain_is_one_line_for_each_setting_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "a-secret")
    lines = CliRunner().invoke(settings, ["--plain"]).output.splitlines()
    assert "TWILIO_AUTH_TOKEN\t(set)\t\t" in "\n".join(lines)
    assert all(line.count("\t") == 3 for line in lines)
    assert "a-secret" not in "\n".join(lines)
