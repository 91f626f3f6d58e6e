"""A living person's phone: what comes in unevenly goes out evenly, and a call is rung with it as with a script."""

import time

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, HotlineStream, StandIn
from voicebot.simulator import Happening, LineCall, LineQuality, sound
from voicebot.simulator.handset import Handset

A, B, C = (bytes([each]) * 160 for each in (1, 2, 3))
CLIP = bytes([7]) * 200
QUIET = sound.SILENT_TICK


def said(handset: Handset, ticks: int, *, may_speak: bool = True) -> list[bytes]:
    return [handset.step(0.0, may_speak=may_speak).audio for _ in range(ticks)]


def test_pieces_of_any_size_are_said_in_order_and_silence_follows() -> None:
    handset = Handset()
    whole = A + B + C
    for at in range(0, len(whole), 70):
        handset.put_audio(whole[at : at + 70])
    assert said(handset, 4) == [A, B, C, QUIET]


def test_one_piece_waits_for_a_second_so_that_a_short_pause_makes_no_hole() -> None:
    handset = Handset()
    handset.put_audio(A)
    assert said(handset, 1) == [QUIET]
    handset.put_audio(B)
    assert said(handset, 2) == [A, B]


def test_what_piles_up_is_dropped_oldest_first() -> None:
    handset = Handset()
    handset.put_audio(A * 100 + B * 25)
    assert said(handset, 26) == [B] * 25 + [QUIET]


def test_a_clip_waits_until_somebody_listens_and_the_microphone_is_not_heard_beneath_it() -> None:
    handset = Handset()
    handset.say_clip(CLIP)
    handset.put_audio(A * 4)
    assert said(handset, 1, may_speak=False) == [A]
    assert said(handset, 3) == [CLIP[:160], CLIP[160:].ljust(160, sound.SILENCE), A]


def test_the_line_may_turn_bad_in_the_middle_of_a_call() -> None:
    handset = Handset()
    handset.put_audio(A * 4)
    assert said(handset, 2) == [A, A]
    handset.set_quality(LineQuality(loss_percent=100))
    assert said(handset, 2) == [QUIET, QUIET]


def test_a_call_is_rung_with_a_handset_heard_keyed_and_put_down(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    heard: list[str] = []

    def listen(stream: HotlineStream) -> None:
        heard.append(str(stream.until_event("dtmf")["dtmf"]["digit"]))
        stream.until_event("stop")

    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = listen
    handset = Handset()
    call = make_carrier(pace=5.0).ring(CALLER, handset)
    _until(call, Happening.STREAM_OPENED)
    handset.put_audio(sound.tone(400) * 10)
    call.press("5")
    _until(call, Happening.PRESSED)
    call.hang_up()
    assert call.wait(20).ended_by == "caller"
    assert heard == ["5"]
    assert sound.tone(400) in bytes(call.caller_track)
    assert "<Stream" in call.documents[0]


def _until(call: LineCall, kind: Happening) -> None:
    for _ in range(500):
        if any(event.kind is kind for event in call.transcript):
            return
        time.sleep(0.01)
    raise AssertionError(f"no {kind} in {call.transcript}")
