"""One page holds the phone. A second is told so, and may take it over, which ends the first one's call."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from simple_websocket import ConnectionClosed

from tests.cli.phone.conftest import FakePage
from tests.cli.phone.facts import some_facts
from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, StandIn
from voicebot.cli.phone.desk import Desk
from voicebot.cli.phone.hotline import HotlineProbe

Open = Callable[..., FakePage]


@pytest.fixture
def open_page(hotline: StandIn, make_carrier: MakeCarrier, tmp_path: Path) -> Open:
    hotline.answers("/twilio/voice", '<Pause length="60"/>')
    hotline.answers("/readyz", "")
    facts = some_facts(hotline.url, tmp_path)
    desk = Desk(make_carrier(pace=4.0), facts, HotlineProbe(hotline.url), is_own=False)

    def serve(page: FakePage, takes_over: bool) -> None:
        with suppress(ConnectionClosed):
            desk.serve(page, takes_over=takes_over)

    def opened(*, takes_over: bool = False) -> FakePage:
        page = FakePage()
        threading.Thread(target=serve, args=(page, takes_over), daemon=True).start()
        return page

    return opened


def until_told(page: FakePage, type: str, **parts: object) -> None:
    for _ in range(500):
        if any(parts.items() <= told.items() for told in page.told_of(type)):
            return
        time.sleep(0.01)
    raise AssertionError(f"never told {type}: {page.told}")


def test_the_second_page_is_told_and_takes_the_phone_over_which_ends_the_firsts_call(
    open_page: Open, hotline: StandIn
) -> None:
    first = open_page()
    until_told(first, "hello", shows_words=False)
    first.say("dial", number=CALLER)
    until_told(first, "call", state="answered")
    second = open_page()
    until_told(second, "busy")
    assert second.told_of("hello") == []
    second.is_gone = True
    third = open_page(takes_over=True)
    until_told(first, "taken")
    until_told(third, "hello")
    hotline.await_requests("/twilio/voice/status")
    third.is_gone = first.is_gone = True


def test_a_page_that_goes_frees_the_phone_and_hangs_up(open_page: Open, hotline: StandIn) -> None:
    page = open_page()
    page.say("dial", number=CALLER)
    until_told(page, "call", state="answered")
    page.is_gone = True
    assert hotline.await_requests("/twilio/voice/status")[0].form["CallStatus"] == "completed"
    following = open_page()
    until_told(following, "hello")
    following.is_gone = True
