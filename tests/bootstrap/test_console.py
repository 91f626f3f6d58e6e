"""What the console is opened with: the secret of the setting, or the one kept in the data folder."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from voicebot.bootstrap import console_secret, open_logins
from voicebot.config import Settings
from voicebot.errors import SettingFault


def test_the_setting_goes_before_the_file(tmp_path: Path) -> None:
    given = Settings(data_dir=tmp_path, secret_key=SecretStr("k" * 32))
    assert console_secret(given) == "k" * 32
    assert list(tmp_path.iterdir()) == []


def test_without_the_setting_the_key_is_kept_beside_the_data(tmp_path: Path) -> None:
    key = console_secret(Settings(data_dir=tmp_path))
    assert console_secret(Settings(data_dir=tmp_path)) == key
    assert (tmp_path / "secret_key").read_text().strip() == key


def test_a_secret_that_could_be_guessed_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_SECRET_KEY has fewer than 32") as refused:
        console_secret(Settings(data_dir=tmp_path, secret_key=SecretStr("hunter2hunter2")))
    assert "hunter2" not in str(refused.value)


def test_logins_are_opened_without_connecting(tmp_path: Path) -> None:
    open_logins(Settings(data_dir=tmp_path)).close()
    assert not (tmp_path / "voicebot.db").exists()
