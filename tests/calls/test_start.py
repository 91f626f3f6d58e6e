"""Whoever reaches the hotline as it starts is answered; before it can answer, nobody reaches it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.calls.house import PATIENCE_S
from tests.calls.service import Service


class Starting(Service):
    """The web process alone, on a database that is there already; nobody waits until it answers."""

    def start_serve(self) -> "subprocess.Popen[bytes]":
        """Start the web process."""
        return self.run("web")

    def await_answer(self) -> None:
        """Leave the waiting to the test."""


@pytest.fixture
def service(migrated_file: Path, tmp_path: Path) -> Iterator[Starting]:
    """A hotline that has begun to start."""
    shutil.copy(migrated_file, tmp_path / "voicebot.db")
    service = Starting(tmp_path, f"sqlite:///{tmp_path / 'voicebot.db'}")
    yield service
    service.close()


@pytest.mark.heavy
def test_the_first_who_gets_through_to_a_starting_process_finds_it_ready(service: Starting) -> None:
    until, refused = time.monotonic() + PATIENCE_S, 0
    while not _is_open(int(service.environment["VOICEBOT_PORT"])):
        assert time.monotonic() < until, service.log_s_end()
        assert service.is_running(), service.log_s_end()
        refused += 1
    assert refused > 0
    assert requests.get(f"{service.url}/readyz", timeout=10).text == "ready\n"


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        time.sleep(0.02)
        return False
    return True
