"""Settings from the environment."""

from pathlib import Path

import pytest

from voicebot.config import Settings, read_settings, shown_settings
from voicebot.distribution import PACKAGE_DIR, flows_dir
from voicebot.domain.staff import Role
from voicebot.errors import SettingFault


@pytest.fixture(autouse=True)
def _away_from_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_hang_on_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "d"))
    settings = read_settings()
    assert settings.resolved_database_url() == f"sqlite:///{tmp_path / 'd' / 'voicebot.db'}"
    assert settings.resolved_audio_root() == str(tmp_path / "d" / "audio")
    assert settings.resolved_policy_dir() == settings.flows_dir / "policy"


def test_what_is_set_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", "postgresql://db/x")
    monkeypatch.setenv("VOICEBOT_AUDIO_ROOT", "s3://bucket/voice")
    monkeypatch.setenv("VOICEBOT_POLICY_DIR", "/policy")
    monkeypatch.setenv("VOICEBOT_CALLBACK_COUNTRIES", "us, ca,")
    monkeypatch.setenv("VOICEBOT_GATE_EXCEPTIONS", "+1500555, +1202555")
    settings = read_settings()
    assert settings.resolved_database_url() == "postgresql://db/x"
    assert settings.resolved_audio_root() == "s3://bucket/voice"
    assert settings.resolved_policy_dir() == Path("/policy")
    assert settings.region_list() == {"US", "CA"}
    assert settings.gate_exception_list() == ("+1500555", "+1202555")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VOICEBOT_PORT", "many"),
        ("VOICEBOT_PORT", "70000"),
        ("VOICEBOT_PUBLIC_URL", "hotline.example.org"),
        ("VOICEBOT_PUBLIC_URL", "https://hotline.example.org/"),
        ("VOICEBOT_LOG_LEVEL", "LOUD"),
        ("VOICEBOT_MAX_CALLS", "0"),
        ("VOICEBOT_COMPANY", ""),
        ("VOICEBOT_COMPANY", "  "),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingFault, match=name) as fault:
        read_settings()
    assert f"'{value}'" not in str(fault.value)


def test_a_company_name_is_taken_without_the_blanks_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_COMPANY", " Seaside Lamps ")
    assert read_settings().company == "Seaside Lamps"


@pytest.mark.parametrize("value", ["hotline.example.org", "https://hotline.example.org/", "https://h.example/path"])
def test_an_address_with_too_much_or_too_little_says_how_one_looks(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("VOICEBOT_PUBLIC_URL", value)
    with pytest.raises(SettingFault, match="https://host, without a path or a slash at its end") as fault:
        read_settings()
    assert "pattern" not in str(fault.value)
    assert "`voicebot docs settings`" in str(fault.value)


def test_a_file_of_settings_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The superuser may read every file but this one: it stands for `.env` of another user."""
    (tmp_path / ".env").symlink_to("/proc/self/mem")
    with pytest.raises(SettingFault, match=r"cannot read .*\.env"):
        read_settings()


def test_a_file_of_settings_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("VOICEBOT_COMPANY=Hafengüter\n", encoding="utf-16")
    with pytest.raises(SettingFault, match=r"cannot read .*\.env"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("VOICEBOT_DATABASE_URL", "postgresql://we:hush@db/x", "postgresql://we:***@db/x"),
        ("VOICEBOT_LIMITER_STORAGE", "redis://:hush@cache:6379", "redis://:***@cache:6379"),
        ("VOICEBOT_DATABASE_URL", "postgresql://we@db/x?password=hush", "postgresql://we@db/x?password=***"),
        ("VOICEBOT_DATABASE_URL", "postgresql://db:5432/x", "postgresql://db:5432/x"),
        ("VOICEBOT_PUBLIC_URL", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_password_within_an_address_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: str
) -> None:
    monkeypatch.setenv(name, value)
    assert {each.name: each.value for each in shown_settings(read_settings())}[name] == shown


def test_secrets_show_only_whether_they_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "a-secret")
    shown = {setting.name: setting for setting in shown_settings(Settings())}
    assert (shown["TWILIO_AUTH_TOKEN"].value, shown["TWILIO_AUTH_TOKEN"].default) == ("(set)", "")
    assert shown["TWILIO_AUTH_TOKEN_SECOND"].value == ""
    assert (shown["VOICEBOT_PORT"].value, shown["VOICEBOT_PORT"].default) == ("8080", "8080")
    assert shown["VOICEBOT_LIVE_VIEW_FILE"].value == ""
    assert all(setting.meaning for setting in shown.values())


def test_flows_of_the_working_folder_win_once_there_is_a_flow_in_them(tmp_path: Path) -> None:
    assert read_settings().flows_dir == flows_dir()
    (tmp_path / "flows").mkdir()
    assert read_settings().flows_dir == flows_dir(), "a folder of that name may be anything"
    (tmp_path / "flows" / "complaint").mkdir()
    (tmp_path / "flows" / "complaint" / "flow.yaml").touch()
    assert read_settings().flows_dir == tmp_path / "flows"
    assert {each.name: each.default for each in shown_settings(read_settings())}["VOICEBOT_FLOWS_DIR"] == str(
        tmp_path / "flows"
    )


def test_a_folder_that_is_named_beats_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flows" / "complaint").mkdir(parents=True)
    (tmp_path / "flows" / "complaint" / "flow.yaml").touch()
    monkeypatch.setenv("VOICEBOT_FLOWS_DIR", "/elsewhere")
    assert read_settings().flows_dir == Path("/elsewhere")


def test_nothing_is_written_where_an_upgrade_would_undo_it(tmp_path: Path) -> None:
    assert Settings(flows_dir=tmp_path).own_flows_dir() == tmp_path
    with pytest.raises(SettingFault, match="voicebot flows copy"):
        Settings(flows_dir=PACKAGE_DIR / "bundled" / "flows").own_flows_dir()


def test_policy_of_the_installed_package_is_copied_before_it_is_edited(tmp_path: Path) -> None:
    assert Settings(flows_dir=tmp_path).place_of_policy("escalation.yaml") == str(tmp_path / "policy/escalation.yaml")
    installed = Settings(flows_dir=PACKAGE_DIR / "bundled" / "flows").place_of_policy("escalation.yaml")
    assert installed == "flows/policy/escalation.yaml after `voicebot flows copy`"


@pytest.mark.parametrize("number", ["5550123", "+12025550100", "+12025550101"])
def test_the_test_call_has_a_number_of_its_own(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv("TWILIO_PHONE_NUMBER", "+12025550100")
    monkeypatch.setenv("VOICEBOT_MORE_NUMBERS", "+12025550101")
    monkeypatch.setenv("VOICEBOT_CANARY_NUMBER", " +12025550177 ")
    assert read_settings().checked_canary_number() == "+12025550177"
    monkeypatch.setenv("VOICEBOT_CANARY_NUMBER", number)
    with pytest.raises(SettingFault) as fault:
        read_settings().checked_canary_number()
    assert fault.value.code == "canary-number"


def test_roles_are_read_by_their_names_and_others_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().second_factor_role_set() == frozenset()
    monkeypatch.setenv("VOICEBOT_SECOND_FACTOR_ROLES", "Administrator, supervisor")
    assert read_settings().second_factor_role_set() == {Role.ADMINISTRATOR, Role.SUPERVISOR}
    monkeypatch.setenv("VOICEBOT_SECOND_FACTOR_ROLES", "admin")
    with pytest.raises(SettingFault, match="VOICEBOT_SECOND_FACTOR_ROLES names a role that does not exist") as fault:
        read_settings().second_factor_role_set()
    assert fault.value.code == "role-unknown"


def test_a_callers_number_is_sent_under_tls_or_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().checked_customer_lookup() == ""
    monkeypatch.setenv("VOICEBOT_CUSTOMER_LOOKUP_URL", "https://crm.example/lookup")
    assert read_settings().checked_customer_lookup() == "https://crm.example/lookup"
    monkeypatch.setenv("VOICEBOT_CUSTOMER_LOOKUP_URL", "http://crm.example/lookup")
    with pytest.raises(SettingFault, match="VOICEBOT_CUSTOMER_LOOKUP_URL must be a whole address") as fault:
        read_settings().checked_customer_lookup()
    assert fault.value.code == "customer-lookup"
