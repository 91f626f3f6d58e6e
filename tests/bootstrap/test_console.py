"""What the console is opened with: the secret of the setting, or the one kept in the data folder."""

from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from tests.databases import postgres_database
from tests.freezer import Freezer
from voicebot.adapters.store import migrate, open_engine
from voicebot.bootstrap import company_sign_in, console_secret, open_logins
from voicebot.config import Settings
from voicebot.domain.staff import Role
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


WHOLE = {"oidc_issuer": "https://login.example", "oidc_client_id": "i", "oidc_client_secret": SecretStr("hunter2")}


def test_the_companys_sign_in_is_what_the_settings_say(tmp_path: Path) -> None:
    assert company_sign_in(Settings(data_dir=tmp_path)) is None
    found = company_sign_in(Settings(data_dir=tmp_path, oidc_roles="a=b=administrator, team=handler", **WHOLE))
    assert found is not None
    assert found.rules.roles == (("a=b", Role.ADMINISTRATOR), ("team", Role.HANDLER))
    assert found.passwords_for == frozenset(Role)
    assert (found.session_life, found.rules.second_factor) == (timedelta(hours=1), {"mfa"})
    more = {"oidc_session_minutes": 5, "oidc_second_factor": "otp, gold"}
    only = company_sign_in(Settings(data_dir=tmp_path, oidc_only=True, **more, **WHOLE))
    assert only is not None
    assert only.passwords_for == {Role.ADMINISTRATOR}
    assert (only.session_life, only.rules.second_factor) == (timedelta(minutes=5), {"otp", "gold"})


@pytest.mark.parametrize(
    "wrong",
    [{"oidc_issuer": "http://login.example"}, {"oidc_client_id": ""}, {"oidc_client_secret": SecretStr("")}],
    ids=["http", "no id", "no secret"],
)
def test_a_sign_in_that_is_half_set_is_refused_without_its_secret(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_OIDC_CLIENT_SECRET") as fault:
        company_sign_in(Settings(data_dir=tmp_path, **(WHOLE | wrong)))
    assert fault.value.code == "sign-in-provider"
    assert "hunter2" not in str(fault.value)
