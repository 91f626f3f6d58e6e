"""What staff do to a case beside calling, such as acknowledging it or writing a note.

Knows: decisions of staff, quiet times of a climb. Must not know: pages.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from voicebot.domain import ticket as life
from voicebot.domain.escalation import quiet_until
from voicebot.domain.promise import Breach
from voicebot.errors import Refused
from voicebot.service.decision.late import late_terms
from voicebot.service.decision.waiting import quiet_climbs
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.staff.decision import (
    Decision,
    StaffAction,
    is_repeated,
    lock_case,
    note_action,
    refuse_if_changed,
    tidy,
)

MOST_QUIET = 2
"""So often one climb is quieted, because a call that is never made must not be put off for ever (script.md 7)."""


def acknowledge(hotline: Hotline, case: str, *, actor: str, seen: int | None = None) -> bool:
    """Note that somebody has seen the case. That quiets the climb for the policy's time and stops nothing.

    `seen` is how many actions the page showed (staff/decision.py). Returns False for a repetition.
    Raises: Refused when there is no such open case, or somebody else has acted since.
    """
    decision = Decision(action=StaffAction.ACKNOWLEDGED, actor=actor, seen=seen)
    with hotline.unit_of_work() as work:
        ticket = lock_case(work, case)
        if is_repeated(work, ticket, decision):
            return False
        refuse_if_changed(work, ticket, decision)
        ticket = life.acknowledge(ticket)
        work.tickets.save(ticket)
        context = context_of(hotline, work)
        until = quiet_until(context.policy.ladder, context.policy.calendar, context.now)
        seen_at = [entry.at for entry in work.tickets.history(ticket.id) if entry.verb == StaffAction.ACKNOWLEDGED]
        for breach in work.promises.breaches_of_ticket(ticket.id):
            if _times_since(breach.at, seen_at) < MOST_QUIET:
                _quiet(context, breach, until=until)
        late = late_terms(work, ticket.id)
        quieted = {term.id for term in late if _times_since(term.settled_at, seen_at) >= MOST_QUIET}
        quiet_climbs(context, ticket.id, until=until, but=quieted)
        note_action(work, ticket, decision, at=context.now)
        work.commit()
        return True


def _times_since(missed_at: datetime | None, seen_at: Sequence[datetime]) -> int:
    return sum(missed_at is not None and at >= missed_at for at in seen_at)


def _quiet(context: Context, breach: Breach, *, until: datetime) -> None:
    if breach.ended_at is not None or breach.next_step_at is None:
        return
    context.work.promises.save_breach(replace(breach, quiet_until=until, next_step_at=max(breach.next_step_at, until)))


def write_note(hotline: Hotline, case: str, *, text: str, actor: str, seen: int | None = None) -> bool:
    """Keep a note on the case, for staff only. On a case that is over, too.

    Returns False for a repetition. Raises: Refused when it is empty or too long.
    """
    decision = Decision(action=StaffAction.NOTED, actor=actor, after=tidy(text), seen=seen)
    if not decision.after:
        raise Refused("an empty note says nothing: write what the next reader should know", code="note-empty")
    with hotline.unit_of_work() as work:
        ticket = lock_case(work, case)
        if is_repeated(work, ticket, decision):
            return False
        note_action(work, ticket, decision, at=context_of(hotline, work).now)
        work.commit()
        return True
