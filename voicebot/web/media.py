"""Media sockets: a loop that moves frames into a bounded queue, and one thread per call that listens to them.

The socket's thread only receives: a decoder may take a second at an endpoint, and keys must not be lost meanwhile.
The queue blocks and never drops. What piles up before it is bounded by bytes, for the socket library's own buffer
is not. No pings: the carrier's pong is documented nowhere, and it sends 50 frames a second, so five seconds without
one mean that it is gone. Any close, ours or not, is safe: each turn was stored before its words were sent.
Source: twilio.md 1.3; libraries.md B and H; speech.md 4.
Knows: sockets, queue, threads. Must not know: what is said, what a turn decides.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from socket import SHUT_WR
from typing import Any, Protocol

import structlog
from flask import Flask
from flask_sock import Sock
from simple_websocket import ConnectionClosed

from voicebot.domain.call import CallEnd, CallStatus, Way
from voicebot.errors import VoicebotError
from voicebot.flow.events import CallerHungUp, CallResumed, FlowEvent, HearingFailed
from voicebot.flow.instructions import HangUp, Wait
from voicebot.service.call import CallAnswer, apologise, end_call, fail_hearing, open_stream, take_call_turn
from voicebot.service.hotline import Hotline
from voicebot.telephony.media_stream import (
    MAX_MESSAGE_BYTES,
    CloseStream,
    MediaStream,
    StreamCommand,
    StreamEvent,
    StreamStarted,
    StreamStopped,
    StreamTrouble,
)
from voicebot.web.counters import LIVE_STREAMS, STREAM_TROUBLES, STREAMS_LOST, STREAMS_REFUSED
from voicebot.web.faults import log_fault
from voicebot.web.guards import Guard, guarded
from voicebot.web.resumes import ResumeWatch

SILENCE_S = 5.0
"""Without any message for so long the carrier is gone."""

QUEUED_MESSAGES = 500
"""About ten seconds of frames between socket and listening."""

MAX_BACKLOG_BYTES = 16 * 1024 * 1024
"""Received but not yet queued: half an hour of frames, so this is no caller."""

MAX_STREAM_BYTES = 256 * 1024 * 1024
"""In all on one socket: about four hours of frames, the carrier's own limit of a call."""

POLICY_VIOLATION, TOO_BIG, OUR_FAULT, NORMAL = 1008, 1009, 1011, 1000
"""Close codes (RFC 6455, section 7.4.1)."""

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

    def begin(self, wait: Wait, turn_number: int, locale: str) -> tuple[StreamCommand, ...]: ...
    def feed(self, event: StreamEvent) -> Heeded: ...
    def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaDesk:
    """What media sockets work with."""

    hotline: Hotline
    resumes: ResumeWatch
    new_listening: Callable[[str], Listening]
    """Makes the listening of one call, by its id."""


class MediaSockets:
    """The route `/twilio/media/<call_id>/<token>`."""

    def __init__(self, desk: MediaDesk) -> None:
        self._desk = desk

    def register(self, app: Flask) -> None:
        """Add the route; a message above the limit is closed with 1009 by the socket library."""
        app.config["SOCK_SERVER_OPTIONS"] = {"max_message_size": MAX_MESSAGE_BYTES, "ping_interval": None}
        desk = self._desk

        @guarded(Guard.SOCKET_SIGNATURE)
        def media(socket: Any, call_id: str, token: str) -> None:
            carry_call(desk, socket, call_id=call_id, token=token)
            _end_connection(socket)

        Sock(app).route("/twilio/media/<call_id>/<token>")(media)


def carry_call(desk: MediaDesk, socket: Socket, *, call_id: str, token: str) -> None:
    """Carry one call over one socket until either is over."""
    talk = StreamTalk(desk, socket, call_id=call_id, token=token)
    thread = threading.Thread(target=talk.run, name=f"call-{call_id[:8]}")
    thread.start()
    try:
        with LIVE_STREAMS.track_inprogress():
            _pump(socket, talk)
    finally:
        talk.put_gone()
        thread.join()


def _end_connection(socket: Any) -> None:
    """Tell the peer that nothing follows the close frame; the library leaves a broken-off connection half open."""
    with suppress(OSError):
        socket.sock.shutdown(SHUT_WR)


def _pump(socket: Socket, talk: "StreamTalk") -> None:
    received_bytes = 0
    while not talk.is_over:
        try:
            message = socket.receive(timeout=SILENCE_S)
        except ConnectionClosed:
            return
        if message is None:
            STREAMS_LOST.inc()
            return
        received_bytes += len(message)
        if received_bytes > MAX_STREAM_BYTES or _backlog_bytes(socket) > MAX_BACKLOG_BYTES:
            STREAMS_REFUSED.labels("too_much").inc()
            talk.leave(TOO_BIG)
            return
        talk.put(message)


def _backlog_bytes(socket: Socket) -> int:
    """Add up what the library holds; not at each frame, but once it could be too much."""
    if len(socket.input_buffer) * MAX_MESSAGE_BYTES <= MAX_BACKLOG_BYTES:
        return 0
    return sum(map(len, tuple(socket.input_buffer)))


class StreamTalk:
    """One call on one socket; everything but `put` and `leave` happens in the thread that runs `run`."""

    def __init__(self, desk: MediaDesk, socket: Socket, *, call_id: str, token: str) -> None:
        self._desk = desk
        self._hotline = desk.hotline
        self._socket = socket
        self._call_id = call_id
        self._token = token
        self._stream = MediaStream()
        self._inbox: queue.Queue[str | bytes | None] = queue.Queue(maxsize=QUEUED_MESSAGES)
        self._answer: CallAnswer | None = None
        self._listening: Listening | None = None
        self._over = threading.Event()

    @property
    def is_over(self) -> bool:
        """Whether nothing will be listened to any more."""
        return self._over.is_set()

    def put(self, message: str | bytes | None) -> None:
        """Hand over a message; waits while the queue is full, and drops only what nobody will read."""
        while not self.is_over:
            try:
                self._inbox.put(message, timeout=0.2)
            except queue.Full:
                continue
            return

    def put_gone(self) -> None:
        """Tell that the socket has ended."""
        self.put(None)

    def leave(self, code: int = NORMAL) -> bool:
        """Close from our side, so that the carrier fetches what is next; always False: this stream is done."""
        self._desk.resumes.expect(self._call_id)
        self._close(code)
        return False

    def run(self) -> None:
        """Listen until the call, the stream or the socket is over; never raises."""
        structlog.contextvars.bind_contextvars(call=self._call_id)
        try:
            self._follow()
        except Exception as error:  # noqa: BLE001  the caller is taken up again at the last stored turn
            log_fault(error)
            self.leave(OUR_FAULT)
        finally:
            self._over.set()
            self._close(NORMAL)
            self._release()
        if self._answer is not None:
            self._desk.resumes.wait_or_redirect(self._answer.call)

    def _follow(self) -> None:
        while (message := self._inbox.get()) is not None:
            event = self._stream.read(message)
            if event is not None and not self._take(event):
                return
        if self._answer is not None:
            self._take(StreamStopped(is_clean=False))

    def _take(self, event: StreamEvent) -> bool:
        """Take one stream event; False when this stream carries the call no longer."""
        if isinstance(event, StreamStarted):
            return self._open(event)
        if self._listening is None:
            return True
        outcome = self._listening.feed(event)
        is_open = self._send(outcome.commands)
        if outcome.event is not None:
            return self._take_turn(outcome.event) and is_open
        return is_open and not isinstance(event, StreamStopped)

    def _open(self, started: StreamStarted) -> bool:
        answer = open_stream(self._hotline, self._call_id, self._token, started.carrier_call_id)
        if answer is None:
            STREAMS_REFUSED.labels("wrong_token_or_call").inc()
            log.warning("stream_refused", reason="path, token and call do not agree")
            self._close(POLICY_VIOLATION)
            return False
        self._answer = answer
        if not self._hotline.recognisers.reserve():
            STREAMS_REFUSED.labels("full_house").inc()
            return self.leave()
        self._listening = self._desk.new_listening(self._call_id)
        return self._begin(answer)

    def _take_turn(self, event: FlowEvent) -> bool:
        assert self._answer is not None
        try:
            answer = self._answered(event, self._answer.turn_number)
        except Exception as error:  # noqa: BLE001  inside a call: the spoken apology
            log_fault(error)
            answer = apologise(self._hotline, self._call_id)
        return not isinstance(event, CallerHungUp | CallResumed) and self._begin(answer)

    def _answered(self, event: FlowEvent, turn_number: int) -> CallAnswer:
        if isinstance(event, HearingFailed):
            return fail_hearing(self._hotline, self._call_id, turn_number, event.utterance)
        return take_call_turn(self._hotline, self._call_id, turn_number, event)

    def _begin(self, answer: CallAnswer) -> bool:
        """Put the next wait on this stream; leave it when the call is over or goes on another way."""
        assert self._listening is not None
        self._answer = answer
        if answer.call.way is Way.RECORD or answer.call.status is CallStatus.ENDED:
            return self.leave()
        try:
            commands = self._listening.begin(answer.wait, answer.turn_number, answer.call.locale)
        except VoicebotError as error:
            log_fault(error)
            self._answer = fail_hearing(self._hotline, self._call_id, answer.turn_number, None)
            return self.leave()
        return self._send(commands)

    def _send(self, commands: tuple[StreamCommand, ...]) -> bool:
        """Send in order; False once the stream was closed by a command. A dead socket is noticed by its reader."""
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
        """End the call here already: the fetch that follows may find no process any more."""
        if self._answer is not None and isinstance(self._answer.wait, HangUp):
            end_call(self._hotline, self._answer.call.carrier_call_id, CallEnd.COMPLETED)

    def _close(self, code: int) -> None:
        with suppress(ConnectionClosed, OSError):
            self._socket.close(reason=code)

    def _release(self) -> None:
        for trouble, count in self._stream.troubles.items():
            STREAM_TROUBLES.labels(StreamTrouble(trouble).value).inc(count)
        if self._listening is not None:
            self._listening.close()
            self._hotline.recognisers.release()
