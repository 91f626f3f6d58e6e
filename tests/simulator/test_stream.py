"""The carrier's side of a media stream, against a hotline that each test writes."""

import threading
import time
from urllib.parse import urlsplit

import pytest

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import ACCOUNT, CALLER, HotlineStream, StandIn, payload
from voicebot.simulator import (
    AfterClose,
    Caller,
    Deafness,
    Happening,
    LineCall,
    drop_stream,
    hang_up,
    press,
    sound,
    speak,
)

VOICE = speak(sound.pcm_wav(sound.tone(400) * 50))
"""One second of a tone: 8,000 bytes of mu-law, none of them silence."""


def voiced_bytes(stream: HotlineStream) -> int:
    """Count the bytes of the caller's voice that reached the hotline."""
    return sum(len(payload(message)) for message in stream.of("media") if sound.is_voice(payload(message)))


def kinds(call: LineCall) -> list[Happening]:
    return [event.kind for event in call.transcript]


def test_stream_begins_with_connected_and_start_and_counts_in_strings(
    hotline: StandIn, make_carrier: MakeCarrier
) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml(extra='<Parameter name="case" value="1"/>'))
    hotline.on_stream = lambda stream: stream.listen(0.06)
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    connected, start, first, second = hotline.streams[0].messages[:4]
    sid = start["streamSid"]
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start == {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": sid,
        "start": {
            "streamSid": sid,
            "accountSid": ACCOUNT,
            "callSid": call.sid,
            "tracks": ["inbound"],
            "customParameters": {"case": "1"},
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        },
    }
    assert (first["sequenceNumber"], first["media"]["chunk"], first["media"]["timestamp"]) == ("2", "1", "0")
    assert (second["sequenceNumber"], second["media"]["chunk"], second["media"]["timestamp"]) == ("3", "2", "20")
    assert payload(first) == sound.SILENT_TICK


def test_handshake_is_signed_in_lower_case(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = lambda stream: None
    make_carrier().ring(CALLER, Caller()).wait(10)
    assert hotline.to("/media/1")[0].is_signed


def test_handshake_may_be_signed_with_a_trailing_slash(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = lambda stream: None
    make_carrier(signs_stream_with_slash=True).ring(CALLER, Caller()).wait(10)
    assert not hotline.to("/media/1")[0].is_signed


def test_marks_come_back_when_the_sound_before_them_was_played(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    def talk(stream: HotlineStream) -> None:
        stream.play(0.5, "1:greet")
        stream.play(0.3, "1:ask")
        stream.until_mark("1:ask")

    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = talk
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    times = {event.detail: event.at_s for event in call.transcript if event.kind is Happening.PROMPT_ENDED}
    assert call.heard == ("greet", "ask")
    assert times["ask"] - times["greet"] == pytest.approx(0.3, abs=0.001)


def test_mark_without_sound_comes_back_at_once(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    def talk(stream: HotlineStream) -> None:
        stream.send("mark", mark={"name": "only"})
        stream.until_mark("only")

    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = talk
    assert make_carrier().ring(CALLER, Caller()).wait(10).heard == ("only",)


@pytest.mark.parametrize("returns_marks", [True, False])
def test_clear_stops_the_sound_and_returns_the_marks_or_not(
    hotline: StandIn, make_carrier: MakeCarrier, *, returns_marks: bool
) -> None:
    is_playing = threading.Event()

    def talk(stream: HotlineStream) -> None:
        stream.play(60.0, "1:long")
        stream.play(60.0, "1:longer")
        assert is_playing.wait(10)
        stream.clear()
        if returns_marks:
            stream.until_mark("1:longer")
        else:
            stream.listen(2.0)

    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = talk
    call = (
        make_carrier(returns_marks_after_clear=returns_marks)
        .ring(
            CALLER,
            Caller().after("long", hang_up()),
            observer=lambda event: is_playing.set() if event.kind is Happening.PROMPT_STARTED else None,
        )
        .wait(10)
    )
    names = [message["mark"]["name"] for message in hotline.streams[0].of("mark")]
    assert names == (["1:long", "1:longer"] if returns_marks else [])
    assert call.heard == ()
    assert call.duration_s < 60.0
    assert Happening.PROMPT_CUT in kinds(call)


def test_first_moments_of_a_late_stream_are_lost(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = lambda stream: stream.listen(1.0)
    caller = Caller(waits_for_tone=False).at(0.0, VOICE, press("1"))
    call = make_carrier(deaf_s=0.9).ring(CALLER, caller).wait(10)
    assert voiced_bytes(hotline.streams[0]) == 800
    opened = next(event for event in call.transcript if event.kind is Happening.STREAM_OPENED)
    assert opened.at_s == pytest.approx(0.9)
    assert [message["dtmf"] for message in hotline.streams[0].of("dtmf")] == [{"track": "inbound_track", "digit": "1"}]


def test_first_moments_of_a_deaf_stream_are_silence(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = lambda stream: stream.listen(1.2)
    caller = Caller(waits_for_tone=False).at(0.0, VOICE)
    call = make_carrier(deafness=Deafness.SILENT_FRAMES, deaf_s=0.5).ring(CALLER, caller).wait(10)
    assert voiced_bytes(hotline.streams[0]) == 4000
    assert hotline.streams[0].of("media")[0]["media"]["timestamp"] == "0"
    assert call.transcript[2].at_s == 0.0


def test_frames_may_have_another_size(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = lambda stream: stream.listen(0.3)
    make_carrier(frame_bytes=800).ring(CALLER, Caller()).wait(10)
    frames = hotline.streams[0].of("media")
    assert {len(payload(frame)) for frame in frames} == {800}
    assert [frame["media"]["timestamp"] for frame in frames[:3]] == ["0", "100", "200"]


def test_caller_who_hangs_up_ends_stream_and_call(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.answers("/twilio/voice/status", "")
    call = make_carrier().ring(CALLER, Caller().at(2.0, hang_up())).wait(10)
    hotline.await_requests("/twilio/voice/status")
    assert call.ended_by == "caller"
    assert hotline.streams[0].messages[-1]["stop"] == {"accountSid": ACCOUNT, "callSid": call.sid}
    assert len(hotline.to("/twilio/voice")) == 1


@pytest.mark.parametrize(
    ("after_close", "ended_by", "later_s"),
    [
        (AfterClose.RESUME, "hotline", 0.0),
        (AfterClose.RESUME_LATE, "hotline", 3.0),
        (AfterClose.END_CALL, "carrier", None),
    ],
)
@pytest.mark.parametrize("way", ["own", "aborted", "dropped", "refused"])
def test_call_goes_on_after_a_stream_as_the_option_says(
    hotline: StandIn,
    make_carrier: MakeCarrier,
    *,
    way: str,
    after_close: AfterClose,
    ended_by: str,
    later_s: float | None,
) -> None:
    def talk(stream: HotlineStream) -> None:
        stream.listen(0.2)
        if way == "aborted":
            stream.abort()
        if way == "dropped":
            stream.until_event("stop")

    path = "/nowhere" if way == "refused" else "/media/1"
    hotline.answers("/twilio/voice", hotline.stream_twiml(path, after="<Redirect>/after</Redirect>"))
    hotline.answers("/after", "<Hangup/>")
    hotline.on_stream = talk
    option = {"own": "after_own_close", "refused": "after_failed_handshake"}.get(way, "after_close")
    carrier = make_carrier(resume_late_s=3.0, **{option: after_close})
    caller = Caller().at(2.0, drop_stream()) if way == "dropped" else Caller()
    call = carrier.ring(CALLER, caller).wait(10)
    ended = {"refused": 0.9}.get(way) or next(e.at_s for e in call.transcript if e.kind is Happening.STREAM_CLOSED)
    assert call.ended_by == ended_by
    assert len(hotline.to("/after")) == (0 if later_s is None else 1)
    if later_s is not None:
        assert call.duration_s == pytest.approx(ended + later_s, abs=0.05)


@pytest.mark.parametrize(("is_logged", "codes"), [(True, [31921]), (False, [])])
def test_intended_close_is_logged_as_an_error_or_not(
    hotline: StandIn, make_carrier: MakeCarrier, *, is_logged: bool, codes: list[int]
) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = lambda stream: None
    call = make_carrier(warns_of_own_close=is_logged).ring(CALLER, Caller()).wait(10)
    assert [event.code for event in call.transcript if event.kind is Happening.ERROR] == codes
    assert call.errors == ()


def test_refused_handshake_is_error_31920(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml("/nowhere"))
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    assert [(event.code, event.detail) for event in call.errors] == [(31920, "the handshake failed: answered with 400")]


def test_broken_websocket_protocol_is_error_31924_and_an_abnormal_end(
    hotline: StandIn, make_carrier: MakeCarrier
) -> None:
    def talk(stream: HotlineStream) -> None:
        stream.socket.sock.sendall(b"\xff\xff no frame of the protocol")
        stream.until_event("stop")

    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = talk
    call = make_carrier(after_close=AfterClose.END_CALL).ring(CALLER, Caller()).wait(10)
    assert ([event.code for event in call.errors], call.ended_by) == ([31924], "carrier")


def test_plain_socket_is_refused_where_the_option_says_so(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.answers("/twilio/voice/fallback", "<Hangup/>")
    call = make_carrier(plain_sockets_on_loopback=False).ring(CALLER, Caller()).wait(10)
    assert [event.code for event in call.errors] == [12200]


def test_connect_action_is_asked_or_not(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    base = hotline.url.replace("http", "ws")
    twiml = f'<Connect action="/action"><Stream url="{base}/media/1"/></Connect><Redirect>/after</Redirect>'
    hotline.answers("/twilio/voice", twiml)
    hotline.answers("/action", "<Hangup/>")
    hotline.answers("/after", "<Hangup/>")
    hotline.on_stream = lambda stream: None
    make_carrier().ring(CALLER, Caller()).wait(10)
    make_carrier(requests_connect_action=False).ring(CALLER, Caller()).wait(10)
    assert (len(hotline.to("/action")), len(hotline.to("/after"))) == (1, 1)


def test_public_name_is_signed_and_loopback_is_dialled(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.public_url = "https://hotline.example"
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = lambda stream: None
    carrier = make_carrier(origins={"https://hotline.example": hotline.url})
    call = carrier.ring(CALLER, Caller()).wait(10)
    assert call.errors == ()
    assert [(seen.path, seen.is_signed) for seen in hotline.requests[:2]] == [
        ("/twilio/voice", True),
        ("/media/1", True),
    ]
    assert hotline.requests[0].headers["Host"] == urlsplit(hotline.public_url).netloc


def test_pace_holds_real_time(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = lambda stream: stream.listen(2.0)
    begun = time.monotonic()
    call = make_carrier(pace=4.0, deaf_s=0.0).ring(CALLER, Caller()).wait(10)
    assert time.monotonic() - begun >= call.duration_s / 4 * 0.95
    assert call.duration_s >= 2.0
