"""Media sockets: real sockets against the real application, and the thread of one call."""

import base64
import threading
import time
from collections.abc import Callable

import pytest
from websockets.exceptions import InvalidStatus

from tests.fakes import FakePromptAudio
from tests.service.lines import Line
from tests.web.desk import CALL_SID, STREAM_SID, Desk, a_call_form, a_socket, close_code, heard_until_mark, send, start
from voicebot.domain.call import Call, CallEnd, CallStatus, Way
from voicebot.service.lookup import find_call
from voicebot.web.counters import STREAM_TROUBLES

OTHER_CALL = "CA99999999999999999999999999999999"
FRAME = base64.b64encode(b"\xff" * 160).decode()


def _call(line: Line) -> Call:
    call = find_call(line.hotline, CALL_SID)
    assert call is not None
    return call


def _path(desk: Desk) -> str:
    """Ring, and return the address of the stream."""
    desk.twiml("/twilio/voice")
    call = _call(desk.line)
    return f"/twilio/media/{call.id}/{call.stream_token}"


def _until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_true():
        assert time.monotonic() < deadline, "it never came true"
        threading.Event().wait(0.01)


def test_the_stream_speaks_hears_keys_and_takes_turns(desk: Desk) -> None:
    path = _path(desk)
    with desk.served() as port, a_socket(port, path) as socket:
        start(socket)
        said = heard_until_mark(socket, ":say_recording_notice")
        assert {message["event"] for message in said} == {"media", "mark"}
        assert all(message["streamSid"] == STREAM_SID for message in said)
        send(socket, "dtmf", dtmf={"track": "inbound_track", "digit": "8"})
        heard_until_mark(socket, ":accept_no_recording")
        send(socket, "stop", stop={"callSid": CALL_SID})
        assert close_code(socket) == 1000
    call = _call(desk.line)
    assert (call.status, call.end) == (CallStatus.ENDED, CallEnd.CALLER_HUNG_UP)
    assert desk.line.recognisers.taken == 0


def test_a_wrong_signature_is_refused_before_the_upgrade(desk: Desk) -> None:
    path = _path(desk)
    with desk.served() as port, pytest.raises(InvalidStatus) as refused, a_socket(port, path, signature="wrong"):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(("token", "sid"), [("wrong", CALL_SID), (None, OTHER_CALL)])
def test_a_wrong_token_or_call_closes_with_1008(desk: Desk, token: str | None, sid: str) -> None:
    path = _path(desk)
    path = path if token is None else f"{path.rpartition('/')[0]}/{token}"
    with desk.served() as port, a_socket(port, path) as socket:
        start(socket, sid)
        assert close_code(socket) == 1008
    assert _call(desk.line).stream_token is not None


def test_a_token_opens_one_stream_only(desk: Desk) -> None:
    path = _path(desk)
    with desk.served() as port, a_socket(port, path) as first:
        start(first)
        heard_until_mark(first, ":greet_caller")
        with a_socket(port, path) as second:
            start(second)
            assert close_code(second) == 1008


def test_a_message_above_64_kib_closes_with_1009(desk: Desk) -> None:
    path = _path(desk)
    with desk.served() as port, a_socket(port, path) as socket:
        start(socket)
        heard_until_mark(socket, ":greet_caller")
        socket.send("x" * 70_000)
        assert close_code(socket) == 1009


def test_odd_messages_are_counted_and_the_call_goes_on(desk: Desk) -> None:
    path = _path(desk)
    before = STREAM_TROUBLES.labels("broken_json")._value.get()
    with desk.served() as port, a_socket(port, path) as socket:
        start(socket)
        heard_until_mark(socket, ":say_recording_notice")
        socket.send("{broken")
        socket.send(b"\x00\x01")
        send(socket, "dtmf", dtmf={"digit": "8"})
        heard_until_mark(socket, ":accept_no_recording")
    assert STREAM_TROUBLES.labels("broken_json")._value.get() == before + 2


@pytest.mark.requirement("S0-11")
def test_a_socket_that_breaks_leaves_the_call_to_be_resumed(desk: Desk) -> None:
    path = _path(desk)
    with desk.served() as port, a_socket(port, path) as socket:
        start(socket)
        heard_until_mark(socket, ":say_recording_notice")
    _until(lambda: desk.line.recognisers.taken == 0)
    assert _call(desk.line).status is CallStatus.LIVE
    assert "<Stream" in desk.twiml(f"/twilio/voice/resume/{_call(desk.line).id}")


def test_a_missing_clip_sends_the_call_another_way(desk: Desk) -> None:
    object.__setattr__(desk.line.hotline, "prompts", FakePromptAudio(missing=frozenset({"greet_caller"})))
    path = _path(desk)
    with desk.served() as port, a_socket(port, path) as socket:
        start(socket)
        send(socket, "media", media={"track": "inbound", "timestamp": "20", "payload": FRAME})
        assert close_code(socket) == 1000
    assert _call(desk.line).way is Way.RECORD
    assert "<Say" in desk.twiml(f"/twilio/voice/resume/{_call(desk.line).id}")


def test_a_full_house_closes_the_stream_and_the_call_goes_on_without(desk: Desk) -> None:
    path = _path(desk)
    desk.line.recognisers.limit = 0
    with desk.served() as port, a_socket(port, path) as socket:
        start(socket)
        assert close_code(socket) == 1000
    assert "<Gather" in desk.twiml(f"/twilio/voice/resume/{_call(desk.line).id}")
    assert desk.line.recognisers.taken == 0


# --- replays ---------------------------------------------------------------------------------------------------

REPLAY = pytest.mark.danger("replayed sockets")


@REPLAY
def test_a_replayed_handshake_is_closed_and_the_live_call_goes_on_unharmed(desk: Desk) -> None:
    """The same signed address again, with the very same messages, while the caller talks."""
    path = _path(desk)
    with desk.served() as port, a_socket(port, path) as live:
        start(live)
        heard_until_mark(live, ":say_recording_notice")
        for _ in range(3):
            with a_socket(port, path) as replayed:
                start(replayed)
                send(replayed, "dtmf", dtmf={"digit": "0"})
                send(replayed, "stop", stop={"callSid": CALL_SID})
                assert close_code(replayed) == 1008
        call = _call(desk.line)
        assert (call.status, call.way, call.stream_losses) == (CallStatus.LIVE, Way.STREAM, 0)
        send(live, "dtmf", dtmf={"track": "inbound_track", "digit": "8"})
        heard_until_mark(live, ":accept_no_recording")
    with desk.line.work() as work:
        ticket = work.tickets.get(call.ticket_id)
    assert ticket is not None
    assert (ticket.supervisor_asks, ticket.recording_refused) == (0, True)


@REPLAY
def test_a_handshake_recorded_in_one_call_opens_nothing_in_another(desk: Desk) -> None:
    old = _path(desk)
    token = old.rpartition("/")[2]
    desk.twiml("/twilio/voice", a_call_form(CallSid=OTHER_CALL))
    other = find_call(desk.line.hotline, OTHER_CALL)
    assert other is not None
    with desk.served() as port:
        for path, sid in ((f"/twilio/media/{other.id}/{token}", OTHER_CALL), (old, OTHER_CALL)):
            with a_socket(port, path) as replayed:
                start(replayed, sid)
                assert close_code(replayed) == 1008
    assert other.stream_token == getattr(find_call(desk.line.hotline, OTHER_CALL), "stream_token", None)


@REPLAY
def test_a_handshake_replayed_after_the_call_opens_nothing_even_if_its_token_was_never_used(desk: Desk) -> None:
    path = _path(desk)
    desk.post("/twilio/voice/status", a_call_form(CallStatus="completed"))
    desk.line.step(days=365)
    with desk.served() as port, a_socket(port, path) as replayed:
        start(replayed)
        assert close_code(replayed) == 1008
    assert _call(desk.line).status is CallStatus.ENDED


@REPLAY
def test_a_second_start_on_a_live_stream_does_not_change_whose_call_it_is(desk: Desk) -> None:
    desk.twiml("/twilio/voice", a_call_form(CallSid=OTHER_CALL))
    path = _path(desk)
    with desk.served() as port, a_socket(port, path) as socket:
        start(socket)
        heard_until_mark(socket, ":say_recording_notice")
        start(socket, OTHER_CALL)
        send(socket, "dtmf", dtmf={"digit": "8"})
        heard_until_mark(socket, ":accept_no_recording")
    other = find_call(desk.line.hotline, OTHER_CALL)
    assert other is not None
    assert (other.turn_number, other.stream_token is not None) == (0, True)
