"""One page's telephone: what it does reaches the line, and what is on the line reaches it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.cli.phone.conftest import FakePage
from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, HotlineStream, StandIn
from voicebot.cli.phone.talk import Talk
from voicebot.simulator import LineCall, PretendCarrier, sound

VOICE = sound.to_pcm(sound.tone(400) * 20).astype("<i2").tobytes()


class Phone:
    """A talk, its page, and the calls it dialled."""

    def __init__(self, carrier: PretendCarrier) -> None:
        self.page = FakePage()
        self.calls: list[LineCall] = []
        self.talk = Talk(carrier, self.page, self.calls.append)

    def until(self, is_so: Callable[[], Any]) -> None:
        """Turn until something is so."""
        for _ in range(2000):
            self.talk.turn()
            if is_so():
                return
        raise AssertionError(f"not so: told {self.page.told[-3:]}")

    def state(self) -> str:
        """Return how the page last was told the call is."""
        told = self.page.told_of("call")
        return str(told[-1]["state"]) if told else ""


@pytest.fixture
def phone(hotline: StandIn, make_carrier: MakeCarrier) -> Phone:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    return Phone(make_carrier(pace=4.0))


def answered(phone: Phone, **dial: object) -> LineCall:
    phone.page.say("dial", number=CALLER, **dial)
    phone.until(lambda: any(told["kind"] == "stream_opened" for told in phone.page.told_of("event")))
    return phone.calls[0]


def test_a_call_rings_is_answered_heard_keyed_and_ended_by_the_hotline(hotline: StandIn, phone: Phone) -> None:
    keys: list[str] = []

    def greet(stream: HotlineStream) -> None:
        stream.send("media", media={"payload": "AAAA" * 400})
        stream.send("mark", mark={"name": "1:greet_caller"})
        keys.append(str(stream.until_event("dtmf")["dtmf"]["digit"]))

    hotline.on_stream = greet
    call = answered(phone)
    assert [told["state"] for told in phone.page.told_of("call")] == ["ringing", "answered"]
    assert "<Stream" in phone.page.told_of("twiml")[0]["text"]
    assert phone.calls[0].from_number == CALLER
    phone.page.say("press", keys="5")
    phone.until(lambda: phone.state() == "ended")
    assert keys == ["5"]
    assert phone.page.told_of("call")[-1]["by"] == "hotline"
    assert np.abs(np.frombuffer(phone.page.heard, dtype="<i2").astype(np.int32)).max() > 1000
    assert len(phone.page.heard) // 2 <= len(call.hotline_track)


def test_what_the_microphone_hears_is_said_on_the_line_and_hanging_up_ends_the_call(
    hotline: StandIn, phone: Phone
) -> None:
    hotline.on_stream = lambda stream: stream.until_event("stop")
    call = answered(phone)
    phone.page.says.append(VOICE)
    phone.until(lambda: sound.tone(400) in bytes(call.caller_track))
    phone.page.say("hang_up")
    phone.until(lambda: phone.state() == "ended")
    assert phone.page.told_of("call")[-1]["by"] == "caller"


def test_without_a_microphone_a_recording_is_said(hotline: StandIn, phone: Phone) -> None:
    hotline.on_stream = lambda stream: stream.until_event("stop")
    call = answered(phone)
    phone.page.say("clip", name="yes")
    phone.page.say("clip", name="../../secret")
    phone.until(lambda: any(sound.is_voice(bytes(call.caller_track[at : at + 160])) for at in ticks(call)))
    assert phone.page.told_of("refused") == [
        {"type": "refused", "why": "There is no such clip: load the page again."},
    ]
    phone.talk.end()


def ticks(call: LineCall) -> range:
    return range(max(0, len(call.caller_track) - 16_000), len(call.caller_track), 160)


def test_a_line_chosen_bad_in_the_middle_of_a_call_is_bad_both_ways(hotline: StandIn, phone: Phone) -> None:
    hotline.on_stream = lambda stream: stream.until_event("stop")
    call = answered(phone)
    phone.page.say("line", quality={"loss_percent": 100})
    phone.until(lambda: not phone.page.says)
    before = len(call.caller_track)
    phone.page.says.append(VOICE)
    phone.until(lambda: len(call.caller_track) > before + 8000)
    assert set(bytes(call.caller_track[before:])) == {0xFF}
    phone.talk.end()


def test_a_withheld_number_is_shown_as_the_carrier_shows_one(hotline: StandIn, phone: Phone) -> None:
    hotline.on_stream = lambda stream: stream.until_event("stop")
    phone.page.say("dial", number="")
    phone.until(lambda: hotline.to("/twilio/voice"))
    assert hotline.to("/twilio/voice")[0].form["From"] == "+266696687"
    phone.talk.end()


def test_a_second_call_and_keys_without_one_are_refused_in_words(hotline: StandIn, phone: Phone) -> None:
    hotline.on_stream = lambda stream: stream.until_event("stop")
    phone.page.say("press", keys="1")
    phone.page.say("dial", number=CALLER)
    phone.page.say("dial", number=CALLER)
    phone.until(lambda: len(phone.page.told_of("refused")) == 2)
    assert [told["why"] for told in phone.page.told_of("refused")] == [
        "No call is under way: dial first.",
        "A call is under way: hang up first.",
    ]
    assert len(phone.calls) == 1
    phone.talk.end()


def test_a_hotline_that_does_not_answer_ends_the_call_with_the_carriers_error(hotline: StandIn, phone: Phone) -> None:
    hotline.close()
    phone.page.say("dial", number=CALLER)
    phone.until(lambda: phone.state() == "ended")
    assert phone.page.told_of("call")[-1]["by"] == "carrier"
    assert [told["code"] for told in phone.page.told_of("event") if told["kind"] == "error"] != []


def test_the_page_that_goes_puts_the_phone_down(hotline: StandIn, phone: Phone) -> None:
    hotline.on_stream = lambda stream: stream.until_event("stop")
    call = answered(phone)
    phone.talk.end()
    assert call.wait(10).ended_by == "caller"
