"""What the console is opened with: the secret of the setting, or the one kept in the data folder."""

from pathlib import Path
from time import monotonic

import pytest
from flask import Flask
from pydantic import SecretStr

from tests.databases import postgres_database
from tests.freezer import Freezer
from voicebot.adapters.store import migrate, open_engine
from voicebot.bootstrap import console_secret, open_logins
from voicebot.config import Settings
from voicebot.errors import SettingFault, Unavailable


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


def test_who_is_looked_up_at_a_server_that_hangs_is_given_up_in_time(postgres: str, tmp_path: Path) -> None:
    app = Flask("logins")
    app.config["SECURITY_JOIN_USER_ROLES"] = False
    with postgres_database(postgres) as url, Freezer(url) as freezer, app.app_context():
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        settings = Settings(data_dir=tmp_path, database_url=freezer.url)
        logins = open_logins(settings, database_patience_ms=1_000, statement_timeout_ms=4_000)
        assert logins.find_user(email="anna@firm.example") is None
        logins.close()
        freezer.freeze()
        began = monotonic()
        with pytest.raises(Unavailable, match="looking up an account"):
            logins.find_user(email="anna@firm.example")
        assert monotonic() - began < 10
        logins.close()
