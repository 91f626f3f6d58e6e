"""Duties that come round by the clock and at every start of a worker. One machine at a time runs each.

To add one, write a function that takes the hotline, finds what is to be done by itself, may be killed anywhere and run
twice. Add a line to `TASKS`. It runs in the worker on a thread of its own, so it may wait for the outside without
holding up the watch over promises (worker.py). It raises Unavailable when something outside is away, and is then tried
again after `AGAIN_AFTER`, not after a whole round. What it has to look back to is
`work.schedule.get(name).last_run_at`, which tells when its last *whole* run began.

A start counts by `Hotline.started_at`. A task whose last run began before this process did is due, so a restarted
worker looks at once at what it missed, unless somebody else looked within the last minute.

Not schedules of dbos (tried with 3.4). Theirs begin at their hours only, so one that fails because the database or the
carrier is away is not tried again until the next (tried every 4 s, with one run at each, none between). What was missed
while no worker ran is either left out or made up for run by run, all at once. Theirs take the machine's own clock, and
these must wait while it is not confirmed, and a run whose worker is gone for good waits for a worker of the same name,
where any worker takes up one of these after `CLAIMED_FOR`.
Knows: when what is due. Must not know: what a task does, threads.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from voicebot.errors import Unavailable
from voicebot.service.failure_log import log_failure
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.log_context import named
from voicebot.service.ports import TaskState
from voicebot.service.upkeep.calendar_fetch import TASK as CALENDARS
from voicebot.service.upkeep.calendar_fetch import fetch_due_calendars
from voicebot.service.upkeep.card_numbers import TASK as CARD_NUMBERS
from voicebot.service.upkeep.card_numbers import destroy_card_numbers
from voicebot.service.upkeep.reconcile import TASK as RECONCILE
from voicebot.service.upkeep.reconcile import run_reconcile
from voicebot.service.upkeep.restricted_fields import TASK as RESTRICTED_FIELDS
from voicebot.service.upkeep.restricted_fields import mark_restricted
from voicebot.service.upkeep.retention import TASK as RETENTION
from voicebot.service.upkeep.retention import run_retention
from voicebot.service.upkeep.search_index import TASK as SEARCH_INDEX
from voicebot.service.upkeep.search_index import index_missing
from voicebot.service.watch.canary import TASK as CANARY
from voicebot.service.watch.canary import run_canary
from voicebot.service.watch.canary_report import ALARM_TASK, watch_canary
from voicebot.service.watch.drill import TASK as DRILL
from voicebot.service.watch.drill import run_drill
from voicebot.service.watch.morning_post import TASK as MORNING
from voicebot.service.watch.morning_post import run_morning

log = structlog.get_logger(__name__)

CLAIMED_FOR = timedelta(minutes=5)
"""So long nobody else begins a task that somebody is at. After it, a killed worker's is taken up."""
AGAIN_AFTER = timedelta(minutes=1)
"""A task that failed is tried again."""
LEAST_APART = timedelta(minutes=1)
"""Starts that follow one another faster do not count, since a worker that cannot start must not flood the carrier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledTask:
    """One duty."""

    name: str
    every: timedelta
    run: Callable[[Hotline], object]


TASKS: tuple[ScheduledTask, ...] = (
    ScheduledTask(name=MORNING, every=timedelta(minutes=1), run=run_morning),
    ScheduledTask(name=DRILL, every=timedelta(minutes=1), run=run_drill),
    ScheduledTask(name=CANARY, every=timedelta(seconds=20), run=run_canary),
    ScheduledTask(name=ALARM_TASK, every=timedelta(minutes=1), run=watch_canary),
    ScheduledTask(name=RECONCILE, every=timedelta(hours=1), run=run_reconcile),
    ScheduledTask(name=CALENDARS, every=timedelta(minutes=1), run=fetch_due_calendars),
    ScheduledTask(name=SEARCH_INDEX, every=timedelta(hours=1), run=index_missing),
    ScheduledTask(name=RESTRICTED_FIELDS, every=timedelta(minutes=1), run=mark_restricted),
    ScheduledTask(name=CARD_NUMBERS, every=timedelta(minutes=5), run=destroy_card_numbers),
    ScheduledTask(name=RETENTION, every=timedelta(days=1), run=run_retention),
)
"""Every task, in the order in which they are run."""


def run_tasks(hotline: Hotline, tasks: tuple[ScheduledTask, ...] | None = None) -> int:
    """Run every task that is due and that nobody else is at, and return how many were begun.

    Raises: Unavailable when the database is away.
    """
    return sum(_run_if_due(hotline, task) for task in (TASKS if tasks is None else tasks))


def _run_if_due(hotline: Hotline, task: ScheduledTask) -> bool:
    claim = _claim(hotline, task)
    if claim is None:
        return False
    try:
        with named(task=task.name):
            task.run(hotline)
    except Exception as problem:  # noqa: BLE001  a task that fails must not keep the others from being run
        _log(task, problem)
        _settle(hotline, claim, replace(claim, not_before=hotline.clock.now() + AGAIN_AFTER))
    else:
        begun_at = _begun_at(claim)
        _settle(hotline, claim, replace(claim, last_run_at=begun_at, not_before=None))
    return True


def _claim(hotline: Hotline, task: ScheduledTask) -> TaskState | None:
    """Take the task if it is due. None when it is not, or somebody else is at it."""
    with hotline.unit_of_work() as work:
        state, now = work.schedule.lock(task.name), context_of(hotline, work).now
        if not is_due(state, every=task.every, started_at=hotline.started_at, now=now):
            return None
        claim = replace(state, not_before=now + CLAIMED_FOR)
        work.schedule.save(claim)
        work.commit()
        return claim


def is_due(state: TaskState, *, every: timedelta, started_at: datetime | None, now: datetime) -> bool:
    """Tell whether a task is to be begun now by a process that started then.

    What was written while the clock was ahead holds nobody up, because a claim never ends later than `CLAIMED_FOR` from
    now.
    """
    if state.not_before is not None and now < state.not_before <= now + CLAIMED_FOR:
        return False
    if state.last_run_at is None or state.last_run_at > now or now >= state.last_run_at + every:
        return True
    is_new_start = started_at is not None and state.last_run_at < started_at
    return is_new_start and now >= state.last_run_at + LEAST_APART


def _begun_at(claim: TaskState) -> datetime:
    assert claim.not_before is not None, "a claim has an end"
    return claim.not_before - CLAIMED_FOR


def _settle(hotline: Hotline, claim: TaskState, settled: TaskState) -> None:
    """Write what came of a run, unless it took so long that somebody else has taken the task up."""
    with hotline.unit_of_work() as work:
        if work.schedule.lock(claim.name).not_before == claim.not_before:
            work.schedule.save(settled)
            work.commit()


def _log(task: ScheduledTask, problem: Exception) -> None:
    event = "task_postponed" if isinstance(problem, Unavailable) else "task_failed"
    log_failure(log.warning, event, problem, task=task.name)
