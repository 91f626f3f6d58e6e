"""The socket an answer is written to. It keeps what the peer does not take at once, so that no thread waits for it.

The thread that made the answer sends what the kernel takes, while the rest goes out as the peer reads (connections.py).
An answer too long to be kept (a voice on a page of the console) is sent while its own budget's thread waits, for so
long and no longer. Sockets of calls are not wrapped, because the socket library needs the real one.
Source: gunicorn 27, http/wsgi.py and util.py on what it asks of a socket.
Knows: sockets. Must not know: HTTP.
"""

import errno
import socket

MOST_KEPT_BYTES = 1024 * 1024
SEND_S = 20.0
"""For all that is kept of one answer, or for one piece of an answer that is not."""


class AnswerSocket:
    """What gunicorn writes an answer to."""

    def __init__(self, real: socket.socket, *, send_s: float = SEND_S, most_kept: int = MOST_KEPT_BYTES) -> None:
        self._real = real
        self._send_s = send_s
        self._most_kept = most_kept
        self._kept = bytearray()

    def __len__(self) -> int:
        return len(self._kept)

    def sendall(self, data: bytes) -> None:
        """Keep it. Raises: BrokenPipeError when there is too much to keep and the peer takes none of it."""
        self._kept += data
        if len(self._kept) > self._most_kept:
            self._send_waiting()

    def send(self, data: bytes) -> int:
        """Keep it too."""
        self.sendall(data)
        return len(data)

    def gettimeout(self) -> float:
        """Say that nothing here blocks."""
        return 0.0

    def setblocking(self, is_blocking: bool) -> None:
        """Stay as it is."""

    def flush(self) -> bool:
        """Send what the kernel takes now, and return True when nothing is left.

        Raises: OSError when the peer is gone.
        """
        while self._kept:
            try:
                sent = self._real.send(self._kept)
            except BlockingIOError:
                return False
            del self._kept[:sent]
        return True

    def _send_waiting(self) -> None:
        self._real.settimeout(self._send_s)
        try:
            self._real.sendall(self._kept)
        except TimeoutError as problem:
            raise BrokenPipeError(errno.EPIPE, "the peer does not read") from problem
        finally:
            self._real.setblocking(False)
        self._kept.clear()
