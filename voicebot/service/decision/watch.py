"""What the worker does when the instant of a term comes, one thing at a time.

A term that runs is warned about, then late. One that waits comes back to staff. A late one climbs its ladder. Each is
one transaction under the lock of the term, so a worker that dies anywhere leaves the next one what is still to be done.
Knows: who is told what of decisions. Must not know: how due instants are found (term.py), how steps are taken (ladder).
Source: complaints.md S0-12, D-02 and section 3; script.md 7, "ladder, late decision".
"""

from dataclasses import replace
from functools import partial

from voicebot.domain.decision_term import DecisionTerm, TermState, is_term_over
from voicebot.domain.escalation import OWNER, DueStep, StepAction
from voicebot.domain.ticket import Ticket, is_open
from voicebot.service.decision.late import make_late
from voicebot.service.decision.letter import due_slots, write_letter
from voicebot.service.decision.term import follow_case, looked_at_next, plan_key, planned_anew, warned_as, warnings_of
from voicebot.service.decision.waiting import go_on
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ladder.climb import pass_over_all_but_first, pass_over_warnings_but_last, take_due_step
from voicebot.service.ladder.plan import keep_plan, kept_plan, warning_ahead
from voicebot.service.ladder.step import Alarm, take_step
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.compose import Template, slots_of
from voicebot.service.outbox.purpose import TextKind

WAITING_OVER = "waiting_over"
"""The step by which a case comes back to its owner."""


def due_terms(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of terms whose instant has come, the longest due first."""
    return tuple(term.id for term in context.work.decision_terms.due(context.now, limit))


def look_at_term(hotline: Hotline, term_id: str) -> bool:
    """Do the one thing that is due in a term. Returns whether anything was."""
    with hotline.unit_of_work() as work:
        term = work.decision_terms.lock(term_id)
        context = context_of(hotline, work)
        if term is None or term.next_step_at is None or term.next_step_at > context.now:
            return False
        ticket = ticket_of(work, term.ticket_id)
        if not is_open(ticket):
            follow_case(context, ticket)
        elif term.state is TermState.LATE:
            _climb(context, ticket, term)
        elif term.state is TermState.WAITING:
            _come_back(context, ticket, term)
        else:
            _run(context, ticket, term)
        work.commit()
        return True


def rest_term(hotline: Hotline, term_id: str) -> None:
    """Let a term rest after a restore, because what fell due since the backup was perhaps done by the hotline that is
    lost.

    Of the warnings only the last is given, and of the steps of a climb only the first.
    """
    with hotline.unit_of_work() as work:
        term = work.decision_terms.lock(term_id)
        context = context_of(hotline, work)
        if term is None or term.next_step_at is None or term.next_step_at > context.now:
            return
        if term.state is TermState.LATE:
            pass_over_all_but_first(context, term, kept_plan(work, term.id) or ())
        elif term.state is TermState.RUNNING and term.due_at is not None:
            warnings = warnings_of(context, term)
            pass_over_warnings_but_last(context, warnings, ticket_id=term.ticket_id, subject_id=warned_as(term))
        work.commit()


def _run(context: Context, ticket: Ticket, term: DecisionTerm) -> None:
    if term.due_at is None:
        _start(context, term)
    elif is_term_over(term, context.now):
        make_late(context, term)
    else:
        _warn(context, ticket, term)


def _start(context: Context, term: DecisionTerm) -> None:
    """Start the clock of a case from before there was one. Its time to decide begins now."""
    context.work.decision_terms.save(planned_anew(context, replace(term, started_at=context.now)))


def _warn(context: Context, ticket: Ticket, term: DecisionTerm) -> None:
    assert term.due_at is not None, "only a term that is due some time is warned about"
    plan = keep_plan(context.work, plan_key(term), warnings_of(context, term))
    subject_id = warned_as(term)
    warning = warning_ahead(context.work, plan, ticket_id=ticket.id, subject_id=subject_id)
    if warning is not None and warning.due_at <= context.now:
        alarm = Alarm(
            kind=TextKind.DECISION_WARNING,
            verb=Verb.WARNING_TAKEN,
            template=Template.STAFF_DECISION_SOON,
            subject_id=subject_id,
            step=warning,
            ticket=ticket,
            slots=slots_of(context, ticket, None) | due_slots(context, ticket, term.due_at),
        )
        take_step(context, alarm)
    context.work.decision_terms.save(looked_at_next(context, term))


def _climb(context: Context, ticket: Ticket, term: DecisionTerm) -> None:
    plan = kept_plan(context.work, term.id) or ()
    _, next_at = take_due_step(context, term, plan, take=partial(_take, context, ticket, term))
    context.work.decision_terms.save(replace(term, next_step_at=next_at))


def _take(context: Context, ticket: Ticket, term: DecisionTerm, step: DueStep) -> None:
    assert term.due_at is not None, "a late term was due"
    alarm = Alarm(
        kind=TextKind.DECISION_STEP,
        verb=Verb.STEP_TAKEN,
        template=Template.STAFF_DECISION_LATE,
        subject_id=term.id,
        step=step,
        ticket=ticket,
        slots=slots_of(context, ticket, None) | due_slots(context, ticket, term.due_at),
    )
    is_first = take_step(context, alarm)
    if is_first and step.action is StepAction.APOLOGISE:
        write_letter(context, ticket, term)


def _come_back(context: Context, ticket: Ticket, term: DecisionTerm) -> None:
    """End a wait at the instant that was set, however late the worker looks, and tell the owner."""
    assert term.waiting_until is not None, "a wait has an end"
    note_case(context.work, ticket.id, Verb.WAITING_ENDED, at=term.waiting_until, actor="worker")
    running = go_on(context, term, waited_until=term.waiting_until)
    step = DueStep(name=WAITING_OVER, due_at=term.waiting_until, tell=(OWNER,))
    slots = slots_of(context, ticket, None)
    alarm = Alarm(
        kind=TextKind.WAITING_OVER,
        verb=Verb.STEP_TAKEN,
        template=Template.STAFF_WAITING_OVER,
        subject_id=f"{term.id}.{term.waiting_until:%Y%m%d%H%M%S}",
        step=step,
        ticket=ticket,
        slots=slots | (due_slots(context, ticket, running.due_at) if running.due_at else {}),
    )
    take_step(context, alarm)
