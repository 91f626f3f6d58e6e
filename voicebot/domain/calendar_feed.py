"""Calendars that come by themselves. They tell whose, from where, when each is asked for again, what went wrong.

A feed is fetched from an https address again and again. What it brought last stays in force while it cannot be had. The
address is a secret of the person, because whoever has it can read their calendar. So no message repeats it.
Knows: feeds, addresses, when a feed is stale. Must not know: HTTP, iCalendar, where a feed is kept.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voicebot.domain.rota import ChangeKind, FedStretch, RotaRules
from voicebot.errors import Refused

FEED_AHEAD = timedelta(days=180)
"""How far ahead a calendar is taken over."""

READ_WHOLE_AFTER = timedelta(days=1)
"""So often a calendar is read whole, changed or not, because the time taken over moves, and events that repeat go
on.
"""

LONGEST_PROBLEM = 200
"""Characters of what went wrong."""

_ADDRESS = re.compile(r"(?P<origin>https?://[a-z0-9.-]+(:[0-9]{1,5})?)/[!-\[\]-~]*", re.IGNORECASE)
"""No login, no backslash, nothing but visible ASCII, because what one parser takes for a path, another takes for a
host.
"""
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_LONGEST_ADDRESS = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarFeed:
    """One person's calendar at an address, and of each kind they have one at most."""

    id: str
    staff_id: str
    kind: ChangeKind
    """What its events say of the person."""
    address: str
    made_at: datetime
    made_by: str
    next_fetch_at: datetime
    etag: str = ""
    """What the other side called the version that was read last."""
    modified: str = ""
    """Its `Last-Modified`."""
    read_at: datetime | None = None
    """When it was read whole."""
    good_at: datetime | None = None
    """When the other side answered well. What is in force was true then."""
    problem: str = ""
    """Why the last try brought nothing. Empty when it went well."""

    @property
    def host(self) -> str:
        """Return what may be shown of the address."""
        return self.address.split("/")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedCalendar:
    """What came from an address."""

    events: tuple[FedStretch, ...]
    etag: str = ""
    modified: str = ""


def is_origin(written: str) -> bool:
    """Tell whether this is scheme and host, as the settings allow them."""
    return _ORIGIN.fullmatch(written) is not None


def read_address(said: str, origins: Collection[str]) -> str:
    """Return an address that may be fetched. Raises: Refused, which does not repeat it."""
    address = re.sub(r"^webcals?://", "https://", said.strip(), flags=re.IGNORECASE)
    found = _ADDRESS.fullmatch(address)
    if found is None or len(address) > _LONGEST_ADDRESS:
        raise Refused(
            "reading the calendar's address: write it as your calendar program shows it, like "
            "https://calendar.example.com/…/basic.ics",
            code="calendar-address",
        )
    if found["origin"].lower() not in origins:
        raise Refused(
            f"reading the calendar's address: calendars may not be fetched from {found['origin'].lower()}; whoever "
            "runs the hotline can add it to VOICEBOT_CALENDAR_ORIGINS",
            code="calendar-address",
        )
    return address


def is_asked_whole(feed: CalendarFeed, now: datetime) -> bool:
    """Tell whether the calendar is asked for also when it did not change."""
    return feed.read_at is None or now - feed.read_at >= READ_WHOLE_AFTER


def is_stale(feed: CalendarFeed, rules: RotaRules, now: datetime) -> bool:
    """Tell whether what is in force is too old to be relied on."""
    return now - (feed.good_at or feed.made_at) >= rules.calendars_stale_after


def went_well(feed: CalendarFeed, rules: RotaRules, *, now: datetime, fetched: FetchedCalendar | None) -> CalendarFeed:
    """Return the feed after a try. `fetched` is None when the other side has nothing new."""
    well = replace(feed, good_at=now, problem="", next_fetch_at=now + rules.fetch_calendars_every)
    if fetched is None:
        return well
    return replace(well, etag=fetched.etag, modified=fetched.modified, read_at=now)


def failed(feed: CalendarFeed, rules: RotaRules, *, now: datetime, problem: str) -> CalendarFeed:
    """Return the feed after a try that brought nothing, so that the calendar is asked for whole the next time."""
    shown = problem[:LONGEST_PROBLEM]
    return replace(feed, problem=shown, etag="", modified="", next_fetch_at=now + rules.fetch_calendars_every)
