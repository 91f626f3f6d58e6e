"""What staff's calls do to a promise. A talk keeps it, an attempt is noted.

Knows: outcomes, decisions of staff. Must not know: who dials.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from voicebot.domain.instants import length
from voicebot.domain.promise import CallOutcome, KeptEvidence, Promise, PromiseState, is_overdue, settle
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.history import standing
from voicebot.service.hotline import Context, Hotline
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.breach import break_promise
from voicebot.service.promise.make import SUPERVISOR_TARGET
from voicebot.service.promise.survey import order_survey
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, act, note_action, tidy
from voicebot.service.staff.members import has_say, member_name

SECOND_TALK_WITHIN = timedelta(minutes=10)
"""Two people who log a talk within so long may have rung the same person, or mean the same talk. So it is asked."""


def log_callback(
    hotline: Hotline,
    case: str,
    *,
    reason: str,
    actor: str,
    outcome: CallOutcome = CallOutcome.REACHED,
    stand_in: str = "",
    is_second: bool = False,
    seen: int | None = None,
) -> Promise | None:
    """Note that the complainant was called. A talk keeps the promise (early and late too) and stops every climb.

    Any other outcome is an attempt. It is noted, and the promise waits on. `seen` is how many actions the page showed
    (staff/decision.py). A repetition changes nothing. Returns the promise that was kept, or None when none was waiting.
    Raises: Refused for an unknown case, and as `calling`.
    """
    kept: list[Promise | None] = []
    step = calling(
        outcome=outcome,
        reason=reason,
        actor=actor,
        stand_in=stand_in,
        is_second=is_second,
        seen=seen,
        kept=kept.append,
    )
    return kept[0] if act(hotline, case, step) and kept else None


def calling(
    *,
    outcome: CallOutcome,
    reason: str,
    actor: str,
    stand_in: str = "",
    is_second: bool = False,
    seen: int | None = None,
    kept: Callable[[Promise | None], object] = lambda _promise: None,
) -> Step:
    """Note that the complainant was called. `kept` is told of the promise that a talk kept.

    `stand_in` says why somebody else kept what was promised of a supervisor, and `is_second` that the actor knows of a
    colleague's talk a moment ago. Refused for a talk without a reason, a reason that is too long, a supervisor's
    promise kept by somebody else without a word about it, and a second talk of which the actor may not know.
    """
    said, why = tidy(reason), tidy(stand_in)
    decision = _decide(outcome, f"instead of a supervisor ({why}): {said}" if why and said else said, actor, seen)

    def note(at: CaseContext) -> None:
        if outcome is CallOutcome.REACHED:
            _refuse_stand_in(at, decision, why)
            if not is_second:
                _refuse_second_talk(at, actor)
            kept(_reached(at, at.ticket, decision, evidence=_word_of(at, actor)))

    return Step(decision, note)


def _word_of(at: CaseContext, actor: str) -> KeptEvidence:
    return KeptEvidence.SUPERVISOR if has_say(at.work, at.policy, actor) else KeptEvidence.ATTESTED


def _refuse_stand_in(at: CaseContext, decision: Decision, why: str) -> None:
    """Raise Refused when a supervisor was promised, and somebody else called without saying why."""
    promise = at.work.promises.open_of_ticket(at.ticket.id) or _newest_broken(at.work, at.ticket)
    policy = at.hotline.flows.current_policy()
    if promise is None or promise.target != SUPERVISOR_TARGET or why or has_say(at.work, policy, decision.actor):
        return
    raise Refused(
        "a supervisor was promised: let one call, or say why somebody else did, and the promise is kept as that",
        code="supervisor-promised",
    )


def _refuse_second_talk(at: CaseContext, actor: str) -> None:
    """Raise Refused when a colleague has logged a talk a moment ago."""
    history = standing(at.work.tickets.history(at.ticket.id))
    talks = [entry for entry in history if entry.verb == StaffAction.CALLED and at.now - entry.at < SECOND_TALK_WITHIN]
    if not talks or talks[-1].actor == actor:
        return
    name, ago = member_name(at.work, at.policy, talks[-1].actor), length(at.now - talks[-1].at)
    raise Refused(
        f"{name} spoke with the complainant {ago} ago: log a second talk only if you have spoken with them, too",
        code="second-talk",
    )


def note_call(context: Context, ticket: Ticket, *, outcome: CallOutcome, said: str, actor: str) -> None:
    """Write, in the transaction under way, what came of a call that the product made.

    A talk keeps the promise and ends every climb, as `log_callback` has it. Any other outcome is a try.
    """
    is_talk = outcome is CallOutcome.REACHED
    decision = Decision(action=StaffAction.CALLED if is_talk else StaffAction.TRIED, actor=actor, after=said)
    if is_talk:
        _reached(context, ticket, decision, evidence=KeptEvidence.CALL)
    note_action(context.work, ticket, decision, at=context.now)


def _decide(outcome: CallOutcome, reason: str, actor: str, seen: int | None) -> Decision:
    if outcome is not CallOutcome.REACHED:
        said = f"{outcome}: {reason}" if reason else str(outcome)
        return Decision(action=StaffAction.TRIED, actor=actor, after=said, seen=seen)
    if not reason:
        raise Refused("noting a call needs a reason: who was reached and what was said", code="reason-missing")
    return Decision(action=StaffAction.CALLED, actor=actor, after=reason, seen=seen)


def _reached(context: Context, ticket: Ticket, decision: Decision, *, evidence: KeptEvidence) -> Promise | None:
    """Keep what is promised, and end every climb and the offer to a second person."""
    current = ticket_of(context.work, ticket.id)
    context.work.tickets.save(replace(current, offered_to=None))
    kept = _keep(context, ticket, decision, evidence=evidence)
    for breach in context.work.promises.breaches_of_ticket(ticket.id):
        if breach.ended_at is None:
            context.work.promises.save_breach(replace(breach, ended_at=context.now, next_step_at=None))
    return kept


def _keep(context: Context, ticket: Ticket, decision: Decision, *, evidence: KeptEvidence) -> Promise | None:
    promise = context.work.promises.open_of_ticket(ticket.id)
    if promise is not None and is_overdue(promise, context.now):
        promise = break_promise(context, promise, ended_at=context.now)
    if promise is None:
        promise = _broken_or_promised_anew(context.work, ticket)
    if promise is None:
        return None
    kept = settle(promise, PromiseState.KEPT, context.now, by=decision.actor, reason=decision.after, evidence=evidence)
    context.work.promises.save(kept)
    context.work.promises.set_next_warning(promise.id, None)
    order_survey(context, kept)
    return kept


def _broken_or_promised_anew(work: UnitOfWork, ticket: Ticket) -> Promise | None:
    """Return the newest broken promise, or the one that the climb after it was just about to make."""
    newest = _newest_broken(work, ticket)
    if newest is not None:
        work.promises.lock(newest.id)
    return work.promises.open_of_ticket(ticket.id) or newest


def _newest_broken(work: UnitOfWork, ticket: Ticket) -> Promise | None:
    broken = [promise for promise in work.promises.of_ticket(ticket.id) if promise.state is PromiseState.BREACHED]
    return max(broken, key=lambda promise: promise.window_closes_at, default=None)
