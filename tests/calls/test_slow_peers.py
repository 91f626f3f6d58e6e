"""Strangers who send slowly, read slowly, or say odd things to the real web process; callers notice nothing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests

from tests.calls.conftest import served
from tests.calls.house import CALLER_NUMBER
from tests.calls.people import hurried_presser
from tests.calls.service import Service

HALVES = {
    "a head without end": b"POST /twilio/voice HTTP/1.1\r\nHost: x\r\nX-A: ",
    "a body without end": (
        b"POST /twilio/voice HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: x\r\nContent-Length: 99\r\n\r\nFrom="
    ),
    "a login without end": b"POST /console/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nemail=",
    "nothing": b"",
    "a reader of nothing": b"GET /clips/pause/10000.wav HTTP/1.1\r\nHost: x\r\n\r\n" * 50,
}
MANY = 30
"""Of each kind; together they are more than there are threads."""


def _connect(service: Service) -> socket.socket:
    host, _, port = service.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


@contextmanager
def strangers(service: Service) -> Iterator[None]:
    """Hold connections of every kind; who is cut off comes again, and sends a byte now and then."""
    over = threading.Event()

    def hold(half: bytes) -> None:
        with ExitStack() as stack:
            held: list[socket.socket] = []
            while not over.wait(0.5):
                for sock in tuple(held):
                    try:
                        sock.send(b"a")
                    except OSError:
                        held.remove(sock)
                while len(held) < MANY:
                    held.append(stack.enter_context(_connect(service)))
                    held[-1].sendall(half.replace(b"Host: x", b"Host: " + service.url.removeprefix("http://").encode()))

    threads = [threading.Thread(target=hold, args=(half,)) for half in HALVES.values()]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A hotline as real processes, logging as in service."""
    folder = tmp_path_factory.mktemp("service")
    database_url, settings = f"sqlite:///{folder / 'voicebot.db'}", {"VOICEBOT_PROXY_HOPS": "1"}
    with served(folder, database_url, pace=8.0, log_level="INFO", settings=settings) as service:
        yield service


@pytest.mark.timeout(300)
def test_a_call_goes_its_way_while_strangers_hold_more_connections_than_there_are_threads(service: Service) -> None:
    with strangers(service):
        call = service.carrier.ring(CALLER_NUMBER, hurried_presser())
        for path in ("/livez", "/readyz", "/console/login"):
            assert requests.get(service.url + path, timeout=10).status_code == 200
        call.wait(120)
    assert call.errors == ()
    (ticket,) = service.tickets()
    assert ticket.owner_id
    service.wait_for(lambda: len(service.confirmations(CALLER_NUMBER)) == 1, "the confirmation")


def _said(service: Service, request: bytes) -> bytes:
    with _connect(service) as sock:
        sock.sendall(request)
        return sock.recv(4096)


def _status(service: Service, request: bytes) -> int:
    return int(_said(service, request).split(b" ", 2)[1])


@pytest.mark.heavy
def test_odd_requests_are_no_fault_of_ours(service: Service) -> None:
    end = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    assert _status(service, b"GET http://elsewhere.example/livez" + end + b"\r\n") == 200
    assert _status(service, b"GET http://elsewhere.example" + end + b"\r\n") == _status(
        service, b"GET /" + end + b"\r\n"
    )
    for method, target in ((b"POST", b"http://[::1/twilio/voice"), (b"GET", b"x://"), (b"POST", b"foo/bar://x")):
        assert _status(service, method + b" " + target + end + b"Content-Length: 0\r\n\r\n") < 500
    assert _status(service, b"OPTIONS *" + end + b"\r\n") < 500
    mounted = b"SCRIPT_NAME: /x\r\nPATH_INFO: /console/login\r\n\r\n"
    assert _status(service, b"GET /x/console/login" + end + mounted) == 404
    assert _status(service, b"GET /console/login" + end + mounted) == 200
    assert '"fault"' not in service.log.read_text()
