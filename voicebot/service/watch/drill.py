"""The monthly drill. It is begun when the policy says, climbed while it lasts, and over when it was answered or its
time is.

`run_drill` is a scheduled task, on one machine at a time. The row of the month is written with the case that holds it,
and each step once, so that a worker that dies anywhere leaves nobody told twice and no step skipped.
Knows: when, how it ended. Must not know: channels, what is said.
Source: complaints.md D-10.
"""

from dataclasses import replace

import structlog

from voicebot.domain.drill import Drill, due_drill
from voicebot.domain.instants import length, written_instant
from voicebot.errors import Refused
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ladder.drill import answer_drill, climb_drill
from voicebot.service.staff.members import find_member, member_name
from voicebot.service.ticket.house_case import open_house_case

TASK = "drill"

log = structlog.get_logger(__name__)


def run_drill(hotline: Hotline) -> None:
    """Begin the month's drill when it is due. Climb the one that runs, or end it."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        _begin(context)
        newest = work.watch.newest_drill()
        drill = None if newest is None else work.watch.drill(newest.id)
        if drill is None or drill.ended_at is not None:
            work.commit()
            return
        if drill.has_failed(context.now):
            work.watch.save_drill(replace(drill, ended_at=context.now))
            log.error("drill_failed", ticket=drill.ticket_id)
        else:
            climb_drill(context, drill)
        work.commit()


def view_drill(hotline: Hotline) -> Drill | None:
    """Return the last drill that began, or None. Reads only."""
    with hotline.look() as work:
        return work.watch.newest_drill()


def said_drill(hotline: Hotline) -> str:
    """Say how the last drill went, as a sentence."""
    with hotline.look() as work:
        context, drill = context_of(hotline, work), work.watch.newest_drill()
        if drill is None:
            return "No drill has begun yet."
        zone = context.policy.calendar.zone
        began = f"The last drill began {written_instant(drill.began_at, zone)}"
        if drill.answered_at is not None:
            who = member_name(work, context.policy, drill.answered_by)
            return f"{began}; {who} was reached after {length(drill.answered_at - drill.began_at)}."
    if drill.has_failed(context.now):
        return f"{began}, and NOBODY answered it in time."
    return f"{began}. It runs until somebody answers, or until {written_instant(drill.ends_at, zone)}."


def answer_running(hotline: Hotline, *, member_id: str) -> Drill:
    """Note that somebody was reached by the last drill. Raises: Refused when it is over, or there was none."""
    drill = view_drill(hotline)
    if drill is None:
        raise Refused("no drill is running", code="no-drill")
    with hotline.look() as work:
        if find_member(work, context_of(hotline, work).policy, member_id) is None:
            raise Refused(f"nobody here goes by {member_id!r}: name who was reached", code="member-unknown")
    return answer_drill(hotline, drill.id, member_id=member_id)


def _begin(context: Context) -> None:
    calendar, rules = context.policy.calendar, context.policy.watch.drill
    month = due_drill(calendar, rules, context.now)
    newest = context.work.watch.newest_drill()
    # Nor an older one than the newest: the clock was ahead when that began.
    if rules is None or not month or (newest is not None and newest.id >= month):
        return
    ticket = open_house_case(context, holds="a drill")
    ends_at = calendar.add_working_time(context.now, rules.answered_within)
    context.work.watch.add_drill(Drill(id=month, ticket_id=ticket.id, began_at=context.now, ends_at=ends_at))
