"""Calendars fetched from a real HTTP server that answers as others do, and as they should not."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.adapters.test_calendar_file import NOW, ZONE, calendar
from tests.builders import a_calendar_feed
from voicebot.adapters.calendar_fetch import CalendarFetch
from voicebot.adapters.calendar_file import events_in
from voicebot.domain.calendar_feed import CalendarFeed, FetchedCalendar
from voicebot.errors import Refused, Unavailable

BODY = calendar("UID:1|DTSTART:20261020T080000Z|DTEND:20261020T090000Z")
MOST = 20_000


class Server(ThreadingHTTPServer):
    """Remembers what it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.stopped = threading.Event()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    """The path says what is answered."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        getattr(self, f"_{self.path.strip('/').replace('-', '_')}")()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _good(self) -> None:
        if self.headers.get("If-None-Match") == '"v1"':
            self._say(304)
        else:
            self._say(200, BODY, ETag='"v1"', Last_Modified="Mon, 19 Oct 2026 08:00:00 GMT")

    def _moved(self) -> None:
        self._say(302, b"x" * MOST, Location="/good")

    def _astray(self) -> None:
        self._say(302, Location="http://127.0.0.2:1/good")

    def _nowhere(self) -> None:
        self._say(302, Location="http://[::1/good")

    def _round(self) -> None:
        self._say(301, Location="/round")

    def _gone(self) -> None:
        self._say(410, b"gone")

    def _large(self) -> None:
        self._say(200, b" " * (MOST + 1))

    def _page(self) -> None:
        self._say(200, b"<html>Log in</html>")

    def _packed(self) -> None:
        self._say(200, b"\x1f\x8b\x08", Content_Encoding="gzip")

    def _cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY) + 100))
        self.end_headers()
        self.wfile.write(BODY)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b" ")
            self.wfile.flush()
            if self.server.stopped.wait(0.05):
                return

    def _drip_header(self) -> None:
        self._drip_lines(b"HTTP/1.1 200 OK\r\n")

    def _drip_redirect(self) -> None:
        self._drip_lines(b"HTTP/1.1 302 Found\r\nLocation: /good\r\n")

    def _slowly_round(self) -> None:
        if not self.server.stopped.wait(0.2):
            self._say(301, Location="/slowly-round")

    def _drip_lines(self, first: bytes) -> None:
        """Send a header that never ends, and hold nobody who hangs up."""
        with suppress(OSError):
            self.wfile.write(first)
            for number in range(200):
                self.wfile.write(b"X-%d: y\r\n" % number)
                self.wfile.flush()
                if self.server.stopped.wait(0.05):
                    return

    def _odd_names(self) -> None:
        self._say(200, BODY, ETag="x" * 501)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    running.stopped.set()
    running.shutdown()
    running.server_close()


def feed(server: Server, path: str, **known: Any) -> CalendarFeed:
    return a_calendar_feed(address=f"{server.origin}/{path}", **known)


def fetched(server: Server, path: str, *, now: datetime = NOW, longest_s: float = 30, **known: Any) -> Any:
    source = CalendarFetch({server.origin}, events_in, most_bytes=MOST, longest_s=longest_s)
    return source.fetch(feed(server, path, **known), now=now, zone=ZONE)


@pytest.mark.parametrize("path", ["good", "moved"])
def test_a_calendar_comes_with_the_name_of_its_version(server: Server, path: str) -> None:
    came = fetched(server, path)
    assert isinstance(came, FetchedCalendar)
    assert [event.begins_at for event in came.events] == [datetime(2026, 10, 20, 8, tzinfo=UTC)]
    assert (came.etag, came.modified) == ('"v1"', "Mon, 19 Oct 2026 08:00:00 GMT")
    assert not {"Authorization", "If-None-Match"} & server.asked[-1][1].keys()


def test_what_did_not_change_is_not_sent_again_but_once_a_day(server: Server) -> None:
    known = {"etag": '"v1"', "modified": "Mon, 19 Oct 2026 08:00:00 GMT", "read_at": NOW}
    assert fetched(server, "good", now=NOW + timedelta(hours=23), **known) is None
    assert server.asked[-1][1]["If-Modified-Since"] == known["modified"]
    assert fetched(server, "good", now=NOW + timedelta(hours=24), **known) is not None


@pytest.mark.parametrize(
    ("path", "problem", "why"),
    [
        ("gone", Unavailable, "HTTP 410"),
        ("round", Unavailable, "again and again"),
        ("cut", Unavailable, "127.0.0.1:[0-9]+ did not give it"),
        ("drip", Unavailable, "too slowly"),
        ("drip-header", Unavailable, "too slowly"),
        ("drip-redirect", Unavailable, "too slowly"),
        ("slowly-round", Unavailable, "too slowly"),
        ("nowhere", Unavailable, "did not give it"),
        ("astray", Refused, "may not be fetched from http://127.0.0.2:1"),
        ("large", Refused, "more than 20,000 bytes"),
        ("page", Refused, "no iCalendar"),
        ("packed", Refused, "no iCalendar"),
    ],
)
def test_what_goes_wrong_is_said_without_the_address(
    server: Server, path: str, problem: type[Exception], why: str
) -> None:
    began = time.monotonic()
    with pytest.raises(problem, match=why) as raised:
        fetched(server, path, longest_s=0.5)
    assert time.monotonic() - began < 5, "a deadline holds for the whole fetch"
    assert f"/{path}" not in str(raised.value)


def test_a_host_that_does_not_answer_is_said(server: Server) -> None:
    server.shutdown()
    server.server_close()
    with pytest.raises(Unavailable, match="did not give it"):
        fetched(server, "good")


def test_a_host_that_is_not_allowed_is_not_even_asked(server: Server) -> None:
    source = CalendarFetch({"https://calendar.example"}, events_in, most_bytes=MOST)
    with pytest.raises(Refused, match="VOICEBOT_CALENDAR_ORIGINS"):
        source.fetch(feed(server, "good"), now=NOW, zone=ZONE)
    assert server.asked == []


def test_a_name_of_a_version_that_is_too_long_is_not_kept(server: Server) -> None:
    assert fetched(server, "odd-names").etag == ""
