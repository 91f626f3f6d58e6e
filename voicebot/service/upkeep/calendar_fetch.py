"""Calendars of the rota are fetched by themselves, so that who is away elsewhere is away here.

What is fetched is written with the state of its feed in one transaction. So a worker that dies leaves the rota as it
was, and the feed is due again. When a calendar cannot be had, what it brought last stays in force, and the feed says
why. Staff are told once a day while one is older than the policy allows.
Knows: which feeds are due, what a failure means. Must not know: HTTP, iCalendar.
"""

from collections.abc import Callable
from time import monotonic

import structlog

from voicebot.domain.calendar_feed import CalendarFeed, FetchedCalendar, failed, is_stale, went_well
from voicebot.errors import Refused, Unavailable
from voicebot.service.failure_log import kind_of, log_failure
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.outbox.alarm import raise_house_alarm
from voicebot.service.outbox.compose import Template
from voicebot.service.staff.calendar_feed import take_events
from voicebot.service.staff.rota import refuse_unknown
from voicebot.service.ticket.house_case import house_case

TASK = "calendars"
AT_ONCE = 50
"""Feeds in one run. The rest are due at the next."""
LONGEST_RUN_S = 60.0
"""After so long no further one is begun. Servers that are slow must not hold up what else the worker has to do."""
STALE = "calendar_stale"
"""The alarm's name in the log."""

log = structlog.get_logger(__name__)


def fetch_due_calendars(hotline: Hotline, *, elapsed_s: Callable[[], float] = monotonic) -> int:
    """Fetch every calendar whose time has come, tell staff of stale ones, and return how many were fetched.

    `elapsed_s` is a clock that nobody sets.

    Raises: Unavailable when the database is away.
    """
    with hotline.look() as work:
        due = work.calendar_feeds.due(context_of(hotline, work).now, AT_ONCE)
    fetched, until_s = 0, elapsed_s() + LONGEST_RUN_S
    for feed in due:
        if fetched and elapsed_s() >= until_s:
            break
        _fetch_apart(hotline, feed)
        fetched += 1
    _tell_of_stale(hotline)
    return fetched


def _fetch_apart(hotline: Hotline, feed: CalendarFeed) -> None:
    """Fetch one calendar so that whatever happens with it stops none of the others. Raises: Unavailable."""
    try:
        fetch_calendar(hotline, feed.id)
    except Unavailable:
        raise
    except Exception as problem:  # noqa: BLE001  one odd calendar must not keep all later ones from being fetched
        log_failure(log.error, "calendar_failed", problem, staff=feed.staff_id, calendar=feed.kind.value)
        _note_failure(hotline, feed, f"it cannot be read ({kind_of(problem)})")


def fetch_calendar(hotline: Hotline, feed_id: str) -> None:
    """Fetch one calendar and take over what it has. A feed that is gone, or was changed meanwhile, is left alone."""
    with hotline.look() as work:
        feed, now = work.calendar_feeds.get(feed_id), context_of(hotline, work).now
    if feed is None:
        return
    try:
        fetched = hotline.calendars.fetch(feed, now=now, zone=hotline.flows.current_policy().calendar.zone)
        _take_over(hotline, feed, fetched)
    except (Unavailable, Refused) as problem:
        _note_failure(hotline, feed, str(problem))


def _take_over(hotline: Hotline, feed: CalendarFeed, fetched: FetchedCalendar | None) -> None:
    """Write what came and the feed's state, all or nothing. Raises: Refused."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        if work.calendar_feeds.lock(feed.id) != feed:
            return
        if fetched is not None:
            refuse_unknown(context, feed.staff_id)
            take_events(context, feed.staff_id, feed.kind, fetched.events, actor=feed.made_by)
        work.calendar_feeds.save(went_well(feed, context.policy.rota, now=context.now, fetched=fetched))
        work.commit()


def _note_failure(hotline: Hotline, feed: CalendarFeed, problem: str) -> None:
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        if work.calendar_feeds.lock(feed.id) != feed:
            return
        work.calendar_feeds.save(failed(feed, context.policy.rota, now=context.now, problem=problem))
        work.commit()
    log.warning("calendar_not_fetched", staff=feed.staff_id, kind=feed.kind.value, problem=problem)


def _tell_of_stale(hotline: Hotline) -> None:
    with hotline.look() as work:
        context = context_of(hotline, work)
        has_stale = any(is_stale(feed, context.policy.rota, context.now) for feed in work.calendar_feeds.all())
    if has_stale:
        raise_house_alarm(hotline, name=STALE, template=Template.STAFF_CALENDAR_STALE, house_case=house_case)
