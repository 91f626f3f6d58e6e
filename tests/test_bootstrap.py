"""Wiring, and the sentences with which it refuses to serve."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeRecognisers
from voicebot.adapters.console_sms import ConsoleSms
from voicebot.adapters.model_digest import whole_digest
from voicebot.adapters.speech_model import SOURCES
from voicebot.adapters.store import migrate, open_engine
from voicebot.adapters.twilio_rest import TwilioRest
from voicebot.bootstrap import (
    NoCarrier,
    RecognisersWhenNeeded,
    build_hotline,
    check_definitions_and_account,
    check_service,
    clips_dir,
    doubts,
    live_view,
    warm_up,
)
from voicebot.bootstrap.checks import has_only_examples
from voicebot.bootstrap.wiring import alarm_addresses, staff_channels
from voicebot.config import Settings
from voicebot.distribution import PACKAGE_DIR, PROJECT_DIR
from voicebot.errors import SettingFault, Unavailable
from voicebot.service.ports import Seat

SetUp = Callable[..., Settings]


@pytest.fixture
def settings(tmp_path: Path) -> SetUp:
    """Make settings that would serve, but for what a test changes."""

    def make(**changes: Any) -> Settings:
        models = _a_model(tmp_path / "models")
        fields: dict[str, Any] = {
            "twilio_account_sid": "AC1",
            "twilio_auth_token": "token",
            "twilio_phone_number": "+12025550100",
            "public_url": "https://hotline.example",
            "proxy_hops": 1,
            "data_dir": tmp_path / "data",
            "model_dir": models,
            "model_digest": whole_digest(models / SOURCES["en"].name),
            "flows_dir": PROJECT_DIR / "flows",
            "gate_exceptions": "+1202555",
        }
        return Settings(_env_file=None, **fields | changes)  # type: ignore[call-arg]

    return make


def _a_model(folder: Path) -> Path:
    """Lay down what passes for a model of the operator's own until somebody loads it."""
    conf = folder / SOURCES["en"].name / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    (conf / "mfcc.conf").write_text("--allow-upsample=true\n")
    return folder


def _migrate(settings: Settings) -> Settings:
    engine = open_engine(settings.resolved_database_url())
    migrate(engine)
    engine.dispose()
    return settings


@pytest.mark.parametrize("countries", ["USA", "US,UK", "Germany", "us;ca"])
def test_a_country_that_nobody_rings_is_refused(settings: SetUp, countries: str) -> None:
    """No number is of such a country: nobody there would ever be called back, and no caller was told why."""
    with pytest.raises(SettingFault, match="VOICEBOT_CALLBACK_COUNTRIES") as fault:
        check_definitions_and_account(settings(callback_countries=countries))
    assert "US,CA" in str(fault.value)


@pytest.mark.parametrize("countries", ["", "us, gb", "US,CA,"])
def test_countries_by_their_two_letters_may_be_rung(settings: SetUp, countries: str) -> None:
    check_definitions_and_account(settings(callback_countries=countries))


def test_a_whole_installation_may_serve(settings: SetUp) -> None:
    check_service(_migrate(settings()))


@pytest.mark.parametrize("field", ["twilio_account_sid", "twilio_auth_token", "twilio_phone_number"])
def test_a_missing_credential_is_named(settings: SetUp, field: str) -> None:
    with pytest.raises(SettingFault, match=field.upper()):
        check_service(settings(**{field: ""}))


def test_a_number_must_be_one(settings: SetUp) -> None:
    with pytest.raises(SettingFault, match="TWILIO_PHONE_NUMBER must be"):
        check_service(settings(twilio_phone_number="202 555 0100"))


def test_an_unwritable_folder_is_named(settings: SetUp, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SettingFault, match="VOICEBOT_DATA_DIR"):
        check_service(settings(data_dir=tmp_path / "file"))


def test_a_missing_model_names_the_command_that_fetches_it(settings: SetUp, tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match="voicebot model install") as fault:
        check_service(settings(model_dir=tmp_path / "none"))
    assert fault.value.code == "model-missing"


def test_a_database_that_is_not_migrated_names_the_command_that_does_it(settings: SetUp) -> None:
    with pytest.raises(SettingFault, match="voicebot release"):
        check_service(settings())
    check_definitions_and_account(settings())


def test_a_missing_flow_or_policy_is_named(settings: SetUp, tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_FLOW"):
        check_definitions_and_account(settings(flow="no_such_flow"))
    with pytest.raises(SettingFault, match="VOICEBOT_POLICY_DIR"):
        check_definitions_and_account(settings(policy_dir=tmp_path / "none"))


def test_any_company_may_serve_and_what_its_greeting_lacks_is_told(settings: SetUp) -> None:
    check_definitions_and_account(settings(company="Seaside Lamps"))
    check_service(_migrate(settings(company="Seaside Lamps")))
    told = [doubt for doubt in doubts(settings(company="Seaside Lamps")) if "Seaside Lamps" in doubt]
    assert len(told) == 1
    assert "voicebot flows record" in told[0]
    assert [doubt for doubt in doubts(settings()) if "greeted" in doubt] == []


def test_a_flow_that_has_no_words_without_the_name_needs_it_recorded(settings: SetUp, tmp_path: Path) -> None:
    shutil.copytree(PROJECT_DIR / "flows", tmp_path / "flows")
    prompts = tmp_path / "flows" / "complaint" / "prompts.en.yaml"
    kept = [line for line in prompts.read_text().splitlines() if not line.startswith("greet_caller_unnamed")]
    prompts.write_text("\n".join(kept))
    with pytest.raises(SettingFault, match=r"1 of .* no clip.*Seaside Lamps.*voicebot flows record") as fault:
        check_definitions_and_account(settings(company="Seaside Lamps", flows_dir=tmp_path / "flows"))
    assert fault.value.code == "clip-missing"
    assert "make install-voice" in str(fault.value)
    assert ".wav" in str(fault.value)


def test_a_policy_that_nobody_can_have_adapted_is_told(settings: SetUp) -> None:
    installed = settings(policy_dir=PROJECT_DIR / "flows" / "policy_demo", flows_dir=PROJECT_DIR / "flows")
    assert [doubt for doubt in doubts(installed) if "examples" in doubt] == []
    assert not has_only_examples(installed)
    assert has_only_examples(settings(policy_dir=PACKAGE_DIR / "bundled" / "flows" / "policy"))


def test_a_flow_without_any_clip_says_how_many_are_missing(settings: SetUp, tmp_path: Path) -> None:
    shutil.copytree(PROJECT_DIR / "flows", tmp_path / "flows", ignore=shutil.ignore_patterns("*.wav"))
    with pytest.raises(SettingFault) as fault:
        check_definitions_and_account(settings(flows_dir=tmp_path / "flows"))
    told = re.search(r"(\d\d+) of (\d\d+) pieces", str(fault.value))
    assert told is not None
    assert int(told[1]) == int(told[2]) - 1, "all but the one that names the company"


@pytest.mark.parametrize(
    "public_url",
    [
        Settings.model_fields["public_url"].default,
        "http://hotline.example",
        "https://hotline.example:8443",
        "https://hotline.example:99999",
        "https://:443",
    ],
)
def test_an_address_the_carrier_cannot_stream_to_is_refused(settings: SetUp, public_url: str) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_PUBLIC_URL must be"):
        check_definitions_and_account(settings(public_url=public_url))


@pytest.mark.parametrize(
    "changes",
    [
        {"public_url": "https://hotline.example:443"},
        {"public_url": "http://127.0.0.1:8080", "twilio_api_url": "http://127.0.0.1:9000"},
    ],
)
def test_an_address_that_the_carrier_in_use_reaches_may_serve(settings: SetUp, changes: dict[str, str]) -> None:
    check_definitions_and_account(settings(**changes))


def test_staff_who_cannot_be_texted_are_named_at_the_start(settings: SetUp) -> None:
    (doubt,) = doubts(settings())
    assert "owner_1" in doubt
    assert "escalation.yaml" in doubt
    demo = PROJECT_DIR / "flows" / "policy_demo"
    assert doubts(settings(policy_dir=demo)) == ()
    (doubt,) = doubts(settings(policy_dir=demo, gate_exceptions=""))
    assert "that we may not text" in doubt


@pytest.mark.parametrize(
    ("changes", "is_doubtful"),
    [
        ({"proxy_hops": 0}, True),
        ({"proxy_hops": 1}, False),
        ({"proxy_hops": 0, "twilio_api_url": "http://127.0.0.1:9000"}, False),
        ({"proxy_hops": 0, "public_url": "http://127.0.0.1:8080"}, False),
    ],
)
def test_a_proxy_behind_which_all_have_one_address_is_told_at_the_start(
    settings: SetUp, changes: dict[str, Any], is_doubtful: bool
) -> None:
    found = doubts(settings(policy_dir=PROJECT_DIR / "flows" / "policy_demo", **changes))
    assert ["VOICEBOT_PROXY_HOPS" in doubt for doubt in found] == [True] * is_doubtful


def test_a_hotline_is_wired_without_loading_or_connecting_anything(settings: SetUp, tmp_path: Path) -> None:
    hotline = build_hotline(settings(model_dir=tmp_path / "none", public_url="https://h.example"))
    assert isinstance(hotline.sms_sender, TwilioRest)
    assert hotline.carrier is hotline.sms_sender
    assert hotline.rules.callback_countries == {"US"}
    assert hotline.rules.public_url == "https://h.example"
    with pytest.raises(SettingFault, match="voicebot model install"):
        warm_up(hotline)


def test_regions_that_are_named_replace_the_hotlines_own(settings: SetUp) -> None:
    hotline = build_hotline(settings(callback_countries="CA", gate_exceptions="+1500555"))
    assert hotline.rules.callback_countries == {"CA"}
    assert hotline.rules.gate_exceptions == ("+1500555",)


def test_without_an_account_texts_go_to_the_terminal_and_the_carrier_is_away(settings: SetUp) -> None:
    hotline = build_hotline(settings(twilio_account_sid="", twilio_phone_number=""))
    assert isinstance(hotline.sms_sender, ConsoleSms)
    assert isinstance(hotline.carrier, NoCarrier)
    for ask in (
        lambda: hotline.carrier.redirect("CA1", "u"),
        lambda: hotline.carrier.download_recording("RE1"),
        lambda: hotline.carrier.delete_recording("RE1"),
    ):
        with pytest.raises(Unavailable, match="TWILIO_ACCOUNT_SID"):
            ask()


def test_the_model_is_loaded_once_and_only_when_needed() -> None:
    loads: list[FakeRecognisers] = []

    def load() -> FakeRecognisers:
        loads.append(FakeRecognisers(limit=1))
        return loads[-1]

    recognisers, seat = RecognisersWhenNeeded(load), Seat(holder="+12025550143")
    assert loads == []
    assert recognisers.has_room(seat)
    assert recognisers.reserve(seat)
    assert not recognisers.reserve(seat)
    recognisers.release(seat)
    assert recognisers.supports("en")
    assert recognisers.make("en", None) is loads[0].made[0]
    assert len(loads) == 1


def test_the_live_view_is_off_unless_a_file_is_named(settings: SetUp, tmp_path: Path) -> None:
    assert live_view(settings()) is None
    view = live_view(settings(live_view_file=tmp_path / "live.jsonl"))
    assert view is not None
    view.close()


def test_clips_lie_beside_the_flows(settings: SetUp) -> None:
    assert clips_dir(settings()) == PROJECT_DIR / "flows" / "clips"


def test_staff_are_told_by_every_channel_that_has_its_settings(settings: SetUp) -> None:
    assert [channel.name for channel in staff_channels(settings(twilio_account_sid=""))] == ["text message"]
    assert [channel.name for channel in staff_channels(settings())] == ["text message", "call"]
    channels = staff_channels(
        settings(
            mail_url="smtps://user:secret@mail.example.com",
            mail_from="hotline@example.com",
            chat_urls="team=json://127.0.0.1:1/Secret anna=ntfy://127.0.0.1:1/topic",
        )
    )
    assert [channel.name for channel in channels] == ["text message", "call", "e-mail", "chat"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mail_url": "mail.example.com"}, "mail-server"),
        ({"mail_url": "smtps://u:secret@mail.example.com", "mail_from": "nobody"}, "mail-server"),
        ({"chat_urls": "slack://secret"}, "chat-address"),
        ({"chat_urls": "team=slack://secret"}, "chat-address"),
        ({"chat_urls": "team=secret"}, "chat-address"),
    ],
)
def test_a_channel_whose_setting_cannot_be_used_says_so_without_repeating_it(
    settings: SetUp, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(SettingFault) as fault:
        staff_channels(settings(**changes))
    assert fault.value.code == code
    assert "secret" not in str(fault.value)


@pytest.mark.requirement("D-10")
def test_alarms_about_the_watch_go_to_each_address_that_is_set_and_a_wrong_one_is_not_repeated(settings: SetUp) -> None:
    assert alarm_addresses(settings()) is None
    found = alarm_addresses(settings(alarm_urls="json://127.0.0.1:1/Secret ntfy://127.0.0.1:1/topic"))
    assert found is not None
    assert found.names == ("address 1", "address 2")
    with pytest.raises(SettingFault, match="address 2 in VOICEBOT_ALARM_URLS") as fault:
        alarm_addresses(settings(alarm_urls="json://127.0.0.1:1/Secret slack://TokenOfOurs"))
    assert fault.value.code == "chat-address"
    assert "TokenOfOurs" not in str(fault.value)
