"""A port goes from one process to the next without a connection being refused."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.calls.house import free_port
from voicebot.cli.handover import offer_port, open_port

LOOPBACK = "127.0.0.1"
SERVES = (
    "import sys, threading; from voicebot.cli.handover import *\n"
    "port = open_port('127.0.0.1', int(sys.argv[1]))\n"
    "port.listener.listen()\n"
    "offer_port(port.listener, '127.0.0.1', int(sys.argv[1]))\n"
    "print(port.shared_with, flush=True); threading.Event().wait(60)\n"
)


@pytest.fixture
def number() -> int:
    """A port that nobody has."""
    return free_port()


@pytest.fixture
def first(number: int) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the port and offers it, but accepts nothing."""
    process = subprocess.Popen((sys.executable, "-c", SERVES, str(number)), stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "None\n"
        yield process
        process.kill()


def test_a_free_port_is_bound_and_who_calls_too_early_is_refused_at_once(number: int) -> None:
    port = open_port(LOOPBACK, number)
    with closing(port.listener):
        assert port.shared_with is None
        assert os.get_inheritable(port.listener.fileno())
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, number))
        port.listener.listen()
        socket.create_connection((LOOPBACK, number)).close()


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("host", "peers"), [("::1", ["::1"]), ("::", ["::1", LOOPBACK]), ("localhost", [LOOPBACK]), ("0.0.0.0", [LOOPBACK])]
)
def test_a_port_is_bound_at_addresses_of_either_kind(number: int, host: str, peers: list[str]) -> None:
    if ":" in host and not _has_ipv6():
        with pytest.raises(OSError, match=host):
            open_port(host, number)
        return
    port = open_port(host, number)
    with closing(port.listener):
        port.listener.listen()
        for peer in peers:
            socket.create_connection((peer, number)).close()


def test_the_next_one_gets_the_same_queue_and_who_waits_in_it(number: int, first: subprocess.Popen[str]) -> None:
    with ExitStack() as stack:
        caller = stack.enter_context(socket.create_connection((LOOPBACK, number), timeout=20))
        port = _taken_over(number, from_process=first.pid)
        stack.enter_context(port)
        first.kill()
        first.wait(20)
        port.settimeout(20)
        with port.accept()[0] as answered:
            answered.send(b"here")
            assert caller.recv(4) == b"here"


def _taken_over(number: int, *, from_process: int) -> socket.socket:
    """Take the port over; the other one opens its door a moment after it has said that it runs."""
    for _ in range(200):
        port = open_port(LOOPBACK, number)
        if port.shared_with is not None:
            assert port.shared_with == from_process
            return port.listener
        port.listener.close()
        threading.Event().wait(0.05)
    raise AssertionError("the port was never handed over")


def test_beside_an_orphan_that_hands_nothing_over_the_port_is_opened_anew(number: int) -> None:
    with socket.create_server((LOOPBACK, number), reuse_port=True):
        port = open_port(LOOPBACK, number)
        with closing(port.listener):
            assert port.shared_with is None


def test_a_port_of_another_program_is_refused(number: int) -> None:
    with socket.create_server((LOOPBACK, number)), pytest.raises(OSError, match="in use"):
        open_port(LOOPBACK, number)


def test_a_port_that_was_closed_is_handed_to_nobody(number: int) -> None:
    port = open_port(LOOPBACK, number)
    offer_port(port.listener, LOOPBACK, number)
    _taken_over(number, from_process=os.getpid()).close()
    port.listener.close()
    heir = open_port(LOOPBACK, number)
    with closing(heir.listener):
        assert heir.shared_with is None
