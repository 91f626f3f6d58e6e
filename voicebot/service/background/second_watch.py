"""What the web process looks at in place of the worker. It asks whether one lives, and whether something is handled by
nobody.

It runs as a scheduled task, so that of several web processes one looks, by a claim that ends after a while
(schedule.py). How each trouble is told stands in watch/trouble.py.

It is silent where it could cry for nothing:
- for `QUIET_AT_START` after this process began, so also after a restore, which ends with a start. Of a worker it waits
  for as long as one may be silent.
- for as long after a worker came back, since that one does first what fell due meanwhile.
- while the clock is distrusted, five minutes after a jump (clock_watch.py), and while nobody has confirmed it.
- about what is overdue while no worker lives, which has an alarm of its own.
Knows: signs of life, how long is too long. Must not know: who is told by what, threads.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from voicebot.domain.instants import written_day
from voicebot.domain.watch_rules import due_list
from voicebot.service.background.health import OVERDUE_AFTER, signs_of_life
from voicebot.service.background.schedule import ScheduledTask
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.outbox.compose import Template
from voicebot.service.ports import Beat, VitalSigns
from voicebot.service.watch.morning_post import deliveries
from voicebot.service.watch.trouble import Trouble, follow

LOOKS_EVERY = timedelta(seconds=20)
QUIET_AT_START = timedelta(minutes=10)
LIST_LATE_AFTER = timedelta(minutes=15)
"""Whom the morning list has not reached by then is named."""

HANDLED_BELOW = timedelta(minutes=1)
"""What is overdue by less is being handled. Between this and five minutes an alarm neither begins nor ends, so that
what hovers at one bound is not told again and again."""

DRILL_TOLD_FOR = timedelta(days=3)
"""A drill that failed longer ago is known from the morning lists."""


def second_watch(is_steady: Callable[[], bool]) -> ScheduledTask:
    """Return the task. `is_steady` tells whether the clock may be believed."""

    def look(hotline: Hotline) -> None:
        if is_steady():
            look_once(hotline)

    return ScheduledTask(name="second_watch", every=LOOKS_EVERY, run=look)


def look_once(hotline: Hotline) -> None:
    """Look at everything, and tell what is to be told. Raises: Unavailable when the database is away."""
    now, signs = signs_of_life(hotline)
    if not signs.is_migrated:
        return
    worker = _worker(hotline, signs.beats, now)
    if worker is not None:
        follow(hotline, worker)
    if worker is None or worker.since is not None or not _has_run_for(hotline, QUIET_AT_START, now):
        return
    follow(hotline, _untold_list(hotline))
    follow(hotline, _failed_drill(hotline))
    if not _came_back_lately(hotline, now):
        follow(hotline, _overdue(hotline, signs, now))


def _worker(hotline: Hotline, beats: tuple[Beat, ...], now: datetime) -> Trouble | None:
    """Judge the worker that showed itself last. None while that tells nothing, since this process began just now."""
    silent = hotline.flows.current_policy().watch.second_way.worker_silent
    begun_at = hotline.started_at or now - silent - LOOKS_EVERY
    nearest = min(beats, key=lambda beat: abs(now - beat.at), default=None)
    known = Trouble(name="worker", template=Template.WORKER_SILENT, over=Template.WORKER_BACK)
    if nearest is not None and abs(now - nearest.at) <= silent:
        return known
    if not _has_run_for(hotline, silent, now):
        return None
    return replace(known, since=begun_at if nearest is None else min(nearest.at, now))


def _overdue(hotline: Hotline, signs: VitalSigns, now: datetime) -> Trouble:
    """Judge what is overdue. An alarm that goes on ends when nothing is overdue by a lesser bound either."""
    with hotline.unit_of_work() as work:
        goes_on = work.watch.alarm("overdue") is not None
    if goes_on:
        _, signs = signs_of_life(hotline, overdue_after=HANDLED_BELOW)
    count = sum(signs.overdue.values())
    return Trouble(
        name="overdue",
        template=Template.OVERDUE,
        over=Template.OVERDUE_OVER,
        since=now - OVERDUE_AFTER if count else None,
        slots={"count": str(count)},
    )


def _came_back_lately(hotline: Hotline, now: datetime) -> bool:
    """Tell whether the worker was dead until just now. It does first what fell due meanwhile."""
    with hotline.look() as work:
        lately = work.watch.alarms_since(now - QUIET_AT_START)
    return any(alarm.name == "worker" for alarm in lately)


def _untold_list(hotline: Hotline) -> Trouble:
    trouble = Trouble(name="morning list", template=Template.LIST_UNTOLD)
    with hotline.look() as work:
        context = context_of(hotline, work)
        calendar, rules = context.policy.calendar, context.policy.watch.morning
        due = due_list(calendar, rules, context.now)
        if due is None or context.now < due.at + LIST_LATE_AFTER:
            return trouble
        who = [each.member.name for each in deliveries(context, due.day.isoformat()) if not each.is_told]
    link = f"{hotline.rules.public_url}/console/morning"
    slots = {"date": written_day(context.now.astimezone(ZoneInfo(calendar.zone))), "who": ", ".join(who), "link": link}
    return replace(trouble, since=due.at if who else None, slots=slots)


def _failed_drill(hotline: Hotline) -> Trouble:
    trouble = Trouble(name="drill", template=Template.DRILL_FAILED, is_repeated=False)
    with hotline.look() as work:
        context, drill = context_of(hotline, work), work.watch.newest_drill()
        zone = context.policy.calendar.zone
    if drill is None or not drill.has_failed(context.now) or context.now >= drill.ends_at + DRILL_TOLD_FOR:
        return trouble
    slots = {
        "date": written_day(drill.began_at.astimezone(ZoneInfo(zone))),
        "link": f"{hotline.rules.public_url}/console/drill",
    }
    return replace(trouble, since=drill.ends_at, slots=slots)


def _has_run_for(hotline: Hotline, span: timedelta, now: datetime) -> bool:
    return hotline.started_at is None or now >= hotline.started_at + span
