"""All connections of the web process. Requests are read whole and answers sent out here, by one thread for all.

A connection takes a thread of a budget only while its request is being answered. While it sends its request, waits for
the next one, reads its answer or lingers at its end, it costs a socket and a few bytes. Each of these stages has a
deadline. When too many wait, one goes. It is the oldest of the peer that has most, in the stage where most are. An
honest request is whole, and its answer read, in less time than it takes a stranger to bring that many. Runs on the
thread of the worker's loop only, while `finish` is the one way back from other threads (gunicorn's queue).
Source: RFC 9112, 9.6 (a close that does not cut off the answer); gunicorn 27, workers/gthread.py.
Knows: sockets, deadlines. Must not know: routes, what a request asks for.
"""

import ipaddress
import socket
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector
from time import monotonic
from typing import Any

from voicebot.web.counters import CONNECTIONS_CUT
from voicebot.web.transport.answer_socket import SEND_S, AnswerSocket
from voicebot.web.transport.refusals import NO_ROOM, TOO_LONG, refusal
from voicebot.web.transport.request_reader import Progress, RequestReader, WholeRequest

REQUEST_S = 10.0
"""From its first byte, or from the connection's beginning, until a request must be whole."""
IDLE_S = 75.0
"""Between two requests, which is longer than a carrier's pause between two webhooks of a call."""
LINGER_S = 2.0
"""After our side is closed, while the peer still reads the answer."""
MOST_WAITING = 1000
MOST_BYTES = 32 * 1024 * 1024
"""Of all requests that are not yet whole, and again of all answers that are not yet read."""
_AT_A_TIME = 32
"""Connections accepted before others are looked at again."""
_PIECE = 64 * 1024


class Stage(Enum):
    """What a connection is waiting for."""

    READING = auto()
    IDLE = auto()
    SENDING = auto()
    LINGERING = auto()


class Connection:
    """One peer's connection."""

    def __init__(self, sock: socket.socket, client: tuple[str, int]) -> None:
        self.socket = sock
        self.client = client
        self.block = _block(client[0])
        self.answer = AnswerSocket(sock)
        self.reader = RequestReader()
        self.stage: Stage | None = None
        self.ends_at = 0.0
        self.is_kept = False
        """Whether another request may follow the answer that is being sent."""


class Connections:
    """Reads requests, hands them on whole, sends answers out."""

    def __init__(
        self,
        selector: BaseSelector,
        hand_on: Callable[[Connection, WholeRequest], bool],
        *,
        clock: Callable[[], float] = monotonic,
        most_waiting: int = MOST_WAITING,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """`hand_on` gives a request to a thread, which later calls `finish`.

        It returns False when there is no room for it.
        """
        self._selector = selector
        self._hand_on = hand_on
        self._clock = clock
        self._most_waiting = most_waiting
        self._most_bytes = most_bytes
        self._lasts = {Stage.READING: REQUEST_S, Stage.IDLE: IDLE_S, Stage.SENDING: SEND_S, Stage.LINGERING: LINGER_S}
        self._waiting: dict[Stage, OrderedDict[Connection, None]] = {stage: OrderedDict() for stage in Stage}
        self._handed_on = 0

    def __len__(self) -> int:
        return self._handed_on + sum(map(len, self._waiting.values()))

    def accept_from(self, listener: socket.socket) -> None:
        """Take the connections that have come."""
        for _ in range(_AT_A_TIME):
            try:
                sock, client = listener.accept()
            except BlockingIOError:
                return
            except OSError:  # gone again, or no descriptor is left
                self._make_room(at_least=1)
                return
            sock.setblocking(False)
            self._make_room()
            self._wait(Connection(sock, (_plain(client[0]), client[1])), Stage.READING)

    def finish(self, connection: Connection, *, is_kept: bool) -> None:
        """Go on with a connection whose request was answered."""
        self._handed_on -= 1
        connection.is_kept = is_kept
        self._send(connection)

    def refuse(self, connection: Connection, request: WholeRequest) -> None:
        """Answer that there is no room for a request, or that its place went to somebody else."""
        CONNECTIONS_CUT.labels("no_room").inc()
        connection.answer.sendall(refusal(NO_ROOM, request.target))
        self.finish(connection, is_kept=False)

    def forget(self, connection: Connection) -> None:
        """Let go of a connection that its thread has closed."""
        self._handed_on -= 1

    def end_overdue(self) -> None:
        """End what waits longer than it may."""
        now = self._clock()
        for stage, waiting in self._waiting.items():
            while waiting and next(iter(waiting)).ends_at <= now:
                connection = next(iter(waiting))
                if stage is Stage.READING and len(connection.reader):
                    CONNECTIONS_CUT.labels("slow").inc()
                self._close(connection)

    def let_idle_go(self, within_s: float) -> None:
        """Keep none for a further request longer than this, from now on."""
        self._lasts[Stage.IDLE] = within_s
        for connection in self._waiting[Stage.IDLE]:
            connection.ends_at = min(connection.ends_at, self._clock() + within_s)

    def close_all(self) -> None:
        """Close whatever waits."""
        for waiting in self._waiting.values():
            for connection in tuple(waiting):
                self._close(connection)

    def next_deadline_s(self) -> float:
        """Return the seconds until something is overdue, but a second at most."""
        firsts = [next(iter(waiting)).ends_at for waiting in self._waiting.values() if waiting]
        return max(0.0, min([1.0, *(at - self._clock() for at in firsts)]))

    def _wait(self, connection: Connection, stage: Stage) -> None:
        self._waiting[stage][connection] = None
        connection.stage, connection.ends_at = stage, self._clock() + self._lasts[stage]
        ready, on_ready = _WHEN_READY[stage]
        self._selector.register(connection.socket, ready, partial(on_ready, self, connection))

    def _leave(self, connection: Connection) -> None:
        if connection.stage is not None:
            del self._waiting[connection.stage][connection]
            connection.stage = None
            self._selector.unregister(connection.socket)

    def _close(self, connection: Connection) -> None:
        self._leave(connection)
        connection.socket.close()

    def _read(self, connection: Connection, _socket: object) -> None:
        try:
            data = connection.socket.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(connection)
            return
        if connection.stage is Stage.IDLE:
            self._leave(connection)
            self._wait(connection, Stage.READING)
        self._go_on(connection, data)

    def _go_on(self, connection: Connection, data: bytes) -> None:
        progress = connection.reader.feed(data)
        if progress is Progress.WHOLE:
            self._leave(connection)
            self._handed_on += 1
            request = connection.reader.take()
            if not self._hand_on(connection, request):
                self.refuse(connection, request)
        elif progress is Progress.TOO_BIG:
            CONNECTIONS_CUT.labels("too_big").inc()
            connection.answer.sendall(refusal(TOO_LONG, connection.reader.target))
            connection.is_kept = False
            self._send(connection)
        elif connection.reader.wants_continue:
            connection.reader.wants_continue = False
            with suppress(OSError):
                connection.socket.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if connection.stage is Stage.READING and len(connection.reader) > _PIECE:
            self._bound_bytes(Stage.READING, lambda each: len(each.reader))

    def _send(self, connection: Connection, _socket: object = None) -> None:
        try:
            is_sent = connection.answer.flush()
        except OSError:
            self._close(connection)
            return
        if not is_sent:
            if connection.stage is not Stage.SENDING:
                self._leave(connection)
                self._wait(connection, Stage.SENDING)
                self._bound_bytes(Stage.SENDING, lambda each: len(each.answer))
            return
        self._leave(connection)
        if connection.is_kept:
            self._await_next(connection)
        else:
            self._linger(connection)

    def _await_next(self, connection: Connection) -> None:
        if not len(connection.reader):
            self._wait(connection, Stage.IDLE)
            return
        self._wait(connection, Stage.READING)
        self._go_on(connection, b"")  # the peer has sent its next request already

    def _linger(self, connection: Connection) -> None:
        try:
            connection.socket.shutdown(socket.SHUT_WR)
        except OSError:
            connection.socket.close()
            return
        self._wait(connection, Stage.LINGERING)

    def _drain(self, connection: Connection, _socket: object) -> None:
        try:
            data = connection.socket.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(connection)

    def _make_room(self, *, at_least: int = 0) -> None:
        many = sum(map(len, self._waiting.values()))
        for _ in range(max(at_least, many + 1 - self._most_waiting)):
            if (oldest := self._most_dispensable()) is not None:
                CONNECTIONS_CUT.labels("crowded").inc()
                self._close(oldest)

    def _bound_bytes(self, stage: Stage, held_by: Callable[[Connection], int]) -> None:
        waiting = self._waiting[stage]
        if sum(map(held_by, waiting)) > self._most_bytes:
            CONNECTIONS_CUT.labels("crowded").inc()
            self._close(max(waiting, key=held_by))

    def _most_dispensable(self) -> Connection | None:
        most = max(self._waiting.values(), key=len)
        if not most:
            return None
        [(block, _many)] = Counter(each.block for each in most).most_common(1)
        return next(each for each in most if each.block == block)


_WHEN_READY: dict[Stage, tuple[int, Any]] = {
    Stage.READING: (EVENT_READ, Connections._read),
    Stage.IDLE: (EVENT_READ, Connections._read),
    Stage.SENDING: (EVENT_WRITE, Connections._send),
    Stage.LINGERING: (EVENT_READ, Connections._drain),
}


def _plain(address: str) -> str:
    """Return an IPv4 address as such, also where it came through a socket of IPv6."""
    return address.removeprefix("::ffff:") if address.startswith("::ffff:") and "." in address else address


def _block(address: str) -> str:
    """Return who stands behind an address, which for IPv6 is a site's whole block."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address.partition("%")[0], 48), strict=False))
