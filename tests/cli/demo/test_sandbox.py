"""The demo's own world, apart from any real installation."""

from pathlib import Path

import pytest

from voicebot.cli.demo.sandbox import set_up
from voicebot.errors import SettingFault


def test_the_folder_is_emptied(tmp_path: Path) -> None:
    old = tmp_path / "demo" / "voicebot.db"
    old.parent.mkdir()
    old.write_text("yesterday")
    sandbox = set_up(tmp_path / "demo")
    assert not old.exists()
    assert sandbox.database == old


def test_each_demo_has_ports_and_credentials_of_its_own(tmp_path: Path) -> None:
    one, other = set_up(tmp_path / "one"), set_up(tmp_path / "other")
    assert one.auth_token != other.auth_token
    assert one.account_sid != other.account_sid
    assert one.port != one.api_port


def test_settings_of_a_real_installation_stay_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "the-real-one")
    monkeypatch.setenv("VOICEBOT_COMPANY", "The Real Company")
    monkeypatch.setenv("VOICEBOT_MODEL_DIR", "/models")
    environment = set_up(tmp_path / "demo").environment()
    assert "the-real-one" not in environment.values()
    assert "VOICEBOT_COMPANY" not in environment
    assert environment["VOICEBOT_MODEL_DIR"] == "/models"
    assert environment["VOICEBOT_POLICY_DIR"].endswith("policy_demo")


def test_a_folder_that_cannot_be_made_is_refused_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingFault, match="--folder"):
        set_up(tmp_path / "file" / "demo")
