"""How the hotline is, in a sentence that says what to do."""

from pathlib import Path

import pytest

from tests.simulator.stand_in import Answer, StandIn
from voicebot.cli.demo.hotline_process import HotlineProcess
from voicebot.cli.demo.sandbox import set_up
from voicebot.cli.phone.hotline import HotlineProbe, HotlineState, of_sandbox, of_settings
from voicebot.config import Settings


class Process(HotlineProcess):
    """A process that lives or not, with last words."""

    def __init__(self, *, is_alive: bool) -> None:
        self.lives = is_alive

    def is_alive(self) -> bool:
        return self.lives

    def last_words(self, lines: int = 25) -> str:
        return "no speech model: run voicebot model install"


def test_a_ready_hotline_is_ready(hotline: StandIn) -> None:
    hotline.answers("/readyz", Answer("ready\n", status=200))
    assert HotlineProbe(hotline.url).state() == HotlineState("ready")


def test_one_that_may_take_no_calls_says_why(hotline: StandIn) -> None:
    hotline.answers("/readyz", Answer("full: 2 calls\n", status=503))
    state = HotlineProbe(hotline.url).state()
    assert (state.name, "full: 2 calls" in state.why) == ("unwell", True)


@pytest.mark.parametrize(
    ("process", "name", "why"),
    [
        (None, "away", "voicebot serve"),
        (Process(is_alive=True), "starting", "takes some seconds"),
        (Process(is_alive=False), "stopped", "voicebot model install"),
    ],
)
def test_one_that_does_not_answer_says_what_to_do(process: Process | None, name: str, why: str) -> None:
    state = HotlineProbe("http://127.0.0.1:9", process).state()
    assert state.name == name
    assert why in state.why


def test_a_hotline_is_where_settings_or_sandbox_say(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, twilio_phone_number="+12025550177")
    rung = of_settings(settings, "http://127.0.0.1:8080", account_sid="AC1", number="+12025550100", api_port=0)
    assert (rung.account_sid, rung.number, rung.live_view) == ("AC1", "+12025550177", None)
    sandbox = set_up(tmp_path / "phone")
    own = of_sandbox(sandbox, tmp_path)
    assert (own.url, own.live_view, own.api_port) == (sandbox.hotline_url, sandbox.live_view, sandbox.api_port)
