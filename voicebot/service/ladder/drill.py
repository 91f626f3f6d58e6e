"""A drill climbs the ladder of a missed call, step by step, until somebody says that they were reached.

It is climbed with the same plan, roles, channels and skipping of steps as a miss. Everything that is told says that it
is a drill. Its case is closed, has no promise and no number, and is counted nowhere.
Knows: drills, steps of the ladder. Must not know: when one begins (watch/drill.py), telephones.
Source: complaints.md D-10.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.drill import Drill
from voicebot.domain.escalation import DueStep, climb_steps
from voicebot.errors import Refused
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ladder.climb import take_due_step
from voicebot.service.ladder.plan import keep_plan, kept_plan
from voicebot.service.ladder.step import Alarm, take_step
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.purpose import TextKind


def climb_drill(context: Context, drill: Drill) -> None:
    """Take every step of a drill that is due, in the transaction under way. Raises: NeverOpens."""
    plan = _plan(context, drill)
    while take_due_step(context, drill, plan, take=lambda step: _take(context, drill, step))[0]:
        pass


def answer_drill(hotline: Hotline, drill_id: str, *, member_id: str) -> Drill:
    """Note that somebody was reached. The first who says so ends the drill. Raises: Refused when none is running."""
    with hotline.unit_of_work() as work:
        drill, context = work.watch.drill(drill_id), context_of(hotline, work)
        if drill is None or drill.has_failed(context.now):
            raise Refused("no drill is running", code="no-drill")
        if drill.answered_at is not None:
            return drill
        answered = replace(drill, answered_at=context.now, answered_by=member_id, ended_at=context.now)
        work.watch.save_drill(answered)
        note_case(work, drill.ticket_id, Verb.NOTE_WRITTEN, at=context.now, actor=member_id, after="was reached")
        work.commit()
        return answered


def _plan(context: Context, drill: Drill) -> tuple[DueStep, ...]:
    """Return the steps as they stood when the drill began. Those after its end are not taken."""
    kept = kept_plan(context.work, drill.id)
    if kept is not None:
        return kept
    steps = climb_steps(context.policy.ladder, drill.began_at, calendar=context.policy.calendar)
    return keep_plan(context.work, drill.id, tuple(step for step in steps if _is_before(step, drill.ends_at)))


def _is_before(step: DueStep, ends_at: datetime) -> bool:
    return step.due_at < ends_at


def _take(context: Context, drill: Drill, step: DueStep) -> None:
    rules = context.hotline.rules
    link = f"{rules.public_url}/console/drill" if rules.public_url else "voicebot drill"
    alarm = Alarm(
        kind=TextKind.DRILL,
        verb=Verb.STEP_TAKEN,
        template=Template.DRILL,
        subject_id=drill.id,
        step=step,
        ticket=ticket_of(context.work, drill.ticket_id),
        slots={"company": rules.company, "link": link},
    )
    take_step(context, alarm)
