"""What staff's calls do to a promise: a talk keeps it, an attempt is noted.

Knows: outcomes, decisions of staff. Must not know: who dials.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.promise import CallOutcome, Promise, PromiseState, is_overdue, settle
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.breach import break_promise
from voicebot.service.staff.decision import Decision, StaffAction, is_repeated, lock_case, note_action, tidy


def log_callback(
    hotline: Hotline,
    case: str,
    *,
    reason: str,
    actor: str,
    outcome: CallOutcome = CallOutcome.REACHED,
    seen: int | None = None,
) -> Promise | None:
    """Note that the complainant was called; a talk keeps the promise (early and late too) and stops every climb.

    Any other outcome is an attempt: it is noted, and the promise waits on. `seen` is how many actions the page showed
    (staff/decision.py); a repetition changes nothing.
    Returns the promise that was kept, or None when none was waiting. Raises: Refused for an unknown case, a talk
    without a reason, or a reason that is too long.
    """
    decision = _decide(outcome, tidy(reason), actor=actor, seen=seen)
    with hotline.unit_of_work() as work:
        ticket = lock_case(work, case)
        if is_repeated(work, ticket, decision):
            return None
        now = hotline.clock.now()
        kept = _reached(hotline, work, ticket, decision, now=now) if outcome is CallOutcome.REACHED else None
        note_action(work, ticket, decision, at=now)
        work.commit()
        return kept


def _decide(outcome: CallOutcome, reason: str, *, actor: str, seen: int | None) -> Decision:
    if outcome is not CallOutcome.REACHED:
        said = f"{outcome}: {reason}" if reason else str(outcome)
        return Decision(action=StaffAction.TRIED, actor=actor, after=said, seen=seen)
    if not reason:
        raise Refused("noting a call needs a reason: who was reached and what was said", code="reason-missing")
    return Decision(action=StaffAction.CALLED, actor=actor, after=reason, seen=seen)


def _reached(
    hotline: Hotline, work: UnitOfWork, ticket: Ticket, decision: Decision, *, now: datetime
) -> Promise | None:
    """Keep what is promised and end every climb."""
    kept = _keep(hotline, work, ticket, decision, now=now)
    for breach in work.promises.breaches_of_ticket(ticket.id):
        if breach.ended_at is None:
            work.promises.save_breach(replace(breach, ended_at=now, next_step_at=None))
    return kept


def _keep(hotline: Hotline, work: UnitOfWork, ticket: Ticket, decision: Decision, *, now: datetime) -> Promise | None:
    promise = work.promises.open_of_ticket(ticket.id)
    if promise is not None and is_overdue(promise, now):
        promise = break_promise(hotline, work, promise, now=now, ended_at=now)
    if promise is None:
        promise = _broken_or_promised_anew(work, ticket)
    if promise is None:
        return None
    kept = settle(promise, PromiseState.KEPT, now, by=decision.actor, reason=decision.after)
    work.promises.save(kept)
    work.promises.set_next_warning(promise.id, None)
    return kept


def _broken_or_promised_anew(work: UnitOfWork, ticket: Ticket) -> Promise | None:
    """Return the newest broken promise, or the one that the climb after it was just about to make."""
    broken = [promise for promise in work.promises.of_ticket(ticket.id) if promise.state is PromiseState.BREACHED]
    newest = max(broken, key=lambda promise: promise.window_closes_at, default=None)
    if newest is not None:
        work.promises.lock(newest.id)
    return work.promises.open_of_ticket(ticket.id) or newest
