"""A person's calendar as part of the rota. It is taken over from a file, or is fetched from an address again and again.

Knows: the rota's rows, feeds. Must not know: HTTP, iCalendar, when a feed is fetched (upkeep/calendar_fetch.py).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog

from voicebot.domain.calendar_feed import CalendarFeed, read_address
from voicebot.domain.rota import ChangeKind, FedStretch, RotaChange, check_change
from voicebot.errors import Refused
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.job_names import FETCH_CALENDAR
from voicebot.service.staff.rota import LONGEST_NOTE, refuse_unknown

LONGEST_UID = 255
"""Characters that a calendar's name of an event keeps."""

log = structlog.get_logger(__name__)


def all_calendars(hotline: Hotline) -> Sequence[CalendarFeed]:
    """Return every calendar that is fetched, for a page. Reads only."""
    with hotline.look() as work:
        return work.calendar_feeds.all()


def follow_calendar(hotline: Hotline, staff_id: str, kind: ChangeKind, said: str, *, actor: str) -> CalendarFeed:
    """Fetch a person's calendar from an address from now on, the first time at once. It replaces the one before.

    Raises: Refused.
    """
    address = read_address(said, hotline.rules.calendar_origins)
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        refuse_unknown(context, staff_id)
        for before in _of_person(context, staff_id, kind):
            work.calendar_feeds.remove(before.id)
        feed = CalendarFeed(
            id=hotline.ids.new_id(),
            staff_id=staff_id,
            kind=kind,
            address=address,
            made_at=context.now,
            made_by=actor,
            next_fetch_at=context.now,
        )
        if not work.calendar_feeds.add(feed):
            raise Refused("somebody else gave this calendar an address meanwhile, so look again", code="rota-gone")
        work.jobs.enqueue(FETCH_CALENDAR, feed.id)
        work.commit()
    log.info("rota_feed_followed", staff=staff_id, kind=kind.value, by=actor)
    return feed


def drop_calendar(hotline: Hotline, feed_id: str, *, actor: str) -> None:
    """Fetch a calendar no more, and forget what it brought. Raises: Refused when it is gone."""
    with hotline.unit_of_work() as work:
        feed = work.calendar_feeds.lock(feed_id)
        if feed is None:
            raise Refused("this calendar is fetched no more already, so look again", code="rota-gone")
        work.calendar_feeds.remove(feed_id)
        take_events(context_of(hotline, work), feed.staff_id, feed.kind, (), actor=actor)
        work.commit()
    log.info("rota_feed_dropped", staff=feed.staff_id, kind=feed.kind.value, by=actor)


def take_calendar(
    hotline: Hotline, staff_id: str, kind: ChangeKind, events: Sequence[FedStretch], *, actor: str
) -> int:
    """Take a calendar over that somebody gave as a file. Returns how many stretches came.

    Raises: Refused, also when this person's calendar is fetched from an address, since the next time would undo it.
    """
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        if _of_person(context, staff_id, kind):
            raise Refused(
                "taking the calendar over: this person's calendar comes from an address by itself; stop that first",
                code="rota-feed",
            )
        refuse_unknown(context, staff_id)
        came = take_events(context, staff_id, kind, events, actor=actor)
        work.commit()
    log.info("rota_feed_taken", staff=staff_id, events=came, by=actor)
    return came


def take_events(context: Context, staff_id: str, kind: ChangeKind, events: Iterable[FedStretch], *, actor: str) -> int:
    """Take a calendar's events over in the transaction under way. Returns how many lie ahead. Raises: Refused.

    What the calendar brought before and no longer has goes, what is new comes. What stays is not written again. Where
    changes meet the one made last holds, so a change by hand holds against a calendar that repeats itself.
    """
    rota, now = context.work.rota, context.now
    ahead = {_as_fed(event): event for event in events if event.ends_at > now}
    known = {
        (change.feed_uid, change.begins_at, change.ends_at, change.note): change
        for change in rota.changes(now)
        if change.feed_uid is not None and (change.staff_id, change.kind) == (staff_id, kind)
    }
    for gone in known.keys() - ahead.keys():
        rota.remove_change(known[gone].id)
    for uid, begins_at, ends_at, note in sorted(ahead.keys() - known.keys(), key=lambda fed: fed[1]):
        change = RotaChange(
            id=context.hotline.ids.new_id(),
            staff_id=staff_id,
            kind=kind,
            begins_at=begins_at,
            ends_at=ends_at,
            made_at=now,
            made_by=actor,
            note=note,
            feed_uid=uid,
        )
        check_change(change, now=now)
        rota.add_change(change)
    return len(ahead)


def _of_person(context: Context, staff_id: str, kind: ChangeKind) -> list[CalendarFeed]:
    feeds = context.work.calendar_feeds.all()
    return [feed for feed in feeds if (feed.staff_id, feed.kind) == (staff_id, kind)]


def _as_fed(event: FedStretch) -> tuple[str, datetime, datetime, str]:
    """Return an event as it is kept."""
    return _shown(event.uid)[:LONGEST_UID], event.begins_at, event.ends_at, _shown(event.note)[:LONGEST_NOTE]


def _shown(said: str) -> str:
    """Return the letters that can be shown and kept. There is no code for terminals or directions, nothing half."""
    return " ".join("".join(letter for letter in said if letter.isprintable() or letter.isspace()).split())
