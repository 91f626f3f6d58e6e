"""The wire of one media stream. It carries messages, and does to them what networks do.

Between the carrier's stream and the socket, so that a trouble hits whatever passes, such as frames, keys, marks, both
ways.
Knows: the socket. Must not know: what the messages say.
"""

import contextlib
import socket
import struct
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from voicebot.simulator.caller import StreamTrouble, TroubleStream

_NO_LINGER = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds, so that closing sends RST at once, and what was not sent is gone."""
_HALF_A_FRAME = bytes([0x81, 0xFE, 0x01])
"""A text frame whose length is announced and whose rest never comes."""
ENDS_THE_STREAM = frozenset({StreamTrouble.CUT, StreamTrouble.RESET, StreamTrouble.HALF_FRAME, StreamTrouble.VANISHED})


@dataclass(slots=True)
class Wire:
    """One connection, perhaps in trouble."""

    websocket: ClientConnection
    _trouble: TroubleStream | None = None
    _since_s: float = 0.0
    _held: list[str] | None = None

    def begin(self, trouble: TroubleStream, at_s: float) -> None:
        """Let the trouble begin at this second of the call."""
        self._trouble, self._since_s = trouble, at_s
        self._held = [] if trouble.kind is StreamTrouble.STALLED else None

    def is_cut(self, at_s: float) -> bool:
        """Tell whether the connection ends now, since it is ended in its own way."""
        trouble = self._trouble
        if trouble is None or at_s < self._since_s + trouble.seconds:
            return False
        self._trouble = None
        if trouble.kind in ENDS_THE_STREAM:
            self._end(trouble.kind)
            return True
        self._release()
        return False

    def send(self, text: str) -> None:
        """Send, or hold, or lose."""
        if self._held is not None:
            self._held.append(text)
        elif not self._is(StreamTrouble.VANISHED):
            self.websocket.send(text)

    def receive(self) -> str | bytes:
        """Return what has come. Raises: TimeoutError when nothing has, or nothing is read, and ConnectionClosed."""
        if self._is(StreamTrouble.VANISHED, StreamTrouble.STALLED, StreamTrouble.DEAF):
            raise TimeoutError
        return self.websocket.recv(timeout=0)

    def stop(self, text: str) -> None:
        """Say the last message and close in an orderly way, but on a line that is gone nothing arrives any more."""
        if self._is(StreamTrouble.VANISHED):
            self._end(StreamTrouble.RESET)
            return
        with contextlib.suppress(ConnectionClosed):
            self._release()
            self.websocket.send(text)
            self.websocket.close(1000)

    def _release(self) -> None:
        held, self._held = self._held or [], None
        for text in held:
            self.websocket.send(text)

    def _is(self, *kinds: StreamTrouble) -> bool:
        return self._trouble is not None and self._trouble.kind in kinds

    def _end(self, kind: StreamTrouble) -> None:
        raw = self.websocket.socket
        with contextlib.suppress(OSError):
            if kind is StreamTrouble.HALF_FRAME:
                raw.sendall(_HALF_A_FRAME)
            if kind in (StreamTrouble.RESET, StreamTrouble.VANISHED):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                raw.shutdown(socket.SHUT_RD)
                raw.close()
            else:
                raw.shutdown(socket.SHUT_RDWR)
