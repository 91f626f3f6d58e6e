"""Requests come at their own instants, and what they wait for counts from there."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from voicebot.cli.bench.open_load import Answers, Request, arrivals, send_all

SLOW_S = 0.05


class OneAtATime(HTTPServer):
    """Answers one request after the other, each in SLOW_S; the third of them is refused."""

    asked = 0


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, OneAtATime)
        self.server.asked += 1
        time.sleep(SLOW_S)
        self.send_response(503 if self.server.asked == 3 else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[OneAtATime]:
    with OneAtATime(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ask(server: OneAtATime, due: list[float]) -> Answers:
    requests = [Request("/", b"x=1", {"Content-Type": "text/plain"}) for _ in due]
    return send_all(server.server_port, requests, due, is_refusal=lambda status, _body: status >= 400)


def test_those_who_come_together_wait_for_one_another_and_the_wait_is_counted(server: OneAtATime) -> None:
    answers = ask(server, [0.0] * 6)
    assert (len(answers.seconds), answers.refused) == (6, 1)
    assert answers.at(100) >= 6 * SLOW_S
    assert answers.at(50) < answers.at(100)


def test_a_server_that_is_gone_refuses(server: OneAtATime) -> None:
    gone = server.server_port
    server.shutdown()
    server.server_close()
    answers = send_all(gone, [Request("/", b"", {})], [0.0], is_refusal=lambda _status, _body: False)
    assert answers.refused == 1


def test_arrivals_are_the_same_each_time_and_as_many_as_asked_for() -> None:
    due = arrivals(50, 10)
    assert due == arrivals(50, 10) == sorted(due)
    assert 400 < len(due) < 600
    assert 0 < due[0] < due[-1] < 10
