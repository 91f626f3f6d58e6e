"""Calendar feeds, as rows.

Knows: the table calendar_feeds. Must not know: HTTP, the rota.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete

from voicebot.adapters.store.rows import Rows
from voicebot.adapters.store.tables.calendar_feed import calendar_feeds
from voicebot.domain.calendar_feed import CalendarFeed


class CalendarFeedRows:
    """Fulfils `service.ports.CalendarFeeds`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._feeds = Rows(connection, calendar_feeds, CalendarFeed)

    def all(self) -> Sequence[CalendarFeed]:
        """Return every feed, by person and kind."""
        return self._feeds.every(self._feeds.select().order_by(calendar_feeds.c.staff_id, calendar_feeds.c.kind))

    def add(self, feed: CalendarFeed) -> bool:
        """Insert once."""
        return self._feeds.add_once(feed)

    def save(self, feed: CalendarFeed) -> None:
        """Update what changed."""
        self._feeds.save(feed)

    def remove(self, feed_id: str) -> None:
        """Delete."""
        self._connection.execute(delete(calendar_feeds).where(calendar_feeds.c.id == feed_id))

    def get(self, feed_id: str) -> CalendarFeed | None:
        """Return the feed, or None."""
        return self._feeds.get(feed_id)

    def lock(self, feed_id: str) -> CalendarFeed | None:
        """Return the feed and hold it until the transaction ends."""
        return self._feeds.get(feed_id, is_locked=True)

    def due(self, now: datetime, limit: int) -> Sequence[CalendarFeed]:
        """Return feeds to be fetched, the longest due first."""
        table = calendar_feeds
        found = self._feeds.select().where(table.c.next_fetch_at <= now).order_by(table.c.next_fetch_at, table.c.id)
        return self._feeds.every(found.limit(limit))
