"""The company's system asked by a real HTTP server that answers as it should, and as it should not."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.customers import a_customer
from voicebot.adapters.customer_lookup import MOST_BYTES, CustomerLookup
from voicebot.errors import Unavailable

NUMBER = "+12025550143"


class Books(ThreadingHTTPServer):
    """Remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[tuple[str, str, Any]] = []
        self.stopped = threading.Event()

    def source(self, path: str, *, secret: str = "s3cret", longest_s: float = 5) -> CustomerLookup:
        return CustomerLookup(f"http://127.0.0.1:{self.server_port}/{path}", secret, longest_s=longest_s)


class Answers(BaseHTTPRequestHandler):
    """The path says what is answered."""

    server: Books

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers.get("Authorization", ""), asked))
        status, _, body = self.path.strip("/").partition("/")
        if status == "slow":
            while not self.server.stopped.wait(0.02):
                self.wfile.write(b"H")
            return
        self.send_response(int(status))
        self.send_header("Location", "/200/mary")
        self.end_headers()
        self.wfile.write(BODIES[body])

    def log_message(self, format: str, *args: Any) -> None:
        pass


BODIES = {
    "": b"",
    "mary": b'{"name": "Mary Ruiz", "order_number": "AB-17", "contract_date": "2024-03-01"}',
    "nobody": b"{}",
    "nonsense": b"<html>",
    "huge": b'{"name": "' + b"x" * (MOST_BYTES + 1) + b'"}',
}


@pytest.fixture
def books() -> Iterator[Books]:
    """A server on this machine."""
    server = Books()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.stopped.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.requirement("S0-15")
def test_the_number_goes_in_the_body_with_the_secret_beside_it(books: Books) -> None:
    assert books.source("200/mary").find(NUMBER) == a_customer(id=f"@{NUMBER}", address="")
    assert books.source("200/nobody", secret="").find(NUMBER) is None
    assert books.source("404/nonsense").find(NUMBER) is None
    assert books.asked[:2] == [
        ("/200/mary", "Bearer s3cret", {"number": NUMBER}),
        ("/200/nobody", "", {"number": NUMBER}),
    ]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("500/mary", "it answers with HTTP 500"),
        ("307/mary", "it answers with HTTP 307"),
        ("200/nonsense", "its answer is not of the form that is read"),
        ("200/huge", "its answer has more than 65,536 bytes"),
    ],
)
def test_what_is_no_answer_says_why_and_leads_nowhere_else(books: Books, path: str, why: str) -> None:
    with pytest.raises(Unavailable) as problem:
        books.source(path).find(NUMBER)
    assert str(problem.value) == why
    assert [asked[0] for asked in books.asked] == [f"/{path}"]


def test_a_slow_one_and_one_that_is_away_are_given_up(books: Books) -> None:
    begun_s = time.monotonic()
    with pytest.raises(Unavailable, match="too slowly"):
        books.source("slow", longest_s=0.3).find(NUMBER)
    assert time.monotonic() - begun_s < 3
    with pytest.raises(Unavailable, match="no answer") as problem:
        CustomerLookup("http://127.0.0.1:9/", "s3cret").find(NUMBER)
    assert NUMBER not in str(problem.value)
