"""Calendars that come by themselves, as ports. They are the rows, and the way to the other side.

Knows: feeds. Must not know: SQL, HTTP, iCalendar.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.calendar_feed import CalendarFeed, FetchedCalendar


class CalendarFeeds(Protocol):
    """Every feed, with what came of the last try."""

    def all(self) -> Sequence[CalendarFeed]:
        """By person and kind."""
        ...

    def add(self, feed: CalendarFeed) -> bool:
        """Write a feed once. False when the person has one of this kind."""
        ...

    def save(self, feed: CalendarFeed) -> None: ...
    def remove(self, feed_id: str) -> None: ...
    def get(self, feed_id: str) -> CalendarFeed | None: ...
    def lock(self, feed_id: str) -> CalendarFeed | None:
        """Hold a feed until the transaction ends. None when it is gone."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[CalendarFeed]:
        """Those to be fetched, the longest due first."""
        ...


class CalendarSource(Protocol):
    """The other side of a feed."""

    def fetch(self, feed: CalendarFeed, *, now: datetime, zone: str) -> FetchedCalendar | None:
        """Return the events ahead, or None when nothing changed since the version that the feed names.

        Raises: Unavailable (try again), Refused (what came is no calendar, or its address is not allowed).
        """
        ...
