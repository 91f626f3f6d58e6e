"""`voicebot simulate ring` against the stand-in hotline."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from tests.simulator.stand_in import ACCOUNT, NUMBER, TOKEN, HotlineStream, StandIn
from voicebot.cli.simulate import simulate
from voicebot.errors import SettingFault


@pytest.fixture
def hotline(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A hotline of the test's own, named in the settings."""
    stand_in = StandIn()
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
    monkeypatch.setenv("TWILIO_PHONE_NUMBER", NUMBER)
    monkeypatch.setenv("VOICEBOT_PUBLIC_URL", stand_in.url)
    yield stand_in
    stand_in.close()


def ask_for_the_story(stream: HotlineStream) -> None:
    stream.play(0.2, "1:ask_story")
    stream.until_event("dtmf")


def test_call_is_told_as_it_happens_and_kept(hotline: StandIn, tmp_path: Path) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = ask_for_the_story
    wav = tmp_path / "call.wav"
    outcome = CliRunner().invoke(simulate, ["ring", "--caller", "keys", "--pace", "20", "--wav", str(wav)])
    assert outcome.exit_code == 0, outcome.output
    for line in ("prompt ended  ask_story", "caller pressed  #", "ended  hotline", "texts sent by the hotline: 0"):
        assert line in outcome.output
    assert wav.is_file()


def test_silent_caller_gives_up_in_the_end(hotline: StandIn) -> None:
    hotline.answers("/twilio/voice", '<Pause length="600"/>')
    outcome = CliRunner().invoke(simulate, ["ring", "--caller", "silent", "--pace", "200"])
    assert "ended  caller" in outcome.output


def test_error_of_the_hotline_is_exit_code_1(hotline: StandIn) -> None:
    hotline.answers("/twilio/voice", "<Sing/>")
    hotline.answers("/twilio/voice/fallback", "<Hangup/>")
    outcome = CliRunner().invoke(simulate, ["ring", "--pace", "50"])
    assert (outcome.exit_code, "error [12200]" in outcome.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["ring", "--hotline", "https://hotline.example"], "only to this machine"),
        (["phone", "--hotline", "https://hotline.example"], "only to this machine"),
        (["ring", "--pace", "0"], "1 is real time"),
    ],
)
def test_wrong_argument_is_refused_with_its_cure(hotline: StandIn, arguments: list[str], cure: str) -> None:
    outcome = CliRunner().invoke(simulate, arguments)
    assert isinstance(outcome.exception, SettingFault)
    assert cure in str(outcome.exception)


@pytest.mark.parametrize(
    ("name", "value"), [("VOICEBOT_PORT", "many"), ("VOICEBOT_TWILIO_API_URL", "http://127.0.0.1:port")]
)
@pytest.mark.parametrize("command", ["ring", "api", "phone"])
def test_a_wrong_setting_is_named_instead_of_a_trace(
    hotline: StandIn, monkeypatch: pytest.MonkeyPatch, name: str, value: str, command: str
) -> None:
    monkeypatch.setenv(name, value)
    outcome = CliRunner().invoke(simulate, [command])
    assert isinstance(outcome.exception, SettingFault)
    assert name in str(outcome.exception)


def test_nobody_lingers_for_less_than_no_time(hotline: StandIn) -> None:
    assert "Invalid value for '--linger'" in CliRunner().invoke(simulate, ["ring", "--linger", "-1"]).output


def test_without_a_key_to_sign_nothing_is_rung(hotline: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "")
    outcome = CliRunner().invoke(simulate, ["ring"])
    assert "TWILIO_AUTH_TOKEN" in str(outcome.exception)


def test_api_stays_open_until_it_is_ended(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VOICEBOT_TWILIO_API_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "voicebot", "simulate", "api", "--account", "trial"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        url = f"http://127.0.0.1:{port}/2010-04-01/Accounts/{ACCOUNT}.json"
        account = requests.get(url, auth=(ACCOUNT, TOKEN), timeout=10).json()
        process.send_signal(signal.SIGINT)
    assert (account["type"], process.returncode) == ("Trial", 0)
    assert f"answers at http://127.0.0.1:{port}; Ctrl-C ends it" in told


def test_api_without_a_port_is_refused_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_TWILIO_API_URL", "")
    outcome = CliRunner().invoke(simulate, ["api"])
    assert isinstance(outcome.exception, SettingFault)
    assert "http://127.0.0.1:8090" in str(outcome.exception)


def test_api_for_a_hotline_elsewhere_names_the_setting_and_no_option_that_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("VOICEBOT_PUBLIC_URL", "https://hotline.example"), ("TWILIO_AUTH_TOKEN", "0" * 32)):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VOICEBOT_TWILIO_API_URL", "http://127.0.0.1:9099")
    outcome = CliRunner().invoke(simulate, ["api"])
    assert str(outcome.exception).startswith("VOICEBOT_PUBLIC_URL: the pretend carrier speaks only to this machine")


@pytest.mark.parametrize("command", ["ring", "api", "phone"])
def test_a_port_of_the_api_that_is_taken_is_named_with_its_cure(
    hotline: StandIn, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("VOICEBOT_TWILIO_API_URL", f"http://127.0.0.1:{port}")
        outcome = CliRunner().invoke(simulate, [command])
    assert isinstance(outcome.exception, SettingFault)
    assert str(outcome.exception).startswith(f"VOICEBOT_TWILIO_API_URL: port {port} is taken on this machine")
