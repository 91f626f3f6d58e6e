"""A peer that neither reads nor writes holds no thread of ours."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from simple_websocket import ConnectionClosed

from voicebot.web.carrier.socket_timeouts import TimedSocket


class _LibrarySocket:
    """What is used of the library's socket, without its frames."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.input_buffer: list[str | bytes] = []

    def send(self, data: str) -> None:
        self.sock.send(data.encode())

    def receive(self, timeout: float | None = None) -> Any:
        data = self.sock.recv(10)
        if not data:
            raise ConnectionClosed(1006, "")
        return data

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        self.sock.send(b"closed")


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Ours and the peer's end of one connection."""
    ours, peer = socket.socketpair()
    with ours, peer:
        yield ours, peer


def _fill(patient: TimedSocket) -> None:
    while True:
        patient.send("x" * 100_000)


def test_peer_that_reads_nothing_is_cut_off_and_its_reader_notices(ends: tuple[socket.socket, socket.socket]) -> None:
    patient = TimedSocket(_LibrarySocket(ends[0]), send_s=1)
    begun = time.monotonic()
    with pytest.raises(BlockingIOError):
        _fill(patient)
    assert time.monotonic() - begun < 30
    with pytest.raises(ConnectionClosed):
        patient.receive()


def test_goodbye_to_a_peer_that_reads_nothing_ends_too(ends: tuple[socket.socket, socket.socket]) -> None:
    library = _LibrarySocket(ends[0])
    patient = TimedSocket(library, send_s=1)
    library.sock.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            library.send("x" * 100_000)
    library.sock.setblocking(True)
    with pytest.raises(BlockingIOError):
        patient.close(1000)
    with pytest.raises(ConnectionClosed):
        patient.receive()


def test_peer_that_writes_nothing_ends_the_wait_for_it(ends: tuple[socket.socket, socket.socket]) -> None:
    patient = TimedSocket(_LibrarySocket(ends[0]), receive_s=1)
    with pytest.raises(BlockingIOError):
        patient.receive()


def test_what_is_sent_arrives_and_the_end_is_told(ends: tuple[socket.socket, socket.socket]) -> None:
    patient = TimedSocket(_LibrarySocket(ends[0]))
    patient.send("words")
    patient.end()
    patient.end()
    assert (ends[1].recv(10), ends[1].recv(10)) == (b"words", b"")
