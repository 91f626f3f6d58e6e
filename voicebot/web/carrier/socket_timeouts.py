"""A media socket on which no thread waits for ever, because a peer that takes or gives nothing for a while is cut off.

A peer may be half open, as when its machine is gone without a word, or it stops reading while its connection stands.
The socket library would then wait in `send` or `recv` until the kernel gives up, which may be never.
Source: socket(7), SO_SNDTIMEO and SO_RCVTIMEO: such a wait ends with EAGAIN.
Knows: sockets. Must not know: what is sent.
"""

import socket
import struct
from contextlib import suppress
from typing import Any

SEND_S = 5
"""Whole seconds. A peer that lives takes what we say as it comes."""
RECEIVE_S = 15
"""Whole seconds, which are longer than the silence after which the call's own thread leaves the stream (media.py)."""


class TimedSocket:
    """Fulfils `stream_talk.Socket` on a `simple_websocket.Server`."""

    def __init__(self, library_socket: Any, *, send_s: int = SEND_S, receive_s: int = RECEIVE_S) -> None:
        self._socket = library_socket
        self.input_buffer: list[str | bytes] = library_socket.input_buffer
        for option, seconds in ((socket.SO_SNDTIMEO, send_s), (socket.SO_RCVTIMEO, receive_s)):
            library_socket.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", seconds, 0))

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """Return the next message, None after the time-out. Raises: ConnectionClosed."""
        message: str | bytes | None = self._socket.receive(timeout=timeout)
        return message

    def send(self, data: str) -> None:
        """Send, where a peer that takes nothing is cut off, which its reader notices.

        Raises: ConnectionClosed, OSError.
        """
        try:
            self._socket.send(data)
        except BlockingIOError:
            self._cut()
            raise

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Close from our side. Raises: ConnectionClosed, OSError."""
        try:
            self._socket.close(reason=reason, message=message)
        except BlockingIOError:
            self._cut()
            raise

    def end(self) -> None:
        """Tell the peer that nothing follows the close frame, because the library leaves a broken-off connection half
        open.
        """
        with suppress(OSError):
            self._socket.sock.shutdown(socket.SHUT_WR)

    def _cut(self) -> None:
        with suppress(OSError):
            self._socket.sock.shutdown(socket.SHUT_RDWR)
