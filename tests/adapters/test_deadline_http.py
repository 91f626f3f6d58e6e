"""One deadline for everything that a session waits for."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
import requests

from voicebot.adapters.deadline_http import Deadline, with_deadline

Talk = Callable[[socket.socket, threading.Event], None]


def address_of(talk: Talk, over: threading.Event) -> str:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, suppress(OSError):
            peer, _ = listener.accept()
            with peer:
                peer.recv(4096)
                talk(peer, over)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def answer(peer: socket.socket, _over: threading.Event) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")


def drip_header(peer: socket.socket, over: threading.Event) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.05):
        peer.sendall(b"y")


def drip_body(peer: socket.socket, over: threading.Event) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not over.wait(0.05):
        peer.sendall(b"y")


def test_an_answer_in_time_is_read() -> None:
    over = threading.Event()
    with requests.Session() as session:
        with_deadline(session, Deadline(5))
        assert session.get(address_of(answer, over), timeout=5).text == "hi"


@pytest.mark.parametrize("drip", [drip_header, drip_body])
def test_a_peer_that_sends_a_byte_now_and_then_holds_nobody_longer(drip: Talk) -> None:
    over, began = threading.Event(), time.monotonic()
    with requests.Session() as session:
        with_deadline(session, Deadline(0.5))
        with pytest.raises((requests.RequestException, OSError)):
            session.get(address_of(drip, over), timeout=5)
    over.set()
    assert time.monotonic() - began < 4


def test_a_deadline_gives_what_is_left_and_nothing_once_it_is_over() -> None:
    assert 9 < Deadline(10)() <= 10
    assert Deadline(10, each_s=2)() == 2
    over = Deadline(0)
    assert over.is_over
    with pytest.raises(TimeoutError):
        over()
