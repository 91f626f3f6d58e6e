"""HTTP with one deadline for all that is waited for: connections, headers, bodies, and every redirect.

A time-out of requests is for one answer of the network. A peer that sends a byte now and then keeps within it for ever,
also while it sends its header. Here each wait gets what is left until the deadline.
Source: urllib3 reads through the file that `sock.makefile` returns (http.client, urllib3.connection).
Knows: sockets, requests' adapters. Must not know: what is fetched.
"""

import io
import socket
from collections.abc import Callable
from math import inf
from time import monotonic
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

Left = Callable[[], float]
"""Returns how many seconds are left. Raises: TimeoutError when none are."""


class Deadline:
    """An instant until which one may wait, and for each single wait at most `each_s` seconds."""

    def __init__(self, longest_s: float, *, each_s: float = inf) -> None:
        self._until_s = monotonic() + longest_s
        self._each_s = each_s

    def __call__(self) -> float:
        """Return how many seconds may be waited now. Raises: TimeoutError when it is over."""
        left_s = self._until_s - monotonic()
        if left_s <= 0:
            raise TimeoutError("its time is over")
        return min(left_s, self._each_s)

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be waited for."""
        return monotonic() >= self._until_s


class DeadlineAdapter(HTTPAdapter):
    """Mounted on a session, gives every wait of it what `left` says."""

    def __init__(self, left: Left) -> None:
        self._left = left
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **choices: Any) -> None:
        """Make connections that know the deadline."""
        super().init_poolmanager(*sizes, **choices)
        self.poolmanager.pool_classes_by_scheme = _pools(self._left)


def with_deadline(session: requests.Session, left: Left) -> None:
    """Give a session one deadline for all that it does."""
    for scheme in ("http://", "https://"):
        session.mount(scheme, DeadlineAdapter(left))


class _TimedReader(io.RawIOBase):
    """Reads the file of a socket, each time with what is left."""

    def __init__(self, sock: socket.socket, left: Left) -> None:
        super().__init__()
        self._sock = sock
        # The socket's own file, which keeps it open after the connection was given up (http.client does so early).
        self._file = sock.makefile("rb", buffering=0)
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._left())
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _TimedSocket:
    """A socket whose file reads with a deadline. All else is the socket's own."""

    def __init__(self, sock: Any, left: Left) -> None:
        self._sock = sock
        self._left = left

    def makefile(self, *_mode: Any, **_choices: Any) -> io.BufferedReader:
        """Return the file that answers are read from."""
        return io.BufferedReader(_TimedReader(self._sock, self._left))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def timed(sock: socket.socket, left: Left) -> socket.socket:
    """Return the socket with a deadline for all that is read from its file."""
    return cast("socket.socket", _TimedSocket(sock, left))


def _pools(left: Left) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            self.sock = timed(self.sock, left)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            self.sock = timed(self.sock, left)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
