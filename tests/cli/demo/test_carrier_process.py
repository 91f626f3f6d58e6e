"""The pretend carrier in its own process, ringing a hotline that is not there."""

from pathlib import Path

import requests

from voicebot.cli.demo.carrier_process import CallFinished, CarrierProcess, News, Ready
from voicebot.cli.demo.sandbox import ADA, Sandbox, set_up
from voicebot.simulator.caller import Caller
from voicebot.simulator.line import Happening, LineEvent


def _news_until(carrier: CarrierProcess, kind: type[News]) -> list[News]:
    news: list[News] = []
    while not any(isinstance(one, kind) for one in news):
        news += carrier.await_news(60)
    return news


def _asks_for_messages(sandbox: Sandbox) -> int:
    url = f"{sandbox.api_url}/2010-04-01/Accounts/{sandbox.account_sid}/Messages.json"
    return requests.get(url, auth=(sandbox.account_sid, sandbox.auth_token), timeout=10).status_code


def test_a_call_is_told_from_ring_to_recording_and_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    sandbox = set_up(tmp_path / "demo")
    carrier = CarrierProcess(sandbox, {ADA: Caller()})
    carrier.start()
    try:
        _news_until(carrier, Ready)
        assert _asks_for_messages(sandbox) == 200
        carrier.ring(ADA)
        news = _news_until(carrier, CallFinished)
        assert news[-1] == CallFinished()
        kinds = [event.kind for event in news if isinstance(event, LineEvent)]
        assert Happening.ERROR in kinds
        assert kinds[-1] is Happening.ENDED
        assert sandbox.recording_of(ADA).is_file()
        assert carrier.is_alive()
    finally:
        carrier.stop()
    assert not carrier.is_alive()


def test_stopping_a_carrier_that_never_started_is_no_trouble(tmp_path: Path) -> None:
    carrier = CarrierProcess(set_up(tmp_path / "demo"), {ADA: Caller()})
    carrier.stop()
    assert not carrier.is_alive()
