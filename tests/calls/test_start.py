"""Whoever reaches the hotline as it starts is answered; before it can answer, nobody reaches it."""

import signal
import socket
import subprocess
import sys
import time

import requests

from tests.calls.conftest import StartService
from tests.calls.house import PATIENCE_S, free_port


def test_the_first_who_gets_through_to_a_starting_process_finds_it_ready(start_service: StartService) -> None:
    service, port = start_service(), free_port()
    command = (sys.executable, "-m", "voicebot", "web", "--port", str(port))
    with (service.folder / "second.log").open("w") as log:
        process = subprocess.Popen(command, env=service.environment, cwd=service.folder, stdout=log, stderr=log)
    try:
        until, refused = time.monotonic() + PATIENCE_S, 0
        while not _is_open(port):
            assert time.monotonic() < until, (service.folder / "second.log").read_text()
            assert process.poll() is None, (service.folder / "second.log").read_text()
            refused += 1
        assert refused > 0
        assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=10).text == "ready\n"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        time.sleep(0.02)
        return False
    return True
