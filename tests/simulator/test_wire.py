"""What networks do to a media stream, seen from the hotline's side."""

import itertools
import time

import pytest

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, HotlineStream, StandIn
from voicebot.simulator import AfterClose, Caller, Happening, StreamTrouble, hang_up, press, trouble_stream


class _Told:
    """Keeps how the stream ended for the hotline."""

    def __init__(self) -> None:
        self.error = ""

    def talk(self, stream: HotlineStream) -> None:
        try:
            stream.until_event("stop")
        except Exception as error:
            self.error = type(error).__name__
            raise


@pytest.mark.parametrize("kind", ["cut", "reset", "half_frame"])
def test_stream_that_breaks_ends_abnormally_for_both(hotline: StandIn, make_carrier: MakeCarrier, kind: str) -> None:
    told = _Told()
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = told.talk
    caller = Caller().at(2.0, trouble_stream(StreamTrouble(kind)))
    call = make_carrier(after_close=AfterClose.END_CALL).ring(CALLER, caller).wait(10)
    closes = [event.detail for event in call.transcript if event.kind is Happening.STREAM_CLOSED]
    assert (closes, call.ended_by) == (["the network dropped it"], "carrier")
    deadline = time.monotonic() + 5
    while not told.error and time.monotonic() < deadline:
        time.sleep(0.01)
    assert told.error == "ConnectionClosed"


def test_stalled_stream_comes_all_at_once_and_in_order(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    came: list[float] = []

    def talk(stream: HotlineStream) -> None:
        while True:
            stream.receive()
            came.append(time.monotonic())

    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = talk
    script = Caller().at(2.0, trouble_stream(StreamTrouble.STALLED, 5.0)).at(4.0, press("7")).at(9.0, hang_up())
    make_carrier(pace=10.0).ring(CALLER, script).wait(10)
    (stream,) = hotline.streams
    times = [int(message["media"]["timestamp"]) for message in stream.of("media")]
    assert times == sorted(times)
    assert len(times) > 7 * 50, "nothing was lost"
    assert [message["dtmf"]["digit"] for message in stream.of("dtmf")] == ["7"]
    longest_gap_s = max(after - before for before, after in itertools.pairwise(came))
    assert longest_gap_s > 0.3, "five seconds at ten times the pace"


def test_vanished_line_carries_nothing_and_is_then_reset(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    told = _Told()
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = told.talk
    caller = Caller().at(2.0, trouble_stream(StreamTrouble.VANISHED, 6.0)).at(3.0, press("7"))
    call = make_carrier(after_close=AfterClose.END_CALL).ring(CALLER, caller).wait(10)
    (stream,) = hotline.streams
    assert stream.of("dtmf") == []
    assert len(stream.of("media")) < 3 * 50
    assert call.duration_s == pytest.approx(8.0, abs=0.1)


def test_deaf_carrier_sends_and_plays_later_what_it_was_sent(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    def talk(stream: HotlineStream) -> None:
        stream.until_event("dtmf")
        stream.play(0.2, "1:ask_story")
        stream.until_mark("1:ask_story")

    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = talk
    caller = Caller().at(2.0, trouble_stream(StreamTrouble.DEAF, 4.0)).at(3.0, press("7"))
    call = make_carrier(pace=10.0).ring(CALLER, caller).wait(10)
    (heard,) = [event.at_s for event in call.transcript if event.kind is Happening.PROMPT_ENDED]
    assert heard > 6.0


def test_call_that_ends_on_a_vanished_line_says_nothing_more(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    caller = Caller().at(2.0, trouble_stream(StreamTrouble.VANISHED, 60.0)).at(3.0, hang_up())
    call = make_carrier().ring(CALLER, caller).wait(10)
    assert call.ended_by == "caller"
    assert hotline.streams[0].of("stop") == []
