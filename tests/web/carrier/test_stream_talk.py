"""One call's thread on a socket of our own: a script of messages in, commands, turns and close codes out."""

import base64
import json
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
import structlog

from tests.fakes import CodedVoice, FakePromptAudio, FakeRecogniser, FakeRecognisers
from tests.service.lines import Line
from tests.web.desk import CALL_SID, STREAM_SID, Desk, a_call_form, book_of
from tests.web.scripted import ScriptedListening, ScriptedSocket
from voicebot.adapters.spool import FolderSpool
from voicebot.domain.call import Call, CallEnd, CallStatus, Way
from voicebot.domain.utterance import Hypothesis
from voicebot.errors import Unavailable
from voicebot.flow.events import CallResumed, FlowEvent, HearingFailed, KeysPressed
from voicebot.flow.instructions import HangUp
from voicebot.service.call.stream import open_stream, resume_call
from voicebot.service.listening import CallListening, Outcome
from voicebot.service.log_context import named
from voicebot.service.lookup import find_call
from voicebot.service.ports import Clock, UnitOfWork
from voicebot.telephony.media_stream import CloseStream, SendClear, StreamEvent, StreamStopped
from voicebot.web.carrier import media
from voicebot.web.carrier.media import carry_call
from voicebot.web.carrier.resume_watch import ResumeWatch
from voicebot.web.carrier.stream_talk import FRAME_S, MediaDependencies, StreamTalk
from voicebot.web.counters import STREAMS_LOST


def _call(line: Line) -> Call:
    call = find_call(line.hotline, CALL_SID)
    assert call is not None
    return call


START = json.dumps({"event": "start", "streamSid": STREAM_SID, "start": {"callSid": CALL_SID}})
MARK = json.dumps({"event": "mark", "streamSid": STREAM_SID, "mark": {"name": "0:x"}})


def _carry(desk: Desk, socket: ScriptedSocket, *outcomes: Outcome) -> ScriptedListening:
    _carry_with(desk, socket, listening := ScriptedListening(*outcomes))
    return listening


def _carry_with(desk: Desk, socket: ScriptedSocket, listening: ScriptedListening) -> None:
    desk.twiml("/twilio/voice")
    call = _call(desk.line)
    carry_call(_media_desk(desk, _resumes(desk), listening), socket, call_id=call.id, token=str(call.stream_token))


def _resumes(desk: Desk) -> ResumeWatch:
    return ResumeWatch(desk.line.hotline, book_of(desk), resume_url="resume/{}".format, patience_s=0.05)


def _media_desk(desk: Desk, resumes: ResumeWatch, listening: ScriptedListening) -> MediaDependencies:
    book = book_of(desk)
    return MediaDependencies(
        hotline=desk.line.hotline, resumes=resumes, book=book, new_listening=lambda _call_id: listening
    )


def _take_up_anew(desk: Desk) -> None:
    """Fetch what follows a lost stream, and carry the call over a new one, as another thread or process would."""
    resumed = resume_call(desk.line.hotline, _call(desk.line).id).call
    assert open_stream(desk.line.hotline, resumed.id, str(resumed.stream_token), CALL_SID) is not None


def _event(event: FlowEvent) -> Outcome:
    return Outcome(event=event)


def test_what_waits_to_be_listened_to_is_told_in_seconds(desk: Desk) -> None:
    class _IsSlow(ScriptedListening):
        def feed(self, event: StreamEvent) -> Outcome:
            deadline = time.monotonic() + 5
            while media_desk.behind_s() < 2 * FRAME_S and not self.fed and time.monotonic() < deadline:
                threading.Event().wait(0.01)
            lags.append(media_desk.behind_s())
            return super().feed(event)

    lags: list[float] = []
    media_desk = _media_desk(desk, _resumes(desk), _IsSlow())
    answer = desk.line.ring(carrier_call_id=CALL_SID)
    carry_call(
        media_desk,
        ScriptedSocket(START, MARK, MARK, MARK, breaks=True),
        call_id=answer.call.id,
        token=str(answer.call.stream_token),
    )
    assert lags[0] >= 2 * FRAME_S > lags[-1]
    assert media_desk.behind_s() == 0


def test_silence_on_the_socket_is_a_lost_stream(desk: Desk) -> None:
    before = STREAMS_LOST._value.get()
    listening = _carry(desk, ScriptedSocket(START, None, MARK))
    assert STREAMS_LOST._value.get() == before + 1
    assert listening.fed == [StreamStopped(is_clean=False)]
    assert listening.is_closed
    assert desk.line.recognisers.taken == 0


@pytest.mark.parametrize("outcomes", [(), (_event(CallResumed()),)], ids=["nothing said", "a story cut off"])
def test_after_silence_a_call_that_is_not_fetched_is_redirected(desk: Desk, outcomes: tuple[Outcome, ...]) -> None:
    class _TakesASecond(ScriptedListening):
        def feed(self, event: StreamEvent) -> Outcome:
            desk.line.step(seconds=1)
            return super().feed(event)

    _carry_with(desk, (socket := ScriptedSocket(START, None, MARK)), _TakesASecond(*outcomes))
    assert socket.closed[:1] == [1000]
    assert desk.line.carrier.redirects == [(CALL_SID, f"resume/{_call(desk.line).id}")]


def test_a_socket_that_never_began_is_silent_and_its_call_is_redirected(desk: Desk) -> None:
    _carry(desk, ScriptedSocket(None))
    assert desk.line.carrier.redirects == [(CALL_SID, f"resume/{_call(desk.line).id}")]


def test_a_silent_socket_moves_no_call_that_another_stream_carries(desk: Desk) -> None:
    resumes = _resumes(desk)
    answer = desk.line.ring(carrier_call_id=CALL_SID)
    token = str(answer.call.stream_token)
    assert open_stream(desk.line.hotline, answer.call.id, token, CALL_SID) is not None
    for call_id in (answer.call.id, "nobody"):
        carry_call(_media_desk(desk, resumes, ScriptedListening()), ScriptedSocket(None), call_id=call_id, token=token)
    resumes.wait_or_redirect(_call(desk.line))
    assert desk.line.carrier.redirects == []


def test_a_stream_that_falls_silent_after_another_took_the_call_up_moves_it_no_more(desk: Desk) -> None:
    class _IsReplaced(ScriptedListening):
        def feed(self, event: StreamEvent) -> Outcome:
            _take_up_anew(desk)  # the carrier noticed long ago that this stream broke
            return super().feed(event)

    _carry_with(desk, ScriptedSocket(START, None), _IsReplaced(_event(CallResumed())))
    assert desk.line.carrier.redirects == []


def test_a_stream_that_another_has_replaced_says_nothing_more(desk: Desk) -> None:
    class _IsReplaced(ScriptedListening):
        def feed(self, event: StreamEvent) -> Outcome:
            _take_up_anew(desk)
            return super().feed(event)

    listening = _IsReplaced(_event(KeysPressed(keys="*")))
    _carry_with(desk, (socket := ScriptedSocket(START, MARK)), listening)
    assert len(listening.begun) == 1
    assert socket.closed[:1] == [1000]
    assert desk.line.carrier.redirects == []


def test_a_stream_that_a_fault_kept_from_opening_is_redirected(desk: Desk) -> None:
    answer = desk.line.ring(carrier_call_id=CALL_SID)
    object.__setattr__(desk.line.hotline, "clock", _ClockFailsOnce(desk.line.clock))
    socket, resumes = ScriptedSocket(START), _resumes(desk)
    media_desk = _media_desk(desk, resumes, ScriptedListening())
    carry_call(media_desk, socket, call_id=answer.call.id, token=str(answer.call.stream_token))
    assert socket.closed == [1011]
    assert desk.line.carrier.redirects == [(CALL_SID, f"resume/{answer.call.id}")]
    resumes.wait_or_redirect(_call(desk.line))
    assert len(desk.line.carrier.redirects) == 1


def test_a_store_that_is_gone_leaves_nobody_expected(desk: Desk) -> None:
    def gone() -> UnitOfWork:
        raise Unavailable("the store is gone")

    answer, work = desk.line.ring(carrier_call_id=CALL_SID), desk.line.hotline.unit_of_work
    resumes = _resumes(desk)
    media_desk = _media_desk(desk, resumes, ScriptedListening())
    object.__setattr__(desk.line.hotline, "unit_of_work", gone)
    carry_call(media_desk, ScriptedSocket(START), call_id=answer.call.id, token=str(answer.call.stream_token))
    object.__setattr__(desk.line.hotline, "unit_of_work", work)
    resumes.wait_or_redirect(answer.call)
    assert desk.line.carrier.redirects == []


def test_what_was_said_on_a_lost_stream_is_stored_and_nothing_is_put_on_it_any_more(desk: Desk) -> None:
    socket = ScriptedSocket(START, breaks=True)
    listening = _carry(desk, socket, _event(CallResumed()))
    assert _call(desk.line).turn_number == 1
    assert len(listening.begun) == 1
    assert socket.closed == []


def test_after_our_own_close_a_call_that_is_not_fetched_is_redirected(desk: Desk) -> None:
    socket = ScriptedSocket(START, MARK)
    _carry(desk, socket, _event(HearingFailed()))
    call = _call(desk.line)
    assert socket.closed == [1000]
    assert call.way is Way.RECORD
    assert desk.line.carrier.redirects == [(CALL_SID, f"resume/{call.id}")]


def test_a_stream_that_just_breaks_is_not_redirected(desk: Desk) -> None:
    _carry(desk, ScriptedSocket(START, breaks=True))
    assert desk.line.carrier.redirects == []


def test_the_call_ends_with_its_goodbye_even_if_nobody_fetches_what_follows(desk: Desk) -> None:
    goodbye = ScriptedListening(Outcome(commands=(CloseStream(),)))
    answer = desk.line.ring(carrier_call_id=CALL_SID)
    while not isinstance(answer.wait, HangUp):
        answer = desk.line.go_on(answer)
    _carry_with(desk, ScriptedSocket(START, MARK), goodbye)
    ended = _call(desk.line)
    assert (ended.status, ended.end) == (CallStatus.ENDED, CallEnd.COMPLETED)
    assert isinstance(goodbye.begun[0], HangUp)


class _ClockFailsOnce:
    """A clock that fails at its next use and then goes on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._has_failed = False

    def now(self) -> datetime:
        """Return now, but for the first time. Raises: RuntimeError, that once."""
        if not self._has_failed:
            self._has_failed = True
            raise RuntimeError("a fault of ours")
        return self._clock.now()


def test_a_fault_in_a_turn_is_the_spoken_apology_on_the_same_stream(desk: Desk) -> None:
    class _BreaksTheClock(ScriptedListening):
        def feed(self, event: StreamEvent) -> Outcome:
            if not self.fed:
                object.__setattr__(desk.line.hotline, "clock", _ClockFailsOnce(desk.line.clock))
            return super().feed(event)

    listening = _BreaksTheClock(_event(KeysPressed(keys="8")), Outcome(commands=(CloseStream(),)))
    _carry_with(desk, ScriptedSocket(START, MARK, MARK), listening)
    assert isinstance(listening.begun[-1], HangUp)
    assert [prompt.key for prompt in listening.begun[-1].prompts][:1] == ["apologise_failure"]
    assert _call(desk.line).status is CallStatus.ENDED


def test_a_fault_of_listening_closes_the_socket_and_the_call_is_fetched_anew(desk: Desk) -> None:
    class _Breaks(ScriptedListening):
        def feed(self, event: StreamEvent) -> Outcome:
            raise RuntimeError("a fault of ours")

    socket = ScriptedSocket(START, MARK)
    _carry_with(desk, socket, _Breaks())
    call = _call(desk.line)
    assert socket.closed == [1011]
    assert desk.line.carrier.redirects == [(CALL_SID, f"resume/{call.id}")]
    assert _call(desk.line).status is CallStatus.LIVE


def test_audio_that_waited_during_a_turn_is_told_to_the_next_wait(desk: Desk) -> None:
    desk.twiml("/twilio/voice")
    call, listening = _call(desk.line), ScriptedListening()
    talk = StreamTalk(
        _media_desk(desk, _resumes(desk), listening), ScriptedSocket(), call_id=call.id, token=str(call.stream_token)
    )
    for message in (START, *[MARK] * 100):
        talk.put(message)
    talk.put_gone()
    talk.run()
    assert listening.behind_s == pytest.approx(2.0, abs=0.1)


class _Stuck(FakeRecognisers):
    """Recognisers that hang as soon as they are to decode something, until they are let go."""

    def __init__(self, voice: CodedVoice) -> None:
        super().__init__(voice)
        self.hangs, self.may_go_on = threading.Event(), threading.Event()

    def make(self, locale: str, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> FakeRecogniser:
        """Make one that hangs."""
        hangs, may_go_on = self.hangs, self.may_go_on

        class _Hanging(FakeRecogniser):
            def accept(self, pcm: bytes) -> Hypothesis | None:
                hangs.set()
                assert may_go_on.wait(10), "nobody let the decoder go on"
                return super().accept(pcm)

        return _Hanging(self.voice, grammar)


def test_voice_is_stored_as_it_comes_though_the_decoder_is_stuck(desk: Desk, tmp_path: Path) -> None:
    line, spool = desk.line, FolderSpool(tmp_path / "spool")
    stuck = _Stuck(line.recognisers.voice)
    answer = line.reach("ask_story", carrier_call_id=CALL_SID)
    listening = CallListening(call_id=answer.call.id, recognisers=stuck, prompts=FakePromptAudio(), spool=spool)
    media_desk = MediaDependencies(
        hotline=line.hotline, resumes=_resumes(desk), book=book_of(desk), new_listening=lambda _call_id: listening
    )
    talk = StreamTalk(media_desk, ScriptedSocket(), call_id=answer.call.id, token=str(_call(line).stream_token))
    thread = threading.Thread(target=talk.run)
    thread.start()
    voice = line.recognisers.voice.says("my parcel was broken when it came", 11.2)
    try:
        talk.put(START)
        for at in range(0, len(voice), 160):
            talk.put(_media(voice[at : at + 160]))
        assert stuck.hangs.wait(5)
        kept = spool.read(f"{answer.call.id}-{answer.turn_number}.ulaw")
        assert len(kept) == len(voice), "a process that is killed now takes no voice along"
        assert kept == voice
    finally:
        stuck.may_go_on.set()
        talk.put_gone()
        thread.join()


def _media(audio: bytes) -> str:
    payload = base64.b64encode(audio).decode()
    return json.dumps({"event": "media", "streamSid": STREAM_SID, "media": {"payload": payload, "timestamp": "0"}})


@pytest.mark.requirement("S0-11")
def test_a_call_is_carried_until_what_follows_its_stream_was_fetched(desk: Desk) -> None:
    carried: list[bool] = []

    def resume_url(call_id: str) -> str:
        carried.append(media_desk.is_carrying())
        return call_id

    resumes = ResumeWatch(desk.line.hotline, book_of(desk), resume_url=resume_url, patience_s=0.05)
    media_desk = _media_desk(desk, resumes, ScriptedListening())
    desk.twiml("/twilio/voice")
    call = _call(desk.line)
    carry_call(media_desk, ScriptedSocket(START, None), call_id=call.id, token=str(call.stream_token))
    assert carried == [True], "while the fetch is awaited"
    assert not media_desk.is_carrying()


def test_what_piles_up_is_bounded(desk: Desk) -> None:
    waiting = media.MAX_BACKLOG_BYTES // 60_000 + 1
    socket = ScriptedSocket(START, MARK, MARK, backlog=waiting)
    _carry(desk, socket)
    assert socket.closed == [1009]


def test_the_answer_to_a_repeat_of_a_webhook_while_streaming_is_harmless(desk: Desk) -> None:
    _carry(desk, ScriptedSocket(START, breaks=True))
    assert "<Redirect" in desk.twiml("/twilio/voice", a_call_form())


@pytest.mark.parametrize(
    ("messages", "outcomes", "why"),
    [
        ((START, None, MARK), (), "it fell silent"),
        ((START,), (), "the carrier closed it"),
        ((START, MARK), (_event(HearingFailed()),), "we closed it: the call goes on another way, or is over"),
    ],
)
def test_how_a_stream_ended_stands_in_the_life_of_its_call(
    desk: Desk, messages: tuple[str | None, ...], outcomes: tuple[Outcome, ...], why: str
) -> None:
    _carry(desk, ScriptedSocket(*messages, breaks=not outcomes), *outcomes)
    assert {("stream_opened", ""), ("stream_closed", why)} <= set(_events(desk))


def test_a_prompt_that_the_caller_cut_stands_there_too_and_the_log_names_the_case(desk: Desk) -> None:
    with named():
        _carry(desk, ScriptedSocket(START, MARK, breaks=True), Outcome(commands=(SendClear(),)))
        assert set(structlog.contextvars.get_contextvars()) == {"call", "case"}
    assert ("prompt_cut", "by the caller's voice") in _events(desk)


def _events(desk: Desk) -> list[tuple[str, str]]:
    assert book_of(desk).flush(5)
    ticket_id = _call(desk.line).ticket_id
    with desk.line.work() as work:
        return [(event.what, event.detail) for event in work.events.of_ticket(ticket_id)]
