"""One call on one media socket. Messages are read as they come, and the voice of an answer is stored at once. All go
through a bounded queue to listening, its events become turns, and answers go back.

The queue blocks and never drops, and keys pass through it in their order with the voice. Whatever fails, the caller is
taken up again at the last stored turn, either by the spoken apology on this stream, or by the fetch after its close.
Knows: queue, thread, use cases. Must not know: who receives from the socket (media.py), what is said.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

import structlog
from simple_websocket import ConnectionClosed

from voicebot.domain.call import Call, CallEnd, CallStatus, Way
from voicebot.errors import VoicebotError
from voicebot.flow.events import CallerHungUp, CallResumed, FlowEvent, HearingFailed
from voicebot.flow.instructions import ConnectOwner, HangUp, Listen
from voicebot.service.call.listening_places import seat_of
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.stream import open_stream
from voicebot.service.call.turn import apologise, end_call, fail_hearing, take_call_turn
from voicebot.service.hotline import Hotline
from voicebot.service.log_context import name_call
from voicebot.service.lookup import get_call
from voicebot.telephony.media_stream import (
    CloseStream,
    KeyPressed,
    MediaStream,
    SendClear,
    StreamCommand,
    StreamEvent,
    StreamStarted,
    StreamStopped,
)
from voicebot.web.carrier.resume_watch import ResumeWatch
from voicebot.web.counters import REPLY_SECONDS, STREAM_TROUBLES, STREAMS_REFUSED, TURN_SECONDS
from voicebot.web.resilience.call_event_writer import CallEventWriter
from voicebot.web.resilience.faults import fault_words, log_fault

FRAME_S, QUEUED_MESSAGES = 0.02, 1500
"""About half a minute of frames between socket and listening. What waits for a place in the queue is stored nowhere."""

POLICY_VIOLATION, TOO_BIG, OUR_FAULT, NORMAL = 1008, 1009, 1011, 1000
"""Close codes (RFC 6455, section 7.4.1)."""
_WHY_WE_LEAVE = {
    NORMAL: "we closed it: the call goes on another way, or is over",
    TOO_BIG: "we closed it: too much came",
    OUR_FAULT: "we closed it after a fault of ours",
}

log = structlog.get_logger(__name__)


class Socket(Protocol):
    """What is used of `simple_websocket.Server`."""

    input_buffer: list[str | bytes]

    def receive(self, timeout: float | None = None) -> str | bytes | None: ...
    def send(self, data: str) -> None: ...
    def close(self, reason: int | None = None, message: str | None = None) -> None: ...


class Heeded(Protocol):
    """What listening makes of one stream event."""

    @property
    def commands(self) -> tuple[StreamCommand, ...]: ...
    @property
    def event(self) -> FlowEvent | None: ...


class Listening(Protocol):
    """One call's listening (`service/listening`)."""

    def begin(
        self, wait: Listen | HangUp, turn_number: int, locale: str, *, behind_s: float = 0.0
    ) -> tuple[StreamCommand, ...]: ...
    def arrived(self, event: StreamEvent) -> None: ...
    def feed(self, event: StreamEvent) -> Heeded: ...
    def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaDependencies:
    """What media sockets work with."""

    hotline: Hotline
    resumes: ResumeWatch
    book: CallEventWriter
    new_listening: Callable[[str], Listening]
    """Makes the listening of one call, by its id."""
    talks: "set[StreamTalk]" = field(default_factory=set)
    """Those that go on now."""

    def behind_s(self) -> float:
        """Return how many seconds of audio wait to be listened to, on the stream that lags most."""
        return max((talk.behind_s for talk in tuple(self.talks)), default=0.0)

    def is_carrying(self) -> bool:
        """Tell whether a stream is open, or the fetch that follows one is still awaited."""
        return bool(self.talks)


class StreamTalk:
    """One call on one socket, where everything but `put`, `lose` and `leave` happens in the thread that runs `run`."""

    def __init__(self, dependencies: MediaDependencies, socket: Socket, *, call_id: str, token: str) -> None:
        self._dependencies = dependencies
        self._hotline = dependencies.hotline
        self._socket = socket
        self._call_id = call_id
        self._token = token
        self._stream = MediaStream()
        self._inbox: queue.Queue[StreamEvent | None] = queue.Queue(maxsize=QUEUED_MESSAGES)
        self._answer: CallAnswer | None = None
        self._losses = 0  # of the call before this stream: with more of them another stream carries it
        self._listening = dependencies.new_listening(call_id)
        self._has_seat = False
        self._seat = seat_of(dependencies.hotline, None, call_id)
        self._over = threading.Event()
        self._is_fetch_due = False
        self._why_closed = "the carrier closed it"

    @property
    def is_over(self) -> bool:
        """Whether nothing will be listened to any more."""
        return self._over.is_set()

    @property
    def behind_s(self) -> float:
        """Seconds of audio that came in and are still to be listened to."""
        return 0.0 if self.is_over else (len(self._socket.input_buffer) + self._inbox.qsize()) * FRAME_S

    def put(self, message: str | bytes) -> None:
        """Read a message, store voice of an answer, and hand over what the message means."""
        event = self._stream.read(message)
        if event is not None and not self.is_over:
            self._listening.arrived(event)
            self._hand_over(event)

    def put_gone(self) -> None:
        """Tell that the socket has ended."""
        for trouble, count in self._stream.troubles.items():
            STREAM_TROUBLES.labels(trouble.value).inc(count)
        self._hand_over(None)

    def _hand_over(self, event: StreamEvent | None) -> None:
        """Put it into the queue. It waits while that is full, and drops only what nobody will heed."""
        while not self.is_over:
            try:
                self._inbox.put(event, timeout=0.2)
            except queue.Full:
                continue
            return

    def leave(self, code: int = NORMAL) -> bool:
        """Close from our side, so that the carrier fetches what is next, and return always False, since this stream is
        done.
        """
        self.lose(_WHY_WE_LEAVE[code])
        self._close(code)
        return False

    def lose(self, why: str = "it fell silent") -> None:
        """Expect a fetch though the socket is not closed yet, because `run` stores what was said, closes and waits for
        it.
        """
        self._why_closed = why
        self._is_fetch_due = True
        self._dependencies.resumes.expect(self._call_id)

    def run(self) -> None:
        """Listen until the call, the stream or the socket is over, and never raise."""
        name_call(self._call_id)
        try:
            self._follow()
        except Exception as error:  # noqa: BLE001  the caller is taken up again at the last stored turn
            self._tell_of(error)
            self.leave(OUR_FAULT)
        finally:
            self._over.set()
            self._close(NORMAL)
            self._release()
        self._note("stream_closed", self._why_closed)
        if self._is_fetch_due:
            self._see_taken_up()

    def _note(self, what: str, detail: str) -> None:
        """Note an event of the call, if it is ours."""
        if self._answer is not None:
            self._dependencies.book.note(self._call_id, what, detail=detail)

    def _tell_of(self, error: Exception) -> None:
        log_fault(error)
        self._note("fault", fault_words(error))

    def _see_taken_up(self) -> None:
        """Wait for the fetch that is expected. Nobody whose call cannot be read stays expected."""
        try:
            call = self._own_call()
            if call is not None:
                self._dependencies.resumes.wait_or_redirect(call)
        except Exception as error:  # noqa: BLE001  the thread of a call never raises
            log_fault(error)
        finally:
            self._dependencies.resumes.forget(self._call_id)

    def _own_call(self) -> Call | None:
        """Return the call, unless another stream has taken it up. An unused token shows that none has."""
        if self._answer is not None:
            return None if self._is_replaced(self._answer.call) else self._answer.call
        call = get_call(self._hotline, self._call_id)
        return call if call is not None and call.stream_token == self._token else None

    def _is_replaced(self, call: Call) -> bool:
        """Tell whether the carrier has fetched what follows this stream, because to move the call now would end its
        talk.
        """
        return call.stream_losses != self._losses

    def _follow(self) -> None:
        while (event := self._inbox.get()) is not None:
            if not self._take(event):
                return
        if self._answer is not None:
            self._take(StreamStopped(is_clean=False))

    def _take(self, event: StreamEvent) -> bool:
        """Take one stream event, and return False when this stream carries the call no longer."""
        if isinstance(event, StreamStarted):
            return self._open(event)
        if isinstance(event, StreamStopped) and event.is_clean:
            self._why_closed = "the call ended"
        outcome = self._listening.feed(event)
        if SendClear() in outcome.commands:
            self._note("prompt_cut", "by a key" if isinstance(event, KeyPressed) else "by the caller's voice")
        is_open = self._send(outcome.commands)
        if outcome.event is not None:
            return self._reply(outcome.event) and is_open
        return is_open and not isinstance(event, StreamStopped)

    def _reply(self, event: FlowEvent) -> bool:
        """Take a turn, and measure it where the caller then hears something on this stream."""
        began = perf_counter()
        goes_on = self._take_turn(event)
        if goes_on:
            REPLY_SECONDS.observe(perf_counter() - began)
        return goes_on

    def _open(self, started: StreamStarted) -> bool:
        answer = open_stream(self._hotline, self._call_id, self._token, started.carrier_call_id)
        if answer is None:
            STREAMS_REFUSED.labels("wrong_token_or_call").inc()
            log.warning("stream_refused", reason="path, token and call do not agree")
            self._close(POLICY_VIOLATION)
            return False
        self._answer, self._losses = answer, answer.call.stream_losses
        self._seat = seat_of(self._hotline, answer.call.caller_number, self._call_id)
        if not self._hotline.recognisers.reserve(self._seat):
            STREAMS_REFUSED.labels("full_house").inc()
            self._note("full_house", "no recogniser is free for this caller")
            return self.leave()
        self._has_seat = True
        return self._begin(answer)

    def _take_turn(self, event: FlowEvent) -> bool:
        assert self._answer is not None
        try:
            with TURN_SECONDS.labels(Way.STREAM).time():
                answer = self._answered(event, self._answer.turn_number)
        except Exception as error:  # noqa: BLE001  inside a call: the spoken apology
            self._tell_of(error)
            answer = apologise(self._hotline, self._call_id, self._answer.turn_number)
        self._answer = answer
        return not isinstance(event, CallerHungUp | CallResumed) and self._begin(answer)

    def _answered(self, event: FlowEvent, turn_number: int) -> CallAnswer:
        if isinstance(event, HearingFailed):
            return fail_hearing(self._hotline, self._call_id, turn_number, event.utterance)
        return take_call_turn(self._hotline, self._call_id, turn_number, event)

    def _begin(self, answer: CallAnswer) -> bool:
        """Put the next wait on this stream, or leave it when the call is over or goes on another way."""
        self._answer = answer
        is_over = answer.call.status is CallStatus.ENDED or self._is_replaced(answer.call)
        if answer.call.way is Way.RECORD or is_over or isinstance(answer.wait, ConnectOwner):
            return self.leave()
        try:
            commands = self._listening.begin(
                answer.wait, answer.turn_number, answer.call.locale, behind_s=self.behind_s
            )
        except VoicebotError as error:
            self._tell_of(error)
            self._answer = fail_hearing(self._hotline, self._call_id, answer.turn_number, None)
            return self.leave()
        return self._send(commands)

    def _send(self, commands: tuple[StreamCommand, ...]) -> bool:
        """Send in order, and return False once the stream was closed by a command.

        A dead socket is noticed by its reader.
        """
        for command in commands:
            if isinstance(command, CloseStream):
                self._end_if_goodbye_was_said()
                return self.leave()
            try:
                for text in self._stream.write(command):
                    self._socket.send(text)
            except (ConnectionClosed, OSError):
                return True
        return True

    def _end_if_goodbye_was_said(self) -> None:
        """End the call here already, because the fetch that follows may find no process any more."""
        if self._answer is not None and isinstance(self._answer.wait, HangUp):
            end_call(self._hotline, self._answer.call.carrier_call_id, CallEnd.COMPLETED)

    def _close(self, code: int) -> None:
        with suppress(ConnectionClosed, OSError):
            self._socket.close(reason=code)

    def _release(self) -> None:
        if self._has_seat:
            self._listening.close()
            self._hotline.recognisers.release(self._seat)
