"""`<Connect><Stream>` is the carrier's side of a bidirectional media stream, in line time.

Source: Twilio, voice/media-streams, voice/twiml/stream; errors 31901, 31920, 31921, 31924, 31951. It is one thread.
Each tick reads what came, plays 20 ms, and sends the caller's 20 ms, keys and marks.
Knows: the socket, the line. Must not know: what the hotline does with the sound.
"""

import contextlib
from contextlib import AbstractContextManager
from enum import StrEnum
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.sync.client import ClientConnection, connect

from voicebot.simulator.call_context import CallContext
from voicebot.simulator.courier import loopback_url
from voicebot.simulator.line import CallOver, Happening, SentElsewhere
from voicebot.simulator.options import Deafness
from voicebot.simulator.playback import Playback
from voicebot.simulator.sound import SILENT_TICK, TICK_BYTES, TICK_S
from voicebot.simulator.stream_messages import ClearAll, Malformed, Messages, PlayAudio, SetMark
from voicebot.simulator.twiml_document import TwimlFault, Verb
from voicebot.simulator.wire import Wire

_MOST_PARAMETER = 500


class Ending(StrEnum):
    """How a stream ended while the call went on."""

    OWN_CLOSE = "own_close"
    """The hotline closed the socket in an orderly way."""
    ABNORMAL = "abnormal"
    """The connection was lost, or the protocol was broken."""
    NEVER_OPENED = "never_opened"


class MediaStream:
    """One stream of one call, to be run once."""

    def __init__(self, context: CallContext, verb: Verb) -> None:
        """Check the verb. Raises: TwimlFault 12200, 31920 (query string), 31941 (track)."""
        self._context = context
        self._line = context.line
        self._url = _checked_url(verb, plain=context.options.plain_sockets_on_loopback)
        parameters = {_parameter(child, "name"): _parameter(child, "value") for child in verb.children}
        self._messages = Messages(context.ledger.account_sid, context.call.sid, parameters)
        self._playback = Playback()
        self._frames = b""
        self._opened_s = 0.0
        self._segment_s: float | None = None
        self._has_warned = False

    def run(self) -> Ending:
        """Carry the talk until the hotline closes or the connection is lost.

        Raises: CallOver, SentElsewhere (after `stop` and an orderly close), NotLoopback.
        """
        options = self._context.options
        if options.deafness is Deafness.LATE_START:
            self._line.pass_time(options.deaf_s)
        with contextlib.ExitStack() as open_socket:
            try:
                websocket = open_socket.enter_context(self._connection())
            except (OSError, InvalidHandshake, InvalidURI) as error:
                code = 31901 if isinstance(error, TimeoutError) else 31920
                self._note_error(code, f"the handshake failed: {_answer_of(error)}")
                return Ending.NEVER_OPENED
            return self._carry(websocket)

    def _connection(self) -> AbstractContextManager[ClientConnection]:
        options = self._context.options
        target = loopback_url(self._url, options)
        if options.plain_sockets_on_loopback:
            target = target.replace("wss://", "ws://", 1)
        signed = f"{self._url}/" if options.signs_stream_with_slash else self._url
        return connect(
            target,
            additional_headers={"x-twilio-signature": self._context.courier.sign(signed, {})},
            user_agent_header="TwilioProxy/1.1",
            open_timeout=options.connect_timeout_s,
            close_timeout=0.2,
            ping_interval=None,
            compression=None,
            max_size=None,
            max_queue=None,
            proxy=None,
        )

    def _carry(self, websocket: ClientConnection) -> Ending:
        wire = Wire(websocket)
        self._opened_s = self._line.at_s
        self._context.call.note(Happening.STREAM_OPENED, urlsplit(self._url).path)
        try:
            wire.send(self._messages.connected())
            wire.send(self._messages.start())
            while self._tick(wire):
                pass
            return self._lost("the network dropped it")
        except ConnectionClosed as closed:
            return self._after_close(closed)
        except (CallOver, SentElsewhere):
            wire.stop(self._messages.stop())
            self._context.call.note(Happening.STREAM_CLOSED, "stopped by the carrier")
            raise

    def _tick(self, wire: Wire) -> bool:
        """Live through 20 ms, and return False when the connection is to be cut."""
        self._read_all(wire)
        self._send_marks(wire)
        self._announce_prompt()
        moment = self._line.tick(self._playback.take_tick(), may_speak=True)
        if moment.stream_trouble is not None:
            wire.begin(moment.stream_trouble, self._line.at_s)
        if wire.is_cut(self._line.at_s):
            return False
        self._send_frame(wire, SILENT_TICK if self._is_deaf() else moment.audio)
        for key in self._line.take_typed_ahead() + moment.keys:
            wire.send(self._messages.dtmf(key))
        self._send_marks(wire)
        return True

    def _read_all(self, wire: Wire) -> None:
        with contextlib.suppress(TimeoutError):
            while True:
                self._obey(wire, wire.receive())

    def _obey(self, wire: Wire, text: str | bytes) -> None:
        try:
            order = self._messages.read(text)
        except Malformed as fault:
            self._warn(str(fault))
            return
        match order:
            case PlayAudio(audio):
                self._playback.add_audio(audio)
            case SetMark(name):
                self._playback.add_mark(name)
            case ClearAll():
                self._clear(wire)

    def _clear(self, wire: Wire) -> None:
        marks = self._playback.clear()
        self._line.prompt_cut()
        self._segment_s = None
        self._context.call.note(Happening.CLEARED, ",".join(marks))
        if self._context.options.returns_marks_after_clear:
            for name in marks:
                wire.send(self._messages.mark(name))

    def _announce_prompt(self) -> None:
        if not self._playback.has_audio:
            return
        if self._segment_s is None:
            self._segment_s = self._line.at_s
        if self._playback.next_mark is not None:
            self._line.prompt_starts(_prompt_key(self._playback.next_mark), self._segment_s)

    def _send_marks(self, wire: Wire) -> None:
        for name in self._playback.take_marks():
            self._line.prompt_starts(_prompt_key(name), self._segment_s)
            self._line.prompt_ends()
            self._segment_s = None
            wire.send(self._messages.mark(name))

    def _send_frame(self, wire: Wire, audio: bytes) -> None:
        self._frames += audio
        if len(self._frames) >= self._context.options.frame_bytes:
            begun_s = self._line.at_s - len(self._frames) / TICK_BYTES * TICK_S - self._opened_s
            wire.send(self._messages.media(self._frames, round(begun_s * 1000)))
            self._frames = b""

    def _is_deaf(self) -> bool:
        options = self._context.options
        is_early = self._line.at_s - self._opened_s <= options.deaf_s
        return options.deafness is Deafness.SILENT_FRAMES and is_early

    def _after_close(self, closed: ConnectionClosed) -> Ending:
        if closed.rcvd is None and closed.sent is None:
            return self._lost("it ended without a close frame")
        if closed.rcvd is None:
            self._note_error(31924, "the hotline broke the WebSocket protocol")
            return self._lost("protocol error")
        self._unplayed()
        self._context.call.note(Happening.STREAM_CLOSED, f"closed by the hotline with {closed.rcvd.code}")
        if self._context.options.warns_of_own_close:
            self._note_error(31921, "the hotline closed the stream")
        return Ending.OWN_CLOSE

    def _lost(self, why: str) -> Ending:
        self._unplayed()
        self._context.call.note(Happening.STREAM_CLOSED, why)
        return Ending.ABNORMAL

    def _unplayed(self) -> None:
        self._line.prompt_cut()
        self._playback.clear()

    def _warn(self, detail: str) -> None:
        if not self._has_warned:
            self._has_warned = True
            self._note_error(31951, detail)

    def _note_error(self, code: int, detail: str) -> None:
        self._context.call.note(Happening.ERROR, detail, code)


def _checked_url(verb: Verb, *, plain: bool) -> str:
    url = verb.attributes.get("url", "")
    parts = urlsplit(url)
    if parts.scheme not in ({"wss", "ws"} if plain else {"wss"}) or not parts.hostname:
        raise TwimlFault(12200, "<Stream url> must be an absolute wss URL")
    if parts.query:
        raise TwimlFault(31920, "<Stream url> must have no query string: use <Parameter>")
    if verb.attributes.get("track", "inbound_track") != "inbound_track":
        raise TwimlFault(31941, "<Connect><Stream> takes only track inbound_track")
    return url


def _parameter(verb: Verb, part: str) -> str:
    size = len(verb.attributes.get("name", "")) + len(verb.attributes.get("value", ""))
    if part not in verb.attributes or size >= _MOST_PARAMETER:
        raise TwimlFault(12200, f"<Parameter> lacks its {part}, or has 500 characters or more")
    return verb.attributes[part]


def _prompt_key(mark: str) -> str:
    """Return what follows the turn in `<turn>:<key>`."""
    return mark.partition(":")[2] or mark


def _answer_of(error: Exception) -> str:
    response = getattr(error, "response", None)
    return f"answered with {response.status_code}" if response is not None else type(error).__name__
