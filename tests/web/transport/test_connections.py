"""What a peer can do to the web process before and after its request: nothing that others notice."""

import selectors
import socket
from collections.abc import Iterator

import pytest

from voicebot.web.transport.answer_socket import SEND_S
from voicebot.web.transport.connections import IDLE_S, LINGER_S, REQUEST_S, Connection, Connections
from voicebot.web.transport.request_reader import MAX_BODY_BYTES, WholeRequest

POST = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nFrom="
HALF = POST[:-3]
LONG = b"x" * 1_000_000


class Desk:
    """Connections whose clock is stepped and whose requests are answered by hand."""

    def __init__(self, **bounds: int) -> None:
        self.now = 0.0
        self.got: list[tuple[Connection, WholeRequest]] = []
        self.has_room = True
        self._selector = selectors.DefaultSelector()
        self.connections = Connections(self._selector, self._take, clock=lambda: self.now, **bounds)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 20_000)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self.connections.accept_from)
        self._peers: list[socket.socket] = []

    def peer(self, said: bytes = b"") -> socket.socket:
        """Connect, and say something."""
        peer = socket.socket()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20_000)
        peer.connect(self._listener.getsockname())
        peer.settimeout(20)
        self._peers.append(peer)
        peer.sendall(said)
        self.look()
        return peer

    def look(self, *, seconds: float = 0.0) -> None:
        """Let so much time pass, then deal with everything that is there."""
        self.now += seconds
        while events := self._selector.select(0.01):
            for key, _ in events:
                key.data(key.fileobj)
        self.connections.end_overdue()

    def answer(self, words: bytes = b"HTTP/1.1 200 OK\r\n\r\n", *, is_kept: bool = True) -> bytes:
        """Answer the oldest request, and return what was asked."""
        connection, request = self.got.pop(0)
        connection.answer.sendall(words)
        self.connections.finish(connection, is_kept=is_kept)
        self.look()
        return request.raw

    def close(self) -> None:
        self.connections.close_all()
        for each in (*self._peers, self._listener, self._selector):
            each.close()

    def _take(self, connection: Connection, request: WholeRequest) -> bool:
        if self.has_room:
            self.got.append((connection, request))
        return self.has_room


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def read_all(peer: socket.socket) -> int:
    """Return how many bytes there are until the connection ends or breaks."""
    read = 0
    try:
        while piece := peer.recv(65536):
            read += len(piece)
    except ConnectionResetError:
        pass
    return read


def is_closed(peer: socket.socket) -> bool:
    """Tell whether the hotline has closed the connection without a word."""
    try:
        return peer.recv(1000) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("said", [b"", HALF[:20], HALF], ids=["silent", "half a head", "half a body"])
def test_who_sends_a_byte_now_and_then_is_cut_off_in_time_and_never_takes_a_thread(desk: Desk, said: bytes) -> None:
    peer = desk.peer(said)
    for _ in range(3):
        desk.look(seconds=3)
        peer.sendall(b"a" if said == HALF[:20] else b"")
        desk.look()
        assert len(desk.connections) == 1
    desk.look(seconds=REQUEST_S - 9)
    assert (is_closed(peer), desk.got, len(desk.connections)) == (True, [], 0)


def test_a_request_that_comes_in_pieces_is_handed_on_whole(desk: Desk) -> None:
    peer = desk.peer(HALF)
    peer.sendall(POST[len(HALF) :])
    desk.look()
    assert desk.answer() == POST
    assert peer.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_connection_is_kept_for_the_next_request_and_costs_no_thread_meanwhile(desk: Desk) -> None:
    peer = desk.peer(POST)
    desk.answer()
    desk.look(seconds=IDLE_S - 1)
    peer.sendall(POST)
    desk.look()
    assert desk.answer() == POST
    desk.look(seconds=IDLE_S)
    peer.recv(1000)
    assert is_closed(peer)


def test_the_next_request_on_a_kept_connection_has_a_deadline_too(desk: Desk) -> None:
    peer = desk.peer(POST)
    desk.answer()
    peer.recv(1000)
    peer.sendall(HALF)
    desk.look()
    desk.look(seconds=REQUEST_S)
    assert is_closed(peer)


def test_requests_sent_without_waiting_are_answered_one_after_the_other(desk: Desk) -> None:
    desk.peer(POST + POST.replace(b"/a", b"/b") + HALF)
    assert len(desk.got) == 1
    assert desk.answer() == POST
    assert desk.answer().startswith(b"POST /b")
    assert desk.got == []


@pytest.mark.parametrize("kept", [True, False])
def test_who_does_not_read_the_answer_is_cut_off_in_time(desk: Desk, kept: bool) -> None:
    peer = desk.peer(POST)
    desk.answer(LONG, is_kept=kept)
    assert len(desk.connections) == 1
    desk.look(seconds=SEND_S)
    assert len(desk.connections) == 0
    assert 0 < read_all(peer) < len(LONG)


def test_who_reads_slowly_gets_all_of_it(desk: Desk) -> None:
    peer = desk.peer(POST)
    desk.answer(LONG, is_kept=False)
    read = 0
    while piece := peer.recv(100_000):
        read += len(piece)
        desk.look()
    assert read == len(LONG)


def test_who_does_not_close_after_the_last_answer_does_not_hold_us_up(desk: Desk) -> None:
    peer = desk.peer(POST)
    desk.answer(is_kept=False)
    assert peer.recv(1000).startswith(b"HTTP/1.1 200")
    assert is_closed(peer)
    assert len(desk.connections) == 1
    desk.look(seconds=LINGER_S)
    assert len(desk.connections) == 0


def test_a_body_that_is_too_big_is_refused_unread(desk: Desk) -> None:
    peer = desk.peer(b"POST /a HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1))
    assert peer.recv(1000).startswith(b"HTTP/1.1 413 ")
    assert (is_closed(peer), desk.got) == (True, [])
    program = desk.peer(b"POST /api/v1/cases HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1))
    assert b'"detail": "At most 256 kB are read."' in program.recv(1000)


def test_where_no_thread_is_to_be_had_the_peer_is_told_at_once(desk: Desk) -> None:
    desk.has_room = False
    peer = desk.peer(POST)
    assert peer.recv(1000).startswith(b"HTTP/1.1 503 ")
    program = desk.peer(POST.replace(b"/a", b"/api/v1/cases"))
    assert b"application/problem+json" in program.recv(1000)
    peer.close()
    program.close()
    desk.look()
    assert len(desk.connections) == 0


def test_who_waits_for_a_go_ahead_gets_one(desk: Desk) -> None:
    peer = desk.peer(HALF.replace(b"Host: x", b"Host: x\r\nExpect: 100-continue"))
    assert peer.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    peer.sendall(POST[len(HALF) :])
    desk.look()
    assert desk.answer() == POST


def test_a_crowd_of_half_requests_loses_its_oldest_and_an_honest_one_gets_through() -> None:
    desk = Desk(most_waiting=20)
    crowd = [desk.peer(HALF) for _ in range(30)]
    honest = desk.peer(POST)
    assert desk.answer() == POST
    assert honest.recv(1000).startswith(b"HTTP/1.1 200")
    assert len(desk.connections) <= 21
    assert is_closed(crowd[0])
    desk.close()


def test_a_crowd_that_asked_once_and_stays_does_not_push_out_a_request_under_way() -> None:
    desk = Desk(most_waiting=20)
    for _ in range(19):
        desk.peer(POST)
        desk.answer()
    honest = desk.peer(HALF)
    for _ in range(10):
        desk.peer(POST)
        desk.answer()
    honest.sendall(POST[len(HALF) :])
    desk.look()
    assert desk.answer() == POST
    desk.close()


def test_answers_that_nobody_reads_hold_so_many_bytes_and_no_more() -> None:
    desk = Desk(most_bytes=2_500_000)
    for _ in range(6):
        desk.peer(POST)
        desk.answer(LONG)
    assert 1 <= len(desk.connections) <= 2
    desk.close()


def test_half_requests_hold_so_many_bytes_and_no_more() -> None:
    desk = Desk(most_bytes=500_000)
    head = b"POST /a HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % MAX_BODY_BYTES
    for _ in range(6):
        desk.peer(head + b"a" * 200_000)
    assert len(desk.connections) == 2
    desk.close()


def test_an_ending_process_keeps_no_connection_for_long(desk: Desk) -> None:
    early = desk.peer(POST)
    desk.answer()
    desk.connections.let_idle_go(within_s=2)
    late = desk.peer(POST)
    desk.answer()
    early.recv(1000)
    late.recv(1000)
    assert 0 < desk.connections.next_deadline_s() <= 1
    desk.look(seconds=2)
    assert (is_closed(early), is_closed(late)) == (True, True)


def test_a_connection_that_its_thread_has_closed_is_no_longer_counted(desk: Desk) -> None:
    desk.peer(POST)
    connection, _ = desk.got.pop()
    desk.connections.forget(connection)
    connection.socket.close()
    assert len(desk.connections) == 0


def test_an_ipv4_peer_at_a_socket_of_both_kinds_keeps_its_address() -> None:
    desk = Desk()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
        with peer, ours:
            mapped = Connection(ours, ("192.0.2.1", 1))
            first, second = (Connection(ours, (f"2001:db8:1:{part}::5%eth0", 1)) for part in "12")
            assert (mapped.block, first.block) == ("192.0.2.1", second.block)
    desk.close()
