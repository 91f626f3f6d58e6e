"""Media sockets, with a loop that moves frames into a bounded queue, and one thread per call that listens to them.

The socket's thread receives and stores the voice of an answer, and never hears it, because a decoder may take a second
at an endpoint, and neither keys nor voice may be lost meanwhile. What piles up before the queue is bounded by bytes,
for the socket library's own buffer is not. No pings, because the carrier's pong is documented nowhere, and it sends 50
frames a second, so five seconds without one mean that it is gone. Any close, ours or not, is safe, because each turn
was stored before its words were sent.
Source: twilio.md 1.3; libraries.md B and H; speech.md 4.
Knows: sockets, threads. Must not know: what is said (stream_talk.py), what a turn decides.
"""

import contextvars
import threading
from typing import Any

from flask import Flask
from flask_sock import Sock
from simple_websocket import ConnectionClosed

from voicebot.telephony.media_stream import MAX_MESSAGE_BYTES
from voicebot.web.carrier.socket_timeouts import TimedSocket
from voicebot.web.carrier.stream_talk import TOO_BIG, MediaDependencies, Socket, StreamTalk
from voicebot.web.counters import LIVE_STREAMS, STREAMS_LOST, STREAMS_REFUSED
from voicebot.web.guard.guards import Guard, guarded
from voicebot.web.resilience.faults import take_over_log_names

SILENCE_S = 5.0
"""Without any message for so long the carrier is gone."""

MAX_BACKLOG_BYTES = 16 * 1024 * 1024
"""Received but not yet queued, which is a quarter of an hour of frames, so this is no caller."""

LISTENING_BEHIND = "voicebot.listening_behind"
"""Where the application keeps the function that tells how far listening lags, in seconds."""

MAX_STREAM_BYTES = 256 * 1024 * 1024
"""In all on one socket, which is about four hours of frames, the carrier's own limit of a call."""


class MediaSockets:
    """The route `/twilio/media/<call_id>/<token>`."""

    def __init__(self, dependencies: MediaDependencies) -> None:
        self._dependencies = dependencies

    def register(self, app: Flask) -> None:
        """Add the route, where a message above the limit is closed with 1009 by the socket library."""
        app.config["SOCK_SERVER_OPTIONS"] = {"max_message_size": MAX_MESSAGE_BYTES, "ping_interval": None}
        dependencies = self._dependencies
        app.extensions[LISTENING_BEHIND] = dependencies.behind_s

        @guarded(Guard.SOCKET_SIGNATURE)
        def media(socket: Any, call_id: str, token: str) -> None:
            patient = TimedSocket(socket)
            carry_call(dependencies, patient, call_id=call_id, token=token)
            patient.end()

        Sock(app).route("/twilio/media/<call_id>/<token>")(media)


def carry_call(dependencies: MediaDependencies, socket: Socket, *, call_id: str, token: str) -> None:
    """Carry one call over one socket until either is over."""
    talk = StreamTalk(dependencies, socket, call_id=call_id, token=token)
    names = contextvars.copy_context()
    thread = threading.Thread(target=names.run, args=(talk.run,), name=f"call-{call_id[:8]}")
    thread.start()
    dependencies.talks.add(talk)
    try:
        with LIVE_STREAMS.track_inprogress():
            _pump(socket, talk)
    finally:
        talk.put_gone()
        thread.join()
        dependencies.talks.discard(talk)
        take_over_log_names(names)


def _pump(socket: Socket, talk: StreamTalk) -> None:
    received_bytes = 0
    while not talk.is_over:
        try:
            message = socket.receive(timeout=SILENCE_S)
        except ConnectionClosed:
            return
        if message is None:
            STREAMS_LOST.inc()
            talk.lose()
            return
        received_bytes += len(message)
        if received_bytes > MAX_STREAM_BYTES or _backlog_bytes(socket) > MAX_BACKLOG_BYTES:
            STREAMS_REFUSED.labels("too_much").inc()
            talk.leave(TOO_BIG)
            return
        talk.put(message)


def _backlog_bytes(socket: Socket) -> int:
    """Add up what the library holds, though not at each frame, but once it could be too much."""
    if len(socket.input_buffer) * MAX_MESSAGE_BYTES <= MAX_BACKLOG_BYTES:
        return 0
    return sum(map(len, tuple(socket.input_buffer)))
