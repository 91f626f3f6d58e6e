"""Fetches a calendar from its address. It asks allowed hosts only, follows few redirects, sends no credentials, and
bounds size and time.

Whoever writes an address into the rota would make us ask our own network (SSRF). So an address, and each that it leads
on to, must begin with an origin of the settings. The other side is asked for what changed since, and never unpacks.
Source: RFC 9110, 13.1.2 and 13.1.3 (If-None-Match, If-Modified-Since), 15.4.5 (304), read November 2026.
Knows: HTTP. Must not know: iCalendar (`read_events` does), the rota, when a feed is due.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from urllib.parse import urljoin

import requests
from urllib3.exceptions import HTTPError

from voicebot.adapters.deadline_http import Deadline, Left, with_deadline
from voicebot.domain.calendar_feed import FEED_AHEAD, CalendarFeed, FetchedCalendar, is_asked_whole, read_address
from voicebot.domain.rota import FedStretch
from voicebot.errors import Refused, Unavailable

TIMEOUT_S = 10.0
"""For one answer of the network."""
LONGEST_S = 30.0
"""In all, with connections, headers and redirects. Else a peer that sends a byte now and then would hold the worker."""
MOST_REDIRECTS = 3
_CHUNK_BYTES = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

ReadEvents = Callable[..., Sequence[FedStretch]]
"""`calendar_file.events_in`."""


class _OwnSteps(requests.Session):
    """Leaves redirects to us, because told to follow none, requests would still read the whole body of one."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that no answer leads anywhere."""


class CalendarFetch:
    """Fulfils `service.ports.CalendarSource`."""

    def __init__(
        self, origins: Collection[str], read_events: ReadEvents, *, most_bytes: int, longest_s: float = LONGEST_S
    ) -> None:
        self._longest_s = longest_s
        self._origins = origins
        self._read_events = read_events
        self._most_bytes = most_bytes

    def fetch(self, feed: CalendarFeed, *, now: datetime, zone: str) -> FetchedCalendar | None:
        """Return the events ahead, or None when nothing changed. Raises: Unavailable, Refused."""
        left_s = Deadline(self._longest_s, each_s=TIMEOUT_S)
        try:
            with _OwnSteps() as session:
                with_deadline(session, left_s)
                with self._answer(session, feed, now, left_s) as answer:
                    return None if answer.status_code == 304 else self._read(answer, now=now, zone=zone)
        # ValueError: it leads to no address. OSError: its time is over, or the network fails.
        except (requests.RequestException, HTTPError, ValueError, OSError) as problem:
            if left_s.is_over:
                raise Unavailable("fetching the calendar: it comes too slowly") from None
            raise Unavailable(
                f"fetching the calendar: {feed.host} did not give it ({type(problem).__name__})"
            ) from None

    def _answer(self, session: requests.Session, feed: CalendarFeed, now: datetime, left_s: Left) -> requests.Response:
        address, headers = feed.address, _headers(feed, now)
        for _ in range(1 + MOST_REDIRECTS):
            answer = session.get(
                read_address(address, self._origins),
                headers=headers,
                auth=lambda request: request,  # none; else requests would look for some in a .netrc file
                timeout=left_s(),
                stream=True,
            )
            if answer.status_code not in _REDIRECTS:
                return answer
            answer.close()
            address = urljoin(address, answer.headers.get("Location", ""))
        raise Unavailable(f"fetching the calendar: {feed.host} hands us on again and again")

    def _read(self, answer: requests.Response, *, now: datetime, zone: str) -> FetchedCalendar:
        if answer.status_code != requests.codes.ok:
            raise Unavailable(f"fetching the calendar: its server answers with HTTP {answer.status_code}")
        events = self._read_events(self._body(answer), begins_at=now, ends_at=now + FEED_AHEAD, zone=zone)
        return FetchedCalendar(
            events=tuple(events),
            etag=_kept(answer.headers.get("ETag", ""), 500),
            modified=_kept(answer.headers.get("Last-Modified", ""), 100),
        )

    def _body(self, answer: requests.Response) -> bytes:
        body = bytearray()
        while piece := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
            body += piece
            if len(body) > self._most_bytes:
                raise Refused(
                    f"fetching the calendar: it has more than {self._most_bytes:,} bytes", code="calendar-unreadable"
                )
        return bytes(body)


def _headers(feed: CalendarFeed, now: datetime) -> dict[str, str]:
    asked = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "voicebot"}
    if is_asked_whole(feed, now):
        return asked
    known = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
    return asked | {name: value for name, value in known.items() if value}


def _kept(value: str, most: int) -> str:
    """Return what the other side wants to hear again, unless it is longer than anybody means it to be."""
    return value if len(value) <= most and value.isprintable() else ""
