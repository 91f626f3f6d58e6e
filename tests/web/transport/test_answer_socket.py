"""No thread waits for a peer that does not read; what it has not taken is kept, up to a bound."""

import socket
import threading
from collections.abc import Iterator

import pytest

from voicebot.web.transport.answer_socket import AnswerSocket

BIG = b"x" * 4_000_000


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our end, which does not block, and the peer's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
        with ours, peer:
            ours.setblocking(False)
            peer.settimeout(20)
            yield ours, peer


def _read(peer: socket.socket, size: int) -> bytes:
    read = bytearray()
    while len(read) < size and (piece := peer.recv(65536)):
        read += piece
    return bytes(read)


def test_what_is_written_goes_out_when_it_is_flushed(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, peer = pair
    answer = AnswerSocket(ours)
    answer.sendall(b"head")
    assert answer.send(b"body") == 4
    assert answer.flush()
    assert _read(peer, 8) == b"headbody"
    assert answer.flush()


def test_an_answer_waits_for_a_peer_that_reads_nothing_and_no_thread_does(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, peer = pair
    answer = AnswerSocket(ours, most_kept=len(BIG))
    answer.sendall(BIG)
    assert not answer.flush()
    read = bytearray()
    while not answer.flush():
        read += peer.recv(65536)
    assert bytes(read) + _read(peer, len(BIG) - len(read)) == BIG


def test_what_is_too_much_to_keep_is_sent_while_the_peer_reads(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, peer = pair
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(_read(peer, len(BIG))))
    reader.start()
    answer = AnswerSocket(ours, most_kept=1000, send_s=20)
    answer.sendall(BIG)
    reader.join(20)
    assert (read, answer.flush()) == ([BIG], True)
    assert not ours.getblocking()


def test_a_peer_that_reads_nothing_of_a_long_answer_is_given_up(pair: tuple[socket.socket, socket.socket]) -> None:
    answer = AnswerSocket(pair[0], most_kept=1000, send_s=0.05)
    with pytest.raises(BrokenPipeError):
        answer.sendall(BIG * 10)


def test_gunicorn_may_ask_what_it_asks_of_sockets(pair: tuple[socket.socket, socket.socket]) -> None:
    answer = AnswerSocket(pair[0])
    answer.setblocking(True)
    assert answer.gettimeout() == 0.0
